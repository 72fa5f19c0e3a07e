# Where setup of SQL Server writes its logs.
function Get-BootstrapFolder {
    # Setup's own folder can be on another drive: the registry knows.
    param([string] $Folder)
    $key = "HKLM:\SOFTWARE\Microsoft\Microsoft SQL Server\$Folder\Bootstrap"
    $setup = Get-ItemProperty -LiteralPath $key -Name BootstrapDir -ErrorAction SilentlyContinue
    if ($null -ne $setup) { [string] $setup.BootstrapDir }
}
function Get-ProgramFolder {
    [Environment]::GetFolderPath('ProgramFiles')
}

function Get-SetupLogFolders {
    # Of one version, as the registry and as custom have it.
    param([string] $Folder)
    $usual = [IO.Path]::Combine((Get-ProgramFolder), 'Microsoft SQL Server', $Folder, 'Setup Bootstrap')
    foreach ($place in @(Get-BootstrapFolder $Folder) + @($usual)) {
        if ($place) { [IO.Path]::Combine($place, 'Log') }
    }
}
