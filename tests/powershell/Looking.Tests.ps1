# What only looks, or clears what nobody holds any more: the boot, the claim.
BeforeAll {
    Import-Module ([IO.Path]::Combine($PSScriptRoot, 'Scripts.psm1')) -Force
}

Describe 'the state of a boot' {
    BeforeEach {
        $windows = @{
            'Get-StartEvent' = '5'; 'Get-BootTime' = '[datetime]::UtcNow'; 'Get-ServicingState' = '1'
            'Get-SqlServices' = '@{ Name = "MSSQLSERVER"; State = "Running" }'
        }
        function Look { (Invoke-ContractScript boot_state @{} $windows).data }
    }

    It 'is ready when servicing is at rest and the services are up' {
        $told = Look
        $told.boot.boot_id | Should -Be 'event:5'
        $told.servicing_busy | Should -BeFalse
        $told.PSObject.Properties['services_waiting'].Value.GetType().IsArray | Should -BeTrue
        @($told.services_waiting).Count | Should -Be 0
    }
    It 'is busy only while servicing says so' -ForEach @(@('0', $false), @('1', $false), @('2', $true)) {
        $windows['Get-ServicingState'] = $_[0]
        (Look).servicing_busy | Should -Be $_[1]
    }
    It 'names the services that are waited for' {
        $windows['Get-SqlServices'] = '@{ Name = "MSSQLSERVER"; State = "Start Pending" }'
        @((Look).services_waiting) -join ',' | Should -Be 'MSSQLSERVER'
    }
}

Describe 'a claim that somebody looks at' {
    BeforeEach {
        $root = [IO.Path]::Combine($TestDrive, [Guid]::NewGuid().ToString('N'))
        [void] [IO.Directory]::CreateDirectory($root)
        $safe = Get-SafeHost $root
        $quiet = @{ 'Get-SystemTask' = '' }
        function Read-It { (Invoke-ContractScript read_claim @{} ($safe + $quiet)).data }
        function Clear-It {
            param($Run)
            Invoke-ContractScript clear_claim @{ RunId = $Run } ($safe + $quiet)
        }
        function Take {
            param($Run, $Epoch)
            Invoke-ContractScript take_claim @{ Console = 'PC'; RunId = $Run; Epoch = $Epoch } $safe
        }
    }

    It 'is none on a free host, and looking makes no folder' {
        (Read-It).claimed | Should -BeFalse
        [IO.Directory]::Exists([IO.Path]::Combine($root, 'Drydock')) | Should -BeFalse
    }
    It 'names its holder' {
        [void] (Take 'a' 3)
        $told = Read-It
        $told.run_id | Should -Be 'a'
        $told.console | Should -Be 'PC'
        $told.epoch | Should -Be 3
        $told.job | Should -BeNullOrEmpty
    }
    It 'names the job that lives under it' {
        [void] (Take 'a' 1)
        [void] [IO.Directory]::CreateDirectory([IO.Path]::Combine($root, 'Drydock', 'jobs', 'a.1'))
        $quiet['Get-SystemTask'] = '@{ State = "Running" }'
        (Read-It).job | Should -Be 'a.1'
    }
    It 'is cleared for its own run alone' {
        [void] (Take 'a' 1)
        (Clear-It 'b').error.code | Should -Be 'claimed'
        (Clear-It 'a').data.cleared | Should -BeTrue
        (Clear-It 'a').data.cleared | Should -BeFalse
    }
    It 'is not cleared while a job lives' {
        [void] (Take 'a' 1)
        [void] [IO.Directory]::CreateDirectory([IO.Path]::Combine($root, 'Drydock', 'jobs', 'a.1'))
        $quiet['Get-SystemTask'] = '@{ State = "Running" }'
        (Clear-It 'a').error.code | Should -Be 'job_running'
    }
    It 'that was cleared is not taken again by an older process of its run' {
        [void] (Take 'a' 2)
        [void] (Clear-It 'a')
        (Take 'a' 1).error.code | Should -Be 'fenced'
    }
}
