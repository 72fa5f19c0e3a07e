"""The updates of SQL Server that practice workspaces map."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SqlUpdate:
    """An update that practice workspaces map: real builds and KB numbers, imaginary packages."""

    family: str
    before: str
    target: str
    kb: str
    title: str
    minimum: str | None = None
    """The service pack that has to be there first."""

    @property
    def filename(self) -> str:
        return f"SQLServer{self.family}-KB{self.kb}-x64.exe"


# Builds and KB numbers as the public reference has them; it leaves out the last number of a build.
SQL_UPDATES: dict[str, SqlUpdate] = {
    update.family: update
    for update in (
        SqlUpdate(
            family="2016",
            before="13.0.6430.1",
            target="13.0.6435.1",
            kb="5029186",
            title="Security update for SQL Server 2016 SP3",
            minimum="13.0.6300.2",
        ),
        SqlUpdate(
            family="2017",
            before="14.0.3436.1",
            target="14.0.3456.2",
            kb="5016884",
            title="CU31 for SQL Server 2017",
        ),
        SqlUpdate(
            family="2019",
            before="15.0.4385.2",
            target="15.0.4430.1",
            kb="5054833",
            title="CU32 for SQL Server 2019",
        ),
        SqlUpdate(
            family="2022",
            before="16.0.4135.4",
            target="16.0.4185.3",
            kb="5050771",
            title="CU18 for SQL Server 2022",
        ),
        SqlUpdate(
            family="2025",
            before="17.0.4015.1",
            target="17.0.4025.1",
            kb="5077896",
            title="CU3 for SQL Server 2025",
        ),
    )
}
