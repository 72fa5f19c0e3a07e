# A package that arrives: through the session, over the administrative share, from a share of the network.
BeforeAll {
    Import-Module ([IO.Path]::Combine($PSScriptRoot, 'Scripts.psm1')) -Force
}

Describe 'a package in chunks' {
    BeforeEach {
        $root = [IO.Path]::Combine($TestDrive, [Guid]::NewGuid().ToString('N'))
        [void] [IO.Directory]::CreateDirectory($root)
        $safe = Get-SafeHost $root
        [void] (Invoke-ContractScript take_claim @{ Console = 'PC'; RunId = 'a'; Epoch = 1 } $safe)
        $bytes = [byte[]] (1..200)
        $hash = -join ([Security.Cryptography.SHA256]::Create().ComputeHash($bytes) | ForEach-Object { $_.ToString('x2') })
        $chunks = [Convert]::ToBase64String($bytes[0..99]), [Convert]::ToBase64String($bytes[100..199])
        $wanted = @{ RunId = 'a'; Epoch = 1; Sha256 = $hash; FileName = 'setup.exe'; SizeBytes = [long] 200 }
        $folder = [IO.Path]::Combine($root, 'Drydock', 'packages', $hash)
        function Send {
            param($Content, $Free = '1000')
            Invoke-ContractScript receive_package $wanted `
                ($safe + @{ 'Get-FreeBytes' = $Free }) $Content
        }
    }

    It 'lies whole under its name' {
        (Send $chunks).data.size_bytes | Should -Be 200
        [IO.File]::ReadAllBytes([IO.Path]::Combine($folder, 'setup.exe')).Length | Should -Be 200
        @([IO.Directory]::GetFiles($folder)).Count | Should -Be 1
    }
    It 'leaves nothing when it is cut' {
        (Send $chunks[0..0]).error.code | Should -Be 'bad_size'
        @([IO.Directory]::GetFiles($folder)).Count | Should -Be 0
    }
    It 'leaves nothing when it was changed' {
        (Send ($chunks[1], $chunks[0])).error.code | Should -Be 'bad_hash'
        @([IO.Directory]::GetFiles($folder)).Count | Should -Be 0
    }
    It 'is refused where it does not fit' {
        (Send $chunks '100').error.code | Should -Be 'no_space'
    }
    It 'is refused to whoever does not hold the claim' {
        $wanted.Epoch = 2
        (Send $chunks).error.code | Should -Be 'fenced'
    }
    It 'is said to be absent before it came' {
        $quiet = $safe + @{ 'Get-Signature' = '@{ status = "Valid"; signer = "CN=M" }' }
        $asked = @{ Sha256 = $hash; FileName = 'setup.exe' }
        (Invoke-ContractScript verify_package $asked $quiet).data.present | Should -BeFalse
        [void] (Send $chunks)
        $answer = Invoke-ContractScript verify_package $asked $quiet
        $answer.data.sha256 | Should -Be $hash
        $answer.data.signer | Should -Be 'CN=M'
    }
}

Describe 'a package that was pushed' {
    BeforeEach {
        $root = [IO.Path]::Combine($TestDrive, [Guid]::NewGuid().ToString('N'))
        [void] [IO.Directory]::CreateDirectory($root)
        $safe = Get-SafeHost $root
        [void] (Invoke-ContractScript take_claim @{ Console = 'PC'; RunId = 'a'; Epoch = 1 } $safe)
        $bytes = [byte[]] (1..200)
        $hash = -join ([Security.Cryptography.SHA256]::Create().ComputeHash($bytes) | ForEach-Object { $_.ToString('x2') })
        $wanted = @{ RunId = 'a'; Epoch = 1; Sha256 = $hash; FileName = 'kb.exe'; SizeBytes = [long] 200 }
        function Place { Invoke-ContractScript place_package $wanted $safe }
        function Push {
            param([byte[]] $Content)
            [IO.File]::WriteAllBytes([IO.Path]::Combine((Place).data.folder, 'kb.exe.partial'), $Content)
        }
    }

    It 'is told where to go, and how much of it lies there' {
        (Place).data.received_bytes | Should -Be 0
        Push $bytes[0..49]
        $told = (Place).data
        $told.placed | Should -BeFalse
        $told.received_bytes | Should -Be 50
    }
    It 'gets its name once it is whole and right' {
        Push $bytes
        $told = (Place).data
        $told.placed | Should -BeTrue
        [IO.File]::Exists([IO.Path]::Combine($told.folder, 'kb.exe')) | Should -BeTrue
        [IO.File]::Exists([IO.Path]::Combine($told.folder, 'kb.exe.partial')) | Should -BeFalse
    }
    It 'is taken away when it was changed' {
        Push ([byte[]] (,9 * 200))
        (Place).error.code | Should -Be 'bad_hash'
        (Place).data.received_bytes | Should -Be 0
    }
    It 'begins anew when more lies there than it is long' {
        Push ([byte[]] (,9 * 300))
        (Place).data.received_bytes | Should -Be 0
    }
    It 'is not hashed while somebody can still write to it' {
        Push $bytes
        $safe['Open-Alone'] = 'param([string] $Path) Stop-Script "package_busy" "open"'
        (Place).error.code | Should -Be 'package_busy'
    }
}

Describe 'a package from a share' {
    BeforeEach {
        $root = [IO.Path]::Combine($TestDrive, [Guid]::NewGuid().ToString('N'))
        [void] [IO.Directory]::CreateDirectory($root)
        $safe = Get-SafeHost $root
        [void] (Invoke-ContractScript take_claim @{ Console = 'PC'; RunId = 'a'; Epoch = 1 } $safe)
        $bytes = [byte[]] (1..200)
        $hash = -join ([Security.Cryptography.SHA256]::Create().ComputeHash($bytes) | ForEach-Object { $_.ToString('x2') })
        $folder = [IO.Path]::Combine($root, 'Drydock', 'packages', $hash)
        $share = [IO.Path]::Combine($root, 'share.exe')
        [IO.File]::WriteAllBytes($share, $bytes)
        $calls = [IO.Path]::Combine($root, 'calls.txt')
        $scheduler = @{
            'Get-SystemTask' = ''; 'Register-SystemTask' = "[IO.File]::AppendAllText('$calls', 'register ')"; 'Start-SystemTask' = ''
        }
        $wanted = @{
            RunId = 'a'; Epoch = 1; PullId = 'p1'; Sha256 = $hash; FileName = 'kb.exe'; SizeBytes = [long] 200
            Source = '\\server\patches\kb.exe'; WaitSeconds = 0; GiveUp = $false
        }
        function Pull { Invoke-ContractScript pull_package $wanted ($safe + $scheduler) }
        function Copy-It {
            # The task, with a file of this PC in place of the share.
            $path = [IO.Path]::Combine($folder, 'pull.json')
            $told = Get-Content $path -Raw | ConvertFrom-Json
            $told.source = $share
            [IO.File]::WriteAllText($path, (ConvertTo-Json $told))
            Invoke-TaskScript copy_package @{ PackageFolder = $folder } $safe
        }
    }

    It 'is fetched by a task that is started once' {
        (Pull).data.done | Should -BeFalse
        (Pull).data.done | Should -BeFalse
        [IO.File]::ReadAllText($calls) | Should -Be 'register '
    }
    It 'lies under its name when the task has ended well' {
        [void] (Pull)
        Copy-It
        (Pull).data.done | Should -BeTrue
        [IO.File]::ReadAllBytes([IO.Path]::Combine($folder, 'kb.exe')).Length | Should -Be 200
    }
    It 'goes on behind what an earlier copy left' {
        [void] (Pull)
        [IO.File]::WriteAllBytes([IO.Path]::Combine($folder, 'kb.exe.partial'), [byte[]] $bytes[0..99])
        (Pull).data.received_bytes | Should -Be 100
        Copy-It
        (Pull).data.done | Should -BeTrue
    }
    It 'is refused when the share holds another of the same length' {
        [IO.File]::WriteAllBytes($share, [byte[]] (,9 * 200))
        [void] (Pull)
        Copy-It
        (Pull).error.code | Should -Be 'bad_hash'
        [IO.File]::Exists([IO.Path]::Combine($folder, 'kb.exe')) | Should -BeFalse
    }
    It 'says what is wrong with the share' {
        [void] (Pull)
        [IO.File]::WriteAllBytes($share, [byte[]] (1..10))
        Copy-It
        (Pull).error.code | Should -Be 'share_other'
        $wanted.PullId = 'p2'
        [IO.File]::Delete($share)
        [void] (Pull)
        Copy-It
        (Pull).error.code | Should -Be 'share_absent'
    }
    It 'comes from a share only' -ForEach 'C:\kb.exe', '\\server\kb.exe', '\\server\share\..\kb.exe', '\\s\p\kb.exe|calc' {
        $wanted.Source = $_
        (Pull).error.code | Should -Be 'bad_name'
    }
    It 'is given up without a trace of its task' {
        [void] (Pull)
        $wanted.GiveUp = $true
        (Pull).data.done | Should -BeFalse
    }
}
