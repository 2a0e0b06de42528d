"""SES is asked once, and its answer tells whether the mail was surely not sent."""

import pytest
from botocore.exceptions import ClientError

from lea_reports.delivery.mail import Mail, SesMailer
from lea_reports.errors import Transient

MAIL = Mail("coordinator@example.org", "Ready", "text", "<p>html</p>")


class RefusingSes:
    """A client whose every call is answered with a status."""

    def __init__(self, status):
        self.status = status

    def send_email(self, **_):
        """Answer with an error."""
        raise ClientError(
            {"Error": {"Code": "Refused"}, "ResponseMetadata": {"HTTPStatusCode": self.status}}, "SendEmail"
        )


@pytest.mark.parametrize("status", [400, 429])
def test_a_mail_that_ses_refuses_was_surely_not_sent(status):
    """The notice is given back, and the next delivery sends."""
    with pytest.raises(Transient):
        SesMailer(RefusingSes(status), "reports@example.org").send(MAIL)


def test_a_mail_on_which_ses_broke_may_have_been_sent():
    """The notice stays claimed for a while, so that the mail is not sent twice at once."""
    with pytest.raises(ClientError):
        SesMailer(RefusingSes(500), "reports@example.org").send(MAIL)
