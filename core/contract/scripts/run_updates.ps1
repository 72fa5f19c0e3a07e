# Runs on the host as a task of SYSTEM: downloads and installs exactly the updates that are listed, and writes how each ended.
param([Parameter(Mandatory = $true)] [string] $JobFolder)
# include: prelude.ps1
# include: job_status.ps1
# include: update_agent.ps1

function Get-Self {
    [Diagnostics.Process]::GetCurrentProcess()
}

function Save-Outcome {
    Write-Json ([IO.Path]::Combine($JobFolder, 'outcome.json')) $outcome
}

function Show-Progress {
    # Downloading is one half, installing the other.
    param([double] $Done, [string] $Doing)
    $status.percent = [int] [Math]::Min(99, [Math]::Floor(100 * $Done))
    $status.message = $Doing
    Save-Status 'running'
}

function Add-Result {
    # Of an update that the service offers. Written at once: what was installed is known also after a crash.
    param($Update, [string] $State, [hashtable] $More)
    $class = Get-Class $Update
    $result = @{
        patch_id = (Get-PatchId $Update); title = [string] $Update.Title; kb = ''; class_id = ''; state = $State
        downloaded = $false; result_code = 0; hresult = 0; reboot_required = $false; duration_ms = [long] 0; message = ''
    }
    foreach ($kb in $Update.KBArticleIDs) { $result.kb = [string] $kb }
    if ($null -ne $class) { $result.class_id = ([string] $class.CategoryID).ToLowerInvariant() }
    foreach ($name in $More.Keys) { $result[$name] = $More[$name] }
    $outcome.updates = @($outcome.updates) + @($result)
    Save-Outcome
}

function New-Batch {
    # The agent takes lists only.
    param($Update)
    $batch = Get-AgentObject 'UpdateColl'
    [void] $batch.Add($Update)
    , $batch
}

function Invoke-Agent {
    # What an operation of the agent on one update came to; an exception of the agent is an outcome like another.
    param([scriptblock] $Operation)
    $watch = [Diagnostics.Stopwatch]::StartNew()
    $told = @{ one = $null; result_code = 4; hresult = 0; message = '' }
    try {
        $told.one = (& $Operation).GetUpdateResult(0)
        $told.result_code = [int] $told.one.ResultCode
        $told.hresult = [int] $told.one.HResult
    }
    catch {
        $told.hresult = Get-AgentError $_.Exception
        $told.message = [string] $_.Exception.Message
    }
    $told.duration_ms = [long] $watch.ElapsedMilliseconds
    $told
}

function Receive-Update {
    # Nothing when it lies on the host now, or why it does not.
    param($Session, $Update)
    if ([bool] $Update.IsDownloaded) { return $null }
    $downloader = $Session.CreateUpdateDownloader()
    $downloader.Updates = New-Batch $Update
    $told = Invoke-Agent { $downloader.Download() }
    $told.Remove('one')
    if ($told.result_code -eq 2) { return $null }
    $told
}

function Install-Update {
    param($Session, $Update)
    $installer = $Session.CreateUpdateInstaller()
    $installer.ForceQuiet = $true
    $installer.Updates = New-Batch $Update
    $told = Invoke-Agent {
        if (-not [bool] $Update.EulaAccepted) { [void] $Update.AcceptEula() }
        $installer.Install()
    }
    $told.reboot_required = $null -ne $told.one -and [bool] $told.one.RebootRequired
    $told.Remove('one')
    $told
}

function Get-Name {
    param($Update)
    foreach ($kb in $Update.KBArticleIDs) { return "KB$kb" }
    [string] $Update.Title
}

function Receive-All {
    # Those that came; of the others it is written why they did not.
    param($Session, $Updates)
    $total = [double] 1
    foreach ($one in $Updates) { $total += [double] $one.MaxDownloadSize }
    $done = [double] 0
    foreach ($one in $Updates) {
        Show-Progress (0.5 * $done / $total) ('downloading ' + (Get-Name $one))
        $failed = Receive-Update $Session $one
        if ($null -eq $failed) { $one } else { Add-Result $one 'download_failed' $failed }
        $done += [double] $one.MaxDownloadSize
    }
}

function Install-All {
    # Whether all came through.
    param($Session, $Updates)
    $good = $true
    $number = 0
    foreach ($one in $Updates) {
        Show-Progress (0.5 + 0.5 * $number / $Updates.Count) ('installing ' + (Get-Name $one))
        $told = Install-Update $Session $one
        $told.downloaded = $true
        $state = 'installed'
        if ($told.result_code -ne 2) {
            $state = 'install_failed'
            $good = $false
        }
        Add-Result $one $state $told
        $number += 1
    }
    $good
}

function Select-Wanted {
    # Exactly those, by identifier and revision, that have not been dealt with; nothing else is ever taken.
    param($Offered, [string[]] $Wanted)
    $dealt = @($outcome.updates | ForEach-Object { $_.patch_id })
    foreach ($one in $Offered) {
        $id = Get-PatchId $one
        if ([bool] $one.IsInstalled -or $Wanted -notcontains $id -or $dealt -contains $id) { continue }
        $bar = Get-Bar $one
        if ($null -eq $bar) { $one } else { Add-Result $one 'barred' @{ message = $bar } }
    }
}

function Invoke-Round {
    # Whether another round may bring more: after a servicing stack the service offers what it did not offer before.
    param($Session, [string] $Service, [string[]] $Wanted)
    $chosen = @(Select-Wanted (Find-Updates $Session $Service).Updates $Wanted)
    $first = @($chosen | Where-Object { Test-Exclusive $_ })
    $turn = $chosen
    if ($first.Count -gt 0) { $turn = @($first[0]) }
    if ($turn.Count -eq 0) { return $false }
    $there = @(Receive-All $Session $turn)
    $good = Install-All $Session $there
    $first.Count -gt 0 -and $good -and $there.Count -gt 0
}

if (-not (Start-Once)) { return }
$job = Read-Json ([IO.Path]::Combine($JobFolder, 'job.json'))
$wanted = @($job.updates | ForEach-Object { [string] $_ })
$status = New-Status ([string] $job.job_id)
$outcome = @{ schema_version = 1; hresult = 0; message = ''; reboot_required = $false; updates = @() }
try {
    $self = Get-Self
    $status.process_id = $self.Id
    $status.process_started_at = Format-Time $self.StartTime
    Save-Status 'running'
    $session = New-AgentSession
    $rounds = 1
    while ((Invoke-Round $session ([string] $job.service) $wanted) -and $rounds -lt $wanted.Count) { $rounds += 1 }
    $outcome.reboot_required = [bool] (Get-AgentObject 'SystemInfo').RebootRequired
}
catch {
    $outcome.hresult = Get-AgentError $_.Exception
    $outcome.message = [string] $_.Exception.Message
}
try { Save-Outcome }
catch { Add-Message ('its outcome could not be kept: ' + $_.Exception.Message) }
$status.exit_code = $outcome.hresult
$status.ended_at = Format-Time ([datetime]::UtcNow)
Save-Status 'ended'
