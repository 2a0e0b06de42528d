"""Dead letters are delivered again, and none is lost on the way."""

import boto3
import pytest
from click.testing import CliRunner

from cli import main
from lea_reports.errors import Transient
from lea_reports.jobs.dead_letters import Redriven, redrive
from lea_reports.jobs.messages import BuildMessage, NoticeMessage, Step
from lea_reports.jobs.sqs_queue import SqsQueue

LEA, JOB = "99100010000000", "0" * 26


@pytest.fixture(params=["moto", "emulator"])
def sqs(request):
    """SQS, in this process or the emulator's."""
    if request.param == "emulator":
        return request.getfixturevalue("stack").cloud.sqs
    request.getfixturevalue("aws")
    return boto3.client("sqs")


@pytest.fixture
def queues(sqs):
    """Two empty queues: of dead letters, and the one where they belong."""
    names = ("dead-letters", "living")
    urls = [sqs.create_queue(QueueName=name)["QueueUrl"] for name in names]
    yield urls
    for url in urls:
        sqs.delete_queue(QueueUrl=url)


def bodies(sqs, url):
    """Take what is in a queue."""
    found = []
    while answer := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        found += [message["Body"] for message in answer]
    return found


def test_every_dead_letter_is_sent_again(sqs, queues):
    """Builds and notices alike, more than fit into one batch."""
    dead_letters, queue = queues
    letters = SqsQueue(sqs, dead_letters)
    letters.send([BuildMessage(step=Step.CHUNK, lea=LEA, job=JOB, chunk=number) for number in range(12)])
    letters.send([NoticeMessage(lea=LEA, job=JOB)])
    before = [BuildMessage(step=Step.CHUNK, lea=LEA, job=JOB, chunk=number) for number in range(12)]

    assert redrive(sqs, dead_letters=dead_letters, queue=queue) == Redriven(sent=13, unreadable=0)

    after = bodies(sqs, queue)
    assert {message.model_dump_json(exclude_none=True) for message in before} < set(after)
    assert NoticeMessage(lea=LEA, job=JOB).model_dump_json() in after
    assert redrive(sqs, dead_letters=dead_letters, queue=queue) == Redriven(sent=0, unreadable=0)


def test_what_is_no_message_of_ours_stays(sqs, queues):
    """Nobody knows what it was for; it is not thrown away."""
    dead_letters, queue = queues
    sqs.send_message(QueueUrl=dead_letters, MessageBody="hello", MessageGroupId=LEA)

    assert redrive(sqs, dead_letters=dead_letters, queue=queue) == Redriven(sent=0, unreadable=1)
    assert not bodies(sqs, queue)


def test_a_queue_that_is_away_loses_no_dead_letter(aws):
    """What was not taken stays a dead letter."""
    sqs = boto3.client("sqs")
    dead_letters = sqs.create_queue(QueueName="dead-letters")["QueueUrl"]
    SqsQueue(sqs, dead_letters).send([NoticeMessage(lea=LEA, job=JOB)])

    with pytest.raises(Transient):
        redrive(sqs, dead_letters=dead_letters, queue=dead_letters.replace("dead-letters", "missing"))

    attributes = sqs.get_queue_attributes(QueueUrl=dead_letters, AttributeNames=["All"])["Attributes"]
    assert attributes["ApproximateNumberOfMessagesNotVisible"] == "1"


def test_the_command_tells_how_many_it_sent(aws):
    """An operator reads one line."""
    sqs = boto3.client("sqs")
    dead_letters, queue = (
        sqs.create_queue(QueueName=name)["QueueUrl"] for name in ("dead-letters", "living")
    )
    SqsQueue(sqs, dead_letters).send([NoticeMessage(lea=LEA, job=JOB)])
    sqs.send_message(QueueUrl=dead_letters, MessageBody="hello")

    result = CliRunner().invoke(main, ["redrive", "--dead-letters", dead_letters, "--queue", queue])

    assert result.exit_code == 0
    assert result.output.splitlines() == [
        "Sent 1 messages again.",
        "1 are no messages of ours and stay where they are.",
    ]
