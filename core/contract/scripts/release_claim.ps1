# Gives the host back. Refused while a job of ours is still at work on it.
param(
    [Parameter(Mandatory = $true)] [string] $RunId,
    [Parameter(Mandatory = $true)] [int] $Epoch
)
# include: prelude.ps1
# include: system_task.ps1
# include: jobs.ps1
# include: epochs.ps1

Invoke-Answer {
    Invoke-Alone {
        if ($null -eq (Read-Claim)) {
            # One that was asked for in vain may come through yet: whoever was replaced is to come too late with it.
            Assert-Epoch $RunId $Epoch
            Save-Epoch $RunId $Epoch
            return @{ schema_version = 1; released = $false }
        }
        Assert-Claim $RunId $Epoch
        $job = Find-AliveJob
        if ($null -ne $job) { Stop-Script 'job_running' "job $job is still running" }
        [IO.File]::Delete((Get-ClaimPath))
        @{ schema_version = 1; released = $true }
    }
}
