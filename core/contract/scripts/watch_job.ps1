# Waits until a job's status changes or the time is up, and says what it is. One call instead of many.
param(
    [Parameter(Mandatory = $true)] [string] $JobId,
    [Parameter(Mandatory = $true)] [int] $Seen,
    [Parameter(Mandatory = $true)] [ValidateRange(0, 60)] [int] $WaitSeconds
)
# include: prelude.ps1
# include: system_task.ps1
# include: jobs.ps1

Invoke-Answer {
    $folder = Find-DrydockFolder 'jobs', $JobId
    if ($null -eq $folder) { return @{ schema_version = 1; known = $false; running = $false; status = $null } }
    $until = [datetime]::UtcNow.AddSeconds($WaitSeconds)
    while ($true) {
        # In this order: a job that is seen at rest has written its last status before.
        $running = Test-JobAlive $JobId $folder
        $status = Read-Status $folder
        $changed = $null -ne $status -and [int] $status.sequence -gt $Seen
        if ($changed -or -not $running -or [datetime]::UtcNow -ge $until) { break }
        Wait-Turn
    }
    $known = [IO.File]::Exists([IO.Path]::Combine($folder, 'job.json'))
    $answer = @{ schema_version = 1; known = $known; running = $running; status = $null }
    if ($null -ne $status) {
        $answer.status = @{
            sequence = [int] $status.sequence; state = [string] $status.state; message = [string] $status.message
            started_at = (Format-Stamp $status.started_at); ended_at = (Format-Stamp $status.ended_at)
            exit_code = $status.exit_code; percent = $status.percent
        }
    }
    $answer
}
