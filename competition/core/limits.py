"""How often one address may ask: generous, because a whole venue may share one address."""

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from limits import RateLimitItem
from limits.storage import storage_from_string

from competition.core.config import Settings
from competition.core.counting import OWN, SCHEME, STORE
from competition.core.crypto import blind_index

SIGN_IN = "120 per minute; 1500 per hour"
SIGN_UP = "60 per minute; 600 per hour"
VERIFY = "60 per minute; 1000 per hour"


def address_key() -> str:
    """The address as it is counted: counts lie in a file or in Redis, and no list of addresses shall be read out of them."""
    return blind_index("address", get_remote_address())


limiter = Limiter(key_func=address_key, strategy="moving-window")


def init_limits(app: Flask, settings: Settings) -> None:
    """One count for all processes: in a file on one machine, in Redis when there are several. Where neither answers,
    each process counts for itself rather than not at all."""
    name = "demo-limits.db" if settings.demo else "limits.db"
    app.extensions[STORE] = storage_from_string(settings.redis_url or f"{SCHEME}://{settings.instance / name}")
    # The limiter is one for all applications of a process (views are decorated with it): it counts where each says.
    app.config["RATELIMIT_STORAGE_URI"] = f"{OWN}://"
    app.config["RATELIMIT_IN_MEMORY_FALLBACK_ENABLED"] = True
    app.config["RATELIMIT_HEADERS_ENABLED"] = False
    limiter.init_app(app)


def is_within(most: RateLimitItem, *names: str) -> bool:
    """Count one more of what these names stand for; False when there were too many."""
    try:
        return limiter.limiter.hit(most, *names)
    except limiter.storage.base_exceptions:
        # Counted nowhere: what is told too often is better than what is not told.
        return True
