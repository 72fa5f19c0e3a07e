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
# include-text: run_job.ps1 -> RunJobText

function Write-Job {
    # The description comes last: where it is, the job is known.
    param([string] $Folder, [string] $Package)
    [IO.File]::WriteAllText([IO.Path]::Combine($Folder, 'run_job.ps1'), $RunJobText, $Utf8)
    Write-Json ([IO.Path]::Combine($Folder, 'job.json')) @{
        schema_version = 1; job_id = $JobId; run_id = $RunId; package = $Package; sha256 = $Sha256
        signer = $Signer; arguments = @($Arguments)
    }
}

Invoke-Answer {
    Invoke-Alone {
        Assert-Claim $RunId $Epoch
        Assert-PackageName $FileName
        Assert-TaskScripts
        $folder = Get-DrydockFolder 'jobs', $JobId
        if ([IO.File]::Exists([IO.Path]::Combine($folder, 'begun'))) { return @{ schema_version = 1; state = 'already' } }
        $other = Find-AliveJob
        if ($null -ne $other -and $other -ne $JobId) { Stop-Script 'job_running' "job $other is still running" }
        if (-not [IO.File]::Exists([IO.Path]::Combine($folder, 'job.json'))) {
            $package = [IO.Path]::Combine((Get-DrydockFolder 'packages', $Sha256), $FileName)
            if (-not [IO.File]::Exists($package)) { Stop-Script 'no_package' "$package is not there" }
            Write-Job $folder $package
        }
        if (@(Get-SystemTask $JobId).Count -eq 0) { Register-SystemTask $JobId $folder 'run_job.ps1' 'JobFolder' }
        if (-not (Test-TaskAlive $JobId)) { Start-SystemTask $JobId }
        @{ schema_version = 1; state = 'started' }
    }
}
