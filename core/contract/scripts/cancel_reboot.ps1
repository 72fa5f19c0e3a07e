# Takes back a restart that is scheduled and has not begun. It is proven by asking again: then none is left to take back.
param(
    [Parameter(Mandatory = $true)] [string] $RunId,
    [Parameter(Mandatory = $true)] [int] $Epoch,
    [Parameter(Mandatory = $true)] [string] $ExpectedBootId
)
# include: prelude.ps1

function Stop-Restart {
    $shutdown = [IO.Path]::Combine([Environment]::SystemDirectory, 'shutdown.exe')
    (Start-Process -FilePath $shutdown -ArgumentList '/a' -Wait -PassThru -WindowStyle Hidden).ExitCode
}

Invoke-Answer {
    Invoke-Alone {
        Assert-Claim $RunId $Epoch
        if ((Get-BootMarks).boot_id -ne $ExpectedBootId) { return @{ schema_version = 1; state = 'too_late' } }
        # 1116: no restart was scheduled. 1115: it is under way and cannot be stopped any more.
        $code = Stop-Restart
        if ($code -eq 1116) { return @{ schema_version = 1; state = 'none' } }
        if ($code -eq 1115) { return @{ schema_version = 1; state = 'too_late' } }
        if ($code -ne 0) { Stop-Script 'reboot_refused' "shutdown.exe /a answered $code" }
        if ((Stop-Restart) -ne 1116) { Stop-Script 'reboot_refused' 'a restart is still scheduled' }
        @{ schema_version = 1; state = 'cancelled' }
    }
}
