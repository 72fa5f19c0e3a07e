"""SQL Server's wire protocol, TDS 7.1 to 7.4, from the server's side."""
