# What is installed on the host: updates, applications, drivers. Slow, so it is asked for snapshots only. Read, never changed.
param()
# include: prelude.ps1

function Get-HotFixes {
    Get-CimInstance -ClassName Win32_QuickFixEngineering
}
function Get-UninstallEntries {
    # Not Win32_Product: asking it makes Windows Installer check and mend every package.
    $places = 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall\*',
        'HKLM:\SOFTWARE\WOW6432Node\Microsoft\Windows\CurrentVersion\Uninstall\*'
    Get-ItemProperty -Path $places -ErrorAction SilentlyContinue
}
function Get-SignedDrivers {
    Get-CimInstance -ClassName Win32_PnPSignedDriver
}

function Get-Text {
    # A property that the entry does not have is empty.
    param($Entry, [string] $Name)
    $property = $Entry.PSObject.Properties[$Name]
    if ($null -eq $property) { '' } else { [string] $property.Value }
}

function Get-Applications {
    # Entries that hide themselves, or belong to another one, are no applications of their own.
    foreach ($entry in @(Get-UninstallEntries)) {
        $name = (Get-Text $entry 'DisplayName').Trim()
        if (-not $name -or (Get-Text $entry 'SystemComponent') -eq '1' -or (Get-Text $entry 'ParentKeyName')) { continue }
        @{
            name = $name; version = (Get-Text $entry 'DisplayVersion'); publisher = (Get-Text $entry 'Publisher')
            key = (Get-Text $entry 'PSChildName')
        }
    }
}

function Get-Drivers {
    foreach ($driver in @(Get-SignedDrivers)) {
        if (-not $driver.DeviceName) { continue }
        @{
            device = [string] $driver.DeviceName; device_id = [string] $driver.DeviceID
            version = [string] $driver.DriverVersion; provider = [string] $driver.DriverProviderName
        }
    }
}

function Get-InstalledUpdates {
    # InstalledOn is text in the system's language, so that it is left out.
    foreach ($one in @(Get-HotFixes)) { @{ id = [string] $one.HotFixID; description = [string] $one.Description } }
}

Invoke-Answer {
    @{
        schema_version = 1
        updates = @(Get-InstalledUpdates)
        applications = @(Get-Applications)
        drivers = @(Get-Drivers)
    }
}
