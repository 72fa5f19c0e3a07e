# Brings back what an ended job left: its output and setup's own summary, each cut to a limit.
param(
    [Parameter(Mandatory = $true)] [string] $JobId,
    [Parameter(Mandatory = $true)] [ValidatePattern('\A\d{2,3}\z')] [string] $Folder,
    [Parameter(Mandatory = $true)] [ValidateRange(1, 1048576)] [int] $MaxChars
)
# include: prelude.ps1

function Get-BootstrapFolder {
    # Setup's own folder can be on another drive: the registry knows.
    param([string] $Folder)
    $key = "HKLM:\SOFTWARE\Microsoft\Microsoft SQL Server\$Folder\Bootstrap"
    $setup = Get-ItemProperty -LiteralPath $key -Name BootstrapDir -ErrorAction SilentlyContinue
    if ($null -ne $setup) { [string] $setup.BootstrapDir }
}
function Get-ProgramFolder {
    [Environment]::GetFolderPath('ProgramFiles')
}

function Find-Summary {
    # Only one that was written since the job was made: an older one tells of another installation.
    param([string] $Folder, [datetime] $Since)
    $usual = [IO.Path]::Combine((Get-ProgramFolder), 'Microsoft SQL Server', $Folder, 'Setup Bootstrap')
    foreach ($place in @(Get-BootstrapFolder $Folder) + @($usual)) {
        if (-not $place) { continue }
        $path = [IO.Path]::Combine($place, 'Log', 'Summary.txt')
        if ([IO.File]::Exists($path) -and [IO.File]::GetLastWriteTimeUtc($path) -ge $Since) { return $path }
    }
    $null
}

function Get-TextEncoding {
    # By the mark at the file's beginning: setup writes UTF-16, the job UTF-8.
    param([IO.Stream] $Stream)
    $first = $Stream.ReadByte()
    $second = $Stream.ReadByte()
    if ($first -eq 0xFF -and $second -eq 0xFE) { return [Text.Encoding]::Unicode }
    if ($first -eq 0xFE -and $second -eq 0xFF) { return [Text.Encoding]::BigEndianUnicode }
    $Utf8
}

function Read-Tail {
    param([string] $Path, [int] $MaxChars)
    if (-not $Path -or -not [IO.File]::Exists($Path)) { return '' }
    $stream = [IO.File]::Open($Path, 'Open', 'Read', 'ReadWrite, Delete')
    try {
        $encoding = Get-TextEncoding $stream
        # An even place, so that UTF-16 is not read shifted by one.
        $place = $stream.Length - 4 * [long] $MaxChars
        if ($place -gt 0) { $stream.Position = $place - $place % 2 } else { $stream.Position = 0 }
        $text = (New-Object System.IO.StreamReader($stream, $encoding)).ReadToEnd()
    }
    finally { $stream.Dispose() }
    if ($text.Length -gt $MaxChars) { $text = $text.Substring($text.Length - $MaxChars) }
    if ($text.Length -gt 0 -and [char]::IsLowSurrogate($text[0])) { $text = $text.Substring(1) }
    $text
}

Invoke-Answer {
    $output = ''
    $summary = ''
    $job = Find-DrydockFolder 'jobs', $JobId
    if ($null -ne $job -and [IO.File]::Exists([IO.Path]::Combine($job, 'job.json'))) {
        $since = [IO.File]::GetCreationTimeUtc([IO.Path]::Combine($job, 'job.json'))
        $output = Read-Tail ([IO.Path]::Combine($job, 'output.txt')) $MaxChars
        $summary = Read-Tail (Find-Summary $Folder $since) $MaxChars
    }
    @{ schema_version = 1; output = [string] $output; summary = [string] $summary }
}
