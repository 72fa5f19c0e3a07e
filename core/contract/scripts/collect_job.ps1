# Brings back what an ended job left: its output and setup's own summary, each cut to a limit. Without a folder none of setup's.
param(
    [Parameter(Mandatory = $true)] [string] $JobId,
    [Parameter(Mandatory = $true)] [AllowEmptyString()] [ValidatePattern('\A(\d{2,3})?\z')] [string] $Folder,
    [Parameter(Mandatory = $true)] [ValidateRange(1, 1048576)] [int] $MaxChars
)
# include: prelude.ps1
# include: files.ps1
# include: setup_logs.ps1

function Find-Summary {
    # Only one that was written since the job was made: an older one tells of another installation.
    param([string] $Folder, [datetime] $Since)
    foreach ($place in @(Get-SetupLogFolders $Folder)) {
        $path = [IO.Path]::Combine($place, 'Summary.txt')
        if ([IO.File]::Exists($path) -and [IO.File]::GetLastWriteTimeUtc($path) -ge $Since) { return $path }
    }
    $null
}

Invoke-Answer {
    $output = ''
    $summary = ''
    $job = Find-DrydockFolder 'jobs', $JobId
    if ($null -ne $job -and [IO.File]::Exists([IO.Path]::Combine($job, 'job.json'))) {
        $since = [IO.File]::GetCreationTimeUtc([IO.Path]::Combine($job, 'job.json'))
        $output = Read-Tail ([IO.Path]::Combine($job, 'output.txt')) $MaxChars
        if ($Folder -ne '') { $summary = Read-Tail (Find-Summary $Folder $since) $MaxChars }
    }
    @{ schema_version = 1; output = [string] $output; summary = [string] $summary }
}
