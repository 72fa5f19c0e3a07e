# Shared by what runs in a job's task: it begins once, and says how it stands.
function Start-Once {
    # False where this job was begun before: whoever starts its task again starts no second installer.
    $mark = [IO.Path]::Combine($JobFolder, 'begun')
    try { [IO.File]::Open($mark, 'CreateNew', 'Write', 'None').Dispose() }
    catch [IO.IOException] {
        if ([IO.File]::Exists($mark)) { return $false }
        throw
    }
    $true
}

function New-Status {
    param([string] $JobId)
    @{
        schema_version = 1; job_id = $JobId; sequence = 0; state = ''; process_id = $null
        process_started_at = $null; started_at = (Format-Time ([datetime]::UtcNow)); ended_at = $null
        exit_code = $null; percent = $null; message = ''
    }
}

function Save-Status {
    param([string] $State)
    $status.state = $State
    $status.sequence = $status.sequence + 1
    Write-Json ([IO.Path]::Combine($JobFolder, 'status.json')) $status
}

function Add-Message {
    param([string] $Text)
    $status.message = ($status.message + ' ' + $Text).Trim()
}
