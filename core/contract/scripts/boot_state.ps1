# Says which boot the host is on and whether it is ready: servicing at rest, automatic SQL services up.
param()
# include: prelude.ps1

function Get-SqlServices {
    Get-CimInstance -ClassName Win32_Service -Filter "Name LIKE '%SQL%' AND StartMode = 'Auto'"
}
function Get-ServicingState {
    $key = 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing\Interface'
    $value = Get-ItemProperty -LiteralPath $key -Name ServicingInProgress -ErrorAction SilentlyContinue
    if ($null -ne $value) { [int] $value.ServicingInProgress } else { 0 }
}

Invoke-Answer {
    $waiting = @(Get-SqlServices | Where-Object { $_.State -ne 'Running' } | ForEach-Object { [string] $_.Name })
    @{
        schema_version = 1
        host_time = (Format-Time ([datetime]::UtcNow))
        boot = (Get-BootMarks)
        servicing_busy = ((Get-ServicingState) -eq 2)
        services_waiting = $waiting
    }
}
