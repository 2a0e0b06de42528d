"""Every sentence of the SSR, written by us: one table per language, looked up by key.

The sentences speak of "your child", never of a name, so that they stay the same for all students of a
level and can be translated without grammar around a name. Values in braces are filled in by the caller.

`ENGLISH` is the source. The other languages are gettext catalogs in `locale/`, one message per key: the
key is the message's context, the English sentence its id, so a sentence that changes asks for its
translations anew. Comments that begin with NOTE reach the translators. `make messages` brings the
catalogs up to date; see docs/translating.md.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files

from lea_reports.assessments import ENGLISH as ENGLISH_LANGUAGE
from lea_reports.assessments import Assessment, languages, names_in_use
from lea_reports.ssr.words.message_catalog import read_catalog
from lea_reports.typesetting.texts import Texts


def message(key: str, english: str) -> tuple[str, str]:
    """Declare a sentence; this call is what the extraction of messages looks for."""
    return key, english


_MESSAGES = (
    # NOTE: The title of the PDF; {year} is a school year such as 2025-26.
    message("document.title", "Student Score Report {year}: {name}"),
    # NOTE: The title of a PDF with the reports of several students, where nobody gave it one.
    message("document.several", "Student Score Reports"),
    message("name.missing", "Name not on file"),
    message("footer.page", "Page {page} of {pages}"),
    message("footer.report", "Student Score Report {year}"),
    # Values
    message("grade", "Grade {grade}"),
    message("subject.ela", "English Language Arts/Literacy"),
    message("subject.mathematics", "Mathematics"),
    message("level.of_four", "Level {level} of 4"),
    message("level", "Level {level}"),
    message("level.named", "Level {level}: {label}"),
    message("not_on_file", "Not on file"),
    # Page 1
    message("cover.title", "Student Score Report"),
    message("cover.assessments", "Smarter Balanced Assessments"),
    message("cover.subjects", "English Language Arts/Literacy and Mathematics"),
    message("cover.results_for", "Results for"),
    message("cover.grade", "Grade tested"),
    message("cover.ssid", "Student ID (SSID)"),
    message("cover.school", "School"),
    # NOTE: Label above the name of the school district.
    message("cover.lea", "School district or charter school"),
    # NOTE: Label above a date.
    message("cover.tested.ela", "English test completed"),
    message("cover.tested.mathematics", "Mathematics test completed"),
    message("glance.title", "At a glance"),
    message("glance.score", "Overall score"),
    # NOTE: Stands small in the corner of a card.
    message("glance.details", "More on page {page}"),
    message("glance.too_few_answers", "Too few answers to score fully"),
    message("glance.no_score", "No score"),
    message("about.title", "What this report tells you"),
    message(
        "about.1",
        "Each spring, students across the state take tests in English and in mathematics. The tests are"
        " matched to what students are expected to learn in their grade.",
    ),
    message(
        "about.2",
        "These results are one picture of your child’s learning. Class work, grades, and what teachers "
        "see every day are just as important. Look at them together.",
    ),
    message("reading.title", "How to read the score bar"),
    # NOTE: On a flag 38 points wide: one short word.
    message("reading.flag", "Score"),
    message("reading.A", "The flag shows your child’s overall score on the scale for the grade."),
    message(
        "reading.B",
        "The bracket under the flag is the error band. No test is exact: on another day, the score "
        "would most likely fall inside the bracket.",
    ),
    message("reading.C", "The dark part of the bar is the level your child reached."),
    message("levels.title", "The four achievement levels"),
    # NOTE: One line beside the name of the level: at most 85 Latin letters.
    message(
        "levels.4",
        "Shows a thorough understanding of what is taught in this grade, and can use it in new ways.",
    ),
    message(
        "levels.3",
        "Shows a solid understanding of what is taught in this grade, and is ready to build on it.",
    ),
    message(
        "levels.2", "Shows a partial understanding. More practice will help to reach what the grade expects."
    ),
    message(
        "levels.1",
        "Shows a beginning understanding. Steady support will help to build what the grade expects.",
    ),
    message("more.title", "Where to learn more"),
    message(
        "more.text",
        "Your school can tell you more about these tests, explain any part of this report, and show you"
        " what your child is learning this year. Bring this report with you when you talk with the "
        "teacher.",
    ),
    # Subject pages
    message("subject.tested_on", "Tested {date}"),
    message("subject.overall", "Overall score"),
    message("subject.error_band", "Error band: {low} to {high}"),
    # NOTE: At most 40 letters; {error} is the distance from the score to both ends.
    message("subject.even_error_band", "Error band: {low} to {high} (± {error})"),
    message("subject.meaning", "What this score means"),
    message("subject.scale", "Where the score falls on the grade {grade} scale"),
    message("subject.scale_only", "The grade {grade} scale"),
    message(
        "subject.band_words",
        "The bracket shows the error band. If your child took the test again without learning anything "
        "new, the score would most likely fall in this range.",
    ),
    message(
        "subject.scale_only_words",
        "For your information: these are the scores at which each achievement level begins in this grade.",
    ),
    message(
        "ela.level.4",
        "Your child understands challenging texts well, writes clearly with strong reasons and details,"
        " listens closely, and finds and uses information with skill. Your child shows a thorough grasp"
        " of the English skills taught in this grade.",
    ),
    message(
        "ela.level.3",
        "Your child understands texts for this grade, writes with a clear point and fitting details, "
        "listens well, and can find and use information. Your child shows a solid grasp of the English "
        "skills taught in this grade.",
    ),
    message(
        "ela.level.2",
        "Your child understands parts of the texts for this grade and is learning to write with a clear"
        " point and enough details. With more reading, writing, and discussion, these skills can grow "
        "to what the grade expects.",
    ),
    message(
        "ela.level.1",
        "Your child is beginning to understand texts for this grade and to write about them. Reading "
        "together often, writing a little each day, and extra help at school can build these skills "
        "step by step.",
    ),
    message(
        "mathematics.level.4",
        "Your child understands the mathematics of this grade in depth, solves problems with many "
        "steps, uses mathematics in new situations, and explains clearly why an answer is right. Your "
        "child shows a thorough grasp of the skills taught in this grade.",
    ),
    message(
        "mathematics.level.3",
        "Your child understands the main ideas of mathematics in this grade, solves most problems, and "
        "can explain how an answer was found. Your child shows a solid grasp of the skills taught in "
        "this grade.",
    ),
    message(
        "mathematics.level.2",
        "Your child understands some of the mathematics of this grade and solves simpler problems. With"
        " more practice on harder problems, and on explaining each step, these skills can grow to what "
        "the grade expects.",
    ),
    message(
        "mathematics.level.1",
        "Your child is beginning to understand the mathematics of this grade. Practice with the basic "
        "ideas, everyday examples, and extra help at school can build these skills step by step.",
    ),
    message("areas.title", "A closer look at the skills"),
    message(
        "areas.words",
        "Each test is made of areas. A symbol shows how your child did in an area: under, at about, or "
        "over the line that stands for meeting the standard.",
    ),
    message("areas.none", "Results by area are not available for this test."),
    message(
        "ela.composite_claim_1_level.1",
        "Is still learning to understand what is read and heard at this grade. Reading and talking "
        "about stories and articles will help.",
    ),
    message(
        "ela.composite_claim_1_level.2",
        "Often understands what is read and heard at this grade. Longer and harder texts are a good "
        "next step.",
    ),
    message(
        "ela.composite_claim_1_level.3",
        "Understands well what is read and heard at this grade, including the author’s purpose and "
        "hidden meanings.",
    ),
    message(
        "ela.composite_claim_2_level.1",
        "Is still learning to write clear, complete texts and to find facts that support an idea. "
        "Writing a little each day will help.",
    ),
    message(
        "ela.composite_claim_2_level.2",
        "Often writes clearly and can find facts that support an idea. Adding more detail and checking "
        "sources are good next steps.",
    ),
    message(
        "ela.composite_claim_2_level.3",
        "Writes clear, well-ordered texts and finds, checks, and uses facts from several sources with skill.",
    ),
    message(
        "mathematics.composite_claim_1_level.1",
        "Is still learning the ideas and procedures of mathematics at this grade. Practice with the "
        "basic steps will help.",
    ),
    message(
        "mathematics.composite_claim_1_level.2",
        "Often uses the ideas and procedures of mathematics at this grade correctly. Mixed practice is "
        "a good next step.",
    ),
    message(
        "mathematics.composite_claim_1_level.3",
        "Uses the ideas and procedures of mathematics at this grade correctly and knows why they work.",
    ),
    message(
        "mathematics.composite_claim_2_level.1",
        "Is still learning to solve problems from everyday life, to read data, and to explain an "
        "answer. Talking through problems will help.",
    ),
    message(
        "mathematics.composite_claim_2_level.2",
        "Often solves problems from everyday life, reads data, and explains an answer. Problems with "
        "more steps are a good next step.",
    ),
    message(
        "mathematics.composite_claim_2_level.3",
        "Solves problems with many steps, uses data well, and explains clearly why an answer makes sense.",
    ),
    message("area.level.1", "This area was difficult for your child this year."),
    message("area.level.2", "Your child did about as well in this area as the standard asks."),
    message("area.level.3", "Your child did very well in this area this year."),
    message("history.title", "Results over time"),
    message(
        "history.words",
        "Each column is the scale of one test, divided into that year’s four levels. The dot is your "
        "child’s score; the line through it is the error band.",
    ),
    message(
        "history.words_without_bands",
        "Each column is the scale of one test, divided into that year’s four levels. The dot is your "
        "child’s score.",
    ),
    message("history.none", "There are no earlier results of this test to compare with."),
    # NOTE: Heading of a column 42 points wide (the next ones 32 and 34): short words.
    message("history.year", "Year"),
    message("history.grade", "Grade"),
    message("history.score", "Score"),
    message("history.level", "Achievement level"),
    message("history.no_score", "No score"),
    message("history.dash", "–"),
    message("history.named", "{level} · {label}"),
    # NOTE: The star leads to the note "history.too_few_answers".
    message("history.marked", "{score}*"),
    message(
        "history.renamed",
        "The names of the levels changed in {year}. Earlier years keep the names they had.",
    ),
    message("history.too_few_answers", "* Too few questions were answered, so the lowest score was given."),
    message("covers.title", "What this test is about"),
    message("ela.covers.1", "Reading and listening"),
    message(
        "ela.covers.1.words",
        "Understanding stories, articles, and talks: the main idea, the details, and what is meant but "
        "not said.",
    ),
    message("ela.covers.2", "Writing and research"),
    message(
        "ela.covers.2.words",
        "Writing texts that are clear and complete, and finding facts in several sources to support an idea.",
    ),
    message("mathematics.covers.1", "Concepts and procedures"),
    message(
        "mathematics.covers.1.words",
        "Knowing the ideas and steps of mathematics taught in this grade and using them correctly.",
    ),
    message("mathematics.covers.2", "Solving problems and explaining"),
    message(
        "mathematics.covers.2.words",
        "Using mathematics in everyday problems, reading data, and explaining why an answer makes sense.",
    ),
    message("home.title", "Ideas for home"),
    # NOTE: Headings of a third of the page: at most 26 letters.
    message("ela.home.1", "Read every day"),
    message(
        "ela.home.1.words",
        "Let your child choose the book. Take turns reading aloud, in any language you like.",
    ),
    message("ela.home.2", "Talk about it"),
    message(
        "ela.home.2.words",
        "Ask what happened, why it happened, and where in the text your child found the answer.",
    ),
    message("ela.home.3", "Write for real"),
    message(
        "ela.home.3.words",
        "A letter, a list, a diary, a review of a movie: short texts with a reader in mind count.",
    ),
    message("mathematics.home.1", "Count on every day"),
    message(
        "mathematics.home.1.words",
        "Prices, recipes, bus times, and scores are all problems that your child can solve.",
    ),
    message("mathematics.home.2", "Ask how"),
    message(
        "mathematics.home.2.words",
        "Ask how your child found the answer, and whether there is another way to find it.",
    ),
    message("mathematics.home.3", "Welcome mistakes"),
    message(
        "mathematics.home.3.words",
        "Look for the step where it went wrong. Finding it together teaches more than the answer.",
    ),
    # Why there is no score: short, headline and explanation
    # NOTE: Reasons why there is no score: "short" stands on a card, "table" in a narrow column (20 letters).
    message("NT.short", "Not tested"),
    message("NT.table", "Not tested"),
    message("NT.title", "Your child did not take this test"),
    message(
        "NT.text",
        "Our records show that your child did not take this test this year, so there is no score. This "
        "does not affect your child’s grades. If you think that this is a mistake, please ask your "
        "school.",
    ),
    message("PGE.short", "Excused at a parent’s or guardian’s request"),
    message("PGE.table", "Excused"),
    message("PGE.title", "Excused at the request of a parent or guardian"),
    message(
        "PGE.text",
        "A parent or guardian asked in writing that your child not take this test, so there is no "
        "score. Your school can tell you about other ways to see how your child is doing in this "
        "subject.",
    ),
    message("NTE.short", "Excused for a medical emergency"),
    message("NTE.table", "Excused"),
    message("NTE.title", "Excused because of a medical emergency"),
    message(
        "NTE.text",
        "Your child could not be tested because of a serious medical emergency, so there is no score. "
        "When the time is right, your school can help to plan next steps in learning.",
    ),
    message("NEL.short", "Excused: new to English and to U.S. schools"),
    message("NEL.table", "Excused"),
    message("NEL.title", "Excused as a newcomer who is learning English"),
    message(
        "NEL.text",
        "Students who are learning English and have been in a U.S. school for less than 12 months do "
        "not have to take this test, so there is no score. Your child will take it once the first year "
        "has passed.",
    ),
    message("invalidated.short", "Result not valid"),
    message("invalidated.table", "Not valid"),
    message("invalidated.title", "The result of this test is not valid"),
    message(
        "invalidated.text",
        "Something went wrong while this test was given, so its result does not count and is not shown."
        " Your school can tell you what happened and what it means.",
    ),
    message("incomplete.short", "Test not completed"),
    message("incomplete.table", "Not completed"),
    message("incomplete.title", "Your child did not complete this test"),
    message(
        "incomplete.text",
        "Your child started this test but did not take all of its parts, so there is no score. If you "
        "have questions about why, please ask your school.",
    ),
    message("no_record.short", "No result on file"),
    message("no_record.table", "No result"),
    message("no_record.title", "There is no result for this test"),
    message(
        "no_record.text",
        "This report has no result of this test for your child this year. If your child did take it, "
        "please ask your school.",
    ),
    message(
        "note.too_few_answers",
        "Please note: your child answered too few questions to be scored in the usual way. The rules "
        "then give the lowest score on the scale. It may not show what your child knows and can do.",
    ),
    message(
        "note.changed_construct",
        "Please note: your child used a special resource that changes what this test measures. Compare "
        "this score with other scores with care.",
    ),
    # Page 4
    message("next.title", "More Results and Next Steps"),
    message("measures.title", "Measures you can use every day"),
    message("lexile.title", "Lexile® reading measure"),
    message(
        "lexile.text",
        "A Lexile measure tells how hard a text your child can read and mostly understand. Many books "
        "carry such a number too. Books from about 100 below to 50 above it are a good fit.",
    ),
    message(
        "lexile.BR",
        "BR stands for Beginning Reader: your child is starting to read. Books made for beginning "
        "readers, and reading together every day, are a good fit.",
    ),
    message("quantile.title", "Quantile® mathematics measure"),
    message(
        "quantile.text",
        "A Quantile measure tells which skills in mathematics your child is ready to learn next. A "
        "teacher can use it to pick tasks that are neither too easy nor too hard.",
    ),
    message(
        "quantile.EM",
        "EM stands for Emerging Mathematician: your child is starting with the first ideas of "
        "mathematics. A teacher can use the measure to pick the next task.",
    ),
    message("measure.none", "None this year"),
    message("measure.none_text", "This measure comes from the test score. There is no such score this year."),
    message("measure.missing_text", "This measure is not available for this test."),
    message("writing.title", "Writing: the essay"),
    message("writing.genre", "Type of writing: {genre}"),
    message(
        "writing.words",
        "As part of the English test, your child read several texts and wrote an essay about them. It "
        "was scored for three qualities.",
    ),
    message("writing.none", "There is no essay score for your child this year."),
    message("writing.points", "{points} of {most} points"),
    message("writing.no_points", "Not scored"),
    # NOTE: Kinds of essays; they fill {genre} in "Type of writing: {genre}".
    message("genre.ARGU", "argument"),
    message("genre.EXPL", "explanation"),
    message("genre.INFO", "information"),
    message("genre.NARR", "story"),
    message("genre.OPIN", "opinion"),
    message("writing.organization_purpose", "Organization and purpose"),
    # NOTE: One line of at most 62 letters, as for the other qualities of the essay.
    message("writing.organization_purpose.words", "Has a clear point, and the parts follow in a good order."),
    message("writing.evidence_elaboration", "Evidence and details"),
    message(
        "writing.evidence_elaboration.words", "Supports its ideas with facts and details from the texts."
    ),
    message("writing.conventions", "Conventions"),
    message(
        "writing.conventions.words", "Uses correct sentences, punctuation, capital letters, and spelling."
    ),
    message("NARR.evidence_elaboration", "Story development and details"),
    message("NARR.evidence_elaboration.words", "Develops the story with people, places, and vivid details."),
    # NOTE: One line of at most 55 letters, as for the other codes.
    message("writing.code.B", "The essay was left blank."),
    message("writing.code.I", "There was too little of your child’s own writing to score."),
    message("writing.code.L", "The essay was not written in English, so it could not be scored."),
    message("writing.code.T", "The essay was not about the topic that was given."),
    message("writing.code.M", "The essay did not do what the task asked for."),
    message("writing.code.other", "The essay could not be scored."),
    message("families.title", "What families can do next"),
    message("families.read", "Read and talk"),
    message(
        "families.read.text",
        "Set aside 20 minutes a day for reading, in any language. Ask: What happened? Why? How do you know?",
    ),
    message("families.count", "Use mathematics together"),
    message(
        "families.count.text",
        "Cook, shop, measure, and play games with numbers. Let your child explain each step in his or "
        "her own words.",
    ),
    message("families.ask", "Ask the teacher"),
    message(
        "families.ask.text",
        "What does my child do well? What is the next skill to work on? How can we help at home?",
    ),
    message("notes.title", "Our notes and questions"),
    message(
        "closing.text",
        "Thank you for being part of your child’s learning. If anything in this report is unclear, your"
        " school will be glad to help.",
    ),
)

_TESTS_OF_FOUR_PAGES = (*Assessment.SMARTER_BALANCED.tests, *Assessment.CAST.tests)
"""Whose results stand on a Smarter Balanced SSR, in some years."""

NAMES: Mapping[str, str] = {
    f"named.{name}": name for test in _TESTS_OF_FOUR_PAGES for name in names_in_use(test)
}
"""The names of levels and areas that the tables of facts have, by key; a new year brings new ones as rows."""

SENTENCES: Mapping[str, str] = dict(_MESSAGES)
"""The English sentences by key."""

ENGLISH: Mapping[str, str] = {**SENTENCES, **NAMES}
"""What an SSR says in English by key."""


class _Languages(Mapping[str, Texts]):
    """Reads a language's catalog when it is first asked for, and keeps it."""

    def __getitem__(self, language: str) -> Texts:
        return _texts(language, languages()[language].bcp47)

    def __contains__(self, language: object) -> bool:
        return language in languages()

    def __iter__(self) -> Iterator[str]:
        return iter(languages())

    def __len__(self) -> int:
        return len(languages())


LANGUAGES: Mapping[str, Texts] = _Languages()
"""The languages an SSR can be made in, by the value of `StudentResult.language`."""


@cache
def _texts(language: str, tag: str) -> Texts:
    locale = files("lea_reports.ssr.words").joinpath("locale")
    conventions = json.loads(locale.joinpath("conventions.json").read_text(encoding="utf-8"))[language]
    table = {"date": conventions["date"]}
    table |= {f"month.{number}": name for number, name in enumerate(conventions["months"], start=1)}
    if language == ENGLISH_LANGUAGE:
        table |= ENGLISH
    else:
        folder = language.replace("-", "_")  # as gettext names locales
        catalog = locale.joinpath(folder, "LC_MESSAGES", "ssr.po").read_text(encoding="utf-8")
        # A name that a new year brought is shown in English until it is translated; a test asks for that.
        table |= NAMES
        table |= {entry.context: entry.translation for entry in read_catalog(catalog)}
    return Texts(tag, table, right_to_left=conventions["right_to_left"])
