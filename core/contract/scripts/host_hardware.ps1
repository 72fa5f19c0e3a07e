# The machine below the system: processors, memory, whose hypervisor, which volumes are encrypted, who sits there.
function Get-Computer {
    Get-CimInstance -ClassName Win32_ComputerSystem
}
function Get-EncryptableVolumes {
    Get-CimInstance -Namespace 'root\cimv2\Security\MicrosoftVolumeEncryption' -ClassName Win32_EncryptableVolume
}
function Get-DesktopOwners {
    # Who has a desktop open. quser answers in the system's language, and old logon sessions stay listed.
    foreach ($process in @(Get-CimInstance -ClassName Win32_Process -Filter "Name = 'explorer.exe'")) {
        # One that ends while we look has no owner any more.
        try { $owner = Invoke-CimMethod -InputObject $process -MethodName GetOwner } catch { continue }
        if ($owner.ReturnValue -eq 0) { $owner.Domain + '\' + $owner.User }
    }
}

function Get-Hypervisor {
    # By what the firmware says of itself; empty on bare metal.
    param([string] $Manufacturer, [string] $Model)
    $told = "$Manufacturer $Model"
    if ($told -match 'VMware') { return 'VMware' }
    if ($told -match 'Microsoft Corporation.*Virtual') { return 'Hyper-V' }
    if ($told -match 'QEMU|KVM|oVirt|RHEV|Nutanix|OpenStack') { return 'KVM' }
    if ($told -match 'Xen') { return 'Xen' }
    if ($told -match 'Amazon EC2') { return 'Amazon EC2' }
    if ($told -match 'Google') { return 'Google' }
    if ($told -match 'innotek|VirtualBox') { return 'VirtualBox' }
    ''
}

function Get-Hardware {
    param($Computer, $System)
    @{
        manufacturer = [string] $Computer.Manufacturer
        model = [string] $Computer.Model
        hypervisor = (Get-Hypervisor ([string] $Computer.Manufacturer) ([string] $Computer.Model))
        processors = [int] $Computer.NumberOfLogicalProcessors
        memory_bytes = [long] $Computer.TotalPhysicalMemory
        memory_free_bytes = [long] $System.FreePhysicalMemory * 1024
    }
}

function Get-Protections {
    # BitLocker by drive. 1 is on, 0 off; 2 is a volume that is locked. Where the feature is not installed nothing is on.
    $found = @{ asked = $true }
    try {
        foreach ($one in @(Get-EncryptableVolumes)) {
            $found[[string] $one.DriveLetter] = @('off', 'on', 'unknown')[[int] $one.ProtectionStatus]
        }
    }
    catch { if ($_.FullyQualifiedErrorId -notlike 'HRESULT 0x8004100e*') { $found.asked = $false } }
    $found
}

function Get-Protection {
    param([hashtable] $Protections, [string] $Drive)
    if ($Protections.ContainsKey($Drive)) { return $Protections[$Drive] }
    if ($Protections.asked) { 'off' } else { 'unknown' }
}
