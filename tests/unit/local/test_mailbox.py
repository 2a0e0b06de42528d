"""What a reader finds in a mail."""

from local.mail_page import inbox
from local.mailbox import Link, Mail


def test_links_are_what_the_reader_sees_and_where_they_lead():
    """Entities are resolved, spaces folded, anchors without a target left out."""
    html = '<a name="top"></a><p>Get <a href="https://x/?a=1&amp;b=2">Student\n <b>Score</b> Reports</a></p>'
    mail = Mail("1", "from@example.org", ("to@example.org",), "Ready", "", html)
    assert mail.links() == [Link("Student Score Reports", "https://x/?a=1&b=2")]


def test_the_page_lists_the_newest_mail_first_and_escapes_what_it_shows():
    """Subjects are text, whatever they look like."""
    received = [
        Mail(str(number), "from@example.org", ("to@example.org",), subject, "", "")
        for number, subject in enumerate(["First", "<b>Second</b>"])
    ]
    page = inbox(received)
    assert page.index('<a href="/1">&lt;b&gt;Second') < page.index('<a href="/0">First')
