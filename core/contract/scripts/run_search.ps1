# Runs on the host as a task of SYSTEM: asks the update agent what is missing and what is there, and writes it down.
param([Parameter(Mandatory = $true)] [string] $SearchFolder)
# include: prelude.ps1
# include: update_agent.ps1

function Format-Day {
    # As the service says it: no zone is moved over it.
    param($Time)
    if ($null -eq $Time) { return $null }
    ([datetime] $Time).ToString('yyyy-MM-dd', [Globalization.CultureInfo]::InvariantCulture)
}

function Select-Superseded {
    # Of what an update supersedes: all that is offered itself, and of the rest, hundreds for a cumulative update, as much
    # as there is room for. 5.1 reads no JSON of more than two million characters.
    param($Update, [hashtable] $Ids, [int] $Room)
    $all = @(Get-Texts $Update.SupersededUpdateIDs | ForEach-Object { $_.ToLowerInvariant() })
    $others = @($all | Where-Object { -not $Ids.ContainsKey($_) })
    @{
        kept = @($all | Where-Object { $Ids.ContainsKey($_) }) + @($others | Select-Object -First $Room)
        left_out = [Math]::Max(0, $others.Count - $Room)
    }
}

function Read-Offered {
    param($Update, [hashtable] $Ids, [int] $Room)
    $class = Get-Class $Update
    $reboot = 2
    if ($null -ne $Update.InstallationBehavior) { $reboot = [int] $Update.InstallationBehavior.RebootBehavior }
    $products = @(foreach ($one in $Update.Categories) { if ([string] $one.Type -ne 'UpdateClassification') { [string] $one.Name } })
    $superseded = Select-Superseded $Update $Ids $Room
    $told = @{
        patch_id = (Get-PatchId $Update); title = [string] $Update.Title; kbs = @(Get-Texts $Update.KBArticleIDs)
        severity = [string] $Update.MsrcSeverity; class_id = ''; class_name = ''; products = $products
        supersedes = @($superseded.kept); supersedes_left_out = $superseded.left_out
        reboot = $reboot; size_bytes = [long] $Update.MaxDownloadSize; cves = @(Get-Texts $Update.CveIDs)
        released = (Format-Day $Update.LastDeploymentChangeTime); downloaded = [bool] $Update.IsDownloaded
        exclusive = (Test-Exclusive $Update)
    }
    if ($null -ne $class) {
        $told.class_id = ([string] $class.CategoryID).ToLowerInvariant()
        $told.class_name = [string] $class.Name
    }
    $told
}

function Read-Installed {
    param($Update)
    @{ patch_id = (Get-PatchId $Update); title = [string] $Update.Title; kbs = @(Get-Texts $Update.KBArticleIDs) }
}

[IO.File]::Open([IO.Path]::Combine($SearchFolder, 'begun'), 'OpenOrCreate', 'Write', 'ReadWrite').Dispose()
$job = Read-Json ([IO.Path]::Combine($SearchFolder, 'search.json'))
$found = @{
    schema_version = 1; hresult = 0; message = ''; result_code = 0
    service = @{ id = ''; name = [string] $job.service; server = '' }; offered = @(); installed = @()
}
try {
    $found.service = Get-ServiceAsked ([string] $job.service)
    $result = Find-Updates (New-AgentSession) ([string] $job.service)
    $found.result_code = [int] $result.ResultCode
    $all = @(foreach ($one in $result.Updates) { $one })
    $missing = @($all | Where-Object { -not [bool] $_.IsInstalled })
    $ids = @{}
    foreach ($one in $missing) { $ids[([string] $one.Identity.UpdateID).ToLowerInvariant()] = $true }
    $room = [int] [Math]::Min(200, [Math]::Floor(10000 / [Math]::Max(1, $missing.Count)))
    $found.offered = @($missing | ForEach-Object { Read-Offered $_ $ids $room })
    $found.installed = @($all | Where-Object { [bool] $_.IsInstalled } | ForEach-Object { Read-Installed $_ })
}
catch {
    $found.hresult = Get-AgentError $_.Exception
    $found.message = [string] $_.Exception.Message
}
finally { Write-Json ([IO.Path]::Combine($SearchFolder, 'found.json')) $found }
