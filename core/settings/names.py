"""The file that makes a folder a workspace."""

AUDIT_CONFIG = "config/audit_config.json"
