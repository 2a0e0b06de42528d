"""What every queue promises."""

from datetime import timedelta

import boto3
import pytest

from lea_reports.errors import Transient
from lea_reports.jobs.messages import BuildMessage, MemoryQueue, Step
from lea_reports.jobs.sqs_queue import SqsQueue

LEA, JOB = "99100010000000", "0" * 26


@pytest.fixture(params=["memory", "moto", "emulator"])
def queue(request):
    """A queue, and a function that takes what was sent."""
    if request.param == "memory":
        memory = MemoryQueue()
        return memory, lambda: memory.sent
    if request.param == "emulator":
        client = request.getfixturevalue("stack").cloud.sqs
    else:
        request.getfixturevalue("aws")
        client = boto3.client("sqs")
    url = client.create_queue(QueueName="contract")["QueueUrl"]

    def take():
        taken = []
        while answer := client.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            for message in answer:
                taken.append(BuildMessage.model_validate_json(message["Body"]))
                client.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return taken

    return SqsQueue(client, url), take


def test_every_message_arrives(queue):
    """More than fit into one batch; the order is nobody's promise."""
    sender, take = queue
    messages = [BuildMessage(step=Step.CHUNK, lea=LEA, job=JOB, chunk=number) for number in range(23)]

    sender.send(messages)

    assert sorted(take(), key=lambda message: message.chunk) == messages


def test_sending_nothing_is_fine(queue):
    """A plan whose chunks are all begun sends no message."""
    sender, take = queue

    sender.send([])

    assert not take()


def test_a_queue_that_does_not_answer_is_a_passing_fault(aws):
    """The step fails and is delivered again."""
    missing = SqsQueue(boto3.client("sqs"), "https://sqs.us-west-2.amazonaws.com/123456789012/missing")

    with pytest.raises(Transient):
        missing.send([BuildMessage(step=Step.PLAN, lea=LEA, job=JOB)])


def test_a_message_that_could_not_be_dealt_with_comes_back_when_it_is_asked_to(aws):
    """The queue alone would hide it for an hour."""
    client = boto3.client("sqs")
    url = client.create_queue(QueueName="slow", Attributes={"VisibilityTimeout": "3600"})["QueueUrl"]
    queue = SqsQueue(client, url)
    queue.send([BuildMessage(step=Step.PLAN, lea=LEA, job=JOB)])
    (taken,) = client.receive_message(QueueUrl=url)["Messages"]
    assert "Messages" not in client.receive_message(QueueUrl=url)

    queue.deliver_again(taken["ReceiptHandle"], timedelta())

    assert len(client.receive_message(QueueUrl=url)["Messages"]) == 1


def test_a_message_that_cannot_be_asked_back_comes_by_itself(aws):
    """The step has failed already; that the queue is away too is no second error."""
    client = boto3.client("sqs")
    url = client.create_queue(QueueName="slow")["QueueUrl"]

    SqsQueue(client, url).deliver_again("gone", timedelta(seconds=30))
