"""What a tablet says of itself. Its own word: it decides nothing, it is shown."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any


@dataclass(frozen=True)
class TabletSays:
    """One report.

    ``pending``: events not yet sent, ``held``: how many of them by work; ``last_made``: the highest number it has made;
    ``stuck``: events by work that the server neither took nor keeps aside and that nothing later replaced, None from a page that does
    not say;
    ``skew_s``: how far its clock is ahead, in seconds; ``battery``: 0 to 100; ``ready``: what preparing for a start without network
    has shown, {ok, checks: {name: ok|warn|bad}, rounds: [{id, rulebook, works_tag}]}, or None: nothing new.
    """

    pending: int | None = None
    last_made: int | None = None
    skew_s: int | None = None
    app_version: str = ""
    battery: int | None = None
    charging: bool | None = None
    held: Mapping[str, int] = field(default_factory=dict)
    ready: Mapping[str, Any] | None = None
    stuck: Mapping[str, int] | None = field(default_factory=dict)

    def columns(self) -> dict[str, Any]:
        """What is kept of every report; ``ready`` is kept until the tablet says otherwise."""
        return {"pending": self.pending, "last_made": self.last_made, "skew_s": self.skew_s, "app_version": self.app_version,
                "battery": self.battery, "charging": self.charging, "held": dict(self.held),
                "stuck": None if self.stuck is None else dict(self.stuck)}

    def after(self, refused: Iterable[str]) -> "TabletSays":
        """The same once these events (by work) were refused: the tablet spoke before it heard that."""
        counts = None if self.stuck is None else Counter(self.stuck) + Counter(refused)
        return replace(self, stuck=counts)
