# Stops or starts services, each with those that depend on it, in the order that their dependencies ask for.
param(
    [Parameter(Mandatory = $true)] [string] $RunId,
    [Parameter(Mandatory = $true)] [int] $Epoch,
    [Parameter(Mandatory = $true)] [ValidateSet('stop', 'start')] [string] $Action,
    [Parameter(Mandatory = $true)] [string[]] $Names,
    [Parameter(Mandatory = $true)] [ValidateRange(1, 600)] [int] $WaitSeconds
)
# include: prelude.ps1
# include: system_task.ps1
# include: jobs.ps1

function Get-ServiceFacts {
    # Null where there is no such service.
    param([string] $Name)
    $service = Get-Service -Name $Name -ErrorAction SilentlyContinue
    if ($null -eq $service) { return $null }
    @{
        state = [string] $service.Status
        needs = @($service.ServicesDependedOn | ForEach-Object { [string] $_.Name })
        needed_by = @($service.DependentServices | ForEach-Object { [string] $_.Name })
    }
}
function Send-ServiceOrder {
    # What is already as it should be, or on its way, is no trouble.
    param([string] $Name, [string] $Action)
    if ($Action -eq 'stop') { Stop-Service -Name $Name -Force -NoWait } else { Start-Service -Name $Name }
}

function Add-InOrder {
    # Depth first: what has to come before a service is added before it. Names that were seen end a circle.
    param([string] $Name, [hashtable] $Seen, [Collections.ArrayList] $Order)
    if ($Seen.ContainsKey($Name)) { return }
    $Seen[$Name] = $true
    $facts = Get-ServiceFacts $Name
    if ($null -eq $facts) { Stop-Script 'no_service' "there is no service $Name" }
    if ($Action -eq 'stop') {
        # Only what runs depends on it now; the rest stays as it is.
        foreach ($other in $facts.needed_by) {
            if ((Get-ServiceFacts $other).state -ne 'Stopped') { Add-InOrder $other $Seen $Order }
        }
    }
    else { foreach ($other in $facts.needs) { Add-InOrder $other $Seen $Order } }
    [void] $Order.Add($Name)
}

function Wait-ForState {
    param([string] $Name, [string] $Wanted, [datetime] $Until)
    while ($true) {
        $state = (Get-ServiceFacts $Name).state
        if ($state -eq $Wanted -or [datetime]::UtcNow -ge $Until) { return $state }
        Wait-Turn
    }
}

Invoke-Answer {
    Invoke-Alone {
        Assert-Claim $RunId $Epoch
        $job = Find-AliveJob
        if ($null -ne $job) { Stop-Script 'job_running' "job $job is still running" }
        $order = New-Object System.Collections.ArrayList
        $seen = @{}
        foreach ($name in $Names) { Add-InOrder $name $seen $order }
        $wanted = @{ stop = 'Stopped'; start = 'Running' }[$Action]
        $until = [datetime]::UtcNow.AddSeconds($WaitSeconds)
        $told = @()
        $going = $true
        foreach ($name in $order) {
            $before = (Get-ServiceFacts $name).state
            $after = $before
            # After one that does not follow, nothing further is touched: what comes next relies on it.
            if ($going -and $before -ne $wanted) {
                Send-ServiceOrder $name $Action
                $after = Wait-ForState $name $wanted $until
                $going = $after -eq $wanted
            }
            $told += @{ name = $name; before = $before; after = $after }
        }
        @{ schema_version = 1; complete = $going; services = @($told) }
    }
}
