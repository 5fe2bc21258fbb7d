"""The tests of whatever a mutant changed, the narrow ones first: what mutation testing runs (docs/mutation.md)."""

import os
import subprocess
import sys

import pytest

OPTIONS = ["-x", "-q", "--noconftest", "-c", os.devnull, "--rootdir", ".", "--import-mode", "importlib", "-p", "no:cacheprovider"]
NARROW = {
    "awards": ("test_awards", "test_medals"),
    "board": ("test_problems", "test_totals", "test_board"),
    "events": ("test_deductions", "test_derivation", "test_times", "test_problems", "test_papers"),
    "judged": ("test_groups_scored", "test_panels", "test_derivation", "test_problems"),
    "medals": ("test_medals",),
    "panels": ("test_panels",),
    "paper": ("test_papers",),
    "ranking": ("test_ranking",),
    "rounding": ("test_rounding",),
    "scale": ("test_scale",),
    "standing": ("test_awards", "test_totals", "test_ranking", "test_medals", "test_teams"),
    "team_figures": ("test_teams",),
    "team_points": ("test_teams",),
    "teams": ("test_teams",),
    "totals": ("test_totals", "test_derivation"),
    "units": ("test_groups_scored", "test_kinds", "test_derivation"),
}
WIDE = ("test_standing_properties", "test_cases", "test_totals", "test_wording")


def files(names: tuple[str, ...]) -> list[str]:
    """Where these tests stand."""
    return [f"tests/scoring/{name}.py" for name in names]


def main() -> int:
    """Run them; 0 if all pass, which means that the mutant survived."""
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    said = subprocess.run(["git", "diff", "--name-only"], capture_output=True, text=True, check=True).stdout.split()
    changed = [name for name in NARROW if f"competition/scoring/{name}.py" in said]
    narrow = tuple(dict.fromkeys(test for name in changed for test in NARROW[name]))
    for tests in (narrow, WIDE):
        if tests and (failed := pytest.main([*OPTIONS, *files(tests)])):
            return failed
    return 0


if __name__ == "__main__":
    sys.exit(main())
