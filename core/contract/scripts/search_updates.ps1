# Has the update agent asked by a task of SYSTEM, and brings what it found. Asking again waits on; nothing is installed.
# The agent refuses much to a network logon, on some systems the search itself.
param(
    [Parameter(Mandatory = $true)] [string] $SearchId,
    [Parameter(Mandatory = $true)] [ValidateSet('default', 'managed', 'windows_update', 'microsoft_update')] [string] $Service,
    [Parameter(Mandatory = $true)] [ValidateRange(0, 60)] [int] $WaitSeconds
)
# include: prelude.ps1
# include: system_task.ps1
# include: jobs.ps1
# include-text: run_search.ps1 -> RunSearchText

function Clear-Search {
    # What cannot be removed now, because a scanner or the ending task still has it open, goes with the old ones later.
    param([string] $Id)
    $folder = Find-DrydockFolder 'searches', $Id
    if (@(Get-SystemTask "search-$Id").Count -gt 0) { Unregister-SystemTask "search-$Id" }
    if ($null -eq $folder) { return }
    try { [IO.Directory]::Delete($folder, $true) } catch [IO.IOException] { return }
}

function Clear-OldSearches {
    # Of consoles that never came back for their answer.
    $searches = Get-DrydockFolder 'searches'
    foreach ($folder in [IO.Directory]::GetDirectories($searches)) {
        $id = [IO.Path]::GetFileName($folder)
        $isOld = [IO.Directory]::GetCreationTimeUtc($folder) -lt [datetime]::UtcNow.AddDays(-1)
        if ($isOld -and -not (Test-TaskAlive "search-$id")) { Clear-Search $id }
    }
}

function Start-Search {
    # Nothing where it was started before.
    Clear-OldSearches
    $folder = Get-DrydockFolder 'searches', $SearchId
    if ([IO.File]::Exists([IO.Path]::Combine($folder, 'begun'))) { return }
    if (@(Get-SystemTask "search-$SearchId").Count -eq 0) {
        Assert-TaskScripts
        [IO.File]::WriteAllText([IO.Path]::Combine($folder, 'run_search.ps1'), $RunSearchText, $Utf8)
        Write-Json ([IO.Path]::Combine($folder, 'search.json')) @{ schema_version = 1; service = $Service }
        Register-SystemTask "search-$SearchId" $folder 'run_search.ps1' 'SearchFolder'
    }
    if (-not (Test-TaskAlive "search-$SearchId")) { Start-SystemTask "search-$SearchId" }
}

function Wait-Search {
    # Until it was written what was found, or the time is up. A task that is at rest has written it before.
    param([string] $Folder)
    $until = [datetime]::UtcNow.AddSeconds($WaitSeconds)
    while ($true) {
        $begun = [IO.File]::Exists([IO.Path]::Combine($Folder, 'begun'))
        $running = Test-TaskAlive "search-$SearchId"
        if ([IO.File]::Exists([IO.Path]::Combine($Folder, 'found.json'))) { return $true }
        if ($begun -and -not $running) { Stop-Script 'search_lost' 'the search ended and left nothing' }
        if ([datetime]::UtcNow -ge $until) { return $false }
        Wait-Turn
    }
}

function Format-Offered {
    param($One)
    @{
        patch_id = [string] $One.patch_id; title = [string] $One.title; kbs = @(Get-List $One.kbs)
        severity = [string] $One.severity; class_id = [string] $One.class_id; class_name = [string] $One.class_name
        products = @(Get-List $One.products); supersedes = @(Get-List $One.supersedes)
        supersedes_left_out = [int] $One.supersedes_left_out; reboot = [int] $One.reboot
        size_bytes = [long] $One.size_bytes; cves = @(Get-List $One.cves); released = (Format-Date $One.released)
        downloaded = [bool] $One.downloaded; exclusive = [bool] $One.exclusive
    }
}

function Get-List {
    param($Values)
    if ($null -ne $Values) { foreach ($one in $Values) { [string] $one } }
}

function Format-Date {
    # PowerShell 7 makes a date of it when it reads it, 5.1 leaves the text alone.
    param($Value)
    if ($Value -is [datetime]) { return $Value.ToString('yyyy-MM-dd', [Globalization.CultureInfo]::InvariantCulture) }
    $Value
}

Invoke-Answer {
    Invoke-Alone { Start-Search }
    $folder = Get-DrydockFolder 'searches', $SearchId
    $answer = @{
        schema_version = 1; done = $false; hresult = 0; message = ''; result_code = 0; service = $null
        offered = @(); installed = @()
    }
    if (-not (Wait-Search $folder)) { return $answer }
    $found = Read-Json ([IO.Path]::Combine($folder, 'found.json')) 4194304
    $answer.done = $true
    $answer.hresult = [int] $found.hresult
    $answer.message = [string] $found.message
    $answer.result_code = [int] $found.result_code
    $answer.service = @{
        id = [string] $found.service.id; name = [string] $found.service.name; server = [string] $found.service.server
    }
    $answer.offered = @($found.offered | Where-Object { $null -ne $_ } | ForEach-Object { Format-Offered $_ })
    $answer.installed = @($found.installed | Where-Object { $null -ne $_ } | ForEach-Object {
        @{ patch_id = [string] $_.patch_id; title = [string] $_.title; kbs = @(Get-List $_.kbs) } })
    Invoke-Alone { Clear-Search $SearchId }
    $answer
}
