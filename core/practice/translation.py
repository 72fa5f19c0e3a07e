"""T-SQL in the words of SQLite. What is neither a question nor a setting is refused, lest it seem to have been done."""

from functools import lru_cache

import sqlglot
from sqlglot import expressions as sql

from core.practice.tds.server import SqlError

_TYPES = {
    "NVARCHAR": "nvarchar",
    "VARCHAR": "nvarchar",
    "INT": "int",
    "BIGINT": "bigint",
    "BIT": "bit",
    "DATETIME": "datetime",
}
# What drivers say about the connection itself: it changes nothing that anybody could ask for.
_SETTINGS = (sql.Set, sql.Use, sql.Transaction, sql.Commit, sql.Rollback)
_WORDS_OF_SETTINGS = ("SET ", "IF @@TRANCOUNT ")


@lru_cache(256)
def translated(text: str) -> tuple[tuple[str | None, tuple[str | None, ...]], ...]:
    """Each statement in SQLite's words with the types it casts to; None for settings, which do nothing here.

    Raises SqlError."""
    try:
        statements = sqlglot.parse(text, read="tsql")
    except RecursionError:
        raise SqlError(191, "Some part of your SQL statement is nested too deeply.", 15) from None
    except sqlglot.errors.SqlglotError as wrong:
        raise SqlError(102, f"Incorrect syntax: {str(wrong).splitlines()[0]}", 15) from None
    return tuple(_translate(statement) for statement in statements if statement is not None)


def _translate(statement: sql.Expr) -> tuple[str | None, tuple[str | None, ...]]:
    if not isinstance(statement, sql.Query):
        _assert_setting(statement)
        return None, ()
    for table in statement.find_all(sql.Table):
        name = "__".join(part.name.lower() for part in table.parts)
        alias = table.alias
        table.replace(sql.to_table(name) if not alias else sql.to_table(name).as_(alias))
    for difference in list(statement.find_all(sql.DateDiff)):
        unit, since, until = sql.Literal.string(difference.text("unit")), difference.expression, difference.this
        difference.replace(sql.Anonymous(this="DATEDIFF", expressions=[unit, since, until]))
    for now in list(statement.find_all(sql.CurrentTimestamp)):
        now.replace(sql.Anonymous(this="GETDATE"))
    if statement.is_star:
        raise SqlError(102, "This engine knows no *: name the columns.", 15)
    types = tuple(_cast_type(expression.unalias()) for expression in statement.selects)
    return statement.sql("sqlite"), types


def _assert_setting(statement: sql.Expr) -> None:
    said = statement.sql("tsql")
    if not isinstance(statement, _SETTINGS) and not said.upper().startswith(_WORDS_OF_SETTINGS):
        raise SqlError(40517, f"This engine answers questions and does not do this: {said[:80]}")


def _cast_type(expression: sql.Expr) -> str | None:
    return _TYPES.get(expression.to.this.name) if isinstance(expression, sql.Cast) else None
