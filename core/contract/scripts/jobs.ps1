# Shared by the scripts around jobs: which tasks and installers are still at work.
function Get-StartTime {
    # Nothing where no such process runs, or it ends while we look.
    param([int] $Id)
    try { (Get-Process -Id $Id -ErrorAction Stop).StartTime }
    catch { return $null }
}

function Read-Status {
    # Nothing while the job has not written one; a file that is being replaced is read at the next turn.
    param([string] $Folder)
    $path = [IO.Path]::Combine($Folder, 'status.json')
    if (-not [IO.File]::Exists($path)) { return $null }
    try { Read-Json $path } catch [IO.IOException] { return $null }
}

function Test-TaskAlive {
    param([string] $Id)
    $alive = @(Get-SystemTask $Id | Where-Object { ([string] $_.State) -in 'Running', 'Queued' })
    $alive.Count -gt 0
}

function Test-InstallerAlive {
    # The same process, not another one that was given its number later.
    param([string] $Folder)
    $status = Read-Status $Folder
    if ($null -eq $status -or [string] $status.state -ne 'running') { return $false }
    $started = Get-StartTime ([int] $status.process_id)
    $null -ne $started -and (Format-Time $started) -eq (Format-Stamp $status.process_started_at)
}

function Test-JobAlive {
    # The installer can outlive the task that started it.
    param([string] $Id, [string] $Folder)
    (Test-TaskAlive $Id) -or (Test-InstallerAlive $Folder)
}

function Find-AliveJob {
    # The id of a job that is still at work on this host, or nothing.
    $jobs = Find-DrydockFolder 'jobs'
    if ($null -eq $jobs) { return $null }
    foreach ($folder in [IO.Directory]::GetDirectories($jobs)) {
        $id = [IO.Path]::GetFileName($folder)
        if (Test-JobAlive $id $folder) { return $id }
    }
    $null
}
