# Claims the host for one run, so that two consoles can't start two installers. Asking again renews it.
param(
    [Parameter(Mandatory = $true)] [string] $Console,
    [Parameter(Mandatory = $true)] [string] $RunId,
    [Parameter(Mandatory = $true)] [int] $Epoch
)
# include: prelude.ps1
# include: epochs.ps1

Invoke-Answer {
    Invoke-Alone {
        $held = Read-Claim
        $since = Format-Time ([datetime]::UtcNow)
        if ($null -ne $held) {
            if ($held.run_id -ne $RunId) {
                Stop-Script 'claimed' ('the host is claimed by run ' + $held.run_id + ' of console ' + $held.console +
                    ' since ' + $held.taken_at)
            }
            if ($held.epoch -gt $Epoch) {
                Stop-Script 'fenced' ('the claim was taken over: its epoch is ' + $held.epoch + ', not ' + $Epoch)
            }
            $since = $held.taken_at
        }
        Assert-Epoch $RunId $Epoch
        Save-Epoch $RunId $Epoch
        Write-Json (Get-ClaimPath) @{ console = $Console; run_id = $RunId; epoch = $Epoch; taken_at = $since }
        @{ schema_version = 1; renewed = ($null -ne $held) }
    }
}
