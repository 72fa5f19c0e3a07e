# A package that arrives through the session.
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
