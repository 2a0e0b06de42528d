"""The sentences of the SSRs beside Smarter Balanced, written by us.

They stand beside the sentences that all SSRs share (`texts`). The other languages are in
`locale/<language>/LC_MESSAGES/outcome.po`, one message per key with the key as its context.
Keys of an assessment begin with its value.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from lea_reports.assessments import (
    ENGLISH,
    Assessment,
    Program,
    Test,
    assessments_of,
    languages_of,
    names_in_use,
)
from lea_reports.ssr.words.message_catalog import read_catalog
from lea_reports.ssr.words.texts import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lea_reports.typesetting.texts import Texts

_SHARED = {
    "outcome.about": "About this test",
    "outcome.levels": "What the levels mean",
    "outcome.kindergarten": "K",
    "outcome.details": "A closer look",
    "outcome.tested": "Test completed",
    "outcome.tests": "Tests in this report",
    "outcome.bar_words": "Each level is drawn equally wide; the numbers show where it begins.",
    "outcome.level_reached": "The level of this score",
    "outcome.levels_only": "The levels of this test",
    "outcome.band_words": (
        "The bracket is the error band: no test is exact. Each level is drawn equally wide; the numbers show where "
        "it begins."
    ),
    "outcome.no_scale": (
        "This report does not have the scores at which the levels begin. Your school can tell you more."
    ),
    "outcome.composites": "Two parts of the test",
    "outcome.domains": "Results by area",
    "outcome.domains_words": "These levels rest on fewer questions than the whole test. They are less exact.",
    "outcome.no_composite": "No score",
    "outcome.exempt": "Exempt*",
    "outcome.exempt_words": "* Your child did not have to be tested in this area.",
    "outcome.no_area": "No result",
    "outcome.not_comparable": (
        "† The test changed in {year}. Scores marked with this sign cannot be compared with later ones."
    ),
    "outcome.marked": "{score}†",
    "outcome.history_words": "Each bar runs from the lowest to the highest score of that grade and year.",
    "history.note.INC0": "* {year}: No question was answered, so the lowest score was given.",
    "history.note.INC1": (
        "* {year}: Only a few questions were answered, so one point more than the lowest score was given."
    ),
    "history.note.LOSS": "* {year}: Too few questions were answered, so the lowest score was given.",
    "history.note.EXD": "* {year}: Your child did not have to be tested in one area.",
    "history.note.EXO": "* {year}: Your child did not have to take the oral part.",
    "history.note.EXW": "* {year}: Your child did not have to take the written part.",
    "history.note.changed_construct": "* {year}: Your child used a resource that changes what the test measures.",
    "outcome.no_level": "No level",
    "outcome.renamed": "The names of the levels changed. Earlier years keep the names they had.",
    "outcome.questions": "Questions for the teacher",
    "outcome.questions.1": "What is going well?",
    "outcome.questions.1.words": "Ask for an example of your child’s work that shows it.",
    "outcome.questions.2": "What comes next?",
    "outcome.questions.2.words": "Ask which skill the class will work on, and how you will hear about it.",
    "outcome.questions.3": "What helps at home?",
    "outcome.questions.3.words": "Ask for one thing to do each week, and for materials if you need them.",
    "outcome.more": "Where to learn more",
    "outcome.more.text": (
        "Your school can explain any part of this report and tell you what your child is learning this year. Bring "
        "this report when you talk with the teacher."
    ),
    "subject.science": "Science",
    "subject.spanish": "Spanish",
    # Why there is no score, and what must be known beside one
    "NER.short": "Too few tasks were tried",
    "NER.table": "Too few tasks tried",
    "NER.title": "Too few tasks were tried for a score",
    "NER.text": (
        "Your child tried only some of the tasks of this test. A score needs all of them, so there is none. "
        "Please ask your school what was seen during the tasks."
    ),
    "ALT.short": "Took another test instead",
    "ALT.table": "Other test",
    "ALT.title": "Your child took another test instead",
    "ALT.text": (
        "Your child was given an alternate test in place of this one, so there is no score here. Please ask your "
        "school for its results."
    ),
    "EXA.short": "Did not have to take this test",
    "EXA.table": "Exempt",
    "EXA.title": "Your child did not have to take this test",
    "EXA.text": "Your child was exempt from all parts of this test, so there is no score.",
    "note.INC0": (
        "Please note: no question was answered. The rules then give the lowest score on the scale. It does not "
        "show what your child knows and can do."
    ),
    "note.INC1": (
        "Please note: only a few questions were answered. The rules then give one point more than the lowest "
        "score. It may not show what your child knows and can do."
    ),
    "note.LOSS": (
        "Please note: your child answered too few questions to be scored in the usual way. The rules then give "
        "the lowest score on the scale. It may not show what your child knows and can do."
    ),
    "note.EXD": (
        "Please note: your child did not have to be tested in one area. The scores rest on the areas that were "
        "tested."
    ),
    "note.EXO": "Please note: your child did not have to take the oral part of this test.",
    "note.EXW": "Please note: your child did not have to take the written part of this test.",
}

_CAST = {
    "cast.name": "California Science Test",
    "cast.subjects": "Science",
    "cast.about.1": (
        "Students take this test in grades 5 and 8 and once in high school. It asks how well they use science "
        "to explain what happens around us."
    ),
    "cast.about.2": (
        "The score is one picture of what your child has learned in science over several years. Class work, "
        "projects, and what teachers see every day are just as important."
    ),
    "cast.levels.4": "Uses science with depth to explain new situations and to judge evidence.",
    "cast.levels.3": "Uses science well to explain situations and is ready to build on it.",
    "cast.levels.2": "Uses some science ideas. More practice with explaining will help.",
    "cast.levels.1": "Is starting to use science ideas. Steady support will help.",
    "cast.meaning.4": (
        "Your child explains what happens in nature and technology with the right ideas, reads data with care, and "
        "tells strong evidence from weak. Harder questions and projects of their own are a good next step."
    ),
    "cast.meaning.3": (
        "Your child uses the main ideas of science to explain what happens, reads data, and plans simple "
        "investigations. Explaining the reasons in detail is a good next step."
    ),
    "cast.meaning.2": (
        "Your child knows some of the ideas of science and uses them in familiar situations. Practice with "
        "data, models, and the question “how do we know?” will help."
    ),
    "cast.meaning.1": (
        "Your child is beginning to use the ideas of science. Looking closely, asking questions, and trying "
        "things out, at school and at home, build these skills step by step."
    ),
    "06.domain_1_level": "Living things: how they grow and live together.",
    "06.domain_2_level": "Matter and energy: forces, motion, and waves.",
    "06.domain_3_level": "The Earth and space: rocks, weather, and stars.",
    "cast.home.1": "Wonder together",
    "cast.home.1.words": "Pick something you see, such as a shadow or rust, and guess why it is so.",
    "cast.home.2": "Measure and compare",
    "cast.home.2.words": "Track rain, plants, or cooking times. Draw the numbers as a picture.",
    "cast.home.3": "Ask for evidence",
    "cast.home.3.words": "When you hear a claim in the news, ask what would show that it is true.",
}
# What a Smarter Balanced SSR says otherwise, or in addition, where CAST stands in it too.
_WITH_SCIENCE = {
    "cover.subjects": "English Language Arts/Literacy, Mathematics, and Science",
    "cover.assessments": "Smarter Balanced and CAST",
    "cover.tests": "Tests completed",
    "cover.tests.ela": "English",
    "about.1": (
        "Each spring, students take tests in English and mathematics, and in some grades in science too. The tests "
        "match what students are expected to learn."
    ),
    "outcome.about": "About the California Science Test (CAST)",
    "blank.title": "Room for Your Notes",
    "blank.text": (
        "This page is intentionally left blank. Use it for your notes and questions about each subject."
    ),
}

_CAA = {
    "caa.name": "California Alternate Assessments",
    "caa.subjects": "For students with the most significant cognitive disabilities",
    "caa.about.1": (
        "Your child took these tests because the team that writes the individualized education program (IEP) chose "
        "them. They ask about the same subjects as other tests, in a way that fits your child."
    ),
    "caa.about.2": (
        "The results are one picture of your child’s learning. The goals of the IEP, and what you and the "
        "teachers see every day, are just as important."
    ),
    "caa.levels.3": "Shows understanding of what the test asks, with some support.",
    "caa.levels.2": "Shows understanding of the basics, with frequent support.",
    "caa.levels.1": "Shows a first understanding, with much support.",
    "caa.meaning.3": (
        "Your child understands what was asked in this subject and can often show it with a little support. New "
        "topics and fewer prompts are a good next step."
    ),
    "caa.meaning.2": (
        "Your child understands the basics of what was asked in this subject when support is at hand. Using the "
        "same ideas in different places is a good next step."
    ),
    "caa.meaning.1": (
        "Your child is beginning to understand what was asked in this subject, with much support. Short "
        "activities that come back every day will help."
    ),
    "caa.home.1": "Offer choices",
    "caa.home.1.words": "Two objects, pictures, or words: let your child choose, and name the choice.",
    "caa.home.2": "Keep a routine",
    "caa.home.2.words": "The same song, book, or counting game each day makes room for small steps.",
    "caa.home.3": "Share what works",
    "caa.home.3.words": "Tell the IEP team how your child shows understanding at home.",
}

_CSA = {
    "csa.name": "California Spanish Assessment",
    "csa.subjects": "Spanish",
    "csa.about.1": (
        "This test shows how well your child reads, writes, and understands Spanish. In high school it includes "
        "speaking. Families, students, and schools choose to take part."
    ),
    "csa.about.2": (
        "Knowing two languages is a strength. A good result can help on the way to the State Seal of Biliteracy; "
        "your school can tell you how."
    ),
    "csa.levels.3": "Shows a high degree of Spanish literacy for the grade.",
    "csa.levels.2": "Shows a medium degree of Spanish literacy for the grade.",
    "csa.levels.1": "Shows a limited degree of Spanish literacy for the grade.",
    "csa.meaning.3": (
        "Your child understands and writes Spanish very well for this grade. Books, news, and longer texts of your "
        "child’s own in Spanish are a good next step."
    ),
    "csa.meaning.2": (
        "Your child understands and writes Spanish in many situations of school. Reading a little each day, and "
        "talking about it in Spanish, will help it grow."
    ),
    "csa.meaning.1": (
        "Your child is building the Spanish that school asks for. Stories told and read at home, and short notes "
        "in Spanish, are a good start."
    ),
    "09.domain_1_level": "Understanding stories and articles in Spanish.",
    "09.domain_2_level": "Writing clearly, with correct spelling and accents.",
    "09.domain_3_level": "Understanding what is said in Spanish.",
    "09.domain_4_level": "Saying clearly in Spanish what one thinks and knows.",
    "csa.home.1": "Read in Spanish",
    "csa.home.1.words": "Libraries have books in Spanish for every age. Read them aloud together.",
    "csa.home.2": "Tell stories",
    "csa.home.2.words": "Ask older relatives about their lives. Let your child write one story down.",
    "csa.home.3": "Write to someone",
    "csa.home.3.words": "A message or a card in Spanish to family is real writing with a reader.",
}

_ELPAC = {
    "about.2": (
        "Being bilingual is a strength. Please keep using your own language at home: it helps your child to learn "
        "English too."
    ),
    "home.1": "Talk in your language",
    "home.1.words": "Ideas that your child can explain at home are easier to explain in English.",
    "home.2": "Read every day",
    "home.2.words": "In any language. Ask your child to tell you the story in English as well.",
    "home.3": "Make room for English",
    "home.3.words": "Clubs, sports, and library hours are places to listen and speak with others.",
}
_SUMMATIVE = {
    "name": "Summative ELPAC",
    "subjects": "English Language Proficiency Assessments for California",
    "about.1": (
        "Students who are learning English take this test each spring until they are fluent. It shows how well "
        "they understand, speak, read, and write English, so that the school can give the right help."
    ),
    "levels.4": "English skills are well developed; little help is needed.",
    "levels.3": "English skills are moderately developed; some help is needed.",
    "levels.2": "English skills are somewhat developed; help is often needed.",
    "levels.1": "English skills are at the beginning; much help is needed.",
    "meaning.4": (
        "Your child uses English well to learn and to talk about many topics. Your school can tell you whether your "
        "child may now be reclassified as fluent, for which other evidence counts too."
    ),
    "meaning.3": (
        "Your child often uses English well to learn and to talk about familiar topics, and needs some help with "
        "new ones. Longer texts and discussions are a good next step."
    ),
    "meaning.2": (
        "Your child can use English for everyday needs and simple topics, and needs help with much of what is "
        "learned in class. More practice in speaking and reading will help."
    ),
    "meaning.1": (
        "Your child is beginning to use English: known words, phrases, and simple sentences. Pictures, gestures, "
        "and patient listening help at this stage."
    ),
    "listening_level": "Understanding what is said in class.",
    "speaking_level": "Taking part in conversations.",
    "reading_level": "Understanding English words, sentences, and texts.",
    "writing_level": "Writing English words, sentences, and texts.",
}
_ALTERNATE = {
    "name": "Summative Alternate ELPAC",
    "subjects": "For English learners with the most significant cognitive disabilities",
    "about.1": (
        "Your child took this test because the team that writes the individualized education program (IEP) chose it. "
        "It shows, in ways that fit your child, how English is understood and used."
    ),
    "levels.3": "Understands and uses English well; your school reviews whether help is still needed.",
    "levels.2": "Understands and uses some English, with help.",
    "levels.1": "Is beginning to understand and use English, with much help.",
    "meaning.3": (
        "Your child understands and uses English well, in the ways that fit your child. The school and the IEP team "
        "can tell you whether your child may now be reclassified as fluent."
    ),
    "meaning.2": (
        "Your child understands and uses some English with help. Practice with familiar people and topics, and then "
        "with new ones, is a good next step."
    ),
    "meaning.1": (
        "Your child is beginning to understand and use English. Words that come back every day, with pictures, "
        "signs, or a device, will help."
    ),
}
_INITIAL = {
    "name": "Initial ELPAC",
    "subjects": "English Language Proficiency Assessments for California",
    "about.1": (
        "Students whose families speak another language take this test once, when they first enroll in a California "
        "school. It shows whether a child is already fluent in English or is learning it and will get help."
    ),
    "levels.3": "Is fluent in English and needs no language program.",
    "levels.2": "Is learning English and uses it in part; will get help.",
    "levels.1": "Is beginning to learn English; will get much help.",
    "meaning.3": (
        "Your child already uses English well to learn and to talk with others. Your child is classified as fluent "
        "and does not take part in a program for English learners."
    ),
    "meaning.2": (
        "Your child uses English in part and is classified as an English learner. The school will give help with "
        "English, and each spring a test will show how far your child has come."
    ),
    "meaning.1": (
        "Your child is new to English and is classified as an English learner. The school will give much help with "
        "English, and each spring a test will show how far your child has come."
    ),
    "oral_language_level": "Listening and speaking.",
    "written_language_level": "Reading and writing.",
}
_HISTORY = {
    "NT.table": "Eligible but not tested",
    "incomplete.table": "Incomplete test; no score available",
}
_SCIENCE_PREFIX = "with-science"


def _under(prefix: str, table: Mapping[str, str]) -> dict[str, str]:
    return {f"{prefix}.{key}": text for key, text in table.items()}


def _names(program: Program) -> dict[str, str]:
    """Return every English name of a level, an area or a composite that a table of facts has, by key."""
    tests = (test for assessment in assessments_of(program) for test in assessment.tests)
    return {f"named.{name}": name for test in tests for name in names_in_use(test)}


CAASPP_ENGLISH: Mapping[str, str] = {
    **_SHARED,
    **_CAST,
    **_CAA,
    **_CSA,
    **_under(_SCIENCE_PREFIX, _WITH_SCIENCE),
    **_names(Program.CAASPP),
}
"""The sentences of these CAASPP assessments by key."""
OUTCOME_ENGLISH: Mapping[str, str] = {
    **CAASPP_ENGLISH,
    "subject.english-proficiency": "English Proficiency",
    **_under(Assessment.SUMMATIVE_ELPAC, _ELPAC | _SUMMATIVE | _HISTORY),
    **_under(Assessment.SUMMATIVE_ALTERNATE_ELPAC, _ELPAC | _ALTERNATE | _HISTORY),
    **_under(Assessment.INITIAL_ELPAC, _ELPAC | _INITIAL),
    **{f"{Test.SUMMATIVE_ELPAC}.{key}": _SUMMATIVE[key] for key in _SUMMATIVE if key.endswith("_level")},
    **{f"{Test.INITIAL_ELPAC}.{key}": _INITIAL[key] for key in _INITIAL if key.endswith("_level")},
    **_names(Program.ELPAC),
}
"""The sentences of all of them by key."""


def sentences_for(language: str) -> Mapping[str, str]:
    """Return the English sentences that a language's catalog translates."""
    return CAASPP_ENGLISH if language not in languages_of(Assessment.SUMMATIVE_ELPAC) else OUTCOME_ENGLISH


@cache
def outcome_texts(language: str) -> Texts:
    """Return the sentences of a language, those of these assessments included. Raises `KeyError` if it has none."""
    shared = LANGUAGES[language]
    if language == ENGLISH:
        return replace(shared, table={**shared.table, **OUTCOME_ENGLISH})
    catalog = files("lea_reports.ssr.words").joinpath(
        "locale", language.replace("-", "_"), "LC_MESSAGES", "outcome.po"
    )
    own = {entry.context: entry.translation for entry in read_catalog(catalog.read_text(encoding="utf-8"))}
    names = {key: english for key, english in sentences_for(language).items() if key.startswith("named.")}
    return replace(shared, table={**names, **shared.table, **own})


@cache
def texts_with_science(language: str) -> Texts:
    """Return the sentences of a Smarter Balanced SSR with CAST. Raises `KeyError` if a language has none.

    Some shared sentences are replaced by one that counts three subjects. Those of the other assessments are left
    out, since every character of a sentence is in the fonts of a file.
    """
    own = outcome_texts(language).table
    table = {key: own[key] for key in (*LANGUAGES[language].table, *_SHARED, *_CAST)}
    table |= {key: own[f"{_SCIENCE_PREFIX}.{key}"] for key in _WITH_SCIENCE}
    return replace(LANGUAGES[language], table=table)
