# Says whether the package lies here, with the right hash and a trusted signer. Hash and signature are of one held handle.
param(
    [Parameter(Mandatory = $true)] [string] $Sha256,
    [Parameter(Mandatory = $true)] [string] $FileName
)
# include: prelude.ps1
# include: package.ps1

function Get-Signature {
    # Asked by path, while our handle keeps everybody from changing what the path leads to.
    param([string] $Path)
    $signature = Get-AuthenticodeSignature -LiteralPath $Path
    $signer = ''
    if ($null -ne $signature.SignerCertificate) { $signer = [string] $signature.SignerCertificate.Subject }
    @{ status = [string] $signature.Status; signer = $signer }
}

Invoke-Answer {
    Assert-PackageName $FileName
    $answer = @{
        schema_version = 1; present = $false; sha256 = $null; signature = 'none'; signer = ''
        partial_bytes = [long] 0; free_bytes = (Get-FreeBytes $DrydockRoot)
    }
    $folder = Find-DrydockFolder 'packages', $Sha256
    if ($null -eq $folder) { return $answer }
    $path = [IO.Path]::Combine($folder, $FileName)
    $answer.partial_bytes = Get-FileLength ($path + '.partial')
    if (-not [IO.File]::Exists($path)) { return $answer }
    $stream = [IO.File]::Open($path, 'Open', 'Read', 'Read')
    try {
        $signature = Get-Signature $path
        $answer.present = $true
        $answer.sha256 = Get-Sha256 $stream
        $answer.signature = $signature.status
        $answer.signer = $signature.signer
        $answer
    }
    finally { $stream.Dispose() }
}
