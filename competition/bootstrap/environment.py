"""The few settings that the set-up and the supervisor must understand before the application can."""

import os
import socket
from dataclasses import dataclass
from ipaddress import ip_address

from competition.bootstrap.steps import SetupFailed, instance_folder

HIGHEST_PORT = 65535


@dataclass(frozen=True)
class Address:
    """Where the web server listens."""

    host: str
    port: int

    @property
    def bind(self) -> str:
        """As gunicorn wants it."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def url(self) -> str:
        """What a person on this machine types."""
        everywhere = self.host in ("0.0.0.0", "::")  # noqa: S104  (compared, not bound)
        return f"http://{Address('127.0.0.1', self.port).bind if everywhere else self.bind}/"


def read_address() -> Address:
    """``COMP_HOST`` and ``COMP_PORT``, by default 127.0.0.1:8000."""
    host, port = os.environ.get("COMP_HOST", "127.0.0.1"), os.environ.get("COMP_PORT", "8000")
    if not (port.isascii() and port.isdigit() and 0 < int(port) <= HIGHEST_PORT):
        raise SetupFailed(f"COMP_PORT 的值“{port}”不是端口号。", "请设为 1 到 65535 之间的整数，例如 COMP_PORT=8000。")
    return Address(host, int(port))


def is_loopback(host: str) -> bool:
    """True when only this machine can reach ``host``."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def check_free(address: Address) -> None:
    """Raise with a clear sentence when nobody can listen there."""
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address.host, address.port))
            probe.listen(1)
        except PermissionError as error:
            raise SetupFailed(
                f"没有权限使用端口 {address.port}。",
                "1024 以下的端口只有管理员可用：请设 COMP_PORT=8000，由前置的 nginx 或 caddy 转发。",
            ) from error
        except OSError as error:
            raise SetupFailed(
                f"地址 {address.bind} 不能使用（{error.strerror or error}），可能本系统已在运行，或端口被占用。",
                f"请先停止占用它的程序，或换一个端口：COMP_PORT={address.port % HIGHEST_PORT + 1} python3 wsgi.py",
            ) from error


def database_url() -> str:
    """The database in use, by the same rule as the application's own settings."""
    name = "demo.db" if os.environ.get("COMP_DEMO") == "1" else "competition.db"
    return os.environ.get("COMP_DATABASE_URL") or f"sqlite:///{instance_folder() / name}"


def use_demo() -> None:
    """Turn this process and its children to the demonstration: a database of its own, loopback only."""
    host = os.environ.get("COMP_HOST", "127.0.0.1")
    if not is_loopback(host):
        raise SetupFailed(
            f"演示会让任何访问者一键登录，只能在本机地址上运行，而 COMP_HOST 是 {host}。",
            "请去掉 COMP_HOST（或设为 127.0.0.1）后再加 --demo；正式使用请不要加 --demo。",
        )
    os.environ["COMP_DEMO"] = "1"
    os.environ["COMP_DATABASE_URL"] = f"sqlite:///{instance_folder() / 'demo.db'}"
    # A queue or a limiter shared with a real installation would mix their jobs.
    os.environ.pop("COMP_REDIS_URL", None)
