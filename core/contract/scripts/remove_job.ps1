# Clears away what an ended job and its package, if it had one, left on the host. A running job is left alone.
param(
    [Parameter(Mandatory = $true)] [string] $RunId,
    [Parameter(Mandatory = $true)] [int] $Epoch,
    [Parameter(Mandatory = $true)] [string] $JobId,
    [Parameter(Mandatory = $true)] [AllowEmptyString()] [string] $Sha256
)
# include: prelude.ps1
# include: system_task.ps1
# include: jobs.ps1

Invoke-Answer {
    Invoke-Alone {
        Assert-Claim $RunId $Epoch
        $job = Find-DrydockFolder 'jobs', $JobId
        $package = $null
        if ($Sha256 -ne '') { $package = Find-DrydockFolder 'packages', $Sha256 }
        if ($null -ne $job -and (Test-JobAlive $JobId $job)) { Stop-Script 'job_running' "job $JobId is still running" }
        if (@(Get-SystemTask $JobId).Count -gt 0) { Unregister-SystemTask $JobId }
        foreach ($folder in $job, $package) {
            if ($null -ne $folder) { [IO.Directory]::Delete($folder, $true) }
        }
        @{ schema_version = 1; removed = $true }
    }
}
