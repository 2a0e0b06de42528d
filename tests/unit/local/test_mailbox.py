"""What a reader finds in a mail."""

from local.mailbox import Link, Mail


def test_links_are_what_the_reader_sees_and_where_they_lead():
    """Entities are resolved, spaces folded, anchors without a target left out."""
    html = '<a name="top"></a><p>Get <a href="https://x/?a=1&amp;b=2">Student\n <b>Score</b> Reports</a></p>'
    mail = Mail("1", "from@example.org", ("to@example.org",), "Ready", "", html)
    assert mail.links() == [Link("Student Score Reports", "https://x/?a=1&b=2")]
