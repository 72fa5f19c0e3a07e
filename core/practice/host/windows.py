"""The Windows versions that imaginary hosts run."""

OS_VERSIONS: dict[str, tuple[str, str, int]] = {
    "windows-2016": ("Microsoft Windows Server 2016 Standard", "10.0.14393", 8066),
    "windows-2019": ("Microsoft Windows Server 2019 Standard", "10.0.17763", 7314),
    "windows-2022": ("Microsoft Windows Server 2022 Standard", "10.0.20348", 3692),
    "windows-2025": ("Microsoft Windows Server 2025 Standard", "10.0.26100", 4061),
}
