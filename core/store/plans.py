"""Plans and authorisations, as the documents they are."""

from sqlalchemy import insert, select

from core.model.authorisation import Authorisation
from core.model.document import canonical, to_document
from core.model.plan import Plan
from core.store.database import Database
from core.store.stored import stored
from core.store.tables import authorisations, plans


def keep_plan(database: Database, plan: Plan) -> None:
    text = canonical(to_document(plan)).decode()
    with database.write() as connection:
        connection.execute(insert(plans).values(id=plan.id, digest=plan.digest, made_at=plan.made_at, document=text))


def find_plans(database: Database, beginning: str) -> tuple[Plan, ...]:
    """The plans whose id begins so; "last" is the newest."""
    asked = select(plans.c.document).order_by(plans.c.made_at.desc(), plans.c.id.desc())
    asked = asked.limit(1) if beginning == "last" else asked.where(plans.c.id.startswith(beginning, autoescape=True))
    with database.read() as connection:
        return tuple(stored(Plan, document, "plan") for document in connection.execute(asked).scalars())


def with_digest(database: Database, digest: str) -> tuple[Plan, ...]:
    """The plans of exactly this content, the newest first."""
    asked = select(plans.c.document).where(plans.c.digest == digest).order_by(plans.c.made_at.desc(), plans.c.id.desc())
    with database.read() as connection:
        return tuple(stored(Plan, document, "plan") for document in connection.execute(asked).scalars())


def newest_plans(database: Database, most: int) -> tuple[Plan, ...]:
    """The newest first."""
    asked = select(plans.c.document).order_by(plans.c.made_at.desc(), plans.c.id.desc()).limit(most)
    with database.read() as connection:
        return tuple(stored(Plan, document, "plan") for document in connection.execute(asked).scalars())


def keep_authorisation(database: Database, authorisation: Authorisation) -> None:
    text = canonical(to_document(authorisation)).decode()
    values = {"id": authorisation.id, "plan_id": authorisation.plan_id, "granted_at": authorisation.granted_at}
    with database.write() as connection:
        connection.execute(insert(authorisations).values(document=text, **values))


def authorisations_of(database: Database, plan_id: str) -> tuple[Authorisation, ...]:
    """Newest first."""
    asked = select(authorisations.c.document).where(authorisations.c.plan_id == plan_id)
    with database.read() as connection:
        found = connection.execute(asked.order_by(authorisations.c.granted_at.desc())).scalars()
        return tuple(stored(Authorisation, document, "authorisation") for document in found)


def authorisation(database: Database, key: str) -> Authorisation:
    asked = select(authorisations.c.document).where(authorisations.c.id == key)
    with database.read() as connection:
        return stored(Authorisation, connection.execute(asked).scalar_one(), "authorisation")
