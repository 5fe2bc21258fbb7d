"""Set-up with the standard library alone: from a fresh clone to a running system.

This page is read by whatever ``python3`` the machine has, so it uses old syntax only and asks
for the version before it imports anything newer.
"""

import sys

OLDEST_PYTHON = (3, 11)


def main(argv=None):  # type: ignore[no-untyped-def]  # any Python must be able to read this line
    """Run ``python3 wsgi.py``; returns the exit status when it does not turn into the server."""
    if sys.version_info < OLDEST_PYTHON:
        sys.stderr.write(
            f"需要 Python 3.11 或更高版本，当前是 {sys.version.split()[0]}。\n"
            "处理办法：Debian 12、Ubuntu 24.04 或更新的系统自带合适的版本；"
            "如已另装，请用它启动，例如 python3.12 wsgi.py。\n"
        )
        return 1
    from competition.bootstrap.command import run  # noqa: PLC0415  (needs the version checked above)

    return run(sys.argv[1:] if argv is None else argv)
