"""The table of sentences."""

import re
import string

import pytest

from lea_reports.assessments import Test, areas
from lea_reports.ssr.pages import palette
from lea_reports.ssr.pages.palette import AMBER, MUTED, NAVY, PALE_BLUE, PAPER
from lea_reports.ssr.results.student_result import NoScore
from lea_reports.ssr.words.texts import ENGLISH, LANGUAGES
from lea_reports.typesetting.styles import INK, WHITE


@pytest.mark.parametrize("reason", NoScore)
def test_every_reason_for_no_score_has_words(reason):
    """Short for the cover, shorter for the table, and an explanation."""
    assert {f"{reason}.{part}" for part in ("short", "table", "title", "text")} <= ENGLISH.keys()


def test_every_area_level_of_this_year_has_its_own_sentence():
    """A general sentence stands in for areas of other years only."""
    keys = {
        f"{test.subject}.{area.column}.{level}"
        for test in (Test.SB_ELA, Test.SB_MATHEMATICS)
        for area in areas(test, 2026)
        for level in (1, 2, 3)
    }
    assert len(keys) == 12
    assert keys <= ENGLISH.keys()


def test_sentences_name_their_values():
    """A value without a name could not move within a translated sentence."""
    for sentence in ENGLISH.values():
        names = [name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None]
        assert all(re.fullmatch("[a-z]+", name) for name in names), sentence


def test_a_value_may_hold_braces():
    """What is filled in is never read as a place to fill."""
    assert LANGUAGES["en"]("document.title", year="{x}", name="{nb}") == "Student Score Report {x}: {nb}"


def _luminance(color):
    def linear(part):
        share = part / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    red, green, blue = map(linear, color)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one, other):
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("tones", palette.TONES.values(), ids=palette.TONES.keys())
def test_text_stands_out_from_its_ground(tones):
    """WCAG AA: at least 4.5 to 1 for every pair that the pages use."""
    pairs = [(ink, ground) for ink in (INK, MUTED, NAVY, tones.strong) for ground in (WHITE, PAPER)]
    pairs += [(WHITE, ground) for ground in (tones.strong, NAVY, INK)]
    pairs += [(INK, ground) for ground in (*tones.tints, *palette.NEUTRAL_TINTS, AMBER)]
    pairs += [(PALE_BLUE, NAVY)]
    assert all(_contrast(ink, ground) >= 4.5 for ink, ground in pairs)


@pytest.mark.parametrize("tones", palette.TONES.values(), ids=palette.TONES.keys())
def test_levels_differ_in_black_and_white(tones):
    """Tints grow darker level by level, and the level that was reached is far darker than all."""
    shades = [_luminance(tint) for tint in tones.tints]
    assert shades == sorted(shades, reverse=True)
    assert _contrast(tones.strong, tones.tints[3]) >= 3
