"""Speaks to other computers: PowerShell remoting and ODBC. Vendor errors are translated here, once."""
