# Runs the contract's scripts as they are sent, with the functions around Windows calls replaced.

function Get-ReplacedText {
    # Every definition of a replaced function gives way, so that the script itself is the one that is sent.
    param([string] $Text, [hashtable] $Replacing)
    $tree = [System.Management.Automation.Language.Parser]::ParseInput($Text, [ref] $null, [ref] $null)
    $kind = [System.Management.Automation.Language.FunctionDefinitionAst]
    $found = @($tree.FindAll({ param($node) $node -is $kind -and $Replacing.ContainsKey($node.Name) }, $true))
    foreach ($missing in $Replacing.Keys | Where-Object { @($found.Name) -notcontains $_ }) {
        throw "no function $missing in the script"
    }
    foreach ($one in $found | Sort-Object { $_.Extent.StartOffset } -Descending) {
        $body = 'function ' + $one.Name + ' {' + $Replacing[$one.Name] + '}'
        $Text = $Text.Remove($one.Extent.StartOffset, $one.Extent.EndOffset - $one.Extent.StartOffset)
        $Text = $Text.Insert($one.Extent.StartOffset, $body)
    }
    $Text
}

function Get-SafeHost {
    # A host whose folders are as they should be, below the given one.
    param([string] $Root)
    @{
        'Get-ProgramData' = "'$Root'"
        'New-SecuredFolder' = 'param([string] $Path) [void] [IO.Directory]::CreateDirectory($Path)'
        'Get-FolderRights' = 'param([string] $Path) @{ owner = "S-1-5-18"; allowed = @("S-1-5-18", "S-1-5-32-544") }'
    }
}

function Invoke-ContractScript {
    # The answer as an object. Exactly one document is an answer; anything else fails the test.
    param([string] $Name, [hashtable] $Parameters = @{}, [hashtable] $Replacing = @{}, [object[]] $Content)
    $text = [IO.File]::ReadAllText([IO.Path]::Combine($env:DRYDOCK_SCRIPTS, "$Name.ps1"))
    $script = [scriptblock]::Create((Get-ReplacedText $text $Replacing))
    if ($null -eq $Content) { $written = @(& $script @Parameters) }
    else { $written = @($Content | & $script @Parameters) }
    if ($written.Count -ne 1) { throw "$($written.Count) answers of $Name instead of one" }
    ConvertFrom-Json $written[0]
}

function Invoke-TaskScript {
    # What runs as a task: it answers nobody, and leaves files.
    param([string] $Name, [hashtable] $Parameters, [hashtable] $Replacing = @{})
    $text = [IO.File]::ReadAllText([IO.Path]::Combine($env:DRYDOCK_SCRIPTS, "$Name.ps1"))
    [void] (& ([scriptblock]::Create((Get-ReplacedText $text $Replacing))) @Parameters)
}

Export-ModuleMember -Function Get-SafeHost, Invoke-ContractScript, Invoke-TaskScript
