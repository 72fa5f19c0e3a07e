# Who else updates or limits the host: Configuration Manager, automatic updates, PowerShell's and WinRM's own limits.
function Get-ManagedUpdates {
    Get-CimInstance -Namespace 'root\ccm\ClientSDK' -ClassName CCM_SoftwareUpdate
}
function Get-ManagementClient {
    Get-CimInstance -Namespace 'root\ccm' -ClassName SMS_Client
}
function Get-PolicyOf {
    param([string] $Scope)
    [string] (Get-ExecutionPolicy -Scope $Scope)
}
function Get-RemotingLimit {
    # Nothing where the setting cannot be read.
    param([string] $Name)
    $item = Get-Item -Path "WSMan:\localhost\$Name" -ErrorAction SilentlyContinue
    if ($null -ne $item) { [string] $item.Value }
}
function Get-CodeIntegrity {
    # 2 is enforced, as WDAC sets it for what runs in user mode.
    $guard = Get-CimInstance -Namespace 'root\Microsoft\Windows\DeviceGuard' -ClassName Win32_DeviceGuard
    [int] $guard.UsermodeCodeIntegrityPolicyEnforcementStatus
}

function ConvertTo-Number {
    # Null for what is no number.
    param($Text)
    if ([string] $Text -match '\A\d{1,15}\z') { return [long] [string] $Text }
    $null
}

function Get-ConfigurationManager {
    # Null where its client is not installed; one that cannot be asked is named with its trouble.
    if (-not (Test-Key 'HKLM:\SOFTWARE\Microsoft\CCM')) { return $null }
    $told = @{ version = ''; pending = @(); trouble = '' }
    try {
        $told.version = [string] (Get-ManagementClient).ClientVersion
        $told.pending = @(Get-ManagedUpdates | ForEach-Object {
            $deadline = $null
            if ($null -ne $_.Deadline) { $deadline = Format-Time $_.Deadline }
            @{ title = [string] $_.Name; kb = [string] $_.ArticleID; deadline = $deadline } })
    }
    catch { $told.trouble = [string] $_.Exception.Message }
    $told
}

function Get-AutomaticUpdates {
    # What policy tells the system to do by itself. Without one Windows downloads and installs as it likes.
    $update = 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\WindowsUpdate'
    $modes = @{ '2' = 'notify'; '3' = 'download'; '4' = 'install'; '5' = 'local'; '7' = 'notify_restart' }
    $option = [string] (Get-RegistryValue "$update\AU" 'AUOptions')
    $mode = 'default'
    if ($modes.ContainsKey($option)) { $mode = $modes[$option] }
    if ([string] (Get-RegistryValue "$update\AU" 'NoAutoUpdate') -eq '1') { $mode = 'off' }
    $server = ''
    if ([string] (Get-RegistryValue "$update\AU" 'UseWUServer') -eq '1') {
        $server = [string] (Get-RegistryValue $update 'WUServer')
    }
    $days = $null
    $grace = $null
    if ([string] (Get-RegistryValue $update 'SetComplianceDeadline') -eq '1') {
        $days = ConvertTo-Number (Get-RegistryValue $update 'ConfigureDeadlineForQualityUpdates')
        $grace = ConvertTo-Number (Get-RegistryValue $update 'ConfigureDeadlineGracePeriod')
    }
    @{ mode = $mode; server = $server; deadline_days = $days; grace_days = $grace }
}

function Get-ScriptControl {
    # Who decides which scripts may run. Under either of them a script that is not allowed runs in a constrained mode.
    # Before Server 2016 nobody can be asked about the first; the second is there all the same.
    $none = 'none'
    try { if ((Get-CodeIntegrity) -eq 2) { return 'wdac' } } catch { $none = 'unknown' }
    $mode = Get-RegistryValue 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\SrpV2\Script' 'EnforcementMode'
    if ([string] $mode -eq '1') { return 'applocker' }
    $none
}

function Get-Limits {
    $scopes = 'MachinePolicy', 'UserPolicy', 'LocalMachine'
    @{
        powershell = [string] $PSVersionTable.PSVersion
        language_mode = [string] $ExecutionContext.SessionState.LanguageMode
        execution_policies = @($scopes | ForEach-Object { @{ scope = $_; policy = (Get-PolicyOf $_) } })
        script_control = (Get-ScriptControl)
        shell_memory_mb = (ConvertTo-Number (Get-RemotingLimit 'Shell\MaxMemoryPerShellMB'))
        shells_per_user = (ConvertTo-Number (Get-RemotingLimit 'Shell\MaxShellsPerUser'))
        processes_per_shell = (ConvertTo-Number (Get-RemotingLimit 'Shell\MaxProcessesPerShell'))
        envelope_kb = (ConvertTo-Number (Get-RemotingLimit 'MaxEnvelopeSizekb'))
    }
}
