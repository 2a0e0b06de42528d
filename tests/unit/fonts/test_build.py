"""The recipe of the fonts layer."""

import subprocess
import sys
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

ROOT = Path(__file__).parents[3]
RECIPE = ROOT / "layers" / "fonts" / "build.py"
FAMILIES = {"NotoSans", "NotoNaskhArabic", "NotoSansKR", "NotoSansTC"}


def build(folder):
    done = subprocess.run(
        [sys.executable, RECIPE, "--output", folder], check=True, capture_output=True, text=True
    )
    return done.stdout


@pytest.fixture(scope="module")
def layer(tmp_path_factory):
    folder = tmp_path_factory.mktemp("layer") / "fonts"
    build(folder)
    return folder


def test_a_second_build_does_nothing(layer):
    """Sources and recipe are unchanged, so the layer is up to date."""
    before = {path: path.stat().st_mtime_ns for path in layer.rglob("*")}
    assert "up to date" in build(layer)
    assert {path: path.stat().st_mtime_ns for path in layer.rglob("*")} == before


def test_the_layer_holds_two_weights_and_a_licence_of_each_family(layer):
    """The OFL asks that its text travels with the fonts; nothing else lies there."""
    files = {path.relative_to(layer).as_posix() for path in layer.rglob("*") if path.is_file()}
    assert files == {
        f"fonts/{family}-{weight}.ttf" for family in FAMILIES for weight in ("Regular", "Bold")
    } | {f"fonts/OFL-{family}.txt" for family in FAMILIES}
    for family in FAMILIES:
        licence = (layer / f"fonts/OFL-{family}.txt").read_text()
        assert "Copyright" in licence.splitlines()[0]
        assert "SIL OPEN FONT LICENSE Version 1.1" in licence


def test_fonts_state_no_time_of_building(layer):
    """The date inside is that of the source, so that the bytes repeat."""
    for path in layer.rglob("*.ttf"):
        family, weight = path.stem.split("-")
        with TTFont(path) as font:
            modified = font["head"].modified
        folder = ROOT / "node_modules" / "@expo-google-fonts"
        name = {"Regular": "400Regular", "Bold": "700Bold"}[weight]
        (source,) = folder.rglob(f"{family}_{name}.ttf")
        with TTFont(source, lazy=True) as font:
            assert font["head"].modified == modified


def test_both_weights_cover_the_same_characters(layer):
    """A name that shows in regular shows in bold."""
    for family in FAMILIES:
        covered = []
        for weight in ("Regular", "Bold"):
            with TTFont(layer / f"fonts/{family}-{weight}.ttf", lazy=True) as font:
                covered.append(set(font.getBestCmap()))
        assert covered[0] == covered[1]


def test_the_layer_is_small(layer):
    """Layers and functions share 262 MB unzipped."""
    assert sum(path.stat().st_size for path in layer.rglob("*") if path.is_file()) < 25_000_000
