# Shared by the scripts around the claim: the last epoch of each run that was seen here. It outlives the claim, so that
# a process that was frozen and wakes after its successor has given the host back cannot take it once more.
function Get-EpochPath {
    param([string] $Folder, [string] $RunId)
    if ($RunId -notmatch '\A[A-Za-z0-9_-]{1,80}\z') { Stop-Script 'bad_name' "'$RunId' cannot be the id of a run" }
    [IO.Path]::Combine($Folder, $RunId + '.json')
}

function Assert-Epoch {
    # Refused for whoever was replaced since.
    param([string] $RunId, [int] $Epoch)
    $folder = Find-DrydockFolder 'epochs'
    if ($null -eq $folder) { return }
    $path = Get-EpochPath $folder $RunId
    if (-not [IO.File]::Exists($path)) { return }
    $last = [int] (Read-Json $path).epoch
    if ($last -gt $Epoch) { Stop-Script 'fenced' ('the run was taken over: its epoch is ' + $last + ', not ' + $Epoch) }
}

function Save-Epoch {
    # Those of the fifty runs that were here last are kept.
    param([string] $RunId, [int] $Epoch)
    $folder = Get-DrydockFolder 'epochs'
    Write-Json (Get-EpochPath $folder $RunId) @{ schema_version = 1; epoch = $Epoch }
    $files = @([IO.Directory]::GetFiles($folder) | Sort-Object { [IO.File]::GetLastWriteTimeUtc($_) } -Descending)
    foreach ($old in @($files | Select-Object -Skip 50)) { [IO.File]::Delete($old) }
}
