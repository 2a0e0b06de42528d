"""The four pages of the Smarter Balanced SSR, from top to bottom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lea_reports.assessments import Subject, area_level_label, level_label, level_labels, score_scale
from lea_reports.ssr.canvas import PAGE_WIDTH
from lea_reports.ssr.charts import (
    BAR_HEIGHT,
    FLAG_HEIGHT,
    Column,
    HistoryChart,
    LevelBar,
    draw_area_symbol,
    draw_points,
)
from lea_reports.ssr.names import clean, full_name
from lea_reports.ssr.palette import (
    AMBER,
    BODY,
    CAPTION,
    ELA_TONES,
    HEADING,
    INK,
    LABEL,
    MATHEMATICS_TONES,
    MUTED,
    NAVY,
    PALE_BLUE,
    PAPER,
    RULE,
    SMALL,
    STRONG,
    TITLE,
    WHITE,
    Style,
    Tones,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from lea_reports.assessments import AdministrationYear
    from lea_reports.ssr.canvas import Canvas
    from lea_reports.ssr.student_result import (
        AreaResult,
        StudentResult,
        SubjectResult,
        WritingDimension,
        WritingResult,
    )
    from lea_reports.ssr.texts import Texts

PAGES = 4
LEFT, RIGHT = 48.0, PAGE_WIDTH - 48.0
WIDTH = RIGHT - LEFT
GUTTER = 16.0
HALF = (WIDTH - GUTTER) / 2
SECOND = LEFT + HALF + GUTTER
"""Where the right one of two columns begins."""
FOOT = 752.0
EN_DASH = "\N{EN DASH}"
_TONES = {Subject.ELA: ELA_TONES, Subject.MATHEMATICS: MATHEMATICS_TONES}
_PAGE_OF = {Subject.ELA: 2, Subject.MATHEMATICS: 3}


def draw_student(canvas: Canvas, texts: Texts, result: StudentResult) -> None:
    """Draw all pages of one SSR."""
    pages: tuple[Callable[[], None], ...] = (
        lambda: _draw_cover(canvas, texts, result),
        lambda: _draw_subject(canvas, texts, result, result.ela),
        lambda: _draw_subject(canvas, texts, result, result.mathematics),
        lambda: _draw_next_steps(canvas, texts, result),
    )
    for number, draw in enumerate(pages, start=1):
        if number > 1:
            canvas.add_page()
        draw()
        _draw_footer(canvas, texts, result, number)


def begin_student(canvas: Canvas, section: str | None, name: str) -> None:
    """Begin the first page of an SSR in a merged file, as a target of the outline."""
    canvas.add_page()
    if section is not None:
        canvas.add_outline_entry(section, 0)
    canvas.add_outline_entry(name, 1)


def shown_name(texts: Texts, result: StudentResult) -> str:
    """Return the student's name as it is printed."""
    return full_name(result) or texts("name.missing")


def shown_year(year: AdministrationYear) -> str:
    """Return a school year as it is printed, with a dash between its two years."""
    return year.label.replace("-", EN_DASH)


def _shown_date(texts: Texts, day: date | None) -> str:
    if day is None:
        return texts("not_on_file")
    return texts("date", month=texts(f"month.{day.month}"), day=day.day, year=day.year)


def _shown_grade(grade: str) -> str:
    return grade.lstrip("0")


# ---------------------------------------------------------------------------------------- every page


def _draw_footer(canvas: Canvas, texts: Texts, result: StudentResult, page: int) -> None:
    canvas.line((LEFT, FOOT), (RIGHT, FOOT), RULE, 0.75)
    (name,), style = canvas.fonts.fit(shown_name(texts, result), LABEL, WIDTH * 0.5, smallest=7)
    canvas.text(LEFT, FOOT + 13, name, style)
    report = texts("footer.report", year=shown_year(result.administration_year))
    canvas.text_right(RIGHT - 70, FOOT + 13, report, LABEL)
    canvas.text_right(RIGHT, FOOT + 13, texts("footer.page", page=page, pages=PAGES), LABEL)


def _draw_heading(canvas: Canvas, y: float, text: str, x: float = LEFT, width: float = WIDTH) -> float:
    canvas.text(x, y + 13, text, HEADING)
    canvas.line((x, y + 19), (x + width, y + 19), RULE, 0.75)
    return y + 26


# -------------------------------------------------------------------------------------------- page 1


def _draw_cover(canvas: Canvas, texts: Texts, result: StudentResult) -> None:
    canvas.rectangle(0, 0, PAGE_WIDTH, 88, NAVY)
    canvas.rectangle(0, 88, PAGE_WIDTH, 4, AMBER)
    canvas.text(LEFT, 48, texts("cover.title"), Style(27, bold=True, color=WHITE))
    canvas.text(LEFT, 70, texts("cover.subjects"), Style(11, color=PALE_BLUE))
    year = shown_year(result.administration_year)
    canvas.text_right(RIGHT, 48, year, Style(20, bold=True, color=WHITE))
    canvas.text_right(RIGHT, 70, texts("cover.assessments"), Style(11, color=PALE_BLUE))
    y = _draw_student_block(canvas, texts, result, 106)
    y = _draw_glance(canvas, texts, result, y + 12)
    y = _draw_about(canvas, texts, y + 14)
    y = _draw_levels(canvas, texts, result, y + 12)
    canvas.rectangle(LEFT, FOOT - 56, WIDTH, 46, PAPER)
    canvas.rectangle(LEFT, FOOT - 56, 4, 46, AMBER)
    canvas.text(LEFT + 14, FOOT - 42, texts("more.title"), STRONG)
    canvas.paragraph(LEFT + 14, FOOT - 39, WIDTH - 26, texts("more.text"), SMALL)


def _draw_student_block(canvas: Canvas, texts: Texts, result: StudentResult, top: float) -> float:
    canvas.text(LEFT, top + 9, texts("cover.results_for"), LABEL)
    name, style = canvas.fonts.fit(
        shown_name(texts, result), Style(23, bold=True, color=NAVY), WIDTH, smallest=12, lines=1
    )
    if name[0].endswith("…"):
        name, style = canvas.fonts.fit(
            shown_name(texts, result), Style(12, bold=True, color=NAVY), WIDTH, smallest=12, lines=2
        )
        canvas.lines(LEFT, top + 13, name, style)
    else:
        canvas.text(LEFT, top + 35, name[0], style)
    y = top + 52
    ela, mathematics = (_shown_date(texts, subject.tested_on) for subject in result.subjects)
    columns = (LEFT, LEFT + 190, LEFT + 358)
    widths = (180.0, 158.0, 158.0)
    rows = (
        (
            ("cover.school", clean(result.school.name)),
            ("cover.grade", texts("grade", grade=_shown_grade(result.grade_assessed))),
            ("cover.tested.ela", ela),
        ),
        (
            ("cover.lea", clean(result.school.lea_name)),
            ("cover.ssid", result.ssid),
            ("cover.tested.mathematics", mathematics),
        ),
    )
    for row in rows:
        for x, width, (label, value) in zip(columns, widths, row, strict=True):
            canvas.text(x, y + 8, texts(label), LABEL)
            (line, *_), style = canvas.fonts.fit(value, STRONG, width, smallest=7.5, lines=1)
            canvas.text(x, y + 21, line, style)
        y += 32
    return y


def _draw_glance(canvas: Canvas, texts: Texts, result: StudentResult, top: float) -> float:
    y = _draw_heading(canvas, top, texts("glance.title"))
    for x, subject in zip((LEFT, SECOND), result.subjects, strict=True):
        _draw_card(canvas, texts, result, subject, (x, y))
    return y + 104


def _draw_card(
    canvas: Canvas, texts: Texts, result: StudentResult, subject: SubjectResult, corner: tuple[float, float]
) -> None:
    x, y = corner
    tones = _TONES[subject.test.subject]
    canvas.rectangle(x, y, HALF, 104, PAPER)
    canvas.rectangle(x, y, HALF, 22, tones.strong)
    canvas.text(x + 12, y + 15.5, texts(f"subject.{subject.test.subject}"), Style(11, bold=True, color=WHITE))
    details = texts("glance.details", page=_PAGE_OF[subject.test.subject])
    if subject.score is None:
        canvas.text(x + 12, y + 56, texts("glance.no_score"), Style(22, bold=True, color=tones.strong))
        canvas.paragraph(x + 12, y + 64, HALF - 24, texts(f"{subject.reason}.short"), BODY)
    else:
        score = subject.score
        canvas.text(x + 12, y + 37, texts("glance.score"), LABEL)
        canvas.text(x + 12, y + 71, str(score.value), Style(34, bold=True, color=tones.strong))
        label = level_label(subject.test, result.administration_year, score.level) or ""
        canvas.text(x + 116, y + 37, texts("level.of_four", level=score.level), LABEL)
        lines, style = canvas.fonts.fit(
            label, Style(16, bold=True, color=INK), HALF - 128, smallest=11, lines=1
        )
        canvas.text(x + 116, y + 56, lines[0], style)
        for step in range(1, 5):
            left, height = x + 116 + (step - 1) * 31, 4.0 + step * 2
            if step <= score.level:
                canvas.rectangle(left, y + 76 - height, 27, height, tones.strong)
            canvas.frame(left, y + 76 - height, 27, height, tones.strong, 0.9)
    canvas.text_right(x + HALF - 12, y + 95, details, Style(8, color=MUTED))


def _draw_about(canvas: Canvas, texts: Texts, top: float) -> float:
    y = _draw_heading(canvas, top, texts("about.title"), LEFT, HALF)
    left_end = canvas.paragraph(LEFT, y, HALF, texts("about.1"), Style(9.5))
    left_end = canvas.paragraph(LEFT, left_end + 6, HALF, texts("about.2"), Style(9.5))
    y = _draw_heading(canvas, top, texts("reading.title"), SECOND, HALF)
    for number in ("1", "2", "3"):
        canvas.disc((SECOND + 7, y + 8), 7, NAVY)
        canvas.text_centred(SECOND + 7, y + 11, number, Style(8.5, bold=True, color=WHITE))
        y = canvas.paragraph(SECOND + 20, y, HALF - 20, texts(f"reading.{number}"), Style(9.5)) + 4
    return max(left_end, y)


def _draw_levels(canvas: Canvas, texts: Texts, result: StudentResult, top: float) -> float:
    y = _draw_heading(canvas, top, texts("levels.title"))
    labels = level_labels(result.ela.test, result.administration_year)
    for level in (4, 3, 2, 1):
        canvas.rectangle(LEFT, y, 18, 18, NAVY)
        canvas.text_centred(LEFT + 9, y + 13, str(level), Style(10, bold=True, color=WHITE))
        canvas.text(LEFT + 28, y + 13, labels[level], STRONG)
        canvas.text(LEFT + 150, y + 13, texts(f"levels.{level}"), SMALL)
        y += 22
    return y


# ------------------------------------------------------------------------------------- pages 2 and 3


def _draw_subject(canvas: Canvas, texts: Texts, result: StudentResult, subject: SubjectResult) -> None:
    tones = _TONES[subject.test.subject]
    name = texts(f"subject.{subject.test.subject}")
    canvas.rectangle(0, 0, PAGE_WIDTH, 10, tones.strong)
    canvas.text(LEFT, 52, name, TITLE.in_color(tones.strong))
    canvas.text_right(RIGHT, 40, texts("grade", grade=_shown_grade(subject.grade)), STRONG)
    if subject.tested_on:
        tested = texts("subject.tested_on", date=_shown_date(texts, subject.tested_on))
        canvas.text_right(RIGHT, 53, tested, CAPTION)
    canvas.line((LEFT, 64), (RIGHT, 64), tones.strong, 1.5)
    y = 78.0
    if subject.score:
        y = _draw_score(canvas, texts, result, subject, y)
    else:
        y = _draw_no_score(canvas, texts, subject, y)
    y = _draw_scale(canvas, texts, result, subject, y + 14)
    if subject.score:
        y = _draw_areas(canvas, texts, result, subject, y + 14)
    _draw_history(canvas, texts, result, subject, y + 14)


def _draw_score(
    canvas: Canvas, texts: Texts, result: StudentResult, subject: SubjectResult, top: float
) -> float:
    score = subject.score
    if score is None:
        return top
    tones = _TONES[subject.test.subject]
    label = level_label(subject.test, result.administration_year, score.level) or ""
    canvas.rectangle(LEFT, top, 176, 112, PAPER)
    canvas.rectangle(LEFT, top, 4, 112, tones.strong)
    canvas.text(LEFT + 16, top + 18, texts("subject.overall"), LABEL)
    canvas.text(LEFT + 16, top + 60, str(score.value), Style(44, bold=True, color=tones.strong))
    canvas.text(
        LEFT + 16, top + 76, texts("subject.error_band", low=score.band_low, high=score.band_high), LABEL
    )
    canvas.rectangle(LEFT + 4, top + 86, 172, 26, tones.strong)
    (line, *_), style = canvas.fonts.fit(
        texts("level.named", level=score.level, label=label),
        Style(12, bold=True, color=WHITE),
        152,
        smallest=8,
    )
    canvas.text(LEFT + 16, top + 103, line, style)
    x = LEFT + 196
    canvas.text(x, top + 13, texts("subject.meaning"), HEADING)
    words = texts(f"{subject.test.subject}.level.{score.level}")
    y = canvas.paragraph(x, top + 22, RIGHT - x, words, BODY)
    for key, applies in (
        ("note.too_few_answers", subject.too_few_answers),
        ("note.changed_construct", subject.changed_construct),
    ):
        if applies:
            y = canvas.paragraph(x, y + 3, RIGHT - x, texts(key), Style(8.5, bold=True))
    return max(top + 112, y)


def _draw_no_score(canvas: Canvas, texts: Texts, subject: SubjectResult, top: float) -> float:
    tones = _TONES[subject.test.subject]
    canvas.rectangle(LEFT, top, WIDTH, 92, PAPER)
    canvas.rectangle(LEFT, top, 4, 92, tones.strong)
    canvas.text(
        LEFT + 20, top + 27, texts(f"{subject.reason}.title"), Style(15, bold=True, color=tones.strong)
    )
    canvas.paragraph(LEFT + 20, top + 36, WIDTH - 40, texts(f"{subject.reason}.text"), BODY)
    return top + 92


def _draw_scale(
    canvas: Canvas, texts: Texts, result: StudentResult, subject: SubjectResult, top: float
) -> float:
    score = subject.score
    scale = score.scale if score else score_scale(subject.test, subject.grade, result.administration_year)
    if scale is None:
        return top
    key = "subject.scale" if score else "subject.scale_only"
    y = _draw_heading(canvas, top, texts(key, grade=_shown_grade(subject.grade)))
    y += FLAG_HEIGHT + 4 if score else 6
    labels = level_labels(subject.test, result.administration_year)
    LevelBar(scale, labels, _TONES[subject.test.subject], LEFT, y, WIDTH).draw(canvas, texts, score)
    y += BAR_HEIGHT + 20
    if score:
        words = texts("subject.band_words", low=score.band_low, high=score.band_high)
    else:
        words = texts("subject.scale_only_words")
    return canvas.paragraph(LEFT, y, WIDTH, words, CAPTION)


def _draw_areas(
    canvas: Canvas, texts: Texts, result: StudentResult, subject: SubjectResult, top: float
) -> float:
    y = _draw_heading(canvas, top, texts("areas.title"))
    if not subject.areas:
        return canvas.paragraph(LEFT, y, WIDTH, texts("areas.none"), BODY)
    y = canvas.paragraph(LEFT, y, WIDTH, texts("areas.words"), CAPTION) + 6
    tallest = y
    for number, area in enumerate(subject.areas):
        x = (LEFT, SECOND)[number % 2]
        if number and number % 2 == 0:
            y = tallest + 8
        tallest = max(tallest, _draw_area(canvas, texts, result, subject, area, (x, y)))
    return tallest


def _draw_area(
    canvas: Canvas,
    texts: Texts,
    result: StudentResult,
    subject: SubjectResult,
    area: AreaResult,
    corner: tuple[float, float],
) -> float:
    x, y = corner
    tones = _TONES[subject.test.subject]
    draw_area_symbol(canvas, x, y + 2, area.level, tones)
    name, style = canvas.fonts.fit(area.area.name, STRONG, HALF - 46, smallest=9, lines=2)
    bottom = canvas.lines(x + 46, y - 1, name, style)
    label = area_level_label(subject.test, result.administration_year, area.level) or ""
    canvas.text(x + 46, bottom + 10, label, Style(10, bold=True, color=tones.strong))
    key = f"{subject.test.subject}.{area.area.column}.{area.level}"
    words = texts(key if key in texts else f"area.level.{area.level}")
    return canvas.paragraph(x + 46, bottom + 14, HALF - 46, words, Style(9))


def _draw_history(
    canvas: Canvas, texts: Texts, result: StudentResult, subject: SubjectResult, top: float
) -> None:
    y = _draw_heading(canvas, top, texts("history.title"))
    if not subject.history:
        canvas.paragraph(LEFT, y, WIDTH, texts("history.none"), BODY)
        return
    year = result.administration_year
    columns = [
        Column(
            shown_year(past.year),
            texts("grade", grade=_shown_grade(past.grade)),
            past.score,
            texts("history.no_score"),
            current=False,
        )
        for past in subject.history
    ]
    columns.append(
        Column(
            shown_year(year),
            texts("grade", grade=_shown_grade(subject.grade)),
            subject.score,
            texts("history.no_score"),
            current=True,
        )
    )
    if any(column.score for column in columns):
        height = FOOT - y - 46
        HistoryChart(_TONES[subject.test.subject], LEFT, y + 6, 290, min(height, 150)).draw(canvas, columns)
    _draw_history_table(canvas, texts, result, subject, (LEFT + 306, y))


def _draw_history_table(
    canvas: Canvas, texts: Texts, result: StudentResult, subject: SubjectResult, corner: tuple[float, float]
) -> None:
    x, y = corner
    year = result.administration_year
    rows = [
        (past.year, past.grade, past.score, past.reason, past.too_few_answers) for past in subject.history
    ]
    rows.append((year, subject.grade, subject.score, subject.reason, subject.too_few_answers))
    places = (x, x + 44, x + 76, x + 112)
    for place, key in zip(places, ("year", "grade", "score", "level"), strict=True):
        canvas.text(place, y + 9, texts(f"history.{key}"), LABEL)
    y += 14
    for row_year, grade, score, reason, too_few in rows:
        canvas.line((x, y), (RIGHT, y), RULE, 0.5)
        style = Style(9, bold=row_year == year)
        canvas.text(places[0], y + 13, shown_year(row_year), style)
        canvas.text(places[1], y + 13, _shown_grade(grade), style)
        if score:
            shown = texts("history.marked", score=score.value) if too_few else str(score.value)
            canvas.text(places[2], y + 13, shown, style)
            words = texts(
                "history.named",
                level=score.level,
                label=level_label(subject.test, row_year, score.level) or "",
            )
        else:
            canvas.text(places[2], y + 13, texts("history.dash"), style)
            words = texts(f"{reason}.short")
        lines, style = canvas.fonts.fit(words, style, RIGHT - places[3], smallest=7, lines=1)
        canvas.text(places[3], y + 13, lines[0], style)
        y += 19
    canvas.line((x, y), (RIGHT, y), RULE, 0.5)
    y = canvas.paragraph(x, y + 5, RIGHT - x, texts("history.words"), LABEL)
    names = {tuple(level_labels(subject.test, row[0]).values()) for row in rows}
    if len(names) > 1:
        y = canvas.paragraph(x, y + 3, RIGHT - x, texts("history.renamed"), LABEL)
    if any(row[4] for row in rows):
        canvas.paragraph(x, y + 3, RIGHT - x, texts("history.too_few_answers"), LABEL)


# -------------------------------------------------------------------------------------------- page 4


def _draw_next_steps(canvas: Canvas, texts: Texts, result: StudentResult) -> None:
    canvas.rectangle(0, 0, PAGE_WIDTH, 10, NAVY)
    canvas.text(LEFT, 52, texts("next.title"), TITLE.in_color(NAVY))
    canvas.line((LEFT, 64), (RIGHT, 64), NAVY, 1.5)
    y = _draw_heading(canvas, 78, texts("measures.title"))
    for x, key, subject in ((LEFT, "lexile", result.ela), (SECOND, "quantile", result.mathematics)):
        _draw_measure(canvas, texts, key, subject, (x, y + 2))
    y = _draw_writing(canvas, texts, result.writing, y + 138)
    y = _draw_families(canvas, texts, max(y + 16, 520))
    canvas.rectangle(LEFT, FOOT - 48, WIDTH, 34, PAPER)
    canvas.rectangle(LEFT, FOOT - 48, 4, 34, AMBER)
    canvas.paragraph(LEFT + 14, FOOT - 39, WIDTH - 26, texts("closing.text"), SMALL)


def _draw_measure(
    canvas: Canvas, texts: Texts, key: str, subject: SubjectResult, corner: tuple[float, float]
) -> None:
    x, y = corner
    tones: Tones = _TONES[subject.test.subject]
    canvas.rectangle(x, y, HALF, 122, PAPER)
    canvas.rectangle(x, y, 4, 122, tones.strong)
    canvas.text(x + 16, y + 18, texts(f"{key}.title"), STRONG)
    if subject.measure:
        canvas.text(x + 16, y + 50, clean(subject.measure), Style(28, bold=True, color=tones.strong))
        words = texts(f"{key}.text")
    else:
        canvas.text(x + 16, y + 46, texts("measure.none"), Style(18, bold=True, color=tones.strong))
        words = texts("measure.missing_text" if subject.score else "measure.none_text")
    canvas.paragraph(x + 16, y + 58, HALF - 30, words, Style(9))


def _draw_writing(canvas: Canvas, texts: Texts, writing: WritingResult | None, top: float) -> float:
    y = _draw_heading(canvas, top, texts("writing.title"))
    if writing is None:
        return canvas.paragraph(LEFT, y, WIDTH, texts("writing.none"), BODY)
    y = canvas.paragraph(LEFT, y, WIDTH, texts("writing.words"), BODY)
    genre = f"genre.{writing.genre}"
    if genre in texts:
        canvas.text(LEFT, y + 12, texts("writing.genre", genre=texts(genre)), STRONG)
        y += 18
    y += 6
    for dimension in writing.dimensions:
        _draw_dimension(canvas, texts, writing, dimension, y)
        y += 44
    canvas.line((LEFT, y), (RIGHT, y), RULE, 0.5)
    return y


def _draw_dimension(
    canvas: Canvas, texts: Texts, writing: WritingResult, dimension: WritingDimension, y: float
) -> None:
    canvas.line((LEFT, y), (RIGHT, y), RULE, 0.5)
    key = f"{writing.genre}.{dimension.name}"
    if key not in texts:
        key = f"writing.{dimension.name}"
    canvas.text(LEFT, y + 18, texts(key), STRONG)
    canvas.text(LEFT, y + 32, texts(f"{key}.words"), SMALL.in_color(MUTED))
    x = LEFT + 330
    if dimension.points is not None:
        draw_points(canvas, x, y + 15, dimension.points, dimension.most, ELA_TONES.strong)
        points = texts("writing.points", points=dimension.points, most=dimension.most)
        canvas.text(x + 76, y + 25, points, STRONG)
    else:
        canvas.text(x, y + 18, texts("writing.no_points"), STRONG)
        code = f"writing.code.{dimension.condition_code}"
        words = texts(code if code in texts else "writing.code.other")
        canvas.paragraph(x, y + 21, RIGHT - x, words, Style(8, color=MUTED))


def _draw_families(canvas: Canvas, texts: Texts, top: float) -> float:
    y = _draw_heading(canvas, top, texts("families.title"))
    width = (WIDTH - 2 * GUTTER) / 3
    bottom = y
    for number, key in enumerate(("read", "count", "ask")):
        x = LEFT + number * (width + GUTTER)
        canvas.rectangle(x, y + 2, width, 3, AMBER)
        canvas.text(x, y + 21, texts(f"families.{key}"), Style(11, bold=True, color=NAVY))
        bottom = max(bottom, canvas.paragraph(x, y + 27, width, texts(f"families.{key}.text"), Style(9.5)))
    return bottom
