# Scheduled tasks of SYSTEM, in a folder of our own: what runs in one outlives the connection.
function Get-GroupPolicy {
    # What a group policy says about script files; it overrides the parameter of powershell.exe.
    [string] (Get-ExecutionPolicy -Scope MachinePolicy)
}
function Assert-TaskScripts {
    $policy = Get-GroupPolicy
    if ($policy -in 'AllSigned', 'Restricted') {
        Stop-Script 'execution_policy' "a group policy sets $policy, so the job's script cannot run"
    }
}
function Get-SystemTask {
    # Ours by that name. A task or folder that is not there is no trouble; a scheduler that can't be asked is.
    param([string] $Id)
    try { Get-ScheduledTask -TaskPath '\Drydock\' -TaskName $Id -ErrorAction Stop }
    catch { if ($_.FullyQualifiedErrorId -notlike 'CmdletizationQuery_NotFound*') { throw } }
}
function Register-SystemTask {
    # Runs a script of the folder, which is told where it lies. It does not work in there: while it ends, the folder could
    # not be removed.
    param([string] $Id, [string] $Folder, [string] $Script, [string] $FolderParameter)
    $powershell = [IO.Path]::Combine([Environment]::SystemDirectory, 'WindowsPowerShell\v1.0\powershell.exe')
    $path = [IO.Path]::Combine($Folder, $Script)
    $line = '-NoProfile -NonInteractive -ExecutionPolicy Bypass -File "{0}" -{1} "{2}"' -f $path, $FolderParameter, $Folder
    $action = New-ScheduledTaskAction -Execute $powershell -Argument $line
    $principal = New-ScheduledTaskPrincipal -UserId 'S-1-5-18' -LogonType ServiceAccount -RunLevel Highest
    # Priority 7, which tasks have by default, throttles processor, memory and disk: an installer takes far longer.
    $settings = New-ScheduledTaskSettingsSet -AllowStartIfOnBatteries -DontStopIfGoingOnBatteries `
        -ExecutionTimeLimit ([TimeSpan]::Zero) -MultipleInstances IgnoreNew -Priority 4
    [void] (Register-ScheduledTask -TaskPath '\Drydock\' -TaskName $Id -Action $action -Principal $principal -Settings $settings)
}
function Start-SystemTask {
    param([string] $Id)
    Start-ScheduledTask -TaskPath '\Drydock\' -TaskName $Id
}
function Stop-SystemTask {
    # Ends what runs in it and takes it away. Never for an installer.
    param([string] $Id)
    if (@(Get-SystemTask $Id).Count -eq 0) { return }
    Stop-ScheduledTask -TaskPath '\Drydock\' -TaskName $Id
    Unregister-SystemTask $Id
}
function Unregister-SystemTask {
    param([string] $Id)
    Unregister-ScheduledTask -TaskPath '\Drydock\' -TaskName $Id -Confirm:$false
}
