"""Whole cycles against the practice fleet, its ledger the judge."""
