"""What the update agent's numbers mean: its HRESULTs in words, and its result codes."""

from dataclasses import dataclass

# Of a search, a download or an installation. Three is "with errors", and only two is a success.
SUCCEEDED = 2


@dataclass(frozen=True, slots=True)
class AgentMeaning:
    words: str
    hint: str = ""


_CODES: dict[int, AgentMeaning] = {
    0x80240016: AgentMeaning("another installation runs, or a restart must come first", "restart, then plan again"),
    0x80240017: AgentMeaning("the update does not apply to this host", "plan again"),
    0x8024001E: AgentMeaning("the update agent's service was stopping", "start it, then plan again"),
    0x8024001F: AgentMeaning("the host has no connection to the update service", "look at its network and proxy"),
    0x80240020: AgentMeaning("it wants a user who is logged on", "install this update by hand"),
    0x80240022: AgentMeaning("all updates failed", "look at each update"),
    0x80240024: AgentMeaning("there was nothing to install", "plan again"),
    0x8024002C: AgentMeaning("the component's source is absent", "repair the component store"),
    0x8024002E: AgentMeaning("policy lets the host use its own WSUS server only", 'set "service" to "managed"'),
    0x80240438: AgentMeaning("the update service cannot be reached", "look at the host's network, proxy and WSUS"),
    0x8024200B: AgentMeaning("the installer of the update failed", "CBS.log on the host tells why"),
    0x8024200D: AgentMeaning("the update must be downloaded again", "plan again"),
    0x80242014: AgentMeaning("the update is finished only after a restart", "restart, then assess"),
    0x80244022: AgentMeaning("the update service is overloaded", "try again later"),
    0x8024401C: AgentMeaning("the update service did not answer in time", "look at the WSUS server and the proxy"),
    0x8024402C: AgentMeaning("the name of the update service or of the proxy is not resolved", "look at DNS and proxy"),
    0x80248014: AgentMeaning(
        "the host does not know this update service", 'register Microsoft Update on it, or set "service" to "default"'
    ),
    0x80070005: AgentMeaning("access was denied", "look at the rights of SYSTEM and at security software"),
    0x8007000E: AgentMeaning("the host has too little memory", "free memory, then plan again"),
    0x8007045B: AgentMeaning("the host was shutting down", "when it is up, plan again"),
    0x80070422: AgentMeaning("the service wuauserv is disabled", "set it to start manually"),
    0x80070070: AgentMeaning("the disk is full", "free some space on the system drive"),
    0x80070643: AgentMeaning("the installer of the update ended with a fatal error", "CBS.log on the host tells why"),
    0x800F0922: AgentMeaning("the update could not be committed and was rolled back", "CBS.log on the host tells why"),
    0x80073712: AgentMeaning("the component store is damaged", "repair it with DISM /RestoreHealth"),
    0x80072EE2: AgentMeaning("the connection timed out", "look at the host's network and proxy"),
    0x80072EFD: AgentMeaning("no connection to the update service came about", "look at the host's network and proxy"),
    0x80072EE7: AgentMeaning("the name of the update service is not resolved", "look at the host's DNS"),
    0x00240005: AgentMeaning("a restart is required"),
}


def meaning_of(hresult: int) -> AgentMeaning:
    """In whichever form the number came."""
    return _CODES.get(hresult & 0xFFFFFFFF, AgentMeaning("a number that is not known", "look it up at Microsoft's"))


def spelled(hresult: int) -> str:
    return f"0x{hresult & 0xFFFFFFFF:08X}"


def in_words(hresult: int) -> str:
    """0x8024402C: the name of …"""
    return f"{spelled(hresult)}: {meaning_of(hresult).words}"
