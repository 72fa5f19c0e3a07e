# Folders that somebody prepared, and who holds a host.
BeforeAll {
    Import-Module ([IO.Path]::Combine($PSScriptRoot, 'Scripts.psm1')) -Force
}

Describe 'the claim of a host' {
    BeforeEach {
        $root = [IO.Path]::Combine($TestDrive, [Guid]::NewGuid().ToString('N'))
        [void] [IO.Directory]::CreateDirectory($root)
        $safe = Get-SafeHost $root
        $claim = [IO.Path]::Combine($root, 'Drydock', 'claim.json')
        function Take {
            param($Run, $Epoch)
            Invoke-ContractScript take_claim @{ Console = 'PC'; RunId = $Run; Epoch = $Epoch } $safe
        }
        function Give {
            param($Run, $Epoch)
            Invoke-ContractScript release_claim @{ RunId = $Run; Epoch = $Epoch } ($safe + $quiet)
        }
        $quiet = @{ 'Get-SystemTask' = '' }
    }

    It 'is taken where the host is free' {
        $answer = Take 'a' 1
        $answer.ok | Should -BeTrue
        $answer.data.renewed | Should -BeFalse
        (Get-Content $claim -Raw | ConvertFrom-Json).run_id | Should -Be 'a'
    }
    It 'is renewed by the same run with a later epoch' {
        [void] (Take 'a' 1)
        (Take 'a' 2).data.renewed | Should -BeTrue
        (Get-Content $claim -Raw | ConvertFrom-Json).epoch | Should -Be 2
    }
    It 'is refused to another run' {
        [void] (Take 'a' 1)
        (Take 'b' 1).error.code | Should -Be 'claimed'
    }
    It 'fences off a process that was superseded' {
        [void] (Take 'a' 2)
        (Take 'a' 1).error.code | Should -Be 'fenced'
    }
    It 'stays a claim when its file is empty' {
        [void] (Take 'a' 1)
        [IO.File]::WriteAllText($claim, '')
        (Take 'b' 1).error.code | Should -Be 'bad_claim'
    }
    It 'is given back' {
        [void] (Take 'a' 1)
        (Give 'a' 1).data.released | Should -BeTrue
        [IO.File]::Exists($claim) | Should -BeFalse
        (Give 'a' 1).data.released | Should -BeFalse
    }
    It 'comes too late when the one that replaced it has given back what was free' {
        (Give 'a' 2).data.released | Should -BeFalse
        (Take 'a' 1).error.code | Should -Be 'fenced'
        [IO.File]::Exists($claim) | Should -BeFalse
    }
    It 'is not given back while a task of ours runs' {
        [void] (Take 'a' 1)
        [void] [IO.Directory]::CreateDirectory([IO.Path]::Combine($root, 'Drydock', 'jobs', 'j1'))
        $quiet = @{ 'Get-SystemTask' = '@{ State = "Running" }' }
        (Give 'a' 1).error.code | Should -Be 'job_running'
        [IO.File]::Exists($claim) | Should -BeTrue
    }
    It 'leaves no half-written file behind' {
        [void] (Take 'a' 1)
        [void] (Take 'a' 2)
        $names = [IO.Directory]::GetFiles([IO.Path]::Combine($root, 'Drydock')) | ForEach-Object { [IO.Path]::GetFileName($_) }
        ($names | Sort-Object) -join ',' | Should -Be 'claim.json,lock'
    }
}

Describe 'a folder that somebody else prepared' {
    BeforeEach {
        $root = [IO.Path]::Combine($TestDrive, [Guid]::NewGuid().ToString('N'))
        [void] [IO.Directory]::CreateDirectory($root)
        $safe = Get-SafeHost $root
        $asked = @{ Console = 'PC'; RunId = 'a'; Epoch = 1 }
    }

    It 'is refused when it belongs to a user' {
        $safe['Get-FolderRights'] = '@{ owner = "S-1-5-21-1-2-3-1001"; allowed = @("S-1-5-18") }'
        (Invoke-ContractScript take_claim $asked $safe).error.code | Should -Be 'bad_folder'
    }
    It 'is refused when users may write to it' {
        $safe['Get-FolderRights'] = '@{ owner = "S-1-5-32-544"; allowed = @("S-1-5-18", "S-1-5-32-545") }'
        (Invoke-ContractScript take_claim $asked $safe).error.code | Should -Be 'bad_folder'
    }
    It 'is refused when it is a link' {
        $safe['Test-Link'] = '$true'
        (Invoke-ContractScript take_claim $asked $safe).error.code | Should -Be 'bad_folder'
    }
    It 'is not made by those who only look' {
        $quiet = $safe + @{ 'Get-SystemTask' = '' }
        $answer = Invoke-ContractScript watch_job @{ JobId = 'j1'; Seen = 0; WaitSeconds = 0 } $quiet
        $answer.data.known | Should -BeFalse
        [IO.Directory]::Exists([IO.Path]::Combine($root, 'Drydock')) | Should -BeFalse
    }
    It 'is never left by a name' -ForEach '..', '.hidden', 'a/b', "a`n", 'a.' {
        $quiet = $safe + @{ 'Get-SystemTask' = '' }
        (Invoke-ContractScript watch_job @{ JobId = $_; Seen = 0; WaitSeconds = 0 } $quiet).error.code | Should -Be 'bad_name'
    }
}
