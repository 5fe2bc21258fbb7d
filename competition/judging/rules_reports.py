"""What a tablet says of itself. Its own word: it decides nothing, it is shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class TabletSays:
    """One report.

    ``pending``: events not yet sent, ``held``: how many of them by work; ``last_made``: the highest number it has made;
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

    def columns(self) -> dict[str, Any]:
        """What is kept of every report; ``ready`` is kept until the tablet says otherwise."""
        return {"pending": self.pending, "last_made": self.last_made, "skew_s": self.skew_s, "app_version": self.app_version,
                "battery": self.battery, "charging": self.charging, "held": dict(self.held)}
