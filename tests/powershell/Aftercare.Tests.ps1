# Applications, logs, services in their order, restarts that are taken back, and packages that DISM takes away.
BeforeAll {
    Import-Module ([IO.Path]::Combine($PSScriptRoot, 'Scripts.psm1')) -Force
}

Describe 'applications' {
    It 'run as their processes and services do' {
        $windows = @{
            'Get-ProcessNames' = '"w3wp.exe"'
            'Get-ServiceState' = 'param([string] $Name) if ($Name -eq "W3SVC") { "Running" }'
        }
        $told = (Invoke-ContractScript check_applications @{ Processes = 'w3wp', 'w3wp.exe', 'nobody'; Services = 'W3SVC', 'nobody' } $windows).data
        @($told.processes | ForEach-Object { $_.running }) -join ',' | Should -Be 'True,True,False'
        @($told.services | ForEach-Object { $_.state }) -join ',' | Should -Be 'Running,'
    }
    It 'are empty lists where nothing is asked' {
        $told = (Invoke-ContractScript check_applications @{ Processes = @(); Services = @() } @{ 'Get-ProcessNames' = 'throw "asked"' }).data
        $told.PSObject.Properties['processes'].Value.GetType().IsArray | Should -BeTrue
    }
}

Describe 'logs' {
    BeforeEach {
        $root = [IO.Path]::Combine($TestDrive, [Guid]::NewGuid().ToString('N'))
        $log = [IO.Path]::Combine($root, 'Bootstrap', 'Log')
        [void] [IO.Directory]::CreateDirectory([IO.Path]::Combine($log, '20260301_220000'))
        [IO.File]::WriteAllText([IO.Path]::Combine($log, 'Summary.txt'), 'Final result: Failed', [Text.Encoding]::Unicode)
        [IO.File]::WriteAllText([IO.Path]::Combine($log, '20260301_220000', 'Detail.txt'), '0123456789')
        $place = [IO.Path]::Combine($root, 'Bootstrap')
        $windows = @{ 'Get-BootstrapFolder' = "'$place'"; 'Get-ProgramFolder' = "'$root'" }
        function Collect {
            param([string] $Kind, [int] $Most, [hashtable] $Replacing)
            $asked = @{ Kind = $Kind; Since = '2026-03-01T00:00:00+00:00'; Folders = @('150'); MaxChars = $Most }
            (Invoke-ContractScript collect_diagnostics $asked $Replacing).data
        }
    }

    It 'of setup begin with the summary' {
        $parts = (Collect 'setup_log' 1000 $windows).parts
        @($parts).Count | Should -Be 2
        $parts[0].text | Should -Be 'Final result: Failed'
        $parts[0].cut | Should -BeFalse
    }
    It 'of every engine come back: one that writes much leaves the others their share' {
        $asked = $windows + @{
            'Get-InstanceIds' = '"MSSQL15.ONE", "MSSQL15.TWO"'
            'Get-RegistryText' = "param([string] `$Key, [string] `$Name) if (`$Name -eq 'SQLArg1') { '-e' + [IO.Path]::Combine('$root', (`$Key.Split('\')[4] + '.log')) }"
        }
        [IO.File]::WriteAllText([IO.Path]::Combine($root, 'MSSQL15.ONE.log'), ('x' * 100 + '1'))
        [IO.File]::WriteAllText([IO.Path]::Combine($root, 'MSSQL15.TWO.log'), '2')
        $parts = @((Collect 'errorlog' 20 $asked).parts)
        $parts.Count | Should -Be 2
        $parts[0].text | Should -Be 'xxxxxxxxx1'
        $parts[0].cut | Should -BeTrue
        $parts[1].text | Should -Be '2'
        $parts[1].cut | Should -BeFalse
    }
    It 'are cut to the limit, the newest part stays, and that is said' {
        $parts = (Collect 'setup_log' 24 $windows).parts
        $parts[1].text | Should -Be '6789'
        $parts[1].cut | Should -BeTrue
    }
    It 'of events are a line each, and a log without any is empty' {
        $event = 'param([string] $Log, [datetime] $From, [int] $Most) if ($Log -eq "System") {
            @{ TimeCreated = $From; LevelDisplayName = "Error"; ProviderName = "P"; Id = 7; Message = "broken" } }'
        $parts = (Collect 'event_log' 1000 @{ 'Get-LogEvents' = $event }).parts
        $parts[0].text | Should -Be '2026-03-01T00:00:00.000000Z Error P 7: broken'
        $parts[1].text | Should -Be ''
    }
    It 'that are not there are an empty list' {
        $told = Collect 'cluster_log' 1000 @{ 'Get-WindowsFolder' = "'$root'" }
        $told.PSObject.Properties['parts'].Value.GetType().IsArray | Should -BeTrue
        @($told.parts).Count | Should -Be 0
    }
}

Describe 'a host that is held' {
    BeforeEach {
        $root = [IO.Path]::Combine($TestDrive, [Guid]::NewGuid().ToString('N'))
        [void] [IO.Directory]::CreateDirectory($root)
        $safe = Get-SafeHost $root
        [void] (Invoke-ContractScript take_claim @{ Console = 'PC'; RunId = 'a'; Epoch = 1 } $safe)
        $calls = [IO.Path]::Combine($root, 'calls.txt')
        [IO.File]::WriteAllText($calls, '')
        $order = @{
            'Send-ServiceOrder' = "param([string] `$Name, [string] `$Action) [IO.File]::AppendAllText('$calls', `$Name + ' ')"
            'Get-ServiceFacts' = "param([string] `$Name)
                if (`$Name -eq 'Nobody') { return `$null }
                `$done = [IO.File]::ReadAllText('$calls').Split(' ') -contains `$Name
                `$state = 'Running'
                if (`$done) { `$state = 'Stopped' }
                `$by = @{ Engine = @('Agent'); Agent = @('Jobs'); Jobs = @() }[`$Name]
                @{ state = `$state; needs = @(); needed_by = @(`$by) }"
        }
        function Set-Them { param([string[]] $Names)
            $asked = @{ RunId = 'a'; Epoch = 1; Action = 'stop'; Names = $Names; WaitSeconds = 1 }
            Invoke-ContractScript set_services $asked ($safe + $order)
        }
    }

    It 'has services stopped after those that depend on them, each once' {
        $answer = Set-Them 'Engine', 'Agent'
        [IO.File]::ReadAllText($calls) | Should -Be 'Jobs Agent Engine '
        $answer.data.complete | Should -BeTrue
    }
    It 'names a service that is not there, and touches none' {
        (Set-Them 'Engine', 'Nobody').error.code | Should -Be 'no_service'
        [IO.File]::ReadAllText($calls) | Should -Be ''
    }
    It 'touches nothing after a service that does not follow' {
        $order['Send-ServiceOrder'] = ''
        $answer = Set-Them 'Engine'
        $answer.data.complete | Should -BeFalse
        @($answer.data.services | ForEach-Object { $_.after }) -join ',' | Should -Be 'Running,Running,Running'
    }
    It 'has a scheduled restart taken back, with proof' -ForEach @(
        @{ First = 0; Second = 1116; State = 'cancelled' }, @{ First = 1116; Second = 1116; State = 'none' }
        @{ First = 1115; Second = 1115; State = 'too_late' }) {
        $codes = "if ([IO.File]::ReadAllText('$calls') -eq '') { [IO.File]::AppendAllText('$calls', 'x'); $First } else { $Second }"
        $windows = @{ 'Get-StartEvent' = '5'; 'Get-BootTime' = '[datetime]::UtcNow'; 'Stop-Restart' = $codes }
        $asked = @{ RunId = 'a'; Epoch = 1; ExpectedBootId = 'event:5' }
        (Invoke-ContractScript cancel_reboot $asked ($safe + $windows)).data.state | Should -Be $State
    }
    It 'has the one cumulative update of a build taken away, and nothing that is named by chance' {
        $dism = [IO.Path]::Combine($root, 'dism.exe')
        [IO.File]::WriteAllText($dism, 'x')
        $windows = @{
            'Get-GroupPolicy' = "'Undefined'"; 'Get-SystemTask' = ''; 'Register-SystemTask' = ''; 'Start-SystemTask' = ''
            'Get-Dism' = "'$dism'"; 'Get-Signer' = "'CN=Microsoft Windows'"
            'Get-PackageNames' = "'Package_for_RollupFix~31bf~amd64~~20348.3692.1.11', 'Package_for_RollupFix~31bf~amd64~~20348.36.1.1'"
        }
        $asked = @{ RunId = 'a'; Epoch = 1; JobId = 'j1'; Package = '20348.3692' }
        (Invoke-ContractScript start_removal $asked ($safe + $windows)).data.state | Should -Be 'started'
        $job = Get-Content ([IO.Path]::Combine($root, 'Drydock', 'jobs', 'j1', 'job.json')) -Raw | ConvertFrom-Json
        @($job.arguments) -contains '/PackageName:Package_for_RollupFix~31bf~amd64~~20348.3692.1.11' | Should -BeTrue
        $asked.JobId = 'j2'
        $asked.Package = '20348.369'
        (Invoke-ContractScript start_removal $asked ($safe + $windows)).error.code | Should -Be 'no_os_package'
    }
}
