# Has the host fetch a package from a share as its machine account, and tells how far it is. Asking twice starts once.
# The session of the console cannot reach the share: its logon ends here. A task of SYSTEM is the machine itself.
param(
    [Parameter(Mandatory = $true)] [string] $RunId,
    [Parameter(Mandatory = $true)] [int] $Epoch,
    [Parameter(Mandatory = $true)] [string] $PullId,
    [Parameter(Mandatory = $true)] [string] $Sha256,
    [Parameter(Mandatory = $true)] [string] $FileName,
    [Parameter(Mandatory = $true)] [long] $SizeBytes,
    [Parameter(Mandatory = $true)] [string] $Source,
    [Parameter(Mandatory = $true)] [int] $WaitSeconds,
    [Parameter(Mandatory = $true)] [bool] $GiveUp
)
# include: prelude.ps1
# include: package.ps1
# include: system_task.ps1
# include-text: copy_package.ps1 -> CopyPackageText

function Assert-Share {
    param([string] $Path)
    if ($Path -notmatch '^\\\\[^\\/:*?"<>|]+(\\[^\\/:*?"<>|]+){2,}$' -or $Path -match '\\\.{1,2}(\\|$)') {
        Stop-Script 'bad_name' "'$Path' is not a file on a share"
    }
}

function Test-Pull {
    # Whether the file tells of the pull that is meant, not of an earlier one.
    param([string] $Path)
    [IO.File]::Exists($Path) -and [string] (Read-Json $Path).pull_id -eq $PullId
}

function Start-Pull {
    param([string] $Folder, [string] $Task)
    [IO.File]::WriteAllText((Join-Path $Folder 'copy_package.ps1'), $CopyPackageText, $Utf8)
    Write-Json (Join-Path $Folder 'pull.json') @{
        schema_version = 1; pull_id = $PullId; source = $Source; file_name = $FileName; sha256 = $Sha256
        size_bytes = $SizeBytes
    }
    Register-SystemTask $Task $Folder 'copy_package.ps1' 'PackageFolder'
    Start-SystemTask $Task
}

function Wait-Pull {
    # Until it has ended or the time is up.
    param([string] $Ended)
    $until = [datetime]::UtcNow.AddSeconds($WaitSeconds)
    while (-not (Test-Pull $Ended) -and [datetime]::UtcNow -lt $until) { Start-Sleep -Milliseconds 500 }
}

Invoke-Answer {
    Assert-Claim $RunId $Epoch
    Assert-PackageName $FileName
    Assert-Share $Source
    $folder = Get-DrydockFolder 'packages', $Sha256
    $partial = (Join-Path $folder $FileName) + '.partial'
    $ended = Join-Path $folder 'pulled.json'
    $task = 'pull-' + $Sha256.Substring(0, 32)
    if ($GiveUp) {
        Stop-SystemTask $task
        return @{ schema_version = 1; done = $false; received_bytes = (Get-FileLength $partial) }
    }
    if (-not (Test-Pull (Join-Path $folder 'pull.json'))) {
        Stop-SystemTask $task
        Start-Pull $folder $task
    }
    Wait-Pull $ended
    if (-not (Test-Pull $ended)) {
        return @{ schema_version = 1; done = $false; received_bytes = (Get-FileLength $partial) }
    }
    Stop-SystemTask $task
    $verdict = Read-Json $ended
    if ([string] $verdict.code -ne '') { Stop-Script ([string] $verdict.code) ([string] $verdict.message) }
    @{ schema_version = 1; done = $true; received_bytes = $SizeBytes }
}
