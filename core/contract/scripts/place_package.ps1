# Opens the package's folder for a push, and once the file is whole, checks its hash and puts it in place.
param(
    [Parameter(Mandatory = $true)] [string] $RunId,
    [Parameter(Mandatory = $true)] [int] $Epoch,
    [Parameter(Mandatory = $true)] [string] $Sha256,
    [Parameter(Mandatory = $true)] [string] $FileName,
    [Parameter(Mandatory = $true)] [long] $SizeBytes
)
# include: prelude.ps1
# include: package.ps1

function Open-Alone {
    # Whoever still has the file open could go on writing after it was hashed.
    param([string] $Path)
    try { New-Object System.IO.FileStream($Path, 'Open', 'Read', 'None') }
    catch { Stop-Script 'package_busy' "$Path is still open elsewhere: $($_.Exception.Message)" }
}

Invoke-Answer {
    Assert-Claim $RunId $Epoch
    Assert-PackageName $FileName
    $folder = Get-DrydockFolder 'packages', $Sha256
    $final = Join-Path $folder $FileName
    $partial = $final + '.partial'
    if ((Get-FileLength $partial) -gt $SizeBytes) { [IO.File]::Delete($partial) }
    $received = Get-FileLength $partial
    if ($received -lt $SizeBytes) {
        return @{ schema_version = 1; placed = $false; folder = $folder; received_bytes = $received }
    }
    $stream = Open-Alone $partial
    try { $found = Get-Sha256 $stream }
    finally { $stream.Dispose() }
    if ($found -ne $Sha256) {
        [IO.File]::Delete($partial)
        Stop-Script 'bad_hash' "the hash of what arrived is $found"
    }
    Move-IntoPlace $partial $final
    @{ schema_version = 1; placed = $true; folder = $folder; received_bytes = $received }
}
