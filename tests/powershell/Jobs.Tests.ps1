# Jobs: started once, watched, never mistaken, and their summary read as setup writes it.
BeforeAll {
    Import-Module ([IO.Path]::Combine($PSScriptRoot, 'Scripts.psm1')) -Force
}

Describe 'a job' {
    BeforeEach {
        $root = [IO.Path]::Combine($TestDrive, [Guid]::NewGuid().ToString('N'))
        $home1 = [IO.Path]::Combine($root, 'Drydock')
        $job = [IO.Path]::Combine($home1, 'jobs', 'j1')
        $package = [IO.Path]::Combine($home1, 'packages', 'abc', 'setup.exe')
        [void] [IO.Directory]::CreateDirectory([IO.Path]::GetDirectoryName($package))
        [IO.File]::WriteAllText($package, 'x')
        $safe = Get-SafeHost $root
        [void] (Invoke-ContractScript take_claim @{ Console = 'PC'; RunId = 'a'; Epoch = 1 } $safe)
        $calls = [IO.Path]::Combine($root, 'calls.txt')
        $scheduler = @{
            'Get-GroupPolicy' = "'Undefined'"
            'Get-SystemTask' = ''
            'Register-SystemTask' = "[IO.File]::AppendAllText('$calls', 'register ')"
            'Start-SystemTask' = "[IO.File]::AppendAllText('$calls', 'start ')"
        }
        $wanted = @{
            RunId = 'a'; Epoch = 1; JobId = 'j1'; Sha256 = 'abc'; FileName = 'setup.exe'; Signer = 'CN=M'
            Arguments = @('/quiet')
        }
        function Start-It { Invoke-ContractScript start_job $wanted ($safe + $scheduler) }
        function Look {
            param($Tasks = '')
            Invoke-ContractScript watch_job @{ JobId = 'j1'; Seen = 0; WaitSeconds = 0 } `
                ($safe + @{ 'Get-SystemTask' = $Tasks })
        }
    }

    It 'is described, registered and started' {
        (Start-It).data.state | Should -Be 'started'
        [IO.File]::ReadAllText($calls) | Should -Be 'register start '
        $told = Get-Content ([IO.Path]::Combine($job, 'job.json')) -Raw | ConvertFrom-Json
        @($told.arguments).Count | Should -Be 1
        $told.package | Should -Be $package
    }
    It 'is not started again once it was begun' {
        [void] (Start-It)
        [IO.File]::WriteAllText([IO.Path]::Combine($job, 'begun'), '')
        (Start-It).data.state | Should -Be 'already'
        [IO.File]::ReadAllText($calls) | Should -Be 'register start '
    }
    It 'is not started beside another' {
        [void] [IO.Directory]::CreateDirectory([IO.Path]::Combine($home1, 'jobs', 'j0'))
        $scheduler['Get-SystemTask'] = 'param([string] $Id) if ($Id -eq "j0") { @{ State = "Running" } }'
        (Start-It).error.code | Should -Be 'job_running'
    }
    It 'is not started by whoever does not hold the claim' {
        $wanted.RunId = 'b'
        (Start-It).error.code | Should -Be 'claimed'
    }
    It 'is not started where a group policy forbids its script' {
        $scheduler['Get-GroupPolicy'] = "'AllSigned'"
        (Start-It).error.code | Should -Be 'execution_policy'
    }
    It 'runs no file from elsewhere' -ForEach '..\setup.exe', 'setup.cmd', "setup.exe`n", 'a b.exe' {
        $wanted.FileName = $_
        (Start-It).error.code | Should -Be 'bad_name'
    }
    It 'is known and at rest before its task begins' {
        [void] (Start-It)
        $answer = Look
        $answer.data.known | Should -BeTrue
        $answer.data.running | Should -BeFalse
        $answer.data.status | Should -BeNullOrEmpty
    }
    It 'runs as long as its task does' {
        [void] (Start-It)
        (Look '@{ State = "Running" }').data.running | Should -BeTrue
        (Look '@{ State = "Ready" }').data.running | Should -BeFalse
    }
    It 'runs as long as its installer does, also without its task' {
        [void] (Start-It)
        $status = @{
            sequence = 2; state = 'running'; process_id = 7; process_started_at = '2026-01-01T00:00:00.000000Z'
            started_at = '2026-01-01T00:00:00.000000Z'; ended_at = $null; exit_code = $null; percent = $null; message = ''
        }
        [IO.File]::WriteAllText([IO.Path]::Combine($job, 'status.json'), (ConvertTo-Json $status))
        $quiet = @{ 'Get-SystemTask' = '' }
        $same = 'New-Object datetime 2026, 1, 1, 0, 0, 0, ([DateTimeKind]::Utc)'
        $asked = @{ JobId = 'j1'; Seen = 2; WaitSeconds = 0 }
        $answer = Invoke-ContractScript watch_job $asked ($safe + $quiet + @{ 'Get-StartTime' = $same })
        $answer.data.running | Should -BeTrue
        $other = 'New-Object datetime 2026, 1, 2, 0, 0, 0, ([DateTimeKind]::Utc)'
        $answer = Invoke-ContractScript watch_job $asked ($safe + $quiet + @{ 'Get-StartTime' = $other })
        $answer.data.running | Should -BeFalse
    }
    It 'keeps the host from being restarted while it runs' {
        [void] (Start-It)
        $windows = @{
            'Get-SystemTask' = '@{ State = "Running" }'
            'Get-StartEvent' = '5'
            'Get-BootTime' = '[datetime]::UtcNow'
            'Start-Restart' = 'throw "restarted"'
            'Suspend-Protection' = ''
        }
        $asked = @{ RunId = 'a'; Epoch = 1; ExpectedBootId = 'event:5'; DelaySeconds = 5 }
        (Invoke-ContractScript reboot $asked ($safe + $windows)).error.code | Should -Be 'job_running'
    }
    It 'brings back the summary that setup wrote, in UTF-16, and no older one' {
        [void] (Start-It)
        $log = [IO.Path]::Combine($root, 'Bootstrap', 'Log')
        [void] [IO.Directory]::CreateDirectory($log)
        $summary = [IO.Path]::Combine($log, 'Summary.txt')
        $place = [IO.Path]::Combine($root, 'Bootstrap')
        $windows = $safe + @{ 'Get-BootstrapFolder' = "'$place'"; 'Get-ProgramFolder' = "'$root'" }
        $asked = @{ JobId = 'j1'; Folder = '150'; MaxChars = 20 }
        [IO.File]::WriteAllText($summary, ('x' * 501) + 'Final result: Passed', [Text.Encoding]::Unicode)
        (Invoke-ContractScript collect_job $asked $windows).data.summary | Should -Be 'Final result: Passed'
        [IO.File]::SetLastWriteTimeUtc($summary, [datetime]::UtcNow.AddDays(-1))
        (Invoke-ContractScript collect_job $asked $windows).data.summary | Should -Be ''
    }
    It 'takes its traces with it' {
        [void] (Start-It)
        $asked = @{ RunId = 'a'; Epoch = 1; JobId = 'j1'; Sha256 = 'abc' }
        $quiet = @{ 'Get-SystemTask' = ''; 'Unregister-SystemTask' = '' }
        (Invoke-ContractScript remove_job $asked ($safe + $quiet)).data.removed | Should -BeTrue
        [IO.Directory]::Exists($job) | Should -BeFalse
        [IO.File]::Exists($package) | Should -BeFalse
    }
}
