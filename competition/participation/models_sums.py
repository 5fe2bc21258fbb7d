"""What returns brought besides people, added up by place and month so that a page need not read every return."""

from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from competition.core.database import Model


class MeasureSum(Model):
    """The measures of the returns that count, of one scope (rules_scopes) and month."""

    __unaudited__ = "Derived: sums over returns, made anew with each roll-up."
    scope_code: Mapped[str] = mapped_column(primary_key=True)
    month: Mapped[int] = mapped_column(primary_key=True)
    measures: Mapped[dict[str, Any]]
