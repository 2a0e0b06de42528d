"""Whoever follows a citation arrives: at a section of docs/domain.md, at a decision, or at a public document."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from lea_reports.catalog import CATALOG

ROOT = Path(__file__).parents[2]
FOLDERS = (".github", "bench", "cli", "docs", "functions", "infra", "layers", "local", "tests")
SUFFIXES = {".csv", ".html", ".md", ".py", ".toml", ".yaml", ".yml"}

ELSEWHERE = {
    r"\bfacts?,? (sections?|glossary|[0-9])": "a section of notes that are not in the repository",
    r"\bseed documents?\b|\bthe seed('s)? (introduction|steps?)\b|\bseed 0[0-9]{2}\b": "a document that is not in it",
    r"(?-i:\[S[0-9]{1,2}\])": "a number of a list of sources that is not in it",
    r"\bdomain\.md,? (§|section)": "a section by its number: sections have anchors",
    r"\b(style|house|cases|evidence)\.md\b": "a page that is not in it",
    r"\bscore_ranges\b": "a table that is not in it",
    r"\bthe card (asks|lists|names|says|wants)\b": "a card that is not in it",
    r"\b(our|public|the) evidence (document|file|section|[0-9])": "a collection that is not in it",
    r"(?-i:\b[Ii]ssue [A-J]\b)": "the letter of an issue",
    r"\b(layouts?|documents?|sources?) that we hold\b": "a collection that is not in it",
}
"""What led nowhere once, or could, and where it points; case does not count."""

_ANY = re.compile("|".join(ELSEWHERE), re.IGNORECASE)

DOMAIN = (ROOT / "docs" / "domain.md").read_text(encoding="utf-8")


def texts() -> Iterator[Path]:
    """Yield code, tables, tests and pages, but not this module, which has to say the words."""
    top = (path for path in ROOT.iterdir() if path.suffix in SUFFIXES or path.name == "Makefile")
    inside = (path for folder in FOLDERS for path in (ROOT / folder).rglob("*") if path.suffix in SUFFIXES)
    for path in (*top, *inside):
        if path != Path(__file__) and path.is_file() and "node_modules" not in path.parts:
            yield path


@cache
def lines() -> tuple[tuple[str, str], ...]:
    """Return each of their lines, with where it stands."""
    return tuple(
        (f"{path.relative_to(ROOT)}:{number}", line)
        for path in texts()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
    )


def leads_elsewhere(line: str) -> str | None:
    """Return where a line points that nobody can follow; None if it does not."""
    if not _ANY.search(line):
        return None
    return next(where for words, where in ELSEWHERE.items() if re.search(words, line, re.IGNORECASE))


def anchors(page: str) -> set[str]:
    """Return the anchors of the headings of a page, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", page, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-") for heading in headings}


def cited_anchors(line: str) -> list[str]:
    """Return the anchors of docs/domain.md that a line cites."""
    return re.findall(r"\bdomain\.md#([\w-]*)", line)


def cited_decisions(line: str) -> list[str]:
    """Return the numbers of the decisions that a line cites."""
    found = re.findall(r"\bdecisions? ([0-9]+)(?:(?:,| and) ([0-9]+))?", line, re.IGNORECASE)
    return [number for pair in found for number in pair if number]


@pytest.mark.parametrize(
    "line",
    [
        "Source: facts section 2.5.",
        '"facts 0", CDS_CODE',
        "Facts sections 2.4 and 3.2",
        "facts, glossary and section 2.6",
        "after step 8 of seed document 000",
        "(the seed's introduction says so)",
        "see seed 004",
        "the score range page [S31]",
        "docs/domain.md § 3.4",
        "As house.md has it.",
        "as score_ranges says",
        "what the card names",
        "the evidence section",
        "One of the faults of issue D.",
        "No layout that we hold says it.",
    ],
)
def test_words_that_lead_nowhere_are_seen(line):
    """Each was in the code once, or is its like."""
    assert leads_elsewhere(line)


@pytest.mark.parametrize(
    "line",
    [
        "Writes clear, complete texts and finds facts that support an idea.",
        "Let everything go wrong that a seed draws",
        "invent_students(folder, 5, seed=1)",
        "What the card of a subject depends on beside its score.",
        "Uses science with depth to judge evidence.",
        "an issue a reader may have",
        "WARNING [s3] slow 7",
    ],
)
def test_the_same_words_in_their_plain_sense_are_left_alone(line):
    """The table knows citations, not words."""
    assert leads_elsewhere(line) is None


def test_citations_are_seen_wherever_they_stand():
    """In a sentence, a table, a link and beside another."""
    assert cited_anchors("Source: docs/domain.md#areas.") == ["areas"]
    assert cited_anchors("09,2025,docs/domain.md#scale-scores; and [more](../domain.md#essays)") == [
        "scale-scores",
        "essays",
    ]
    assert cited_decisions("the same (decisions 8 and 13); Decision 7 tells why") == ["8", "13", "7"]
    assert anchors("# One\n\n## Lexile and Quantile\n\n### What a record says, besides\n") == {
        "one",
        "lexile-and-quantile",
        "what-a-record-says-besides",
    }


def test_the_texts_are_found():
    """Code, tables, tests and pages are looked at, in the folders where they are."""
    found = {path.relative_to(ROOT).as_posix() for path in texts()}
    assert {"README.md", "Makefile", "docs/domain.md", "tests/unit/conftest.py"} <= found
    assert any(path.endswith("assessments/tables/score_scales.csv") for path in found)
    assert any(path.endswith("lea_reports/errors.py") for path in found)


def test_no_citation_points_to_what_is_not_in_the_repository():
    """A newcomer who has the repository and the web can check every rule."""
    found = [f"{place}: {where}" for place, line in lines() if (where := leads_elsewhere(line))]
    assert not found, "\n".join(["Cite docs/domain.md#anchor, a decision or a public document:", *found])


def test_every_anchor_that_is_cited_exists():
    """A heading that is renamed takes its citations along."""
    known = anchors(DOMAIN)
    found = [
        f"{place}: {anchor}"
        for place, line in lines()
        for anchor in cited_anchors(line)
        if anchor not in known
    ]
    found += [
        f"docs/domain.md: {anchor}"
        for anchor in re.findall(r"\]\(#([\w-]*)\)", DOMAIN)
        if anchor not in known
    ]
    assert not found, "\n".join(["docs/domain.md has no such heading:", *found])


def test_every_decision_that_is_cited_exists():
    """By its number, which a decision keeps."""
    known = {str(int(path.name[:4])) for path in (ROOT / "docs" / "decisions").glob("[0-9]*.md")}
    found = [
        f"{place}: {number}"
        for place, line in lines()
        for number in cited_decisions(line)
        if number not in known
    ]
    assert not found, "\n".join(["There is no such decision:", *found])


def test_every_heading_has_an_anchor_of_its_own():
    """Two alike would make one of them unreachable."""
    headings = re.findall(r"^#+ .+$", DOMAIN, re.MULTILINE)
    assert len(anchors(DOMAIN)) == len(headings)


def test_every_section_of_the_domain_names_its_public_source():
    """With a name that leads to an address, or to what is said of a document without one."""
    rules, sources = DOMAIN.split("\n## Sources\n")
    sections = re.split(r"^(#+ .+)$", rules, flags=re.MULTILINE)[3:]
    without = [
        heading
        for heading, text in zip(sections[::2], sections[1::2], strict=True)
        if text.strip() and "*Source: " not in text
    ]
    assert not without

    addresses = set(re.findall(r"^\[(.+)\]: (?:https?://\S+|#sources)$", sources, re.MULTILINE))
    titles = set(re.findall(r"^\| \[(.+?)\] \| .+ \|$", sources, re.MULTILINE))
    cited = {
        re.sub(r"\s+", " ", name)
        for line in re.findall(r"^\*Source: .+?\*$", rules, re.MULTILINE | re.DOTALL)
        for name in re.findall(r"\[([^\]]+)\](?!\()", line)
    }
    assert cited == addresses == titles


def test_reports_that_the_page_calls_existing_can_be_asked_for():
    """What is to come is called so."""
    existing = re.findall(r"\| exists: `([a-z-]+)` \|", DOMAIN)
    assert existing
    assert set(existing) <= set(CATALOG)
