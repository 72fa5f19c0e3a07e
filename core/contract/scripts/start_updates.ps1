# Starts the installation of the listed updates as a task of SYSTEM. Asking twice starts once.
# The agent downloads and installs nothing over a network logon.
param(
    [Parameter(Mandatory = $true)] [string] $RunId,
    [Parameter(Mandatory = $true)] [int] $Epoch,
    [Parameter(Mandatory = $true)] [string] $JobId,
    [Parameter(Mandatory = $true)] [ValidateSet('default', 'managed', 'windows_update', 'microsoft_update')] [string] $Service,
    [Parameter(Mandatory = $true)] [string[]] $Updates
)
# include: prelude.ps1
# include: system_task.ps1
# include: jobs.ps1
# include-text: run_updates.ps1 -> RunUpdatesText

function Assert-PatchIds {
    foreach ($one in $Updates) {
        if ($one -notmatch '\A[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.\d{1,9}\z') {
            Stop-Script 'bad_update' "'$one' is not the identifier of an update and its revision"
        }
    }
}

function Write-Job {
    # The description comes last: where it is, the job is known.
    param([string] $Folder)
    [IO.File]::WriteAllText([IO.Path]::Combine($Folder, 'run_updates.ps1'), $RunUpdatesText, $Utf8)
    Write-Json ([IO.Path]::Combine($Folder, 'job.json')) @{
        schema_version = 1; job_id = $JobId; run_id = $RunId; service = $Service; updates = @($Updates)
    }
}

Invoke-Answer {
    Invoke-Alone {
        Assert-Claim $RunId $Epoch
        Assert-PatchIds
        Assert-TaskScripts
        $folder = Get-DrydockFolder 'jobs', $JobId
        if ([IO.File]::Exists([IO.Path]::Combine($folder, 'begun'))) { return @{ schema_version = 1; state = 'already' } }
        $other = Find-AliveJob
        if ($null -ne $other -and $other -ne $JobId) { Stop-Script 'job_running' "job $other is still running" }
        if (-not [IO.File]::Exists([IO.Path]::Combine($folder, 'job.json'))) { Write-Job $folder }
        if (@(Get-SystemTask $JobId).Count -eq 0) { Register-SystemTask $JobId $folder 'run_updates.ps1' 'JobFolder' }
        if (-not (Test-TaskAlive $JobId)) { Start-SystemTask $JobId }
        @{ schema_version = 1; state = 'started' }
    }
}
