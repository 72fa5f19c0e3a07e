# Shared by every script: strict rules, one answer, safe folders, the host's claim.
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
# A management service that is not well would keep a question waiting for good.
$PSDefaultParameterValues = @{
    'Get-CimInstance:OperationTimeoutSec' = 100; 'Get-CimAssociatedInstance:OperationTimeoutSec' = 100
    'Invoke-CimMethod:OperationTimeoutSec' = 100
}
if ([string] $ExecutionContext.SessionState.LanguageMode -ne 'FullLanguage') {
    # Outside the one answer, because nothing that writes it would run.
    throw "PowerShell is in $($ExecutionContext.SessionState.LanguageMode) mode here, as AppLocker or WDAC set it"
}

function Get-ProgramData {
    [Environment]::GetFolderPath('CommonApplicationData')
}
function Test-Link {
    param([string] $Path)
    [bool] ([IO.File]::GetAttributes($Path) -band [IO.FileAttributes]::ReparsePoint)
}
function Get-FolderRights {
    # Who owns the folder, and whom its list lets in.
    param([string] $Path)
    $kind = [Security.Principal.SecurityIdentifier]
    $security = Get-Acl -LiteralPath $Path
    $rules = @($security.GetAccessRules($true, $true, $kind) | Where-Object { [string] $_.AccessControlType -eq 'Allow' })
    @{ owner = $security.GetOwner($kind).Value; allowed = @($rules | ForEach-Object { $_.IdentityReference.Value }) }
}
function New-SecuredFolder {
    # Made together with its rights, so that nobody else can come in between. One that exists is left as it is.
    param([string] $Path)
    $security = New-Object System.Security.AccessControl.DirectorySecurity
    $security.SetSecurityDescriptorSddlForm('O:BAD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)')
    if ($PSVersionTable.PSVersion.Major -ge 6) { [void] [IO.FileSystemAclExtensions]::CreateDirectory($security, $Path) }
    else { [void] [IO.Directory]::CreateDirectory($Path, $security) }
}
function Wait-Turn {
    Start-Sleep -Milliseconds 250
}

$Utf8 = New-Object System.Text.UTF8Encoding $false
$DrydockRoot = [IO.Path]::Combine((Get-ProgramData), 'Drydock')
# SYSTEM and Administrators.
$Trusted = 'S-1-5-18', 'S-1-5-32-544'

function Format-Time {
    param([datetime] $Time)
    $Time.ToUniversalTime().ToString('yyyy-MM-ddTHH:mm:ss.ffffffZ', [Globalization.CultureInfo]::InvariantCulture)
}

function Format-Stamp {
    # A time read from JSON: PowerShell 7 turns such text into dates, 5.1 leaves it alone.
    param($Value)
    if ($Value -is [datetime]) { Format-Time $Value } else { $Value }
}

function Stop-Script {
    # Ends the script with a code that the console knows.
    param([string] $Code, [string] $Message)
    $failure = New-Object System.InvalidOperationException $Message
    $failure.Data['DrydockCode'] = $Code
    throw $failure
}

function Invoke-Answer {
    # Runs the body and writes exactly one JSON document: its hashtable, or its error.
    param([scriptblock] $Body)
    try {
        $answer = @{ ok = $true; data = (& $Body) }
    }
    catch {
        $code = 'script_failed'
        $failure = $_.Exception
        while ($null -ne $failure) {
            if ($failure.Data.Contains('DrydockCode')) { $code = [string] $failure.Data['DrydockCode'] }
            $failure = $failure.InnerException
        }
        $where = ''
        if ($code -eq 'script_failed' -and $null -ne $_.InvocationInfo) {
            $where = ' (line ' + $_.InvocationInfo.ScriptLineNumber + ')'
        }
        $answer = @{ ok = $false; error = @{ code = $code; message = [string] $_.Exception.Message + $where } }
    }
    ConvertTo-Json -InputObject $answer -Depth 12 -Compress
}

function Read-Json {
    # A small file of ours; a larger one is not ours. Whoever wants to replace it meanwhile can.
    param([string] $Path, [long] $Most = 262144)
    $stream = [IO.File]::Open($Path, 'Open', 'Read', 'ReadWrite, Delete')
    try {
        if ($stream.Length -gt $Most) { Stop-Script 'bad_file' "$Path is too large" }
        $text = (New-Object System.IO.StreamReader($stream, $Utf8)).ReadToEnd()
    }
    finally { $stream.Dispose() }
    ConvertFrom-Json -InputObject $text
}

function Move-Over {
    # Replacing can stop half way, with the old file gone and the new one under its own name: then the next turn moves it.
    param([string] $New, [string] $Path)
    if ([IO.File]::Exists($Path)) { [IO.File]::Replace($New, $Path, [NullString]::Value, $true) }
    else { [IO.File]::Move($New, $Path) }
}

function Write-Json {
    # Written to the disk, then put in place in one move: after a crash the old or the new one is there, never half of it.
    # A scanner or a reader can be in the way for a moment.
    param([string] $Path, [hashtable] $Value)
    $new = $Path + '.' + [Guid]::NewGuid().ToString('N')
    $bytes = $Utf8.GetBytes((ConvertTo-Json -InputObject $Value -Depth 12 -Compress))
    $stream = [IO.File]::Open($new, 'CreateNew', 'Write', 'None')
    try {
        $stream.Write($bytes, 0, $bytes.Length)
        $stream.Flush($true)
    }
    finally { $stream.Dispose() }
    $turn = 1
    while ($true) {
        try {
            Move-Over $new $Path
            return
        }
        catch {
            if ($turn -ge 40) { throw }
            $turn += 1
            Wait-Turn
        }
    }
}

function Join-Parts {
    # A path below our folder; a part is a plain name and leads nowhere else.
    param([string[]] $Parts)
    $path = $DrydockRoot
    foreach ($part in $Parts) {
        if ($part -notmatch '\A[A-Za-z0-9_-][A-Za-z0-9._-]{0,119}\z' -or $part -match '\.\z') {
            Stop-Script 'bad_name' "'$part' cannot be a name in Drydock's folder"
        }
        $path = [IO.Path]::Combine($path, $part)
        $path
    }
}

function Assert-Protected {
    # What somebody else prepared is refused and never mended: what lies in it could be planted.
    param([string] $Path)
    if (Test-Link $Path) { Stop-Script 'bad_folder' "$Path is a link, not a folder" }
    $rights = Get-FolderRights $Path
    if ($Trusted -notcontains $rights.owner) {
        Stop-Script 'bad_folder' ($Path + ' belongs to ' + $rights.owner + ', not to SYSTEM or Administrators')
    }
    foreach ($who in $rights.allowed) {
        if ($Trusted -notcontains $who) { Stop-Script 'bad_folder' "$Path lets in $who besides SYSTEM and Administrators" }
    }
}

function Get-DrydockFolder {
    # A protected folder below ours, made where it is missing; every part of the way is protected, too.
    param([string[]] $Parts)
    foreach ($path in @($DrydockRoot) + @(Join-Parts $Parts)) {
        if (-not [IO.Directory]::Exists($path)) { New-SecuredFolder $path }
        Assert-Protected $path
    }
    $path
}

function Find-DrydockFolder {
    # The same for whoever only reads: nothing where it is missing.
    param([string[]] $Parts)
    foreach ($path in @($DrydockRoot) + @(Join-Parts $Parts)) {
        if (-not [IO.Directory]::Exists($path)) { return $null }
        Assert-Protected $path
    }
    $path
}

function Invoke-Alone {
    # One at a time: what is asked again while the first is still at work waits for it.
    param([scriptblock] $Body)
    $path = [IO.Path]::Combine((Get-DrydockFolder @()), 'lock')
    $until = [datetime]::UtcNow.AddSeconds(60)
    $lock = $null
    while ($null -eq $lock) {
        try { $lock = [IO.File]::Open($path, 'OpenOrCreate', 'ReadWrite', 'None') }
        catch [IO.IOException] {
            if ([datetime]::UtcNow -ge $until) { Stop-Script 'busy' 'another request is still at work on this host' }
            Wait-Turn
        }
    }
    try { & $Body }
    finally { $lock.Dispose() }
}

function Get-ClaimPath {
    [IO.Path]::Combine($DrydockRoot, 'claim.json')
}

function Read-Claim {
    # Nothing where the host is free. A claim that cannot be read is still a claim.
    if ($null -eq (Find-DrydockFolder @())) { return $null }
    $path = Get-ClaimPath
    if (-not [IO.File]::Exists($path)) { return $null }
    try {
        $claim = Read-Json $path
        @{
            run_id = [string] $claim.run_id; console = [string] $claim.console; epoch = [int] $claim.epoch
            taken_at = [string] (Format-Stamp $claim.taken_at)
        }
    }
    catch { Stop-Script 'bad_claim' ($path + ' cannot be read: ' + $_.Exception.Message) }
}

function Assert-Claim {
    # Whoever changes the host holds its claim, with the epoch that was given out last.
    param([string] $RunId, [int] $Epoch)
    $claim = Read-Claim
    if ($null -eq $claim) { Stop-Script 'not_claimed' 'this run does not hold the claim of the host' }
    if ($claim.run_id -ne $RunId) {
        Stop-Script 'claimed' ('the host is claimed by run ' + $claim.run_id + ' of console ' + $claim.console)
    }
    if ($claim.epoch -ne $Epoch) {
        Stop-Script 'fenced' ('the claim was taken over: its epoch is ' + $claim.epoch + ', not ' + $Epoch)
    }
}

function Get-StartEvent {
    # The newest record of a start, or nothing: on a busy host with a small log it is overwritten.
    $filter = @{ LogName = 'System'; ProviderName = 'Microsoft-Windows-Kernel-General'; Id = 12 }
    try { (Get-WinEvent -FilterHashtable $filter -MaxEvents 1 -ErrorAction Stop).RecordId }
    catch { if ($_.FullyQualifiedErrorId -notlike 'NoMatchingEventsFound*') { throw } }
}
function Get-BootTime {
    (Get-CimInstance -ClassName Win32_OperatingSystem).LastBootUpTime
}

function Get-BootMarks {
    # Two marks of a start. The number of the event does not move when somebody corrects the clock.
    # PrefetchParameters\BootId is none: where prefetching is off, as on servers, nothing promises that it is counted.
    $record = Get-StartEvent
    $mark = 'none'
    if ($null -ne $record) { $mark = 'event:' + $record }
    @{ booted_at = (Format-Time (Get-BootTime)); boot_id = $mark }
}

function New-Sha256 {
    # The system's own: it is the faster one, and where only validated cryptography is allowed (FIPS) 5.1 refuses its other.
    try { New-Object System.Security.Cryptography.SHA256CryptoServiceProvider }
    catch { [Security.Cryptography.SHA256]::Create() }
}

function Get-Sha256 {
    # Of an open stream, so that what was hashed is what is held.
    param([IO.Stream] $Stream)
    $algorithm = New-Sha256
    try { -join ($algorithm.ComputeHash($Stream) | ForEach-Object { $_.ToString('x2') }) }
    finally { $algorithm.Dispose() }
}
