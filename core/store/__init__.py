"""The database: journal, tables derived from it, facts, plans, requests. SQLAlchemy lives here alone."""
