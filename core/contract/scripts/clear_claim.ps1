# Clears the claim of a run that nobody will end any more. Refused while a job lives, and if the claim is another's by now.
param(
    [Parameter(Mandatory = $true)] [string] $RunId
)
# include: prelude.ps1
# include: system_task.ps1
# include: jobs.ps1
# include: epochs.ps1

Invoke-Answer {
    if ($null -eq (Read-Claim)) { return @{ schema_version = 1; cleared = $false } }
    Invoke-Alone {
        $claim = Read-Claim
        if ($null -eq $claim) { return @{ schema_version = 1; cleared = $false } }
        if ($claim.run_id -ne $RunId) {
            Stop-Script 'claimed' ('the host is claimed by run ' + $claim.run_id + ' of console ' + $claim.console)
        }
        $job = Find-AliveJob
        if ($null -ne $job) { Stop-Script 'job_running' "job $job is still running" }
        Save-Epoch $claim.run_id $claim.epoch
        [IO.File]::Delete((Get-ClaimPath))
        @{ schema_version = 1; cleared = $true }
    }
}
