# Says whether programs and services run: read, never changed.
param(
    [Parameter(Mandatory = $true)] [AllowEmptyCollection()] [string[]] $Processes,
    [Parameter(Mandatory = $true)] [AllowEmptyCollection()] [string[]] $Services
)
# include: prelude.ps1

function Get-ProcessNames {
    Get-CimInstance -ClassName Win32_Process | ForEach-Object { [string] $_.Name }
}
function Get-ServiceState {
    # Nothing where there is no such service.
    param([string] $Name)
    $service = Get-Service -Name $Name -ErrorAction SilentlyContinue
    if ($null -ne $service) { [string] $service.Status }
}

function Test-Running {
    # With or without ".exe": people write both.
    param([string[]] $Names, [string] $Wanted)
    ($Names -contains $Wanted) -or ($Names -contains ($Wanted + '.exe'))
}

Invoke-Answer {
    $names = @()
    if ($Processes.Count -gt 0) { $names = @(Get-ProcessNames) }
    @{
        schema_version = 1
        processes = @($Processes | ForEach-Object { @{ name = $_; running = (Test-Running $names $_) } })
        services = @($Services | ForEach-Object { @{ name = $_; state = [string] (Get-ServiceState $_) } })
    }
}
