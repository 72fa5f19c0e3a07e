# Shared by what asks the Windows Update Agent as SYSTEM: which service, what it offers, and what is never taken.
function Get-AgentObject {
    param([string] $Name)
    New-Object -ComObject "Microsoft.Update.$Name"
}
function Get-ManagedServer {
    # The address of the WSUS server that a group policy names, or nothing.
    $key = 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\WindowsUpdate'
    $use = Get-ItemProperty -LiteralPath "$key\AU" -Name UseWUServer -ErrorAction SilentlyContinue
    $server = Get-ItemProperty -LiteralPath $key -Name WUServer -ErrorAction SilentlyContinue
    if ($null -eq $use -or [int] $use.UseWUServer -ne 1 -or $null -eq $server) { return '' }
    [string] $server.WUServer
}

# What the agent calls them: ServerSelection, and the service's id. The default is what the host itself is set to.
$Services = @{
    default = @{ selection = 0; id = '' }
    managed = @{ selection = 1; id = '3da21691-e39d-4da6-8a4b-b43877bcb1b7' }
    windows_update = @{ selection = 2; id = '9482f4b4-e343-43b6-b170-9a65bc822c77' }
    microsoft_update = @{ selection = 3; id = '7971f918-a847-4430-9279-4a52d1efe18d' }
}

# Definitions, feature packs and upgrades, by the id of their class: its name comes in the host's language.
$NeverClasses = @(
    'e0789628-ce08-4437-be74-2495b842f43b'
    'b54e7d24-7add-428f-8b75-90a396fa584f'
    '3689bdc8-b205-4af4-8d4a-a63924c5e9d5'
)

function Get-AgentError {
    # The agent's own number lies innermost: PowerShell wraps it.
    param([Exception] $Why)
    [int] $Why.GetBaseException().HResult
}

function New-AgentSession {
    # In English, so that titles can be read by rules; where there is no English title it is the host's.
    $session = Get-AgentObject 'Session'
    $session.ClientApplicationID = 'Drydock'
    $session.UserLocale = 1033
    $session
}

function Get-ServiceAsked {
    # Who it is that answers: asking the default says nothing of that.
    param([string] $Service)
    $server = Get-ManagedServer
    $asked = $Services[$Service].id
    $told = @{ id = $asked; name = $Service; server = '' }
    foreach ($one in (Get-AgentObject 'ServiceManager').Services) {
        $id = ([string] $one.ServiceID).ToLowerInvariant()
        if ($id -ne $asked -and -not ($Service -eq 'default' -and [bool] $one.IsDefaultAUService)) { continue }
        $told.id = $id
        $told.name = [string] $one.Name
    }
    if ($told.id -eq $Services.managed.id) { $told.server = $server }
    $told
}

function Find-Updates {
    # What is missing and what is there, in one search; "or" may only stand outermost.
    param($Session, [string] $Service)
    $searcher = $Session.CreateUpdateSearcher()
    $searcher.ServerSelection = $Services[$Service].selection
    if ($Services[$Service].selection -eq 3) { $searcher.ServiceID = $Services[$Service].id }
    $searcher.Online = $true
    $searcher.Search('IsInstalled=0 and IsHidden=0 or IsInstalled=1 and IsHidden=0')
}

function Get-Texts {
    # A list of the agent's may be nothing at all.
    param($List)
    if ($null -ne $List) { foreach ($one in $List) { [string] $one } }
}

function Get-PatchId {
    param($Update)
    ([string] $Update.Identity.UpdateID).ToLowerInvariant() + '.' + [int] $Update.Identity.RevisionNumber
}

function Get-Class {
    # Of an update's categories the one that is its class, or nothing.
    param($Update)
    foreach ($one in $Update.Categories) { if ([string] $one.Type -eq 'UpdateClassification') { return $one } }
    $null
}

function Test-Exclusive {
    # To be installed alone and first, as a servicing stack is.
    param($Update)
    $null -ne $Update.InstallationBehavior -and [int] $Update.InstallationBehavior.Impact -eq 2
}

function Get-Bar {
    # Why this update is never installed this way, or nothing. Whoever planned it was told the same: this is the second guard.
    param($Update)
    $class = Get-Class $Update
    if ($null -ne $class -and $NeverClasses -contains ([string] $class.CategoryID).ToLowerInvariant()) {
        return 'upgrades, feature packs and definitions are never installed here'
    }
    $names = @([string] $Update.Title) + @(foreach ($one in $Update.Categories) { [string] $one.Name })
    if (@($names -match '\bSQL\s*Server\b').Count -gt 0) { return 'SQL Server is patched by its mapping alone' }
    if ([string] $Update.Title -match '\b(feature|definition|security intelligence) update\b') {
        return 'upgrades and definitions are never installed here'
    }
    $null
}
