"""pip's configuration is the one place for mirrors: the quick installer is told the same."""

from competition.bootstrap.python_env import read_pip_settings, uv_environment


def test_pip_settings_are_read_with_the_nearest_winning() -> None:
    listed = (
        "global.index-url='https://one.example/simple'\n"
        "global.extra-index-url='\\nhttps://two.example/simple\\nhttps://three.example/simple'\n"
        "install.index-url='https://nearer.example/simple'\n"
        ":env:.cert='/etc/ca.pem'\n"
        "freeze.timeout='9'\n"
    )
    assert read_pip_settings(listed) == {
        "index-url": "https://nearer.example/simple",
        "extra-index-url": "\nhttps://two.example/simple\nhttps://three.example/simple",
        "cert": "/etc/ca.pem",
    }


def test_uv_is_told_what_pip_knows_and_its_own_settings_win() -> None:
    told = uv_environment(
        {
            "index-url": "https://one.example/simple",
            "extra-index-url": "\nhttps://two.example/simple\nhttps://three.example/simple",
            "proxy": "http://proxy.example:3128",
            "cert": "/etc/ca.pem",
        },
        {"SSL_CERT_FILE": "/own.pem", "PATH": "/bin"},
    )
    assert told["UV_DEFAULT_INDEX"] == "https://one.example/simple"
    assert told["UV_INDEX"] == "https://two.example/simple https://three.example/simple"
    assert told["HTTPS_PROXY"] == told["HTTP_PROXY"] == "http://proxy.example:3128"
    assert told["SSL_CERT_FILE"] == "/own.pem"
    assert told["PATH"] == "/bin"


def test_nothing_configured_leaves_the_usual_places() -> None:
    told = uv_environment(read_pip_settings(""), {})
    assert "UV_DEFAULT_INDEX" not in told
    assert "SSL_CERT_FILE" not in told
