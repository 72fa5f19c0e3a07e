# Restarts the host once: only while it is still on the boot that the console saw, and no job of ours is at work.
param(
    [Parameter(Mandatory = $true)] [string] $RunId,
    [Parameter(Mandatory = $true)] [int] $Epoch,
    [Parameter(Mandatory = $true)] [string] $ExpectedBootId,
    [Parameter(Mandatory = $true)] [ValidateRange(0, 604800)] [int] $DelaySeconds
)
# include: prelude.ps1
# include: system_task.ps1
# include: jobs.ps1

function Start-Restart {
    # Planned, operating system, hot fix: so it is found in the System log.
    param([int] $Seconds)
    $shutdown = [IO.Path]::Combine([Environment]::SystemDirectory, 'shutdown.exe')
    $line = "/r /f /t $Seconds /d p:2:17"
    $process = Start-Process -FilePath $shutdown -ArgumentList $line -Wait -PassThru -WindowStyle Hidden
    $process.ExitCode
}

function Suspend-Protection {
    # BitLocker asks nobody for a key at this one start, and is on again after it. Where it is not installed there is none.
    try {
        $volumes = @(Get-CimInstance -Namespace 'root\cimv2\Security\MicrosoftVolumeEncryption' `
            -ClassName Win32_EncryptableVolume -Filter "DriveLetter = '$env:SystemDrive'")
    }
    catch {
        if ($_.FullyQualifiedErrorId -like 'HRESULT 0x8004100e*') { return }
        throw
    }
    foreach ($volume in $volumes) {
        if ([int] $volume.ProtectionStatus -ne 1) { continue }
        $done = Invoke-CimMethod -InputObject $volume -MethodName DisableKeyProtectors -Arguments @{ DisableCount = [uint32] 1 }
        if ([int] $done.ReturnValue -ne 0) { Stop-Script 'reboot_refused' "BitLocker cannot be suspended: $($done.ReturnValue)" }
    }
}

Invoke-Answer {
    Invoke-Alone {
        Assert-Claim $RunId $Epoch
        $marks = Get-BootMarks
        if ($marks.boot_id -ne $ExpectedBootId) { return @{ schema_version = 1; state = 'already' } }
        $job = Find-AliveJob
        if ($null -ne $job) { Stop-Script 'job_running' "job $job is still running" }
        Suspend-Protection
        $code = Start-Restart $DelaySeconds
        # 1190, one is scheduled, and 1115, one is under way: somebody was first, and that is as good.
        if ($code -notin 0, 1190, 1115) { Stop-Script 'reboot_refused' "shutdown.exe answered $code" }
        @{ schema_version = 1; state = 'requested' }
    }
}
