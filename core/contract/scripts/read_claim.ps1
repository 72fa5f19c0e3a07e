# Says who holds the host, and which job of ours is still at work on it.
param()
# include: prelude.ps1
# include: system_task.ps1
# include: jobs.ps1

Invoke-Answer {
    $answer = @{
        schema_version = 1; claimed = $false; run_id = ''; console = ''; epoch = 0; taken_at = $null; job = $null
    }
    $claim = Read-Claim
    if ($null -ne $claim) {
        $answer.claimed = $true
        $answer.run_id = $claim.run_id
        $answer.console = $claim.console
        $answer.epoch = $claim.epoch
        $answer.taken_at = $claim.taken_at
    }
    $answer.job = Find-AliveJob
    $answer
}
