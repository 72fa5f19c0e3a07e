# Runs on the host as a task of SYSTEM: copies a package from a share beside its place, checks its hash, and puts it there.
param([Parameter(Mandatory = $true)] [string] $PackageFolder)
# include: prelude.ps1
# include: package.ps1

function Stop-ByCause {
    # A message of Windows may be in any language, so its type and number tell.
    param([Exception] $Why)
    if ($Why.Data.Contains('DrydockCode')) { throw $Why }
    if ($Why -is [UnauthorizedAccessException]) { Stop-Script 'share_denied' $Why.Message }
    if ($Why -is [IO.FileNotFoundException] -or $Why -is [IO.DirectoryNotFoundException]) {
        Stop-Script 'share_absent' $Why.Message
    }
    $number = $Why.HResult -band 0xFFFF
    if ($number -eq 1326) { Stop-Script 'share_denied' $Why.Message }
    if ($number -eq 53 -or $number -eq 67) { Stop-Script 'share_absent' $Why.Message }
    if ($number -eq 112) { Stop-Script 'no_space' $Why.Message }
    Stop-Script 'share_failed' $Why.Message
}

function Copy-Rest {
    # Goes on where an earlier copy was broken off: the hash of the whole decides in the end.
    param([IO.Stream] $From, [IO.Stream] $To)
    if ($To.Length -gt $From.Length) { $To.SetLength(0) }
    $From.Position = $To.Length
    $To.Position = $To.Length
    $buffer = New-Object byte[] 1048576
    while (($read = $From.Read($buffer, 0, $buffer.Length)) -gt 0) { $To.Write($buffer, 0, $read) }
    $To.Flush($true)
}

function Copy-Package {
    param([string] $Source, [string] $Partial, [long] $Size)
    $from = New-Object System.IO.FileStream($Source, 'Open', 'Read', 'Read')
    try {
        if ($from.Length -ne $Size) { Stop-Script 'share_other' "$Source has $($from.Length) bytes instead of $Size" }
        $to = New-Object System.IO.FileStream($Partial, 'OpenOrCreate', 'ReadWrite', 'Read')
        try {
            Copy-Rest $from $to
            $to.Position = 0
            Get-Sha256 $to
        }
        finally { $to.Dispose() }
    }
    finally { $from.Dispose() }
}

$pull = Read-Json (Join-Path $PackageFolder 'pull.json')
$final = Join-Path $PackageFolder ([string] $pull.file_name)
$partial = $final + '.partial'
$verdict = @{ schema_version = 1; pull_id = [string] $pull.pull_id; code = ''; message = '' }
try {
    try { $found = Copy-Package ([string] $pull.source) $partial ([long] $pull.size_bytes) }
    catch { Stop-ByCause $_.Exception.GetBaseException() }
    if ($found -ne [string] $pull.sha256) {
        [IO.File]::Delete($partial)
        Stop-Script 'bad_hash' "the hash of $($pull.source) is $found"
    }
    Move-IntoPlace $partial $final
}
catch {
    $verdict.code = 'share_failed'
    if ($_.Exception.Data.Contains('DrydockCode')) { $verdict.code = [string] $_.Exception.Data['DrydockCode'] }
    $verdict.message = $_.Exception.Message
}
finally { Write-Json (Join-Path $PackageFolder 'pulled.json') $verdict }
