# Runs on the host as a task of SYSTEM, detached from every connection: checks the package, runs it, writes its status.
param([Parameter(Mandatory = $true)] [string] $JobFolder)
# include: prelude.ps1
# include: job_status.ps1

function Test-Signature {
    param([string] $Path, [string] $Signer)
    $signature = Get-AuthenticodeSignature -LiteralPath $Path
    ([string] $signature.Status) -eq 'Valid' -and ([string] $signature.SignerCertificate.Subject) -eq $Signer
}

function ConvertTo-Argument {
    # Quotes one argument by the rules with which Windows programs take their command line apart.
    param([string] $Text)
    if ($Text -ne '' -and $Text -notmatch '[\s"]') { return $Text }
    '"' + ($Text -replace '(\\*)"', '$1$1\"' -replace '(\\+)$', '$1$1') + '"'
}

function Start-Installer {
    param([string] $Path, [string[]] $Arguments, [string] $Folder)
    $start = New-Object System.Diagnostics.ProcessStartInfo
    $start.FileName = $Path
    $start.Arguments = (@($Arguments | ForEach-Object { ConvertTo-Argument $_ }) -join ' ')
    $start.WorkingDirectory = $Folder
    $start.UseShellExecute = $false
    $start.CreateNoWindow = $true
    $start.RedirectStandardOutput = $true
    $start.RedirectStandardError = $true
    [Diagnostics.Process]::Start($start)
}

function Test-SameSigner {
    # What comes out of a package is signed by the same party, though not always in the same words.
    param([string] $Path, [string] $Signer)
    $signature = Get-AuthenticodeSignature -LiteralPath $Path
    ([string] $signature.Status) -eq 'Valid' -and
        ([string] $signature.SignerCertificate.Subject -split ',')[0] -eq ($Signer -split ',')[0]
}

function Expand-Package {
    # Into our own folder, which goes with the package: by itself it takes the drive with the most room, where nobody looked
    # for space, and leaves there what it cannot remove. What does not unpack so is run as it is.
    param([string] $Path, [string] $Signer)
    $folder = [IO.Path]::Combine([IO.Path]::GetDirectoryName($Path), 'x')
    if ([IO.Directory]::Exists($folder)) { [IO.Directory]::Delete($folder, $true) }
    $unpacking = Start-Installer $Path @("/x:$folder", '/quiet') $JobFolder
    $reading = $unpacking.StandardOutput.ReadToEndAsync(), $unpacking.StandardError.ReadToEndAsync()
    $unpacking.WaitForExit()
    foreach ($one in $reading) { [void] (Read-Output $one) }
    $setup = [IO.Path]::Combine($folder, 'setup.exe')
    if ($unpacking.ExitCode -ne 0 -or -not [IO.File]::Exists($setup)) {
        Add-Message ('it unpacks itself: the attempt to do so ended with ' + $unpacking.ExitCode)
        return $Path
    }
    if (-not (Test-SameSigner $setup $Signer)) { Stop-Script 'bad_signature' "$setup is not signed by the package's signer" }
    $setup
}

function Read-Output {
    # A child that outlives the installer keeps the line open: its end is not waited for.
    param([Threading.Tasks.Task] $Reading)
    if (-not $Reading.Wait(10000)) { return '(not read: a child of the installer keeps its output open)' }
    $text = [string] $Reading.Result
    if ($text.Length -gt 4194304) { $text = $text.Substring($text.Length - 4194304) }
    $text
}

if (-not (Start-Once)) { return }
$job = Read-Json ([IO.Path]::Combine($JobFolder, 'job.json'))
$package = [string] $job.package
$status = New-Status ([string] $job.job_id)
$process = $null
$held = $null
try {
    Save-Status 'starting'
    # Writing and deleting are denied while the handle is held: what is checked is what is launched.
    $held = [IO.File]::Open($package, 'Open', 'Read', 'Read')
    $found = Get-Sha256 $held
    if ($found -ne [string] $job.sha256) { Stop-Script 'bad_hash' "the package's hash is $found" }
    if (-not (Test-Signature $package ([string] $job.signer))) {
        Stop-Script 'bad_signature' 'the package is not signed by the signer that was verified'
    }
    $program = $package
    if ($null -ne $job.PSObject.Properties['unpack'] -and [bool] $job.unpack) {
        $program = Expand-Package $package ([string] $job.signer)
    }
    $process = Start-Installer $program @($job.arguments | ForEach-Object { [string] $_ }) $JobFolder
}
catch {
    # Says that nothing ran: so it is written only as long as that is true.
    Add-Message $_.Exception.Message
    $status.ended_at = Format-Time ([datetime]::UtcNow)
    if ($null -ne $held) { $held.Dispose() }
    Save-Status 'refused'
    return
}

$output = $process.StandardOutput.ReadToEndAsync()
$errors = $process.StandardError.ReadToEndAsync()
try {
    $status.process_id = $process.Id
    $status.process_started_at = Format-Time $process.StartTime
    Save-Status 'running'
}
catch { Add-Message ('its start could not be noted: ' + $_.Exception.Message) }
# Whatever becomes of its status, an installer that was started is waited for.
$process.WaitForExit()
$status.exit_code = $process.ExitCode
$status.ended_at = Format-Time ([datetime]::UtcNow)
$held.Dispose()
try {
    $text = (Read-Output $output) + (Read-Output $errors)
    [IO.File]::WriteAllText([IO.Path]::Combine($JobFolder, 'output.txt'), $text, $Utf8)
}
catch { Add-Message ('its output could not be kept: ' + $_.Exception.Message) }
Save-Status 'ended'
