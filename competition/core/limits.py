"""How often one address may ask: generous, because a whole venue may share one address."""

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from competition.core.config import Settings

SIGN_IN = "120 per minute; 1500 per hour"
SIGN_UP = "60 per minute; 600 per hour"
VERIFY = "60 per minute; 1000 per hour"

limiter = Limiter(key_func=get_remote_address, strategy="moving-window")


def init_limits(app: Flask, settings: Settings) -> None:
    """Count in memory on one machine, in Redis when there are several."""
    app.config["RATELIMIT_STORAGE_URI"] = settings.redis_url or "memory://"
    app.config["RATELIMIT_HEADERS_ENABLED"] = False
    limiter.init_app(app)
