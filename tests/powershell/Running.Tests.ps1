# What runs in a job's task: the package checked, unpacked where we look for it, run once, and waited for.
BeforeAll {
    Import-Module ([IO.Path]::Combine($PSScriptRoot, 'Scripts.psm1')) -Force
}

Describe 'an installer in its task' {
    BeforeEach {
        $root = [IO.Path]::Combine($TestDrive, [Guid]::NewGuid().ToString('N'))
        $job = [IO.Path]::Combine($root, 'Drydock', 'jobs', 'j1')
        $place = [IO.Path]::Combine($root, 'Drydock', 'packages', 'abc')
        $package = [IO.Path]::Combine($place, 'kb.exe')
        $calls = [IO.Path]::Combine($root, 'calls.txt')
        foreach ($folder in $job, $place) { [void] [IO.Directory]::CreateDirectory($folder) }
        $bytes = [byte[]] (1..200)
        [IO.File]::WriteAllBytes($package, $bytes)
        $hash = -join ([Security.Cryptography.SHA256]::Create().ComputeHash($bytes) | ForEach-Object { $_.ToString('x2') })
        $process = '[pscustomobject] @{ Id = 7; StartTime = [datetime]::UtcNow; ExitCode = 3010
            StandardOutput = (New-Object System.IO.StringReader "told"); StandardError = (New-Object System.IO.StringReader "") } |
            Add-Member -MemberType ScriptMethod -Name WaitForExit -Value {} -PassThru'
        $begin = "param([string] `$Path, [string[]] `$Arguments, [string] `$Folder)
            [IO.File]::AppendAllText('$calls', [IO.Path]::GetFileName(`$Path) + ' ' + (`$Arguments -join ' ') + ';')"
        $unpacks = "`nif (`$Arguments[0] -like '/x:*') {
            [void] [IO.Directory]::CreateDirectory(`$Arguments[0].Substring(3))
            [IO.File]::WriteAllText([IO.Path]::Combine(`$Arguments[0].Substring(3), 'setup.exe'), 'x')
            `$told = $process
            `$told.ExitCode = 0
            return `$told
        }`n"
        $windows = (Get-SafeHost $root) + @{
            'Test-Signature' = '$true'; 'Test-SameSigner' = '$true'; 'Start-Installer' = $begin + $unpacks + $process
        }
        $wanted = @{
            schema_version = 1; job_id = 'j1'; run_id = 'a'; package = $package; sha256 = $hash; signer = 'CN=M, O=M'
            arguments = @('/quiet', '/InstanceName=PROD'); unpack = $true
        }
        function Run {
            [IO.File]::WriteAllText([IO.Path]::Combine($job, 'job.json'), (ConvertTo-Json $wanted))
            Invoke-TaskScript run_job @{ JobFolder = $job } $windows
            Get-Content ([IO.Path]::Combine($job, 'status.json')) -Raw | ConvertFrom-Json
        }
        function Read-Calls { if ([IO.File]::Exists($calls)) { [IO.File]::ReadAllText($calls) } else { '' } }
    }

    It 'is unpacked beside its package and run from there, and its exit code told' {
        $status = Run
        $status.state | Should -Be 'ended'
        $status.exit_code | Should -Be 3010
        $status.process_id | Should -Be 7
        $folder = [IO.Path]::Combine($place, 'x')
        Read-Calls | Should -Be "kb.exe /x:$folder /quiet;setup.exe /quiet /InstanceName=PROD;"
        [IO.File]::ReadAllText([IO.Path]::Combine($job, 'output.txt')) | Should -Be 'told'
    }
    It 'runs as it is where it does not unpack so, and says that' {
        $windows['Start-Installer'] = $begin + "`n" + $process
        $status = Run
        $status.exit_code | Should -Be 3010
        $status.message | Should -BeLike '*ended with 3010*'
        (Read-Calls) -like '*;kb.exe /quiet /InstanceName=PROD;' | Should -BeTrue
    }
    It 'is a program of Windows that is not unpacked' {
        $wanted.Remove('unpack')
        [void] (Run)
        Read-Calls | Should -Be 'kb.exe /quiet /InstanceName=PROD;'
    }
    It 'begins with nothing of an earlier attempt' {
        $old = [IO.Path]::Combine($place, 'x', 'old.txt')
        [void] [IO.Directory]::CreateDirectory([IO.Path]::Combine($place, 'x'))
        [IO.File]::WriteAllText($old, 'x')
        [void] (Run)
        [IO.File]::Exists($old) | Should -BeFalse
    }
    It 'is refused, and nothing runs, when the package was changed' {
        $wanted.sha256 = 'another'
        $status = Run
        $status.state | Should -Be 'refused'
        Read-Calls | Should -Be ''
    }
    It 'is refused when its signer is another' {
        $windows['Test-Signature'] = '$false'
        (Run).state | Should -Be 'refused'
        Read-Calls | Should -Be ''
    }
    It 'is refused when somebody else signed what came out of it' {
        $windows['Test-SameSigner'] = '$false'
        (Run).state | Should -Be 'refused'
        (Read-Calls) -like '*setup.exe*' | Should -BeFalse
    }
    It 'begins once, whoever starts its task again' {
        [void] (Run)
        $before = Read-Calls
        [void] (Run)
        Read-Calls | Should -Be $before
    }
}
