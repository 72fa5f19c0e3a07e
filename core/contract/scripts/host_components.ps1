# What of SQL Server is installed beside the engines: Analysis, Reporting and Integration Services.
function Get-Component {
    param([string] $Kind, [string] $Name, [string] $Key)
    $build = Get-RegistryValue $Key 'PatchLevel'
    if (-not $build) { $build = Get-RegistryValue $Key 'Version' }
    @{ kind = $Kind; name = $Name; build = [string] $build }
}

function Get-SqlComponents {
    $root = 'HKLM:\SOFTWARE\Microsoft\Microsoft SQL Server'
    $kinds = @{ 'OLAP' = 'SSAS'; 'RS' = 'SSRS' }
    foreach ($product in 'OLAP', 'RS') {
        foreach ($name in Get-ValueNames "$root\Instance Names\$product") {
            $id = Get-RegistryValue "$root\Instance Names\$product" $name
            Get-Component $kinds[$product] ([string] $name) "$root\$id\Setup"
        }
    }
    foreach ($version in '110', '120', '130', '140', '150', '160', '170') {
        $key = "$root\$version\DTS\Setup"
        if (Test-Key $key) { Get-Component 'SSIS' $version $key }
    }
}
