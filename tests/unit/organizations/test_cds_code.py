import pytest
from hypothesis import given
from hypothesis import strategies as st

from lea_reports.errors import Invalid
from lea_reports.organizations import CdsCode


def test_a_cds_code_splits_into_county_district_and_school():
    """2 digits county, 5 digits district, 7 digits school."""
    code = CdsCode("01612590130146")
    assert (code.county, code.district, code.school) == ("01", "61259", "0130146")


@given(st.from_regex(r"[0-9]{14}", fullmatch=True))
def test_a_cds_code_is_its_own_text(text):
    """It can be compared, hashed and written like the string it was made from."""
    code = CdsCode(text)
    assert code == text
    assert {code: 1}[text] == 1
    assert code.county + code.district + code.school == text


@given(st.from_regex(r"[0-9]{14}", fullmatch=True))
def test_the_lea_of_a_code_is_a_district_code_and_is_stable(text):
    """Asking again for the LEA of an LEA changes nothing."""
    lea = CdsCode(text).lea
    assert lea.school == "0000000"
    assert lea.lea == lea
    assert lea[:7] == text[:7]


@pytest.mark.parametrize(
    "text",
    ["", "1234567890123", "123456789012345", "0161259 130146", "01612590130146\n", "٠١٦١٢٥٩٠١٣٠١٤٦"],
)
def test_anything_but_14_ascii_digits_is_refused(text):
    """Too short, too long, spaces, line ends and other scripts' digits are all no CDS codes."""
    with pytest.raises(Invalid, match="14 digits"):
        CdsCode(text)
