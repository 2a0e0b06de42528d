"""Bring the message catalogs of the SSR up to date with its English sentences.

    python recipes/messages.py [--check]

There are two catalogs: `ssr` holds what Smarter Balanced SSRs say and what all share, which Babel extracts from
the source; `outcome` holds what those of the other assessments say, which stands in a table. Their templates (.pot)
are merged into every language's catalog (.po): a new sentence comes in untranslated, a changed one fuzzy, and one that
is gone is removed. This also writes `locale/conventions.json`: the few facts of CLDR that an SSR needs, so that neither
Babel nor its 30 MB of locale data is shipped. With `--check` nothing is written; the exit status says whether all is up
to date.
"""

from __future__ import annotations

import argparse
import io
import json
import re
from datetime import UTC, datetime
from pathlib import Path

from babel import Locale
from babel.dates import get_date_format
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from lea_reports.assessments import ENGLISH, languages
from lea_reports.ssr import words
from lea_reports.ssr.words.outcome_texts import sentences_for
from lea_reports.ssr.words.texts import NAMES, SENTENCES

WORDS = Path(words.__file__).parent
LOCALE = WORDS / "locale"
TRANSLATED = tuple(language for language in languages() if language != ENGLISH)
_FIELDS = {"y": "{year}", "MMMM": "{month}", "M": "{month}", "d": "{day}"}
_HEADERS = {
    "ssr": "# The sentences of the Student Score Report; see docs/translating.md.",
    "outcome": "# The sentences of the SSRs beside Smarter Balanced; see docs/translating.md.",
}
_DATE = datetime(2026, 7, 1, tzinfo=UTC)  # fixed, so that the same messages give the same file


def shared_messages() -> Catalog:
    """Extract the calls `message(key, english)` with the NOTE comments above them."""
    catalog = _catalog("ssr")
    for file, _, text, comments, context in extract_from_dir(
        WORDS, keywords={"message": ((1, "c"), 2)}, comment_tags=("NOTE:",), strip_comment_tags=True
    ):
        catalog.add(text, context=context, auto_comments=comments, locations=[(file, 0)])
    for key, name in NAMES.items():
        catalog.add(name, context=key, auto_comments=["A name that the State gives; use the official one."])
    return catalog


def outcome_messages(language: str = ENGLISH) -> Catalog:
    """Return the sentences of the other assessments that the shared ones lack, as far as a language needs them."""
    catalog = _catalog("outcome")
    for key, english in sentences_for(language).items():
        if key not in SENTENCES and key not in NAMES:
            catalog.add(english, context=key)
    return catalog


def _catalog(domain: str, language: str | None = None) -> Catalog:
    return Catalog(
        locale=language and language.replace("-", "_"),
        project="lea-reports",
        version="1",
        header_comment=_HEADERS[domain],
        creation_date=_DATE,
        revision_date=_DATE,
        last_translator="LEA Reports",
        language_team=language or "",
        fuzzy=False,
    )


def translated(domain: str, language: str, messages: Catalog) -> Catalog:
    """Merge a template into a language's catalog."""
    catalog = _catalog(domain, language)
    path = catalog_path(domain, language)
    if path.is_file():
        with path.open("rb") as file:
            for message in read_po(file, locale=catalog.locale):
                if message.id:
                    catalog[message.id] = message
    catalog.update(messages, update_header_comment=False)
    catalog.obsolete.clear()
    catalog.creation_date = _DATE
    return catalog


def catalog_path(domain: str, language: str) -> Path:
    """Return where a language's catalog lies."""
    return LOCALE / language.replace("-", "_") / "LC_MESSAGES" / f"{domain}.po"


def conventions(language: str) -> dict[str, object]:
    """Return how a language writes dates, and in which direction it is written, by CLDR."""
    locale = Locale.parse(languages()[language].cldr_locale)
    pattern = get_date_format("long", locale).pattern
    named = "MMMM" in pattern
    months = locale.months["format"]["wide"]
    date = "".join(
        _FIELDS.get(field, field) if field else literal
        for literal, field in re.findall(r"'([^']*)'|([A-Za-z]+|[^A-Za-z']+)", pattern)
    )
    return {
        "date": date,
        "months": [months[number] if named else str(number) for number in range(1, 13)],
        "digits": locale.default_numbering_system,
        "right_to_left": locale.text_direction == "rtl",
    }


def files() -> dict[Path, bytes]:
    """Return what every file of `locale/` is to hold."""
    shared = shared_messages()
    texts = {LOCALE / "ssr.pot": shared, LOCALE / "outcome.pot": outcome_messages()}
    for language in TRANSLATED:
        texts[catalog_path("ssr", language)] = translated("ssr", language, shared)
        texts[catalog_path("outcome", language)] = translated("outcome", language, outcome_messages(language))
    contents = {}
    for path, catalog in texts.items():
        target = io.BytesIO()
        write_po(target, catalog, width=100, no_location=True, ignore_obsolete=True)
        contents[path] = target.getvalue()
    table = {language: conventions(language) for language in languages()}
    contents[LOCALE / "conventions.json"] = json.dumps(table, ensure_ascii=False, indent=2).encode() + b"\n"
    return contents


def main() -> int:
    """Write the files, or with --check say which are out of date."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing; fail if a file would change")
    check = parser.parse_args().check
    changed = [
        (path, content)
        for path, content in files().items()
        if not path.is_file() or path.read_bytes() != content
    ]
    for path, content in changed:
        print(path.relative_to(LOCALE), "is out of date" if check else "written")
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    return int(check and bool(changed))


if __name__ == "__main__":
    raise SystemExit(main())
