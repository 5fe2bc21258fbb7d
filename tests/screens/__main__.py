"""``python3 -m tests.screens [FOLDER]``: a picture of every page in every size, and what is wrong with it.

The demonstration is made in a temporary folder and walked by links as every role. The pictures lie in FOLDER
(default ``instance/screens``), a folder for each size. Status 1 when anything is wrong.
"""

import sys

from tests.setup import ensure

if __name__ == "__main__":
    ensure(["tests.screens.tour", *sys.argv[1:]])
