"""Names that appear on paper: Chinese always, English and Tibetan where a text has them."""

from sqlalchemy.orm import Mapped, mapped_column

from competition.core.formats import in_english


class Named:
    """A name in up to three languages. Tibetan is stored as it was written, never made by machine."""

    name_zh: Mapped[str] = mapped_column()
    name_en: Mapped[str | None] = mapped_column()
    name_bo: Mapped[str | None] = mapped_column()

    @property
    def name(self) -> str:
        """The name for whoever reads, in English where there is one. The record takes ``name_zh``."""
        return (self.name_en if in_english() else None) or self.name_zh
