# Starts the removal of one package of the system by DISM, as a task of SYSTEM. Asking twice starts once.
param(
    [Parameter(Mandatory = $true)] [string] $RunId,
    [Parameter(Mandatory = $true)] [int] $Epoch,
    [Parameter(Mandatory = $true)] [string] $JobId,
    [Parameter(Mandatory = $true)] [string] $Package
)
# include: prelude.ps1
# include: system_task.ps1
# include: jobs.ps1
# include: job_folder.ps1
# include-text: run_job.ps1 -> RunJobText

function Get-Dism {
    [IO.Path]::Combine([Environment]::SystemDirectory, 'dism.exe')
}
function Get-PackageNames {
    # Those that are installed, or wait for a restart to be.
    Get-WindowsPackage -Online | Where-Object { ([string] $_.PackageState) -like 'Install*' } |
        ForEach-Object { [string] $_.PackageName }
}
function Get-Signer {
    # Of a file that the system's own catalogue signs.
    param([string] $Path)
    $signature = Get-AuthenticodeSignature -LiteralPath $Path
    if ([string] $signature.Status -ne 'Valid') { Stop-Script 'bad_file' "$Path is not signed" }
    [string] $signature.SignerCertificate.Subject
}

function Find-Package {
    # By its whole name, or the one cumulative update of a build: its package does not bear the article's number.
    param([string] $Wanted)
    $names = @(Get-PackageNames)
    if ($names -contains $Wanted) { return $Wanted }
    $found = @()
    if ($Wanted -match '\A\d+\.\d+\z') {
        $found = @($names | Where-Object { $_ -like 'Package_for_RollupFix~*' -and $_ -match "~~$([regex]::Escape($Wanted))\." })
    }
    if ($found.Count -ne 1) { Stop-Script 'no_os_package' "$($found.Count) installed packages are named by $Wanted" }
    $found[0]
}

Invoke-Answer {
    Invoke-Alone {
        Assert-Claim $RunId $Epoch
        Assert-TaskScripts
        $folder = Get-DrydockFolder 'jobs', $JobId
        if (Test-Begun $folder) { return @{ schema_version = 1; state = 'already' } }
        Assert-NoOtherJob $JobId
        if (-not (Test-Described $folder)) {
            $dism = Get-Dism
            $arguments = '/Online', '/Remove-Package', "/PackageName:$(Find-Package $Package)", '/Quiet', '/NoRestart'
            $stream = [IO.File]::Open($dism, 'Open', 'Read', 'Read')
            try { $hash = Get-Sha256 $stream } finally { $stream.Dispose() }
            Write-Job $folder @{ package = $dism; sha256 = $hash; signer = (Get-Signer $dism); arguments = @($arguments) }
        }
        Start-Described $JobId $folder
        @{ schema_version = 1; state = 'started' }
    }
}
