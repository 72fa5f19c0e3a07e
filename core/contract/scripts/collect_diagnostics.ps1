# Brings one kind of logs back, its newest part up to a limit. Read, never changed; nothing of it is executed.
param(
    [Parameter(Mandatory = $true)] [ValidateSet('setup_log', 'errorlog', 'event_log', 'servicing_log', 'cluster_log', 'state')]
    [string] $Kind,
    [Parameter(Mandatory = $true)] [string] $Since,
    [Parameter(Mandatory = $true)] [AllowEmptyCollection()] [string[]] $Folders,
    [Parameter(Mandatory = $true)] [ValidateRange(1, 1048576)] [int] $MaxChars
)
# include: prelude.ps1
# include: files.ps1
# include: setup_logs.ps1

function Get-RegistryText {
    param([string] $Key, [string] $Name)
    $item = Get-ItemProperty -LiteralPath $Key -Name $Name -ErrorAction SilentlyContinue
    if ($null -ne $item) { [string] $item.$Name }
}
function Get-InstanceIds {
    $key = 'HKLM:\SOFTWARE\Microsoft\Microsoft SQL Server\Instance Names\SQL'
    if (Test-Path -LiteralPath $key) {
        foreach ($name in (Get-Item -LiteralPath $key).GetValueNames()) { Get-RegistryText $key $name }
    }
}
function Get-WindowsFolder {
    [Environment]::GetFolderPath('Windows')
}
function Get-LogEvents {
    # Errors and warnings. A log without any is no trouble, nor one that this Windows does not have; one that cannot be read is.
    param([string] $Log, [datetime] $From, [int] $Most)
    try { Get-WinEvent -FilterHashtable @{ LogName = $Log; StartTime = $From; Level = 1, 2, 3 } -MaxEvents $Most -ErrorAction Stop }
    catch { if ($_.FullyQualifiedErrorId -notmatch '^NoMatching(Events|Logs)Found') { throw } }
}
function Get-SystemState {
    # What the machine is short of, and what runs on it.
    $memory = 'FreePhysicalMemory', 'FreeVirtualMemory', 'LastBootUpTime'
    Get-CimInstance -ClassName Win32_OperatingSystem | Format-List -Property $memory
    $space = 'DeviceID', 'FreeSpace', 'Size'
    Get-CimInstance -ClassName Win32_LogicalDisk -Filter 'DriveType = 3' | Format-Table -Property $space
    $busy = 'Name', 'Id', 'WorkingSet64', 'CPU'
    Get-Process | Sort-Object WorkingSet64 -Descending | Select-Object -First 30 | Format-Table -Property $busy
}

function Find-SetupLogs {
    # The summary first, then the newest folder's own logs: whoever reads only the first knows how setup ended.
    foreach ($folder in $Folders) {
        if ($folder -notmatch '\A\d{2,3}\z') { Stop-Script 'bad_name' "'$folder' is no version's folder" }
        foreach ($place in @(Get-SetupLogFolders $folder)) {
            if (-not [IO.Directory]::Exists($place)) { continue }
            [IO.Path]::Combine($place, 'Summary.txt')
            $newest = [IO.Directory]::GetDirectories($place) |
                Sort-Object { [IO.Directory]::GetLastWriteTimeUtc($_) } -Descending | Select-Object -First 1
            if ($newest) {
                [IO.Path]::Combine($newest, 'Detail.txt')
                foreach ($inner in [IO.Directory]::GetDirectories($newest)) { [IO.Directory]::GetFiles($inner, '*.log') }
            }
        }
    }
}

function Find-ErrorLogs {
    # The present one and the one before: upgrade scripts that fail restart the engine.
    foreach ($id in @(Get-InstanceIds)) {
        $parameters = "HKLM:\SOFTWARE\Microsoft\Microsoft SQL Server\$id\MSSQLServer\Parameters"
        foreach ($number in 0..15) {
            $argument = Get-RegistryText $parameters "SQLArg$number"
            if ($argument -notlike '-e*') { continue }
            $argument.Substring(2)
            $argument.Substring(2) + '.1'
        }
    }
}

function Find-Files {
    $windows = Get-WindowsFolder
    switch ($Kind) {
        'setup_log' { Find-SetupLogs }
        'errorlog' { Find-ErrorLogs }
        'servicing_log' {
            [IO.Path]::Combine($windows, 'Logs', 'CBS', 'CBS.log')
            [IO.Path]::Combine($windows, 'Logs', 'DISM', 'dism.log')
            [IO.Path]::Combine($windows, 'WindowsUpdate.log')
        }
        'cluster_log' { [IO.Path]::Combine($windows, 'Cluster', 'Reports', 'Cluster.log') }
    }
}

function Read-Events {
    param([int] $MaxChars)
    $from = [datetime]::Parse($Since, [Globalization.CultureInfo]::InvariantCulture, 'AdjustToUniversal, AssumeUniversal')
    # Since Server 2016 WindowsUpdate.log is not written any more; the agent's own log is.
    foreach ($log in 'System', 'Application', 'Microsoft-Windows-WindowsUpdateClient/Operational') {
        $lines = @(Get-LogEvents $log $from 500 | ForEach-Object {
            '{0} {1} {2} {3}: {4}' -f (Format-Time $_.TimeCreated), $_.LevelDisplayName, $_.ProviderName, $_.Id, $_.Message })
        @{ name = $log; text = ($lines -join "`n"); cut = $false }
    }
}

function Read-Parts {
    # Each part with its text, as long as there is room.
    if ($Kind -eq 'event_log') { Read-Events $MaxChars; return }
    if ($Kind -eq 'state') { @{ name = 'state'; text = (Get-SystemState | Out-String -Width 200); cut = $false }; return }
    $paths = @(Find-Files | Where-Object { $_ -and [IO.File]::Exists($_) })
    # Each ERRORLOG has its share: one engine's would keep the others' out. Of setup's logs the first tell most.
    $share = $MaxChars
    if ($Kind -eq 'errorlog' -and $paths.Count -gt 0) { $share = [int] [Math]::Floor($MaxChars / $paths.Count) }
    foreach ($path in $paths) {
        # One more than there is room for, so that it shows that something was left out.
        $text = [string] (Read-Tail $path ($share + 1))
        $cut = $text.Length -gt $share
        if ($cut) { $text = $text.Substring($text.Length - $share) }
        @{ name = $path; text = $text; cut = $cut }
    }
}

Invoke-Answer {
    $room = $MaxChars
    $parts = @()
    foreach ($part in @(Read-Parts)) {
        if ($room -le 0) { $parts += @{ name = $part.name; text = ''; cut = $true }; continue }
        $text = [string] $part.text
        $over = $text.Length -gt $room
        if ($over) { $text = $text.Substring($text.Length - $room) }
        $room -= $text.Length
        $parts += @{ name = $part.name; text = $text; cut = ($over -or $part.cut) }
    }
    @{ schema_version = 1; parts = @($parts) }
}
