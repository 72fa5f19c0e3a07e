"""The names under which the fleet's process finds what it is given, and says what it offers."""

SCENARIO = "scenario.json"
ROOT_KEY = "root.pub"
AUTHORITY = "ca.pem"
LEDGER = "ledger.jsonl"
READY = "ready.json"
LOG = "fleet.log"

# The share that holds what the workspace has in hotfixes/.
SHARE = r"\\practice\hotfixes"

WINDOWS_ACCOUNT = "practice-windows"
SQL_ACCOUNT = "practice-sql"
