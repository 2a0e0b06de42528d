"""Neither `docs/security.md` nor the table of planted faults can rot: each holds the other.

That the tests do fail with the faults, `python -m bench.security_claims` shows.
"""

import ast

import pytest

from bench.security_claims import PAGE, ROOT, claims, copied, failing, name_of, outcomes, planted
from bench.security_faults import FAULTS, Fault

CLAIMS = list(claims(PAGE.read_text(encoding="utf-8")))


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.text[:40])
def test_every_claim_of_the_page_has_a_planted_fault(claim):
    """What nobody would notice missing is no claim."""
    assert any(claim.is_of(fault) for fault in FAULTS), claim.text


def test_every_planted_fault_is_of_a_claim_of_the_page():
    """In the page's own words: whoever changes a sentence looks at its tests."""
    assert [fault.claim for fault in FAULTS if not any(claim.is_of(fault) for claim in CLAIMS)] == []


def test_each_row_names_the_files_of_its_tests_and_no_others():
    """The third column is what the faults of the row say."""
    for files in {claim.files for claim in CLAIMS if claim.files}:
        row = [claim for claim in CLAIMS if claim.files == files]
        tests = {
            test.partition("::")[0]
            for fault in FAULTS
            if any(claim.is_of(fault) for claim in row)
            for test in fault.tests
        }
        assert tests == files


def test_a_page_is_split_into_its_claims():
    """Semicolons part a row's claims, full stops those of what stands below the table."""
    table = "| r | how | where |\n|---|---|---|\n| a | one; two | `tests/x.py` |"
    page = f"# T\n\nIntro. More.\n\n{table}\n\nFirst\nhere. Then.\n\nLast."

    assert [claim.text for claim in claims(page)] == ["one", "two", "First here.", "Then.", "Last."]
    assert [sorted(claim.files) for claim in claims(page)] == [["tests/x.py"]] * 2 + [[]] * 3


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.claim[:40])
def test_a_fault_can_be_planted(fault):
    """What it replaces stands there once, and something else comes of it."""
    text = (ROOT / fault.file).read_text(encoding="utf-8")

    assert planted(fault, text) != text


def test_every_test_that_must_fail_exists():
    """By file and function; parameters only choose among its cases."""
    functions = {}
    for test in {name_of(test) for fault in FAULTS for test in fault.tests}:
        file, _, name = test.partition("::")
        if file not in functions:
            tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
            functions[file] = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
        assert name in functions[file], test
    assert all(fault.tests for fault in FAULTS)


def test_only_faults_that_need_the_whole_stack_name_its_tests():
    """The others are found within seconds."""
    for fault in FAULTS:
        assert all(test.startswith("tests/system/") is fault.system for test in fault.tests), fault.claim


def test_what_stands_twice_or_becomes_no_python_is_no_fault():
    """It would seem to be found, and no test would have looked at it."""
    fault = Fault("claim", "x.py", "a", "(", ("tests/x.py::test_x",))

    for text in ("b", "a a"):
        with pytest.raises(ValueError, match="not once"):
            planted(fault, text)
    with pytest.raises(SyntaxError):
        planted(fault, "a = 1")


def test_a_fault_that_no_test_notices_is_told(tmp_path):
    """And what was changed stands there again as it was."""
    (tmp_path / "number.py").write_text("ONE = 1\n")
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_number.py").write_text(
        "import number\n\n\ndef test_one():\n    assert number.ONE == 1\n\n\ndef test_any():\n    assert number\n"
    )
    tests = ("tests/test_number.py::test_one", "tests/test_number.py::test_any")
    (outcome,) = outcomes(tmp_path, [Fault("one", "number.py", "1", "2", tests)])

    assert outcome.missed == ["tests/test_number.py::test_any"]
    assert failing(tmp_path, tests) == frozenset()


def test_the_copy_has_what_git_knows(tmp_path):
    """And nothing that only lies about."""
    copied(tmp_path)

    assert (tmp_path / "docs" / "security.md").read_bytes() == PAGE.read_bytes()
    assert not (tmp_path / ".git").exists()
