# Takes a package in Base64 chunks through the pipeline: the last resort where no share is open.
param(
    [Parameter(Mandatory = $true)] [string] $RunId,
    [Parameter(Mandatory = $true)] [int] $Epoch,
    [Parameter(Mandatory = $true)] [string] $Sha256,
    [Parameter(Mandatory = $true)] [string] $FileName,
    [Parameter(Mandatory = $true)] [long] $SizeBytes
)
begin {
    # include: prelude.ps1
    # include: package.ps1

    function Remove-Partials {
        # What earlier transfers left. One whose line broke can still hold its file: it stays for the next time.
        param([string] $Folder)
        foreach ($old in [IO.Directory]::GetFiles($Folder, '*.partial')) {
            try { [IO.File]::Delete($old) } catch [IO.IOException] { continue }
        }
    }

    $trouble = $null
    $stream = $null
    $partial = $null
    $received = [long] 0
    try {
        Assert-Claim $RunId $Epoch
        Assert-PackageName $FileName
        $folder = Get-DrydockFolder 'packages', $Sha256
        $final = [IO.Path]::Combine($folder, $FileName)
        Remove-Partials $folder
        $free = Get-FreeBytes $folder
        if ($free -lt $SizeBytes) { Stop-Script 'no_space' "the package needs $SizeBytes bytes, $free are free" }
        $partial = $final + '.' + [Guid]::NewGuid().ToString('N') + '.partial'
        $stream = [IO.File]::Open($partial, 'CreateNew', 'ReadWrite', 'None')
    }
    catch { $trouble = $_.Exception }
}
process {
    if ($null -eq $trouble) {
        try {
            $bytes = [Convert]::FromBase64String([string] $_)
            $stream.Write($bytes, 0, $bytes.Length)
            $received += $bytes.Length
        }
        catch { $trouble = $_.Exception }
    }
}
end {
    Invoke-Answer {
        try {
            if ($null -ne $trouble) { throw $trouble }
            if ($received -ne $SizeBytes) { Stop-Script 'bad_size' "$received of $SizeBytes bytes arrived" }
            $stream.Flush($true)
            $stream.Position = 0
            $found = Get-Sha256 $stream
            $stream.Dispose()
            if ($found -ne $Sha256) { Stop-Script 'bad_hash' "the hash of what arrived is $found" }
            Move-IntoPlace $partial $final
        }
        finally {
            if ($null -ne $stream) {
                $stream.Dispose()
                [IO.File]::Delete($partial)
            }
        }
        @{ schema_version = 1; size_bytes = $received }
    }
}
