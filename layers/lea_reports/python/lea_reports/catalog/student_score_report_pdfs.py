"""CAASPP Student Score Report PDFs: the SSRs of whole schools in bulk. Source: docs/domain.md#ssr-requests."""

from lea_reports.access.roles import Role
from lea_reports.assessments import Program
from lea_reports.reports.definition import Delivery, LetterWords, Level, ReportDefinition, SsrArchive
from lea_reports.reports.parameters import NAME, Choice, Day, Schools, SomeOf, Year, YesNo
from lea_reports.ssr_archive.language_choices import LANGUAGE_CHOICES, LanguageChoice
from lea_reports.ssr_archive.letter_words import choices, hints
from lea_reports.ssr_archive.password import PASSWORD
from lea_reports.ssr_archive.selection import ASSESSMENTS_WITH_SSR, GRADES_WITH_SSR, problems_of

_LANGUAGES = [choice for choice in LANGUAGE_CHOICES if choice != LanguageChoice.ALL]
_MEANINGS = "; ".join(f'"{choice}": {choice.meaning}' for choice in LANGUAGE_CHOICES)
_GRADES = ", ".join(f'"{grade}"' for grade in GRADES_WITH_SSR)

REPORT = ReportDefinition(
    code="student-score-report-pdfs",
    title="CAASPP Student Score Report PDFs",
    link_text="Student Score Reports",
    program=Program.CAASPP,
    level=Level.LEA,
    roles=frozenset({Role.LEA_CAASPP_COORDINATOR}),
    contents="the Student Score Reports of the students who are enrolled in your LEA now, as PDF files in a zip file.",
    parameters=(
        NAME,
        Schools(
            name="schools",
            title="School(s)",
            description="Schools of your LEA by CDS code, where the students are enrolled now.",
        ),
        SomeOf(
            name="grades",
            title="Grade(s)",
            description="Grades in which the students were tested.",
            choices=tuple(Choice(value=grade, title=f"Grade {int(grade)}") for grade in GRADES_WITH_SSR),
            rule="known_grade",
            sentence=f"The grades with SSRs, as text, in quotes: {_GRADES}.",
            noun="grade",
        ),
        Day(
            name="start_date",
            title="Start Date",
            description="First SSR availability date, included; not after today in California.",
        ),
        Day(
            name="end_date",
            title="End Date",
            description="Last SSR availability date, included; a day ahead means until the day of the request.",
        ),
        SomeOf(
            name="assessments",
            title="Assessment(s)",
            choices=tuple(Choice(value=each.value, title=each.short_name) for each in ASSESSMENTS_WITH_SSR),
            rule="known_assessment",
            sentence=f"The assessments: {', '.join(ASSESSMENTS_WITH_SSR)}.",
            noun="assessment",
        ),
        SomeOf(
            name="languages",
            title="Score Reporting Language(s)",
            description=f"Which SSRs are made, for each student once: {_MEANINGS}.",
            choices=tuple(Choice(value=str(choice), title=choice.label) for choice in _LANGUAGES),
            rule="known_language",
            sentence=f"The score reporting languages: {', '.join(_LANGUAGES)}.",
            noun="score reporting language",
        ),
        YesNo(
            name="merge",
            title="Merge",
            description="Whether to merge the SSRs, up to 10,000 in a file.",
            sentence="Say true to merge the SSRs into files, or false.",
        ),
        YesNo(
            name="tagged",
            title="Accessible Merged Files",
            description="Whether merged files are accessible (tagged), which makes them larger and slower to make. "
            "Single files always are; only with merge.",
            sentence="Say true to make merged files accessible (tagged), or false.",
        ),
        PASSWORD,
        Year(
            name="administration_year",
            title="Administration Year",
            description="The school year of the tests; the latest with results if left out.",
        ),
    ),
    formats=("zip",),
    delivery=Delivery.LINK_ONLY,
    output=SsrArchive(),
    words=LetterWords(
        item="Student Score Report",
        items="Student Score Reports",
        made="Student Score Reports made",
        not_included="Not included",
        opening="Save the zip file and open it. The `manifest` in it, for Excel (`.xlsx`) and as CSV, lists every "
        "report; `not_included` lists those that could not be made, with the reason.",
        opening_of_lists="Save the zip file and open it. The list `not_included` in it, for Excel (`.xlsx`) and as "
        "CSV, says why for each.",
    ),
    rules=problems_of,
    own_choices=choices,
    hints=hints,
)
