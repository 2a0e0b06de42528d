"""Every sentence of the SSR, written by us: one table per language, looked up by key.

The sentences speak of "your child", never of a name, so that they stay the same for all students of a
level and can be translated without grammar around a name. Values in braces are filled in by the caller.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

ENGLISH: Mapping[str, str] = {
    "document.title": "Student Score Report {year}: {name}",
    "name.missing": "Name not on file",
    "footer.page": "Page {page} of {pages}",
    "footer.report": "Student Score Report {year}",
    # Values
    "month.1": "January",
    "month.2": "February",
    "month.3": "March",
    "month.4": "April",
    "month.5": "May",
    "month.6": "June",
    "month.7": "July",
    "month.8": "August",
    "month.9": "September",
    "month.10": "October",
    "month.11": "November",
    "month.12": "December",
    "date": "{month} {day}, {year}",
    "range": "{low} to {high}",
    "grade": "Grade {grade}",
    "subject.ela": "English Language Arts/Literacy",
    "subject.mathematics": "Mathematics",
    "level.of_four": "Level {level} of 4",
    "level": "Level {level}",
    "level.named": "Level {level}: {label}",
    "not_on_file": "Not on file",
    # Page 1
    "cover.title": "Student Score Report",
    "cover.assessments": "Smarter Balanced Assessments",
    "cover.subjects": "English Language Arts/Literacy and Mathematics",
    "cover.school_year": "School year",
    "cover.results_for": "Results for",
    "cover.grade": "Grade tested",
    "cover.ssid": "Student ID (SSID)",
    "cover.school": "School",
    "cover.lea": "School district or charter school",
    "cover.tested.ela": "English test completed",
    "cover.tested.mathematics": "Mathematics test completed",
    "glance.title": "At a glance",
    "glance.score": "Overall score",
    "glance.details": "More on page {page}",
    "glance.too_few_answers": "Too few answers to score fully",
    "glance.no_score": "No score",
    "about.title": "What this report tells you",
    "about.1": (
        "Each spring, students across the state take tests in English and in mathematics. The tests are"
        " matched to what students are expected to learn in their grade."
    ),
    "about.2": (
        "These results are one picture of your child’s learning. Class work, grades, and what teachers "
        "see every day are just as important. Look at them together."
    ),
    "reading.title": "How to read the score bar",
    "reading.flag": "Score",
    "reading.A": "The flag shows your child’s overall score on the scale for the grade.",
    "reading.B": (
        "The bracket under the flag is the error band. No test is exact: on another day, the score "
        "would most likely fall inside the bracket."
    ),
    "reading.C": "The dark part of the bar is the level your child reached.",
    "levels.title": "The four achievement levels",
    "levels.4": (
        "Shows a thorough understanding of what is taught in this grade, and can use it in new ways."
    ),
    "levels.3": ("Shows a solid understanding of what is taught in this grade, and is ready to build on it."),
    "levels.2": ("Shows a partial understanding. More practice will help to reach what the grade expects."),
    "levels.1": (
        "Shows a beginning understanding. Steady support will help to build what the grade expects."
    ),
    "more.title": "Where to learn more",
    "more.text": (
        "Your school can tell you more about these tests, explain any part of this report, and show you"
        " what your child is learning this year. Bring this report with you when you talk with the "
        "teacher."
    ),
    # Subject pages
    "subject.tested_on": "Tested {date}",
    "subject.overall": "Overall score",
    "subject.error_band": "Error band: {low} to {high}",
    "subject.even_error_band": "Error band: {low} to {high} (± {error})",
    "subject.meaning": "What this score means",
    "subject.scale": "Where the score falls on the grade {grade} scale",
    "subject.scale_only": "The grade {grade} scale",
    "subject.band_words": (
        "The bracket shows the error band, {low} to {high}. If your child took the test again without "
        "learning anything new, the score would most likely fall in this range."
    ),
    "subject.scale_only_words": (
        "For your information: these are the scores at which each achievement level begins in this grade."
    ),
    "ela.level.4": (
        "Your child understands challenging texts well, writes clearly with strong reasons and details,"
        " listens closely, and finds and uses information with skill. Your child shows a thorough grasp"
        " of the English skills taught in this grade."
    ),
    "ela.level.3": (
        "Your child understands texts for this grade, writes with a clear point and fitting details, "
        "listens well, and can find and use information. Your child shows a solid grasp of the English "
        "skills taught in this grade."
    ),
    "ela.level.2": (
        "Your child understands parts of the texts for this grade and is learning to write with a clear"
        " point and enough details. With more reading, writing, and discussion, these skills can grow "
        "to what the grade expects."
    ),
    "ela.level.1": (
        "Your child is beginning to understand texts for this grade and to write about them. Reading "
        "together often, writing a little each day, and extra help at school can build these skills "
        "step by step."
    ),
    "mathematics.level.4": (
        "Your child understands the mathematics of this grade in depth, solves problems with many "
        "steps, uses mathematics in new situations, and explains clearly why an answer is right. Your "
        "child shows a thorough grasp of the skills taught in this grade."
    ),
    "mathematics.level.3": (
        "Your child understands the main ideas of mathematics in this grade, solves most problems, and "
        "can explain how an answer was found. Your child shows a solid grasp of the skills taught in "
        "this grade."
    ),
    "mathematics.level.2": (
        "Your child understands some of the mathematics of this grade and solves simpler problems. With"
        " more practice on harder problems, and on explaining each step, these skills can grow to what "
        "the grade expects."
    ),
    "mathematics.level.1": (
        "Your child is beginning to understand the mathematics of this grade. Practice with the basic "
        "ideas, everyday examples, and extra help at school can build these skills step by step."
    ),
    "areas.title": "A closer look at the skills",
    "areas.words": (
        "Each test is made of areas. A symbol shows how your child did in an area: under, at about, or "
        "over the line that stands for meeting the standard."
    ),
    "areas.none": "Results by area are not available for this test.",
    "ela.composite_claim_1_level.1": (
        "Is still learning to understand what is read and heard at this grade. Reading and talking "
        "about stories and articles will help."
    ),
    "ela.composite_claim_1_level.2": (
        "Often understands what is read and heard at this grade. Longer and harder texts are a good "
        "next step."
    ),
    "ela.composite_claim_1_level.3": (
        "Understands well what is read and heard at this grade, including the author’s purpose and "
        "hidden meanings."
    ),
    "ela.composite_claim_2_level.1": (
        "Is still learning to write clear, complete texts and to find facts that support an idea. "
        "Writing a little each day will help."
    ),
    "ela.composite_claim_2_level.2": (
        "Often writes clearly and can find facts that support an idea. Adding more detail and checking "
        "sources are good next steps."
    ),
    "ela.composite_claim_2_level.3": (
        "Writes clear, well-ordered texts and finds, checks, and uses facts from several sources with skill."
    ),
    "mathematics.composite_claim_1_level.1": (
        "Is still learning the ideas and procedures of mathematics at this grade. Practice with the "
        "basic steps will help."
    ),
    "mathematics.composite_claim_1_level.2": (
        "Often uses the ideas and procedures of mathematics at this grade correctly. Mixed practice is "
        "a good next step."
    ),
    "mathematics.composite_claim_1_level.3": (
        "Uses the ideas and procedures of mathematics at this grade correctly and knows why they work."
    ),
    "mathematics.composite_claim_2_level.1": (
        "Is still learning to solve problems from everyday life, to read data, and to explain an "
        "answer. Talking through problems will help."
    ),
    "mathematics.composite_claim_2_level.2": (
        "Often solves problems from everyday life, reads data, and explains an answer. Problems with "
        "more steps are a good next step."
    ),
    "mathematics.composite_claim_2_level.3": (
        "Solves problems with many steps, uses data well, and explains clearly why an answer makes sense."
    ),
    "area.level.1": "This area was difficult for your child this year.",
    "area.level.2": "Your child did about as well in this area as the standard asks.",
    "area.level.3": "Your child did very well in this area this year.",
    "history.title": "Results over time",
    "history.words": (
        "Each column is the scale of one test, divided into that year’s four levels. The dot is your "
        "child’s score; the line through it is the error band."
    ),
    "history.none": "There are no earlier results of this test to compare with.",
    "history.year": "Year",
    "history.grade": "Grade",
    "history.score": "Score",
    "history.level": "Achievement level",
    "history.no_score": "No score",
    "history.dash": "–",
    "history.named": "{level} · {label}",
    "history.marked": "{score}*",
    "history.renamed": ("The names of the levels changed in 2025–26. Earlier years keep the names they had."),
    "history.too_few_answers": "* Too few questions were answered, so the lowest score was given.",
    "covers.title": "What this test is about",
    "ela.covers.1": "Reading and listening",
    "ela.covers.1.words": (
        "Understanding stories, articles, and talks: the main idea, the details, and what is meant but "
        "not said."
    ),
    "ela.covers.2": "Writing and research",
    "ela.covers.2.words": (
        "Writing texts that are clear and complete, and finding facts in several sources to support an idea."
    ),
    "mathematics.covers.1": "Concepts and procedures",
    "mathematics.covers.1.words": (
        "Knowing the ideas and steps of mathematics taught in this grade and using them correctly."
    ),
    "mathematics.covers.2": "Solving problems and explaining",
    "mathematics.covers.2.words": (
        "Using mathematics in everyday problems, reading data, and explaining why an answer makes sense."
    ),
    "home.title": "Ideas for home",
    "ela.home.1": "Read every day",
    "ela.home.1.words": (
        "Let your child choose the book. Take turns reading aloud, in any language you like."
    ),
    "ela.home.2": "Talk about it",
    "ela.home.2.words": (
        "Ask what happened, why it happened, and where in the text your child found the answer."
    ),
    "ela.home.3": "Write for real",
    "ela.home.3.words": (
        "A letter, a list, a diary, a review of a movie: short texts with a reader in mind count."
    ),
    "mathematics.home.1": "Count on every day",
    "mathematics.home.1.words": (
        "Prices, recipes, bus times, and scores are all problems that your child can solve."
    ),
    "mathematics.home.2": "Ask how",
    "mathematics.home.2.words": (
        "Ask how your child found the answer, and whether there is another way to find it."
    ),
    "mathematics.home.3": "Welcome mistakes",
    "mathematics.home.3.words": (
        "Look for the step where it went wrong. Finding it together teaches more than the answer."
    ),
    # Why there is no score: short, headline and explanation
    "NT.short": "Not tested",
    "NT.table": "Not tested",
    "NT.title": "Your child did not take this test",
    "NT.text": (
        "Our records show that your child did not take this test this year, so there is no score. This "
        "does not affect your child’s grades. If you think that this is a mistake, please ask your "
        "school."
    ),
    "PGE.short": "Excused at a parent’s or guardian’s request",
    "PGE.table": "Excused",
    "PGE.title": "Excused at the request of a parent or guardian",
    "PGE.text": (
        "A parent or guardian asked in writing that your child not take this test, so there is no "
        "score. Your school can tell you about other ways to see how your child is doing in this "
        "subject."
    ),
    "NTE.short": "Excused for a medical emergency",
    "NTE.table": "Excused",
    "NTE.title": "Excused because of a medical emergency",
    "NTE.text": (
        "Your child could not be tested because of a serious medical emergency, so there is no score. "
        "When the time is right, your school can help to plan next steps in learning."
    ),
    "NEL.short": "Excused: new to English and to U.S. schools",
    "NEL.table": "Excused",
    "NEL.title": "Excused as a newcomer who is learning English",
    "NEL.text": (
        "Students who are learning English and have been in a U.S. school for less than 12 months do "
        "not have to take this test, so there is no score. Your child will take it once the first year "
        "has passed."
    ),
    "invalidated.short": "Result not valid",
    "invalidated.table": "Not valid",
    "invalidated.title": "The result of this test is not valid",
    "invalidated.text": (
        "Something went wrong while this test was given, so its result does not count and is not shown."
        " Your school can tell you what happened and what it means."
    ),
    "incomplete.short": "Test not completed",
    "incomplete.table": "Not completed",
    "incomplete.title": "Your child did not complete this test",
    "incomplete.text": (
        "Your child started this test but did not take all of its parts, so there is no score. If you "
        "have questions about why, please ask your school."
    ),
    "no_record.short": "No result on file",
    "no_record.table": "No result",
    "no_record.title": "There is no result for this test",
    "no_record.text": (
        "We have no record of this test for your child this year. If your child did take it, please ask"
        " your school."
    ),
    "note.too_few_answers": (
        "Please note: your child answered too few questions to be scored in the usual way. The rules "
        "then give the lowest score on the scale. It may not show what your child knows and can do."
    ),
    "note.changed_construct": (
        "Please note: your child used a special resource that changes what this test measures. Compare "
        "this score with other scores with care."
    ),
    # Page 4
    "next.title": "More Results and Next Steps",
    "measures.title": "Measures you can use every day",
    "lexile.title": "Lexile® reading measure",
    "lexile.text": (
        "A Lexile measure tells how hard a text your child can read and mostly understand. Many books "
        "carry such a number too. Books from about 100 below to 50 above it are a good fit."
    ),
    "lexile.BR": (
        "BR stands for Beginning Reader: your child is starting to read. Books made for beginning "
        "readers, and reading together every day, are a good fit."
    ),
    "quantile.title": "Quantile® mathematics measure",
    "quantile.text": (
        "A Quantile measure tells which skills in mathematics your child is ready to learn next. A "
        "teacher can use it to pick tasks that are neither too easy nor too hard."
    ),
    "quantile.EM": (
        "EM stands for Emerging Mathematician: your child is starting with the first ideas of "
        "mathematics. A teacher can use the measure to pick the next task."
    ),
    "measure.none": "None this year",
    "measure.none_text": "This measure comes from the test score. There is no such score this year.",
    "measure.missing_text": "This measure is not available for this test.",
    "writing.title": "Writing: the essay",
    "writing.genre": "Type of writing: {genre}",
    "writing.words": (
        "As part of the English test, your child read several texts and wrote an essay about them. It "
        "was scored for three qualities."
    ),
    "writing.none": "There is no essay score for your child this year.",
    "writing.points": "{points} of {most} points",
    "writing.no_points": "Not scored",
    "genre.ARGU": "argument",
    "genre.EXPL": "explanation",
    "genre.INFO": "information",
    "genre.NARR": "story",
    "genre.OPIN": "opinion",
    "writing.organization_purpose": "Organization and purpose",
    "writing.organization_purpose.words": "Has a clear point, and the parts follow in a good order.",
    "writing.evidence_elaboration": "Evidence and details",
    "writing.evidence_elaboration.words": "Supports its ideas with facts and details from the texts.",
    "writing.conventions": "Conventions",
    "writing.conventions.words": "Uses correct sentences, punctuation, capital letters, and spelling.",
    "NARR.evidence_elaboration": "Story development and details",
    "NARR.evidence_elaboration.words": "Develops the story with people, places, and vivid details.",
    "writing.code.B": "The essay was left blank.",
    "writing.code.I": "There was too little of your child’s own writing to score.",
    "writing.code.L": "The essay was not written in English, so it could not be scored.",
    "writing.code.T": "The essay was not about the topic that was given.",
    "writing.code.M": "The essay did not do what the task asked for.",
    "writing.code.other": "The essay could not be scored.",
    "families.title": "What families can do next",
    "families.read": "Read and talk",
    "families.read.text": (
        "Set aside 20 minutes a day for reading, in any language. Ask: What happened? Why? How do you know?"
    ),
    "families.count": "Use mathematics together",
    "families.count.text": (
        "Cook, shop, measure, and play games with numbers. Let your child explain each step in his or "
        "her own words."
    ),
    "families.ask": "Ask the teacher",
    "families.ask.text": (
        "What does my child do well? What is the next skill to work on? How can we help at home?"
    ),
    "notes.title": "Our notes and questions",
    "closing.text": (
        "Thank you for being part of your child’s learning. If anything in this report is unclear, your"
        " school will be glad to help."
    ),
}


@dataclass(frozen=True, slots=True)
class Texts:
    """The sentences of one language."""

    language: str
    """The PDF's language, as in BCP 47."""
    table: Mapping[str, str]

    def __call__(self, key: str, **values: object) -> str:
        """Return a sentence with its values filled in. Raises `KeyError` for an unknown key."""
        text = self.table[key]
        return text.format(**values) if values else text

    def __contains__(self, key: str) -> bool:
        return key in self.table


LANGUAGES: Mapping[str, Texts] = {"en": Texts("en-US", ENGLISH)}
"""The languages an SSR can be made in, by the value of `StudentResult.language`."""
