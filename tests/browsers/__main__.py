"""``python3 -m tests.browsers [firefox] [webkit]``: the tablet's page in Debian's other browsers; installs them when they are missing."""

import sys

from competition.bootstrap.system import Need, program
from tests.setup import ensure

NEEDS = (
    Need("firefox-esr", "Firefox", program("firefox-esr")),
    Need("webkit2gtk-driver", "WebKitGTK", program("WebKitWebDriver")),
    Need("xvfb", "无屏幕的窗口", program("Xvfb")),
)

if __name__ == "__main__":
    ensure(["tests.browsers.run", *sys.argv[1:]], more=NEEDS)
