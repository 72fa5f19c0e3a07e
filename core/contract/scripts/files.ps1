# Reads the end of a file that somebody else may be writing.
function Get-TextEncoding {
    # By the mark at the file's beginning: setup and SQL Server write UTF-16, the job UTF-8.
    param([IO.Stream] $Stream)
    $first = $Stream.ReadByte()
    $second = $Stream.ReadByte()
    if ($first -eq 0xFF -and $second -eq 0xFE) { return [Text.Encoding]::Unicode }
    if ($first -eq 0xFE -and $second -eq 0xFF) { return [Text.Encoding]::BigEndianUnicode }
    $Utf8
}

function Read-Tail {
    param([string] $Path, [int] $MaxChars)
    if (-not $Path -or -not [IO.File]::Exists($Path)) { return '' }
    $stream = [IO.File]::Open($Path, 'Open', 'Read', 'ReadWrite, Delete')
    try {
        $encoding = Get-TextEncoding $stream
        # An even place, so that UTF-16 is not read shifted by one.
        $place = $stream.Length - 4 * [long] $MaxChars
        if ($place -gt 0) { $stream.Position = $place - $place % 2 } else { $stream.Position = 0 }
        $text = (New-Object System.IO.StreamReader($stream, $encoding)).ReadToEnd()
    }
    finally { $stream.Dispose() }
    if ($text.Length -gt $MaxChars) { $text = $text.Substring($text.Length - $MaxChars) }
    if ($text.Length -gt 0 -and [char]::IsLowSurrogate($text[0])) { $text = $text.Substring(1) }
    $text
}
