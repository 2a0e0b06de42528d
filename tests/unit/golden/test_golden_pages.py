"""Every page looks and reads as it did when a person last looked at it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from tests.unit.golden.cases import CASES
from tests.unit.golden.golden_file import LARGEST, GoldenPages

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_pages_are_as_they_were(case, rendered, goldens, regenerate):
    """Their picture by tolerance, their words exactly."""
    pages = GoldenPages.of(rendered[case.name])
    if regenerate:
        pages.write(goldens, case.name)
    assert pages.difference(GoldenPages.read(goldens, case.name)) is None


def test_every_golden_belongs_to_a_case(goldens):
    """A case that is gone takes its golden along."""
    names = {f"{case.name}{ending}" for case in CASES for ending in (".png", ".txt")}
    assert {file.name for file in goldens.iterdir()} == names


def test_goldens_stay_small(goldens):
    """They are kept in the repository for ever."""
    assert {file.name for file in goldens.iterdir() if file.stat().st_size > LARGEST} == set()


def test_a_moved_line_is_seen(rendered):
    """The tolerance is for the edges of letters, not for a text in another place."""
    pages = GoldenPages.of(rendered[CASES[0].name])
    moved = pages.picture.copy()
    line = (24, 200, 280, 206)
    moved.paste(255, line)
    moved.paste(pages.picture.crop(line), (line[0], line[1] + 6))
    assert GoldenPages(moved, pages.text).difference(pages)


def test_a_missing_chart_is_seen(rendered):
    """A white rectangle instead of the level bar is another picture."""
    pages = GoldenPages.of(rendered[CASES[0].name])
    without = pages.picture.copy()
    ImageDraw.Draw(without).rectangle((340, 100, 580, 130), fill=255)
    assert GoldenPages(without, pages.text).difference(pages)


def test_another_word_is_seen(rendered):
    """However small it is printed."""
    pages = GoldenPages.of(rendered[CASES[0].name])
    changed = GoldenPages(pages.picture, pages.text.replace("2530", "2531", 1))
    assert "2531" in (changed.difference(pages) or "")


def test_another_size_is_seen():
    """A page too few has no counterpart."""
    small, large = (GoldenPages(Image.new("L", (width, 10)), "") for width in (10, 20))
    assert small.difference(large)


def test_ci_does_not_regenerate():
    """A change nobody looked at must not pass by writing itself down."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "tests/unit/golden",
        "--regenerate",
    ]
    environment = os.environ | {"CI": "true"}
    run = subprocess.run(
        [*command, "--collect-only"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert run.returncode == pytest.ExitCode.USAGE_ERROR
    assert "never in CI" in run.stderr
