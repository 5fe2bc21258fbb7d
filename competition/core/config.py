"""Settings: one environment prefix, defaults that run on one machine out of the box."""

import json
import os
import secrets
from base64 import b64encode
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from competition.bootstrap.environment import is_loopback
from competition.core.private import make_once

ROOT = Path(__file__).resolve().parents[2]
# Style sheets and drawings of what is printed.
PAPER_ASSETS = ROOT / "static" / "src" / "paper"


class ConfigError(Exception):
    """A setting is missing or contradicts another; the message says what to do."""


@dataclass(frozen=True)
class Settings:
    """What the environment decides. Every field has a default that is safe on a loopback address."""

    database_url: str
    redis_url: str | None
    instance: Path
    secret_key: str
    field_keys: str
    index_key: str
    public_url: str | None
    demo: bool
    host: str
    zone: str = "Asia/Shanghai"
    trusted_hosts: list[str] = field(default_factory=list)
    behind_proxy: bool = False
    json_logs: bool = False
    port: str = "8000"
    second_factor: str = "offered"
    outbox: Path | None = None
    smtp_url: str = field(default="", repr=False)
    smtp_from: str = ""
    sms_by_mail: str = ""
    sms_per_minute: int = 60
    backups: Path | None = None
    backup_key: str | None = None
    backup_recipients: str = ""
    server: str = "main"
    word_minutes: int = 10
    certificate_key: Path | None = None
    certificate_passphrase: str = field(default="", repr=False)
    certificate_passphrase_file: Path | None = None

    @property
    def backup_folder(self) -> Path:
        """Where backups are kept, apart for the demonstration."""
        return self.backups or self.instance / ("demo-backups" if self.demo else "backups")

    @property
    def own_url(self) -> str:
        """Where this machine itself reaches the pages: enough for a demonstration."""
        return f"http://{self.host}:{self.port}"

    @property
    def is_https(self) -> bool:
        """Do people reach the pages by an encrypted connection?"""
        return (self.public_url or "").startswith("https://")

    @property
    def own_hosts(self) -> list[str]:
        """The host names that are answered: those that were named, or that of the public address; and this machine."""
        named = self.trusted_hosts or [urlsplit(self.public_url or "").hostname or ""]
        wildcard = self.host in ("0.0.0.0", "::", "*", "")  # noqa: S104 - recognized, not bound
        return [host for host in (*named, "" if wildcard else self.host, "localhost", "127.0.0.1", "[::1]") if host]

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    @property
    def is_loopback(self) -> bool:
        return is_loopback(self.host)


def normalise_database_url(url: str) -> str:
    """``postgres://`` (as many hosters write it) means PostgreSQL with psycopg 3."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url[len(prefix):]
    return url


def _make_secrets() -> dict[str, str]:
    def key() -> str:
        return b64encode(secrets.token_bytes(32)).decode()

    return {"secret_key": secrets.token_urlsafe(48), "field_keys": f"k1:{key()}", "index_key": key()}


def instance_secrets(instance: Path) -> dict[str, str]:
    """The keys of this installation, made on first start in a file only its owner can read."""
    path = instance / "secrets.json"
    instance.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        make_once(path, json.dumps(_make_secrets()))
    loaded: dict[str, str] = json.loads(path.read_text())
    return loaded


def load_settings(environ: dict[str, str] | None = None) -> Settings:
    """Read ``COMP_*`` settings; raises :class:`ConfigError` with what to change."""
    env = dict(os.environ) if environ is None else environ
    instance = Path(env.get("COMP_INSTANCE", ROOT / "instance")).resolve()
    kept = instance_secrets(instance)
    demo = env.get("COMP_DEMO", "") == "1"
    default = f"sqlite:///{instance / ('demo.db' if demo else 'competition.db')}"
    settings = Settings(
        database_url=normalise_database_url(env.get("COMP_DATABASE_URL", default)),
        redis_url=env.get("COMP_REDIS_URL") or None,
        instance=instance,
        secret_key=env.get("COMP_SECRET_KEY", kept["secret_key"]),
        field_keys=env.get("COMP_FIELD_KEYS", kept["field_keys"]),
        index_key=env.get("COMP_INDEX_KEY", kept["index_key"]),
        public_url=(env.get("COMP_PUBLIC_URL") or "").rstrip("/") or None,
        demo=demo,
        host=env.get("COMP_HOST", "127.0.0.1"),
        zone=env.get("COMP_ZONE", "Asia/Shanghai"),
        trusted_hosts=[h for h in env.get("COMP_TRUSTED_HOSTS", "").split(",") if h],
        behind_proxy=env.get("COMP_BEHIND_PROXY", "") == "1",
        json_logs=env.get("COMP_LOG", "") == "json",
        port=env.get("COMP_PORT", "8000"),
        outbox=_path(env, "COMP_OUTBOX"),
        smtp_url=env.get("COMP_SMTP_URL", ""),
        smtp_from=env.get("COMP_SMTP_FROM", ""),
        sms_by_mail=env.get("COMP_SMS_BY_MAIL", ""),
        sms_per_minute=_whole("COMP_SMS_PER_MINUTE", env.get("COMP_SMS_PER_MINUTE", "60"), 600),
        second_factor=env.get("COMP_SECOND_FACTOR", "offered"),
        backups=_path(env, "COMP_BACKUP_DIR"),
        backup_key=env.get("COMP_BACKUP_KEY") or None,
        backup_recipients=env.get("COMP_BACKUP_RECIPIENTS", ""),
        server=env.get("COMP_SERVER", "main"),
        certificate_key=_path(env, "COMP_CERTIFICATE_KEY"),
        certificate_passphrase=env.get("COMP_CERTIFICATE_PASSPHRASE", ""),
        certificate_passphrase_file=_path(env, "COMP_CERTIFICATE_PASSPHRASE_FILE"),
        word_minutes=_whole("COMP_TABLET_WORD_MINUTES", env.get("COMP_TABLET_WORD_MINUTES", "10"), 1440, "（分钟）"),
    )
    check_settings(settings, env)
    return settings


def _path(env: dict[str, str], name: str) -> Path | None:
    return Path(env[name]).resolve() if env.get(name) else None


def _whole(name: str, said: str, most: int, unit: str = "") -> int:
    """A whole number from 1 up to ``most``."""
    if not (said.isascii() and said.isdigit() and 1 <= int(said) <= most):
        raise ConfigError(f"{name} 应为 1 至 {most} 的整数{unit}。")
    return int(said)


def _check_mail(settings: Settings) -> None:
    # The address itself is not said: it may hold a password.
    if urlsplit(settings.smtp_url).scheme not in ("smtp", "smtps") or not urlsplit(settings.smtp_url).hostname:
        raise ConfigError("COMP_SMTP_URL 应为 smtps://用户:密码@主机:端口 或 smtp://主机:端口。")
    if "@" not in settings.smtp_from or "@" not in settings.sms_by_mail or "{phone}" not in settings.sms_by_mail:
        raise ConfigError("设置了 COMP_SMTP_URL，还要设置 COMP_SMTP_FROM（发件地址）和 COMP_SMS_BY_MAIL（短信网关的收件地址，"
                          "写明号码的位置，例如 {phone}@sms.example）。")


def check_settings(settings: Settings, env: dict[str, str]) -> None:
    """Refuse combinations that would be unsafe."""
    if settings.second_factor not in ("offered", "required"):
        raise ConfigError("COMP_SECOND_FACTOR 只能是 offered（可以启用）或 required（工作账号必须启用）。")
    if settings.server not in ("main", "arena"):
        raise ConfigError("COMP_SERVER 只能是 main（平时使用的服务器）或 arena（赛场里的服务器）。")
    if settings.smtp_url:
        _check_mail(settings)
    if settings.demo and not settings.is_loopback:
        raise ConfigError("演示会让任何访问者一键登录，只能在本机地址上运行：请去掉 COMP_HOST。")
    larger = not settings.is_sqlite or not settings.is_loopback
    if larger and not settings.demo:
        missing = [n for n in ("COMP_SECRET_KEY", "COMP_FIELD_KEYS", "COMP_INDEX_KEY") if n not in env]
        if missing:
            raise ConfigError(
                "对外提供服务或使用 PostgreSQL 时，密钥必须由环境变量给出，不能用 instance/ 里自动生成的：请设置 "
                + "、".join(missing) + "（生成方法见 docs/operations.md）。"
            )
    if not settings.is_loopback and not settings.demo and not (settings.public_url or settings.trusted_hosts):
        raise ConfigError("对外提供服务时，必须说明用什么网址访问，其他主机名一律不应答：请设置 COMP_PUBLIC_URL（例如 https://jingsai.example），"
                          "有多个主机名时另设 COMP_TRUSTED_HOSTS（用逗号分隔）。")
