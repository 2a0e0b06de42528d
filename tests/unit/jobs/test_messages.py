"""What travels between the functions, and where on S3 a job's files stand: ids, codes and numbers."""

import re

from lea_reports.jobs.messages import BuildMessage, NoticeMessage
from lea_reports.ssr_archive.not_included import not_included_key

LEA, JOB = "99100010000000", "01KAN5ZQF6XWZC9KN5XK9ZQF6X"


def test_a_message_has_ids_and_no_place_for_anything_else():
    """A new field is a decision that is made here too."""
    assert set(BuildMessage.model_fields) == {"step", "lea", "job", "chunk"}
    assert set(NoticeMessage.model_fields) == {"lea", "job"}
    for message in (BuildMessage, NoticeMessage):
        assert message.model_config["extra"] == "forbid"


def test_the_list_of_what_is_not_included_is_found_by_its_job():
    """Its address names nobody who is in it."""
    assert re.fullmatch(rf"not-included/{LEA}/{JOB}\.csv", not_included_key(LEA, JOB))
