# Where a package lies on the host. Included by the scripts that bring one there.
function Assert-PackageName {
    param([string] $FileName)
    if ($FileName -notmatch '\A[A-Za-z0-9_-][A-Za-z0-9._-]{0,119}\.exe\z') {
        Stop-Script 'bad_name' "'$FileName' is not a package's name"
    }
}

function Get-FreeBytes {
    param([string] $Path)
    (New-Object System.IO.DriveInfo ([IO.Path]::GetPathRoot($Path))).AvailableFreeSpace
}

function Get-FileLength {
    # 0 for a file that is not there.
    param([string] $Path)
    $file = New-Object System.IO.FileInfo $Path
    if ($file.Exists) { return $file.Length }
    [long] 0
}

function Move-IntoPlace {
    param([string] $Partial, [string] $Final)
    if ([IO.File]::Exists($Final)) { [IO.File]::Delete($Final) }
    [IO.File]::Move($Partial, $Final)
}
