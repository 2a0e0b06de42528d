"""A student's file has the same bytes whoever else is in the batch."""

from __future__ import annotations

import pytest

from lea_reports.assessments import Assessment, languages_of
from lea_reports.ssr.engine.compiled_engine import CompiledEngine
from lea_reports.ssr.engine.ssr_engine import SsrFile
from lea_reports.ssr.words.texts import LANGUAGES
from tests.unit.ssr.hostile_students import Student
from tests.unit.ssr.invented_students import students

_OTHERS = (
    Student(last_name="Nguyễn", first_name="Ánh Tuyết"),
    Student(last_name="陳", first_name="曉明", language="zh-Hant"),
    Student(last_name="김", first_name="뷁민준", language="ko"),
    Student(last_name="العلي", first_name="محمد", language="ar"),
    Student(last_name="x\u0301 ẹ\u0301 q\u0323", school="क्ष"),
    Student(last_name="W" * 200, measure="BR45L"),
    Student(last_name="\ue000"),
)


@pytest.mark.parametrize("tags", [True, False], ids=["tagged", "untagged"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_file_is_the_same_alone_and_among_others(fonts_folder, language, tags):
    """Names in other scripts, other languages and kinds before and after it change nothing."""
    invented = [
        student
        for kind in Assessment
        if language in languages_of(kind)
        for student in students(kind, language, range(2))
    ]
    others = [other.result() for other in _OTHERS]
    engine = CompiledEngine(fonts_folder, tags=tags)
    among = list(engine.single_files([*others, *invented, *reversed(others)]))[len(others) : -len(others)]
    for result, made in zip(invented, among, strict=True):
        (alone,) = CompiledEngine(fonts_folder, tags=tags).single_files([result])
        assert isinstance(made, SsrFile)
        assert made.content == alone.content
