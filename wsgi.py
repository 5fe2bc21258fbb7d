"""The way in.

``python3 wsgi.py [--demo]`` sets everything up and serves; it needs nothing but Python.
Any WSGI server finds the application as ``wsgi:app``, and so does ``flask --app wsgi``.
"""

if __name__ == "__main__":
    from competition.bootstrap import main

    raise SystemExit(main())  # type: ignore[no-untyped-call]

# These packages exist only after the set-up.
from competition.app import create_app

app = create_app()
