# What the host is and how it is: read, never changed.
param()
# include: prelude.ps1
# include: host_hardware.ps1
# include: host_cluster.ps1
# include: host_management.ps1
# include: host_components.ps1
# include: installers.ps1

function Get-RegistryValue {
    # The value, or nothing when the key or the value is not there.
    param([string] $Key, [string] $Name)
    $item = Get-ItemProperty -LiteralPath $Key -Name $Name -ErrorAction SilentlyContinue
    if ($null -ne $item) { $item.$Name }
}
function Get-ValueNames {
    param([string] $Key)
    if (Test-Path -LiteralPath $Key) { (Get-Item -LiteralPath $Key).GetValueNames() }
}

function Test-Key {
    param([string] $Key)
    Test-Path -LiteralPath $Key
}
function Get-Drives {
    Get-CimInstance -ClassName Win32_LogicalDisk -Filter 'DriveType = 3'
}
function Get-AllServices {
    Get-CimInstance -ClassName Win32_Service
}
function Get-OperatingSystem {
    Get-CimInstance -ClassName Win32_OperatingSystem
}
function Get-ZoneName {
    [TimeZoneInfo]::Local.Id
}
function Get-FileBuild {
    param([string] $Path)
    if (-not [IO.File]::Exists($Path)) { return $null }
    $version = [Diagnostics.FileVersionInfo]::GetVersionInfo($Path)
    '{0}.{1}.{2}.{3}' -f $version.ProductMajorPart, $version.ProductMinorPart, $version.ProductBuildPart,
        $version.ProductPrivatePart
}
function Test-UpdateAgent {
    # The agent's own word. Where it cannot be asked over a network logon, its registry keys speak alone.
    try { [bool] (New-Object -ComObject Microsoft.Update.SystemInfo).RebootRequired }
    catch { $false }
}
function Test-ConfigurationManager {
    # Only where its client is installed; a client that is not well has no say.
    if (-not (Test-Path -LiteralPath 'HKLM:\SOFTWARE\Microsoft\CCM')) { return $false }
    try {
        $told = Invoke-CimMethod -Namespace 'root\ccm\ClientSDK' -ClassName CCM_ClientUtilities `
            -MethodName DetermineIfRebootPending
        [bool] ($told.RebootPending -or $told.IsHardRebootPending)
    }
    catch { $false }
}

function Get-PendingReboots {
    # Every test by its own name. The first five are keys: testing them as values never matches.
    $servicing = 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing'
    $update = 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\WindowsUpdate\Auto Update'
    $manager = 'HKLM:\SYSTEM\CurrentControlSet\Control\Session Manager'
    $names = 'HKLM:\SYSTEM\CurrentControlSet\Control\ComputerName'
    $logon = 'HKLM:\SYSTEM\CurrentControlSet\Services\Netlogon'
    $found = @()
    if (Test-Key "$servicing\RebootPending") { $found += @{ reason = 'servicing_reboot_pending'; detail = '' } }
    if (Test-Key "$servicing\RebootInProgress") { $found += @{ reason = 'servicing_reboot_in_progress'; detail = '' } }
    if (Test-Key "$servicing\PackagesPending") { $found += @{ reason = 'servicing_packages_pending'; detail = '' } }
    if (Test-Key "$update\RebootRequired") { $found += @{ reason = 'windows_update'; detail = '' } }
    if (Test-Key "$update\PostRebootReporting") { $found += @{ reason = 'windows_update_reporting'; detail = '' } }
    foreach ($value in 'PendingFileRenameOperations', 'PendingFileRenameOperations2') {
        $paths = @(Get-RegistryValue $manager $value | Where-Object { $_ })
        if ($paths.Count -gt 0) {
            $found += @{ reason = 'file_rename'; detail = (($paths | Select-Object -First 5) -join '; ') }
        }
    }
    $volatile = Get-RegistryValue 'HKLM:\SOFTWARE\Microsoft\Updates' 'UpdateExeVolatile'
    if ($null -ne $volatile -and [int] $volatile -ne 0) {
        $found += @{ reason = 'update_exe_volatile'; detail = [string] $volatile }
    }
    $active = Get-RegistryValue "$names\ActiveComputerName" 'ComputerName'
    $next = Get-RegistryValue "$names\ComputerName" 'ComputerName'
    if ($active -ne $next) { $found += @{ reason = 'computer_rename'; detail = "$active -> $next" } }
    foreach ($value in 'JoinDomain', 'AvoidSpnSet') {
        # Sources disagree whether these are keys or values.
        if ((Test-Key "$logon\$value") -or $null -ne (Get-RegistryValue $logon $value)) {
            $found += @{ reason = 'domain_join'; detail = $value }
        }
    }
    if (Test-UpdateAgent) { $found += @{ reason = 'windows_update_agent'; detail = '' } }
    if (Test-ConfigurationManager) { $found += @{ reason = 'configuration_manager'; detail = '' } }
    $found
}

function Get-TcpPort {
    # A fixed port wins over a dynamic one; none where TCP is off, as Express is installed.
    param([string] $InstanceKey)
    $tcp = "$InstanceKey\MSSQLServer\SuperSocketNetLib\Tcp"
    if ([string] (Get-RegistryValue $tcp 'Enabled') -ne '1') { return $null }
    foreach ($name in 'TcpPort', 'TcpDynamicPorts') {
        $port = [string] (Get-RegistryValue "$tcp\IPAll" $name)
        if ($port -match '^\s*(\d+)') { return [int] $Matches[1] }
    }
    $null
}

function Get-SqlInstances {
    $root = 'HKLM:\SOFTWARE\Microsoft\Microsoft SQL Server'
    foreach ($name in Get-ValueNames "$root\Instance Names\SQL") {
        $id = Get-RegistryValue "$root\Instance Names\SQL" $name
        $setup = "$root\$id\Setup"
        $patched = Get-RegistryValue $setup 'PatchLevel'
        if (-not $patched) { $patched = Get-RegistryValue $setup 'Version' }
        $service = 'MSSQL$' + $name
        if ($name -eq 'MSSQLSERVER') { $service = 'MSSQLSERVER' }
        # No Join-Path: it fails on a drive that is not there, as that of a cluster on its passive node.
        $binary = [IO.Path]::Combine([string] (Get-RegistryValue $setup 'SQLBinRoot'), 'sqlservr.exe')
        @{
            name = [string] $name
            instance_id = [string] $id
            edition = [string] (Get-RegistryValue $setup 'Edition')
            patch_level = [string] $patched
            binary = (Get-FileBuild $binary)
            tcp_port = (Get-TcpPort "$root\$id")
            service = $service
            clustered = ($null -ne (Get-RegistryValue "$root\$id\Cluster" 'ClusterName'))
        }
    }
}

function Get-StartMode {
    # A service with a trigger comes and goes as it likes, also where its mode says automatic.
    param([string] $Name, [string] $Mode)
    if ($Mode -ne 'Auto') { return $Mode }
    $key = "HKLM:\SYSTEM\CurrentControlSet\Services\$Name"
    if (Test-Key "$key\TriggerInfo") { return 'Trigger' }
    if ([string] (Get-RegistryValue $key 'DelayedAutostart') -eq '1') { return 'Delayed' }
    $Mode
}

Invoke-Answer {
    $system = Get-OperatingSystem
    $computer = Get-Computer
    $protections = Get-Protections
    $domain = ''
    if ($computer.PartOfDomain) { $domain = [string] $computer.Domain }
    @{
        schema_version = 1
        host_time = (Format-Time ([datetime]::UtcNow))
        machine_id = [string] (Get-RegistryValue 'HKLM:\SOFTWARE\Microsoft\Cryptography' 'MachineGuid')
        computer_name = [Environment]::MachineName
        domain = $domain
        hardware = (Get-Hardware $computer $system)
        sessions = @(Get-DesktopOwners | Sort-Object -Unique)
        installers = @(Get-Installers)
        cluster = (Get-ClusterState)
        configuration_manager = (Get-ConfigurationManager)
        automatic_updates = (Get-AutomaticUpdates)
        limits = (Get-Limits)
        components = @(Get-SqlComponents)
        os = @{
            caption = [string] $system.Caption
            version = [string] $system.Version
            revision = [int] (Get-RegistryValue 'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion' 'UBR')
            time_zone = (Get-ZoneName)
        }
        boot = (Get-BootMarks)
        disks = @(Get-Drives | ForEach-Object {
            @{
                drive = [string] $_.DeviceID; free_bytes = [long] $_.FreeSpace; size_bytes = [long] $_.Size
                protection = (Get-Protection $protections $_.DeviceID)
            } })
        services = @(Get-AllServices | Where-Object { $_.StartMode -eq 'Auto' -or $_.Name -match 'SQL' } | ForEach-Object {
            @{ name = [string] $_.Name; state = [string] $_.State; start_mode = (Get-StartMode $_.Name $_.StartMode) } })
        pending_reboot = @(Get-PendingReboots)
        instances = @(Get-SqlInstances)
    }
}
