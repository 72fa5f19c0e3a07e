# A job's folder: described once, begun once, and never beside another.
function Test-Begun {
    param([string] $Folder)
    [IO.File]::Exists([IO.Path]::Combine($Folder, 'begun'))
}

function Test-Described {
    param([string] $Folder)
    [IO.File]::Exists([IO.Path]::Combine($Folder, 'job.json'))
}

function Assert-NoOtherJob {
    param([string] $Id)
    $other = Find-AliveJob
    if ($null -ne $other -and $other -ne $Id) { Stop-Script 'job_running' "job $other is still running" }
}

function Write-Job {
    # The description comes last: where it is, the job is known.
    param([string] $Folder, [hashtable] $What)
    [IO.File]::WriteAllText([IO.Path]::Combine($Folder, 'run_job.ps1'), $RunJobText, $Utf8)
    Write-Json ([IO.Path]::Combine($Folder, 'job.json')) ($What + @{ schema_version = 1; job_id = $JobId; run_id = $RunId })
}

function Start-Described {
    param([string] $Id, [string] $Folder)
    if (@(Get-SystemTask $Id).Count -eq 0) { Register-SystemTask $Id $Folder 'run_job.ps1' 'JobFolder' }
    if (-not (Test-TaskAlive $Id)) { Start-SystemTask $Id }
}
