# What a host tells of itself, and how it restarts.
BeforeAll {
    Import-Module ([IO.Path]::Combine($PSScriptRoot, 'Scripts.psm1')) -Force
    $script:windows = @{
        'Get-RegistryValue' = ''; 'Get-ValueNames' = ''; 'Test-Key' = '$false'; 'Get-Drives' = ''; 'Get-AllServices' = ''
        'Get-OperatingSystem' = '@{ Caption = "Windows"; Version = "10.0.17763" }'; 'Test-UpdateAgent' = '$false'
        'Test-ConfigurationManager' = '$false'; 'Get-StartEvent' = '5'; 'Get-BootTime' = '[datetime]::UtcNow'
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
                ($safe + @{ 'Get-StartEvent' = '5'; 'Get-BootTime' = '[datetime]::UtcNow'; 'Start-Restart' = $Code })
        }
    }

    It 'is requested on the boot that was seen' { (Restart 'event:5' '0').data.state | Should -Be 'requested' }
    It 'is not asked for twice' { (Restart 'event:4' 'throw "restarted"').data.state | Should -Be 'already' }
    It 'may have been requested by somebody else' -ForEach '1190', '1115' {
        (Restart 'event:5' $_).data.state | Should -Be 'requested'
    }
    It 'can be refused' { (Restart 'event:5' '5').error.code | Should -Be 'reboot_refused' }
}
