# Brings back how each update of a job ended, as far as it came.
param([Parameter(Mandatory = $true)] [string] $JobId)
# include: prelude.ps1

function Format-Result {
    param($One)
    @{
        patch_id = [string] $One.patch_id; title = [string] $One.title; kb = [string] $One.kb
        class_id = [string] $One.class_id; state = [string] $One.state; downloaded = [bool] $One.downloaded
        result_code = [int] $One.result_code; hresult = [int] $One.hresult
        reboot_required = [bool] $One.reboot_required; duration_ms = [long] $One.duration_ms
        message = [string] $One.message
    }
}

Invoke-Answer {
    $answer = @{ schema_version = 1; hresult = 0; message = ''; reboot_required = $false; updates = @() }
    $job = Find-DrydockFolder 'jobs', $JobId
    if ($null -eq $job) { return $answer }
    $path = [IO.Path]::Combine($job, 'outcome.json')
    if (-not [IO.File]::Exists($path)) { return $answer }
    $outcome = Read-Json $path 4194304
    $answer.hresult = [int] $outcome.hresult
    $answer.message = [string] $outcome.message
    $answer.reboot_required = [bool] $outcome.reboot_required
    $answer.updates = @($outcome.updates | Where-Object { $null -ne $_ } | ForEach-Object { Format-Result $_ })
    $answer
}
