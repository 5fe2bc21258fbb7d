"""Where a place stands in the tree; the months of a year. Pure."""

from dataclasses import dataclass

HOME_PROVINCE = "630000"
# The key of a participant who turned out to be another one: the number itself follows.
FORMER = "former:"


@dataclass(frozen=True)
class Places:
    """A division and the two above it. Outside of the home province the prefecture is the province."""

    region: str
    prefecture: str
    province: str


def places(region_code: str | None) -> Places:
    """The three levels of a region code; unknown places count as the home province itself."""
    code = region_code or HOME_PROVINCE
    province = code[:2] + "0000"
    if province != HOME_PROVINCE:
        return Places(code, province, province)
    return Places(code, code[:4] + "00", province)


def months_of(year: int) -> list[str]:
    """The twelve periods of a year."""
    return [f"{year}-{month:02d}" for month in range(1, 13)]
