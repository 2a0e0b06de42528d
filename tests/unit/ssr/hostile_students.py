"""Students whose names, schools and numbers hold what no registrar should have typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from lea_reports.assessments import Assessment
from lea_reports.ssr.results.names import clean
from lea_reports.ssr.results.student_result import SchoolNames, from_rows

if TYPE_CHECKING:
    from lea_reports.ssr.results.student_result import StudentResult

A_FEW_BATCHES = settings(
    max_examples=3,
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
"""Each example is a batch of students: fonts are prepared for a batch, which takes longer than the students do."""
_IN_A_BATCH = 12

_SYNTAX = st.sampled_from(
    (
        *(
            "(",
            ")",
            "\\",
            ")) Tj ET (",
            "\\(",
            "\\\r",
            "<<",
            ">>",
            "%",
            "%%EOF",
            "%s",
            "%(name)s",
            "{nb}",
            "{0}",
        ),
        *(
            "{}",
            "{name}",
            "endstream",
            "endobj",
            "]TJ",
            "&amp;",
            "<x>",
            "]]>",
            "'",
            '"',
            "/Name",
            "#20",
            "${",
            "\\u0041",
        ),
    )
)
_LETTERS = st.sampled_from(
    (
        *(
            "A",
            "é",
            "ß",
            "ﬁ",
            "Nguyễn",
            "İ",
            "ı",
            "Ω",
            "Ж",
            "陳",
            "曉明",
            "㐀",
            "김",
            "뷁",
            "ㄱ",
            "محمد",
            "العلي",
            "لا",
            "پ",
        ),
        *(
            "१",
            "क्ष",
            "١٢٣",
            "12",
            "ａ",
            "、",
            "「",
            "，",
            " ",
            "  ",
            "-",
            "’",
            "n\u0303",
            "e\u0302\u0301",
        ),
    )
)
UNSEEN = st.sampled_from(
    tuple(map(chr, (*range(0x20), 0x7F, 0x85, 0xA0, 0xAD, 0x61C, 0x200B, 0x200E, 0x200F, 0x2028, 0x2029)))
    + tuple(
        map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x2060, 0xFEFF, 0xFFFC, 0xFFFD, 0xFFFE))
    )
)
"""Controls, spaces of other kinds, controls of direction, and what stands for nothing."""
MARKS = st.characters(categories=["Mn", "Mc", "Me"])
_STRANGE = st.sampled_from(("\ud800", "\udfff", "\ue000", "\ue001", "\uf8ff", "\U000f0000", "\U0010fffd")) | (
    st.characters(categories=["Co", "Cs", "Cn", "So"])
)
_LONG = st.sampled_from(("W", "i", "陳", "م", "(", "\\", "%", "김 ", "Ab ")).map(lambda part: part * 200)
PLAIN = st.lists(_SYNTAX | _LETTERS, max_size=8).map("".join)
"""What can be set, though it looks like the language of PDF, of templates or of markup."""
CLEAN = PLAIN.filter(lambda text: clean(text) == text)
"""The same without spaces that are left out."""
SHORT = PLAIN | st.lists(_SYNTAX | _LETTERS | UNSEEN | _STRANGE, max_size=8).map("".join)
HOSTILE = st.one_of(SHORT, SHORT, _LONG)
NAMES = ("last_name", "first_name", "middle_name")
SCHOOLS = ("school", "lea")
NUMBERS = ("ssid", "measure")


class Student(NamedTuple):
    """Every text of a student that comes from data, and which SSR it is."""

    last_name: str = "Rivera"
    first_name: str = "Maya"
    middle_name: str = ""
    school: str = "Manzanita Elementary School"
    lea: str = "Laguna Verde Unified"
    ssid: str = "1234567890"
    measure: str = "1010L"
    language: str = "en"
    kind: Assessment = Assessment.SMARTER_BALANCED

    def result(self) -> StudentResult:
        """Return what the SSR says."""
        row: dict[str, object] = {
            "administration_year": 2026,
            "record_type": self.kind.tests[0].value,
            "grade_assessed": "05",
            "scale_score": 2530 if self.kind is Assessment.SMARTER_BALANCED else 215,
            "achievement_level": 3,
            "lexile_or_quantile_measure": self.measure,
        }
        school = SchoolNames("99100010000001", self.school, "99100010000000", self.lea)
        return from_rows(self._asdict(), [row], school, language=self.language, assessment=self.kind)


def students(texts: dict[str, st.SearchStrategy[str]]) -> st.SearchStrategy[Student]:
    """Make students in some of whose fields these texts stand."""
    kinds: dict[str, st.SearchStrategy[object]] = {
        "language": st.sampled_from(("en", "en", "ko", "ar")),
        "kind": st.sampled_from((Assessment.CAST, Assessment.CAST, Assessment.SMARTER_BALANCED)),
    }
    return st.fixed_dictionaries({**texts, **kinds}).map(lambda values: Student(**values))


def batches(*kinds: st.SearchStrategy[Student]) -> st.SearchStrategy[list[Student]]:
    """Make batches of such students."""
    return st.lists(st.one_of(*kinds), min_size=_IN_A_BATCH, max_size=_IN_A_BATCH)


HOSTILE_BATCHES = batches(
    students({"last_name": HOSTILE}),
    students(dict.fromkeys(NAMES, HOSTILE)),
    students(dict.fromkeys(SCHOOLS, HOSTILE) | dict.fromkeys(NUMBERS, CLEAN)),
    students(dict.fromkeys((*NAMES, *SCHOOLS), SHORT) | dict.fromkeys(NUMBERS, CLEAN)),
)
