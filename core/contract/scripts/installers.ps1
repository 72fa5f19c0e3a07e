# Whether something else is being installed on the host at this moment.
function Test-WindowsInstaller {
    # Its own mark. The service's process lives on for minutes after an installation, so that it says nothing.
    $mutex = $null
    try {
        $mutex = [Threading.Mutex]::OpenExisting('Global\_MSIExecute')
        $free = $mutex.WaitOne(0)
        if ($free) { $mutex.ReleaseMutex() }
        -not $free
    }
    catch [Threading.WaitHandleCannotBeOpenedException] { $false }
    catch [Threading.AbandonedMutexException] { $mutex.ReleaseMutex(); $false }
    catch [UnauthorizedAccessException] { $true }
    finally { if ($null -ne $mutex) { $mutex.Dispose() } }
}
function Get-InstallerProcesses {
    $names = "Name = 'setup.exe' OR Name = 'scenarioengine.exe' OR Name = 'wusa.exe' OR Name = 'dism.exe'"
    Get-CimInstance -ClassName Win32_Process -Filter "$names OR Name LIKE 'SQLServer%-KB%.exe'"
}

function Get-Installers {
    if (Test-WindowsInstaller) { @{ name = 'Windows Installer'; process_id = $null; started_at = $null } }
    foreach ($process in @(Get-InstallerProcesses)) {
        $started = $null
        if ($null -ne $process.CreationDate) { $started = Format-Time $process.CreationDate }
        @{ name = [string] $process.Name; process_id = [int] $process.ProcessId; started_at = $started }
    }
}
