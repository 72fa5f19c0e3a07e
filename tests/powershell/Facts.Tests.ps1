# What a host tells of itself, and how it restarts.
BeforeAll {
    Import-Module ([IO.Path]::Combine($PSScriptRoot, 'Scripts.psm1')) -Force
    $script:windows = @{
        'Get-RegistryValue' = ''; 'Get-ValueNames' = ''; 'Test-Key' = '$false'; 'Get-Drives' = ''; 'Get-AllServices' = ''
        'Get-OperatingSystem' = '@{ Caption = "Windows"; Version = "10.0.17763"; FreePhysicalMemory = 1024 }'; 'Test-UpdateAgent' = '$false'
        'Test-ConfigurationManager' = '$false'; 'Get-StartEvent' = '5'; 'Get-BootTime' = '[datetime]::UtcNow'
        'Get-Computer' = '@{ PartOfDomain = $true; Domain = "example.com"; Manufacturer = "VMware, Inc."; Model = "VMware7,1"
            NumberOfLogicalProcessors = 4; TotalPhysicalMemory = 8589934592 }'
        'Get-EncryptableVolumes' = ''; 'Get-DesktopOwners' = ''; 'Test-WindowsInstaller' = '$false'
        'Get-InstallerProcesses' = ''; 'Test-ClusterNode' = '$false'; 'Get-PolicyOf' = '"Undefined"'
        'Get-RemotingLimit' = ''; 'Get-CodeIntegrity' = '0'
    }
    function Get-Told { param([hashtable] $Otherwise = @{})
        $replacing = $script:windows.Clone()
        foreach ($name in $Otherwise.Keys) { $replacing[$name] = $Otherwise[$name] }
        $answer = Invoke-ContractScript host_facts @{} $replacing
        if (-not $answer.ok) { throw $answer.error.message }
        $answer.data
    }
}

Describe 'facts of a host' {
    It 'are empty lists where there is nothing, never null and never an object' {
        $told = Get-Told
        $told.PSObject.Properties['instances'].Value.GetType().IsArray | Should -BeTrue
        @($told.instances).Count + @($told.pending_reboot).Count + @($told.disks).Count | Should -Be 0
        $told.os.revision | Should -Be 0
    }
    It 'name a single pending restart in a list' {
        $told = Get-Told @{ 'Test-UpdateAgent' = '$true' }
        @($told.pending_reboot).Count | Should -Be 1
        $told.pending_reboot[0].reason | Should -Be 'windows_update_agent'
    }
    It 'have null where an instance has no port and no file' {
        $told = Get-Told @{
            'Get-ValueNames' = '"MSSQLSERVER"'
            'Get-RegistryValue' = 'param($Key, $Name) if ($Name -eq "PatchLevel") { "15.0.4298.1" }'
        }
        $one = $told.instances[0]
        $one.patch_level | Should -Be '15.0.4298.1'
        $null -eq $one.tcp_port | Should -BeTrue
        $null -eq $one.binary | Should -BeTrue
        $one.clustered | Should -BeFalse
    }
    It 'take a fixed port before a dynamic one' {
        $values = 'param($Key, $Name) @{ Enabled = "1"; TcpPort = "1444"; TcpDynamicPorts = "50000"; PatchLevel = "15.0.1.2" }[$Name]'
        (Get-Told @{ 'Get-ValueNames' = '"X"'; 'Get-RegistryValue' = $values }).instances[0].tcp_port | Should -Be 1444
    }
    It 'do not count a service with a trigger among the automatic ones' {
        $told = Get-Told @{
            'Get-AllServices' = '@{ Name = "sppsvc"; State = "Stopped"; StartMode = "Auto" }'
            'Test-Key' = 'param([string] $Key) $Key -like "*\TriggerInfo"'
        }
        $told.services[0].start_mode | Should -Be 'Trigger'
    }
    It 'name a service that starts later by a mode of its own' {
        $told = Get-Told @{
            'Get-AllServices' = '@{ Name = "MSSQLSERVER"; State = "Stopped"; StartMode = "Auto" }'
            'Get-RegistryValue' = 'param($Key, $Name) if ($Name -eq "DelayedAutostart") { 1 }'
        }
        $told.services[0].start_mode | Should -Be 'Delayed'
    }
    It 'tell the hypervisor by what the firmware says' {
        (Get-Told).hardware.hypervisor | Should -Be 'VMware'
        (Get-Told).hardware.memory_free_bytes | Should -Be 1048576
    }
    It 'have null for what is not there, and no empty object' {
        $told = Get-Told
        $null -eq $told.cluster | Should -BeTrue
        $null -eq $told.configuration_manager | Should -BeTrue
        $null -eq $told.limits.shell_memory_mb | Should -BeTrue
        $null -eq $told.automatic_updates.deadline_days | Should -BeTrue
    }
}

Describe 'volumes' {
    BeforeAll { $script:drive = '@{ DeviceID = "C:"; FreeSpace = 1; Size = 2 }' }

    It 'are protected as BitLocker says' -ForEach @(@(0, 'off'), @(1, 'on'), @(2, 'unknown')) {
        $volume = '@{ DriveLetter = "C:"; ProtectionStatus = ' + $_[0] + ' }'
        $told = Get-Told @{ 'Get-Drives' = $script:drive; 'Get-EncryptableVolumes' = $volume }
        $told.disks[0].protection | Should -Be $_[1]
    }
    It 'are not known to be off where BitLocker cannot be asked' {
        $told = Get-Told @{ 'Get-Drives' = $script:drive; 'Get-EncryptableVolumes' = 'throw "access denied"' }
        $told.disks[0].protection | Should -Be 'unknown'
    }
}

Describe 'others at work' {
    It 'are Windows Installer, by its mark' {
        $told = Get-Told @{ 'Test-WindowsInstaller' = '$true' }
        @($told.installers).Count | Should -Be 1
        $null -eq $told.installers[0].process_id | Should -BeTrue
    }
    It 'are installers that run, with their number' {
        $told = Get-Told @{ 'Get-InstallerProcesses' = '@{ Name = "wusa.exe"; ProcessId = 77; CreationDate = $null }' }
        $told.installers[0].name | Should -Be 'wusa.exe'
        $told.installers[0].process_id | Should -Be 77
    }
    It 'are the deadlines of Configuration Manager, or why it does not tell them' {
        $client = @{
            'Test-Key' = 'param([string] $Key) $Key -like "*\CCM"'; 'Get-ManagementClient' = '@{ ClientVersion = "5.00" }'
            'Get-ManagedUpdates' = '@{ Name = "CU"; ArticleID = "5001"; Deadline = [datetime]::UtcNow }'
        }
        (Get-Told $client).configuration_manager.pending[0].kb | Should -Be '5001'
        $client['Get-ManagedUpdates'] = 'throw "not well"'
        (Get-Told $client).configuration_manager.trouble | Should -Be 'not well'
    }
    It 'are automatic updates, as policy has them' {
        $values = 'param($Key, $Name) @{ AUOptions = 4; SetComplianceDeadline = 1; ConfigureDeadlineForQualityUpdates = 3 }[$Name]'
        $told = (Get-Told @{ 'Get-RegistryValue' = $values }).automatic_updates
        $told.mode | Should -Be 'install'
        $told.deadline_days | Should -Be 3
    }
}

Describe 'who decides which scripts may run' {
    It 'is <_>' -ForEach 'applocker', 'none', 'unknown', 'wdac' {
        $answers = @{
            applocker = @{ 'Get-CodeIntegrity' = 'throw "no such namespace"'
                'Get-RegistryValue' = 'param($Key, $Name) if ($Name -eq "EnforcementMode") { 1 }' }
            none = @{}
            unknown = @{ 'Get-CodeIntegrity' = 'throw "no such namespace"' }
            wdac = @{ 'Get-CodeIntegrity' = '2' }
        }
        (Get-Told $answers[$_]).limits.script_control | Should -Be $_
    }
}

Describe 'a cluster' {
    It 'is told with its nodes, their votes, and who owns which instance' {
        $objects = 'param([string] $Class, [string] $Filter) switch ($Class) {
            "MSCluster_Cluster" { @{ Name = "CLU"; WitnessDynamicWeight = 1 } }
            "MSCluster_Node" { @{ Name = "N1"; State = 0; NodeWeight = 1 }, @{ Name = "N2"; State = 1; NodeWeight = 0 } }
            "MSCluster_Resource" { @{ OwnerGroup = "G"; OwnerNode = "N1"; PrivateProperties = @{ InstanceName = "PROD" } } }
        }'
        $told = (Get-Told @{
            'Test-ClusterNode' = '$true'; 'Get-ClusterObjects' = $objects; 'Get-PossibleOwners' = '"N1", "N2"'
        }).cluster
        @($told.nodes | ForEach-Object { $_.up }) -join ',' | Should -Be 'True,False'
        $told.sql_roles[0].instance | Should -Be 'PROD'
        @($told.sql_roles[0].possible_owners).Count | Should -Be 2
    }
    It 'whose service is down is told with its trouble' {
        $told = Get-Told @{ 'Test-ClusterNode' = '$true'; 'Get-ClusterObjects' = 'throw "stopped"' }
        $told.cluster.trouble | Should -Be 'stopped'
    }
}

Describe 'the inventory of a host' {
    It 'leaves out entries without a name, hidden ones, and parts of others' {
        $entries = '[pscustomobject] @{ DisplayName = "App"; DisplayVersion = "1"; PSChildName = "k1" }
            [pscustomobject] @{ DisplayVersion = "1"; PSChildName = "k2" }
            [pscustomobject] @{ DisplayName = "Hidden"; SystemComponent = 1; PSChildName = "k3" }
            [pscustomobject] @{ DisplayName = "Part"; ParentKeyName = "App"; PSChildName = "k4" }'
        $quiet = @{ 'Get-HotFixes' = ''; 'Get-SignedDrivers' = ''; 'Get-UninstallEntries' = $entries }
        $told = (Invoke-ContractScript host_inventory @{} $quiet).data
        @($told.applications).Count | Should -Be 1
        $told.applications[0].publisher | Should -Be ''
        $told.PSObject.Properties['drivers'].Value.GetType().IsArray | Should -BeTrue
    }
}

Describe 'the marks of a start' {
    It 'are the number of its event' { (Get-Told).boot.boot_id | Should -Be 'event:5' }
    It 'say so when the event is gone' { (Get-Told @{ 'Get-StartEvent' = '' }).boot.boot_id | Should -Be 'none' }
}

Describe 'a restart' {
    BeforeEach {
        $root = [IO.Path]::Combine($TestDrive, [Guid]::NewGuid().ToString('N'))
        [void] [IO.Directory]::CreateDirectory($root)
        $safe = Get-SafeHost $root
        [void] (Invoke-ContractScript take_claim @{ Console = 'PC'; RunId = 'a'; Epoch = 1 } $safe)
        function Restart {
            param($Expected, $Code)
            Invoke-ContractScript reboot `
            @{ RunId = 'a'; Epoch = 1; ExpectedBootId = $Expected; DelaySeconds = 5 } `
                ($safe + @{ 'Get-StartEvent' = '5'; 'Get-BootTime' = '[datetime]::UtcNow'; 'Start-Restart' = $Code; 'Suspend-Protection' = '' })
        }
    }

    It 'is requested on the boot that was seen' { (Restart 'event:5' '0').data.state | Should -Be 'requested' }
    It 'is not asked for twice' { (Restart 'event:4' 'throw "restarted"').data.state | Should -Be 'already' }
    It 'may have been requested by somebody else' -ForEach '1190', '1115' {
        (Restart 'event:5' $_).data.state | Should -Be 'requested'
    }
    It 'can be refused' { (Restart 'event:5' '5').error.code | Should -Be 'reboot_refused' }
}
