"""What a new workspace starts from: sample configuration, JSON Schemas and the default policy."""
