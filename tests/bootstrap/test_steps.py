"""Steps are skipped while nothing has changed, done when something has, and failures say what to do."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from competition.bootstrap import steps
from competition.bootstrap.database import read_applied, read_heads
from competition.bootstrap.steps import SetupFailed, Step, carry_out, digest, is_current, leave_stamp, run_quietly


@pytest.fixture(autouse=True)
def own_instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("COMP_INSTANCE", str(tmp_path / "instance"))
    return tmp_path / "instance"


def test_a_step_runs_once_and_again_when_an_input_changes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, product, stamp = tmp_path / "in", tmp_path / "out", tmp_path / "stamps" / "copy"
    source.write_text("1")
    runs = []

    def act() -> None:
        runs.append(source.read_text())
        product.write_text("made")
        leave_stamp(stamp, digest(source))

    step = Step("复制", lambda: None if is_current(stamp, digest(source), product) else "复制文件", act)
    for change in (None, None, "2", None):
        if change:
            source.write_text(change)
        carry_out([step])
    assert runs == ["1", "2"]
    assert capsys.readouterr().out.count("[复制] 没有变化，跳过") == 2
    product.unlink()
    carry_out([step])
    assert runs == ["1", "2", "2"]


def test_a_failed_step_leaves_no_stamp(tmp_path: Path) -> None:
    stamp = tmp_path / "stamp"

    def act() -> None:
        run_quietly([sys.executable, "-c", "raise SystemExit(3)"], "重试。")
        leave_stamp(stamp, "x")

    with pytest.raises(SetupFailed):
        carry_out([Step("失败", lambda: "试一试", act)])
    assert not stamp.exists()


def test_a_failure_shows_the_last_lines_and_what_to_do(own_instance: Path) -> None:
    program = "import sys; print('磁盘已满'); sys.exit(7)"
    with pytest.raises(SetupFailed) as caught:
        run_quietly([sys.executable, "-c", program], "请清理磁盘。")
    assert "状态 7" in caught.value.what
    assert "磁盘已满" in caught.value.what
    assert caught.value.todo == "请清理磁盘。"
    assert "磁盘已满" in (own_instance / "setup.log").read_text()
    assert (own_instance / "setup.log").stat().st_mode & 0o077 == 0


def test_a_missing_program_is_a_sentence_too() -> None:
    with pytest.raises(SetupFailed, match="无法运行 no-such-program"):
        run_quietly(["/no-such-program"], "请安装。")


def test_the_digest_sees_names_contents_and_words(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("1")
    seen = {digest(tmp_path)}
    (tmp_path / "a").write_text("2")
    seen.add(digest(tmp_path))
    (tmp_path / "a").rename(tmp_path / "b")
    seen.add(digest(tmp_path))
    seen.add(digest(tmp_path, words=["3.11"]))
    seen.add(digest(tmp_path / "nothing"))
    assert len(seen) == 5


def test_heads_are_read_without_running_the_migrations(tmp_path: Path) -> None:
    (tmp_path / "1.py").write_text('import nothing_like_this\nrevision = "a1"\ndown_revision = None\n')
    (tmp_path / "2.py").write_text('revision: str = "b2"\ndown_revision: str | None = "a1"\n')
    (tmp_path / "3.py").write_text('revision = "c3"\ndown_revision = ("a1", "b2")\n')
    assert read_heads(tmp_path) == {"c3"}


def test_a_database_without_migrations_is_at_none(tmp_path: Path) -> None:
    assert read_applied(tmp_path / "none.db") == set()
    (tmp_path / "broken.db").write_bytes(b"not a database, but long enough to look at" * 40)
    assert read_applied(tmp_path / "broken.db") == set()


def test_the_way_in_speaks_to_an_old_python() -> None:
    """The two files that any Python reads hold no syntax newer than 3.8, and say what is needed."""
    program = (
        "import ast, sys\n"
        "for path in ('wsgi.py', 'competition/bootstrap/__init__.py'):\n"
        "    ast.parse(open(path, encoding='utf-8').read(), feature_version=(3, 8))\n"
        "import competition.bootstrap as b\n"
        "sys.version_info = (3, 9, 2)\n"
        "raise SystemExit(b.main([]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=steps.ROOT, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )
    assert done.returncode == 1
    assert "需要 Python 3.11 或更高版本" in done.stderr
    assert "处理办法" in done.stderr


def test_the_set_up_imports_the_standard_library_only() -> None:
    """It runs before anything is installed."""
    program = (
        "import sys, competition.bootstrap.command, tests.setup\n"
        "import competition.bootstrap.system\n"
        "ours = ('competition', 'tests')\n"
        "print([n for n in sys.modules if n.split('.')[0] not in sys.stdlib_module_names and not n.startswith(ours)\n"
        "       and n != '__main__' and not n.startswith('_')])\n"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", program], cwd=steps.ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
