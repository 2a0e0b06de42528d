"""The catalogs: every language has every sentence, ready for use and true to CLDR."""

from __future__ import annotations

import re
import string
import subprocess
import sys
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest
from babel import Locale
from babel.dates import format_date
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from lea_reports.assessments import Test, area_level_label, areas, level_labels
from lea_reports.ssr.pages.grid import shown_date
from lea_reports.ssr.words.message_catalog import BrokenCatalog, read_catalog
from lea_reports.ssr.words.texts import ENGLISH, LANGUAGES

ROOT = Path(__file__).parents[3]
TRANSLATED = [language for language in LANGUAGES if language != "en"]
LOCALES = {"en": "en_US", "es": "es_US"}
UNTRANSLATED = {"history.dash", "history.named", "history.marked"}
"""Signs and places for values only."""
SAME_WORD = {("fil", "named.Minimal")}
"""Filipino uses the English word."""
PROPER_NAMES = {
    "Smarter",
    "Balanced",
    "Lexile",
    "Quantile",
    "Beginning",
    "Reader",
    "Emerging",
    "Mathematician",
}
PROPER_NAMES |= {"SSID", "BR", "EM"}


def _catalog(language, domain="ssr"):
    folder = files("lea_reports.ssr.words").joinpath("locale", language.replace("-", "_"), "LC_MESSAGES")
    return folder.joinpath(f"{domain}.po")


def _values(sentence):
    """Return the names of the values of a sentence."""
    return sorted(name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None)


def test_the_catalogs_are_what_make_messages_would_write():
    """Every sentence of the source is in the template and in every language, and nothing else is."""
    recipe = ROOT / "recipes" / "messages.py"
    done = subprocess.run([sys.executable, recipe, "--check"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_language_has_every_sentence(language):
    """Each was translated from the English sentence as it is now, and holds the same values."""
    entries = list(read_catalog(_catalog(language).read_text(encoding="utf-8")))
    assert {entry.context: entry.source for entry in entries} == dict(ENGLISH)
    for entry in entries:
        assert _values(entry.translation) == _values(entry.source), entry


@pytest.mark.parametrize(
    ("domain", "language"),
    [("ssr", language) for language in TRANSLATED]
    + [("outcome", language) for language in LANGUAGES if language != "en"],
)
def test_babel_finds_no_fault(domain, language):
    """Babel's own reader and checkers agree with ours."""
    with _catalog(language, domain).open("rb") as file:
        catalog = read_po(file, abort_invalid=True)
    assert str(catalog.locale) == language.replace("-", "_")
    assert not catalog.obsolete
    assert not catalog.fuzzy
    for entry in catalog:
        assert list(entry.check(catalog)) == [], entry.id
        assert entry.string, entry.id
        assert not entry.fuzzy or not entry.id


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_sentence_was_left_in_english(language):
    """What equals the English holds no words, but for a word that both languages share."""
    table = LANGUAGES[language].table
    same = {key for key in ENGLISH if table[key] == ENGLISH[key]}
    assert same - UNTRANSLATED == {key for tongue, key in SAME_WORD if tongue == language}


@pytest.mark.parametrize("language", ["ko", "zh-Hant", "ar"])
def test_latin_words_are_names_only(language):
    """In another script an English word that was forgotten stands out."""
    words = {
        word
        for key in ENGLISH
        for word in re.findall("[A-Za-z]{2,}", re.sub("{[a-z]+}", "", LANGUAGES[language].table[key]))
    }
    assert words <= PROPER_NAMES


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_name_of_a_level_or_an_area_is_translated(language):
    """Of every year of the Smarter Balanced tests."""
    for test in (Test.SB_ELA, Test.SB_MATHEMATICS):
        for year in range(2015, 2028):
            names = [*level_labels(test, year).values(), *(area.name for area in areas(test, year))]
            names += [area_level_label(test, year, level) for level in (1, 2, 3)]
            assert all(LANGUAGES[language].named(name) for name in names)
    assert LANGUAGES[language].named(None) == ""
    with pytest.raises(KeyError):
        LANGUAGES[language].named("Splendid")


@pytest.mark.parametrize("language", LANGUAGES)
def test_dates_are_those_of_cldr(language):
    """Every month of a year, as Babel writes it."""
    locale = LOCALES.get(language, language.replace("-", "_"))
    for month in range(1, 13):
        day = date(2026, month, 9)
        shown = re.sub("[\u2066-\u2069]", "", shown_date(LANGUAGES[language], day))
        assert shown == format_date(day, "long", locale=locale)


@pytest.mark.parametrize("language", LANGUAGES)
def test_digits_are_those_of_cldr(language):
    """All seven locales use the digits 0 to 9 by default, Arabic too; a score is no amount, so no grouping."""
    locale = Locale.parse(LOCALES.get(language, language.replace("-", "_")))
    assert locale.default_numbering_system == "latn"
    assert format_decimal(2530, locale=locale, group_separator=False) == "2530"


def test_values_are_isolated_in_arabic_only():
    """A range keeps its order from the left, a date its order from the right."""
    assert LANGUAGES["ko"]("grade", grade=5) == "5학년"
    assert LANGUAGES["ar"]("grade", grade=5) == "الصف \u20665\u2069"
    date_in_sentence = LANGUAGES["ar"]("subject.tested_on", date="22 أبريل")
    assert date_in_sentence.endswith("\u206722 أبريل\u2069")


@pytest.mark.parametrize(
    "message",
    [
        '#, fuzzy\nmsgctxt "a"\nmsgid "b"\nmsgstr "c"',
        '#~ msgid "b"\n#~ msgstr "c"',
        'msgctxt "a"\nmsgid "b"\nmsgstr ""',
        'msgid "b"\nmsgstr "c"',
        'msgctxt "a"\nmsgid "b"\nmsgid_plural "bs"\nmsgstr[0] "c"',
        'msgctxt "a"\nmsgid "b"\nmsgstr "c',
        'msgctxt "a"\nmsgid "b"\nmsgstr "c"\nmsgstr "d"',
        '"stray"',
    ],
)
def test_an_unready_message_is_refused(message):
    """Fuzzy, obsolete, empty, plural and broken messages never reach a family."""
    with pytest.raises(BrokenCatalog):
        list(read_catalog(f'msgid ""\nmsgstr "Language: es\\n"\n\n{message}\n'))


def test_a_message_may_run_over_lines_and_hold_quotes():
    """As gettext's tools write them."""
    text = 'msgid ""\nmsgstr ""\n\n#. a note\nmsgctxt "a"\nmsgid ""\n"b "\n"c"\nmsgstr "\\"d\\" \\\\ é"\n'
    (entry,) = read_catalog(text)
    assert (entry.context, entry.source, entry.translation) == ("a", "b c", '"d" \\ é')
