# Starts an installer as a task of SYSTEM, detached from this connection. Asking twice starts once.
param(
    [Parameter(Mandatory = $true)] [string] $RunId,
    [Parameter(Mandatory = $true)] [int] $Epoch,
    [Parameter(Mandatory = $true)] [string] $JobId,
    [Parameter(Mandatory = $true)] [string] $Sha256,
    [Parameter(Mandatory = $true)] [string] $FileName,
    [Parameter(Mandatory = $true)] [string] $Signer,
    [Parameter(Mandatory = $true)] [AllowEmptyCollection()] [string[]] $Arguments
)
# include: prelude.ps1
# include: package.ps1
# include: system_task.ps1
# include: jobs.ps1
# include: job_folder.ps1
# include-text: run_job.ps1 -> RunJobText

Invoke-Answer {
    Invoke-Alone {
        Assert-Claim $RunId $Epoch
        Assert-PackageName $FileName
        Assert-TaskScripts
        $folder = Get-DrydockFolder 'jobs', $JobId
        if (Test-Begun $folder) { return @{ schema_version = 1; state = 'already' } }
        Assert-NoOtherJob $JobId
        if (-not (Test-Described $folder)) {
            $package = [IO.Path]::Combine((Get-DrydockFolder 'packages', $Sha256), $FileName)
            if (-not [IO.File]::Exists($package)) { Stop-Script 'no_package' "$package is not there" }
            Write-Job $folder @{
                package = $package; sha256 = $Sha256; signer = $Signer; arguments = @($Arguments); unpack = $true
            }
        }
        Start-Described $JobId $folder
        @{ schema_version = 1; state = 'started' }
    }
}
