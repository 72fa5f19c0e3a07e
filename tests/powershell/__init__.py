"""Pester suites, run where PowerShell is."""
