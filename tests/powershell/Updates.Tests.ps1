# Updates of the operating system: an agent of plain objects stands in for Windows.
BeforeAll {
    Import-Module ([IO.Path]::Combine($PSScriptRoot, 'Scripts.psm1')) -Force
    $script:security = '0fa1201d-4330-4fa8-8ae9-b877473b6441'
    function New-OfferedText {
        # The text of an update as the agent would have it.
        param(
            [string] $Id, [string] $Title = 'Update', [string] $Class = $script:security, [int] $Impact = 0,
            [string] $Supersedes = '$null'
        )
        "[pscustomobject] @{ Identity = [pscustomobject] @{ UpdateID = '$Id'; RevisionNumber = 200 }; Title = '$Title'" +
        "; KBArticleIDs = @('5044281'); MsrcSeverity = `$null; SupersededUpdateIDs = $Supersedes; CveIDs = @('CVE-2026-1')" +
        "; Categories = @([pscustomobject] @{ Type = 'UpdateClassification'; CategoryID = '$Class'; Name = 'Klasse' })" +
        "; InstallationBehavior = [pscustomobject] @{ RebootBehavior = 1; Impact = $Impact }; MaxDownloadSize = 5" +
        "; LastDeploymentChangeTime = (New-Object datetime 2026, 3, 10); IsDownloaded = `$false; IsInstalled = `$false" +
        "; EulaAccepted = `$true }"
    }
    $script:one = '11111111-1111-1111-1111-111111111111'
    $script:two = '22222222-2222-2222-2222-222222222222'
}

Describe 'a search' {
    BeforeEach {
        $root = [IO.Path]::Combine($TestDrive, [Guid]::NewGuid().ToString('N'))
        $folder = [IO.Path]::Combine($root, 'Drydock', 'searches', 's1')
        [void] [IO.Directory]::CreateDirectory($folder)
        [IO.File]::WriteAllText([IO.Path]::Combine($folder, 'search.json'), '{"schema_version":1,"service":"default"}')
        $safe = Get-SafeHost $root
        $agent = @{
            'Get-ManagedServer' = "''"; 'New-AgentSession' = "''"
            'Get-ServiceAsked' = "@{ id = 'x'; name = 'Windows Update'; server = '' }"
        }
        $scheduler = @{
            'Get-GroupPolicy' = "'Undefined'"; 'Get-SystemTask' = ''; 'Register-SystemTask' = ''; 'Start-SystemTask' = ''
        }
        $asked = @{ SearchId = 's1'; Service = 'default'; WaitSeconds = 0 }
    }

    It 'tells of each update what a plan needs, an empty list as a list' {
        $agent['Find-Updates'] = '[pscustomobject] @{ ResultCode = 2; Updates = @(' + (New-OfferedText $one) + ') }'
        Invoke-TaskScript run_search @{ SearchFolder = $folder } ($safe + $agent)
        $answer = Invoke-ContractScript search_updates $asked ($safe + $scheduler)
        $answer.data.done | Should -BeTrue
        $told = @($answer.data.offered)[0]
        $told.patch_id | Should -Be "$one.200"
        $told.class_id | Should -Be $security
        $told.PSObject.Properties['supersedes'].Value.GetType().IsArray | Should -BeTrue
        @($answer.data.installed).Count | Should -Be 0
        [IO.Directory]::Exists($folder) | Should -BeFalse
    }
    It 'keeps of what is superseded all that is offered, and says how much of the rest it left out' {
        $many = '@(1..300 | ForEach-Object { "other$_" }) + "' + $two.ToUpper() + '"'
        $newer = New-OfferedText $one 'newer' $security 0 $many
        $agent['Find-Updates'] = '[pscustomobject] @{ ResultCode = 2; Updates = @(' + $newer + ', ' + (New-OfferedText $two) + ') }'
        Invoke-TaskScript run_search @{ SearchFolder = $folder } ($safe + $agent)
        $told = @((Invoke-ContractScript search_updates $asked ($safe + $scheduler)).data.offered)
        @($told[0].supersedes).Count | Should -Be 201
        @($told[0].supersedes)[0] | Should -Be $two
        $told[0].supersedes_left_out | Should -Be 100
        $told[1].supersedes_left_out | Should -Be 0
    }
    It 'names the number of what went wrong' {
        $agent['Find-Updates'] = "throw (New-Object System.Runtime.InteropServices.COMException 'no', -2145107924)"
        Invoke-TaskScript run_search @{ SearchFolder = $folder } ($safe + $agent)
        $answer = Invoke-ContractScript search_updates $asked ($safe + $scheduler)
        $answer.data.hresult | Should -Be -2145107924
        @($answer.data.offered).Count | Should -Be 0
    }
    It 'is waited for as long as its task runs' {
        $scheduler['Get-SystemTask'] = '@{ State = "Running" }'
        (Invoke-ContractScript search_updates $asked ($safe + $scheduler)).data.done | Should -BeFalse
    }
    It 'is lost when its task began and left nothing' {
        [IO.File]::WriteAllText([IO.Path]::Combine($folder, 'begun'), '')
        (Invoke-ContractScript search_updates $asked ($safe + $scheduler)).error.code | Should -Be 'search_lost'
    }
}

Describe 'an installation of updates' {
    BeforeEach {
        $root = [IO.Path]::Combine($TestDrive, [Guid]::NewGuid().ToString('N'))
        $folder = [IO.Path]::Combine($root, 'Drydock', 'jobs', 'j1')
        [void] [IO.Directory]::CreateDirectory($folder)
        $safe = Get-SafeHost $root
        $calls = [IO.Path]::Combine($root, 'calls.txt')
        $agent = @{
            'New-AgentSession' = "''"
            'Get-AgentObject' = '[pscustomobject] @{ RebootRequired = $true }'
            'Receive-Update' = '$null'
            'Install-Update' = "param(`$Session, `$Update) [IO.File]::AppendAllText('$calls', `$Update.Title + ' '); " +
                '@{ result_code = 2; hresult = 0; reboot_required = $true; duration_ms = [long] 1; message = "" }'
        }
        function Install {
            param([string[]] $Wanted, [string[]] $Offered)
            $job = @{ schema_version = 1; job_id = 'j1'; service = 'default'; updates = $Wanted }
            [IO.File]::WriteAllText([IO.Path]::Combine($folder, 'job.json'), (ConvertTo-Json $job))
            $agent['Find-Updates'] = '[pscustomobject] @{ ResultCode = 2; Updates = @(' + ($Offered -join ', ') + ') }'
            Invoke-TaskScript run_updates @{ JobFolder = $folder } ($safe + $agent)
            (Invoke-ContractScript collect_updates @{ JobId = 'j1' } $safe).data
        }
        function Read-Calls { if ([IO.File]::Exists($calls)) { [IO.File]::ReadAllText($calls).Trim() } else { '' } }
    }

    It 'takes exactly what is listed, by identifier and revision' {
        $told = Install @("$one.200", "$two.199") @((New-OfferedText $one 'A'), (New-OfferedText $two 'B'))
        Read-Calls | Should -Be 'A'
        @($told.updates).Count | Should -Be 1
        $told.updates[0].state | Should -Be 'installed'
        $told.reboot_required | Should -BeTrue
    }
    It 'takes a servicing stack first and alone' {
        [void] (Install @("$one.200", "$two.200") @((New-OfferedText $one 'A'), (New-OfferedText $two 'B' $security 2)))
        Read-Calls | Should -Be 'B A'
    }
    It 'never takes <title>, whoever lists it' -ForEach @(
        @{ title = 'GDR for SQL Server 2019'; class = '0fa1201d-4330-4fa8-8ae9-b877473b6441' }
        @{ title = 'Upgrade'; class = '3689bdc8-b205-4af4-8d4a-a63924c5e9d5' }
        @{ title = 'Definitions'; class = 'e0789628-ce08-4437-be74-2495b842f43b' }
        @{ title = 'Feature update to a later version'; class = '0fa1201d-4330-4fa8-8ae9-b877473b6441' }
    ) {
        $told = Install @("$one.200") @((New-OfferedText $one $title $class))
        Read-Calls | Should -Be ''
        $told.updates[0].state | Should -Be 'barred'
    }
    It 'says of each update how it ended, and goes on after one that failed' {
        $agent['Install-Update'] = 'param($Session, $Update) $code = 2; if ($Update.Title -eq "A") { $code = 4 }; ' +
            '@{ result_code = $code; hresult = -2147024784; reboot_required = $false; duration_ms = [long] 1; message = "" }'
        $told = Install @("$one.200", "$two.200") @((New-OfferedText $one 'A'), (New-OfferedText $two 'B'))
        (@($told.updates) | ForEach-Object { $_.state }) -join ' ' | Should -Be 'install_failed installed'
        $told.updates[0].hresult | Should -Be -2147024784
    }
    It 'ends with the number of a search that failed' {
        $agent['Find-Updates'] = ''
        $job = @{ schema_version = 1; job_id = 'j1'; service = 'default'; updates = @("$one.200") }
        [IO.File]::WriteAllText([IO.Path]::Combine($folder, 'job.json'), (ConvertTo-Json $job))
        $agent['Find-Updates'] = "throw (New-Object System.Runtime.InteropServices.COMException 'no', -2145107924)"
        Invoke-TaskScript run_updates @{ JobFolder = $folder } ($safe + $agent)
        $status = Get-Content ([IO.Path]::Combine($folder, 'status.json')) -Raw | ConvertFrom-Json
        $status.state | Should -Be 'ended'
        $status.exit_code | Should -Be -2145107924
    }
    It 'begins once' {
        [void] (Install @("$one.200") @((New-OfferedText $one 'A')))
        Invoke-TaskScript run_updates @{ JobFolder = $folder } ($safe + $agent)
        Read-Calls | Should -Be 'A'
    }
    It 'is asked for by identifiers only' -ForEach @(
        '11111111-1111-1111-1111-111111111111', 'KB5044281', '11111111-1111-1111-1111-111111111111.200; calc'
    ) {
        [void] (Invoke-ContractScript take_claim @{ Console = 'PC'; RunId = 'a'; Epoch = 1 } $safe)
        $asked = @{ RunId = 'a'; Epoch = 1; JobId = 'j2'; Service = 'default'; Updates = @($_) }
        $quiet = @{ 'Get-SystemTask' = ''; 'Get-GroupPolicy' = "'Undefined'" }
        (Invoke-ContractScript start_updates $asked ($safe + $quiet)).error.code | Should -Be 'bad_update'
    }
}
