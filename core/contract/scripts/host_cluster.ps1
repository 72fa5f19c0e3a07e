# The failover cluster that the host is a node of: nodes with their votes, and who owns which SQL Server.
function Test-ClusterNode {
    Test-Path -LiteralPath 'HKLM:\Cluster'
}
function Get-ClusterObjects {
    param([string] $Class, [string] $Filter)
    if ($Filter) { return Get-CimInstance -Namespace 'root\MSCluster' -ClassName $Class -Filter $Filter }
    Get-CimInstance -Namespace 'root\MSCluster' -ClassName $Class
}
function Get-PossibleOwners {
    param($Resource)
    Get-CimAssociatedInstance -InputObject $Resource -Association MSCluster_ResourceToPossibleOwner |
        ForEach-Object { [string] $_.Name }
}

function Get-SqlRoles {
    foreach ($resource in @(Get-ClusterObjects 'MSCluster_Resource' "Type = 'SQL Server'")) {
        @{
            name = [string] $resource.OwnerGroup
            instance = [string] $resource.PrivateProperties.InstanceName
            owner = [string] $resource.OwnerNode
            possible_owners = @(Get-PossibleOwners $resource)
        }
    }
}

function Get-ClusterState {
    # Null where the host is no node. A node whose cluster service is down cannot say who owns what: that is said.
    if (-not (Test-ClusterNode)) { return $null }
    try {
        $cluster = @(Get-ClusterObjects 'MSCluster_Cluster' '')[0]
        @{
            name = [string] $cluster.Name
            witness_votes = [int] $cluster.WitnessDynamicWeight
            nodes = @(Get-ClusterObjects 'MSCluster_Node' '' | ForEach-Object {
                @{ name = [string] $_.Name; up = ([int] $_.State -eq 0); votes = [int] $_.NodeWeight } })
            sql_roles = @(Get-SqlRoles)
            trouble = ''
        }
    }
    catch {
        @{ name = ''; witness_votes = 0; nodes = @(); sql_roles = @(); trouble = [string] $_.Exception.Message }
    }
}
