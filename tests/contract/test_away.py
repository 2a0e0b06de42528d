"""What every store promises when AWS cannot answer: what passes by itself is `Transient`, and nothing else is."""

import boto3
import pytest
from botocore.exceptions import (
    EndpointConnectionError,
    IncompleteReadError,
    ParamValidationError,
    ReadTimeoutError,
)
from pynamodb.exceptions import PynamoDBException

from lea_reports.access.roles import Role, RoleAssignment
from lea_reports.access.store import DynamoRoleAssignments, RoleAssignments
from lea_reports.errors import Forbidden, NotFound, Transient
from lea_reports.jobs.dynamo_store import DynamoJobStore
from lea_reports.jobs.job import Chunk, JobState, Notice, NoticeState, Retry
from lea_reports.jobs.storage import SENT_AT_ONCE, CopiedRange, S3Storage, Storage
from lea_reports.jobs.store import JobStore
from tests.contract.test_job_store import MINUTE, NOW, new_job, new_key

__all__ = ["new_job", "new_key"]

PASSING = [
    "ProvisionedThroughputExceededException",
    "ThrottlingException",
    "RequestLimitExceeded",
    "InternalServerError",
    "TransactionInProgressException",
    EndpointConnectionError(endpoint_url="https://example.org"),
    ReadTimeoutError(endpoint_url="https://example.org"),
]
OURS = ["AccessDeniedException", "ValidationException", "ResourceNotFoundException"]

JOB_CALLS = {
    "add": lambda jobs, job, key: jobs.add(job),
    "identical": lambda jobs, job, key: jobs.identical(job),
    "submit": lambda jobs, job, key: jobs.submit(job),
    "job": lambda jobs, job, key: jobs.job(job.lea, job.id),
    "requests_of": lambda jobs, job, key: jobs.requests_of(job.lea, "subject-1", 5),
    "move": lambda jobs, job, key: jobs.move(job, job.moved(JobState.CANCELLED, NOW, check_after=None)),
    "claim_step": lambda jobs, job, key: jobs.claim_step(job, "worker", NOW, NOW + MINUTE),
    "renew_step": lambda jobs, job, key: jobs.renew_step(job.claimed("worker", NOW), NOW + MINUTE),
    "release_step": lambda jobs, job, key: jobs.release_step(job.claimed("worker", NOW), excused=False),
    "add_chunks": lambda jobs, job, key: jobs.add_chunks(job, [Chunk(0, 10)]),
    "chunks": lambda jobs, job, key: jobs.chunks(job),
    "claim_chunk": lambda jobs, job, key: jobs.claim_chunk(job, 0, "worker", NOW, NOW + MINUTE),
    "renew_lease": lambda jobs, job, key: jobs.renew_lease(job, Chunk(0, 10, worker="w"), NOW + MINUTE),
    "release_chunk": lambda jobs, job, key: jobs.release_chunk(job, Chunk(0, 10, worker="w"), excused=True),
    "complete_chunk": lambda jobs, job, key: jobs.complete_chunk(job, Chunk(0, 10, worker="w")),
    "give_up_chunk": lambda jobs, job, key: jobs.give_up_chunk(job, Chunk(0, 10), NOW),
    "postpone_check": lambda jobs, job, key: jobs.postpone_check(job, NOW + MINUTE),
    "due": lambda jobs, job, key: jobs.due(NOW, 10),
    "open_jobs": lambda jobs, job, key: jobs.open_jobs(10),
    "claim_notice": lambda jobs, job, key: jobs.claim_notice(job, NOW, NOW + MINUTE),
    "record_notice": lambda jobs, job, key: jobs.record_notice(job, Notice(NoticeState.SENT, sent_at=NOW)),
    "release_notice": lambda jobs, job, key: jobs.release_notice(job),
    "want_notice": lambda jobs, job, key: jobs.want_notice(job, NOW, NOW + MINUTE),
    "keep_key": lambda jobs, job, key: jobs.keep_key(key, NOW),
    "point_key": lambda jobs, job, key: jobs.point_key(key, job.id),
    "forget_key": lambda jobs, job, key: jobs.forget_key(key),
}
ROLE = RoleAssignment(Role.LEA_CAASPP_COORDINATOR, "99100010000000")
ROLE_CALLS = {
    "of": lambda assignments: assignments.of("subject"),
    "assign": lambda assignments: assignments.assign("subject", ROLE),
    "withdraw": lambda assignments: assignments.withdraw("subject", ROLE),
}


def methods(protocol):
    """Return the names of what a protocol promises."""
    return {name for kind in protocol.__mro__ for name in vars(kind) if name[0] != "_"}


def test_every_method_of_the_stores_is_looked_at():
    """A method that is added stands in the tables of this module."""
    assert JOB_CALLS.keys() == methods(JobStore)
    assert ROLE_CALLS.keys() == methods(RoleAssignments)
    assert STORAGE_CALLS.keys() == methods(Storage)


@pytest.mark.parametrize("error", PASSING, ids=str)
def test_a_table_that_is_away_says_so(table, new_job, new_key, away, error):
    """Reads as well as writes, of jobs and of roles: whoever asks may try again, and is not taken for a stranger."""
    jobs, assignments, job, key = DynamoJobStore(table), DynamoRoleAssignments(table), new_job(), new_key()
    away("dynamodb", error)

    for call in JOB_CALLS.values():
        with pytest.raises(Transient):
            call(jobs, job, key)
    for call in ROLE_CALLS.values():
        with pytest.raises(Transient):
            call(assignments)


@pytest.mark.parametrize("error", OURS)
def test_a_fault_of_ours_at_the_table_is_not_one_that_passes(table, new_job, new_key, away, error):
    """To try it again for hours would hide it."""
    jobs, job, key = DynamoJobStore(table), new_job(), new_key()
    away("dynamodb", error)

    for call in JOB_CALLS.values():
        with pytest.raises(PynamoDBException):
            call(jobs, job, key)


def test_a_job_that_was_never_stored_cannot_be_retried(table, new_job):
    """A condition that fails for another reason than a twin ends in a refusal, too."""
    with pytest.raises(Transient):
        DynamoJobStore(table).submit(new_job(retry=Retry("0" * 26)))


def upload(storage, *pieces):
    """Write an object piece by piece."""
    with storage.upload("key") as begun:
        for piece in pieces:
            begun.write(piece)
        begun.complete()


PIECE = bytes(SENT_AT_ONCE)
STORAGE_CALLS = {
    "put": lambda storage: storage.put("key", b"x"),
    "get": lambda storage: storage.get("key"),
    "upload": lambda storage: upload(storage, PIECE, PIECE, PIECE),
    "join": lambda storage: storage.join("joined", [[CopiedRange("key", 0, 1)]]),
}


@pytest.fixture
def storage(aws):
    """A bucket with one object."""
    boto3.client("s3").create_bucket(
        Bucket="archive", CreateBucketConfiguration={"LocationConstraint": "us-west-2"}
    )
    storage = S3Storage.of_bucket("archive")
    storage.put("key", b"x")
    return storage


@pytest.mark.parametrize(
    "error",
    ["SlowDown", "InternalError", "ServiceUnavailable", "RequestTimeout", *PASSING[-2:]],
    ids=str,
)
def test_a_bucket_that_is_away_says_so(storage, away, error):
    """At every call that is made of it, in a thread or not."""
    for name, operation in (
        ("put", "PutObject"),
        ("get", "GetObject"),
        ("upload", "CreateMultipartUpload"),
        ("upload", "UploadPart"),
        ("upload", "CompleteMultipartUpload"),
        ("join", "UploadPartCopy"),
    ):
        away("s3", error, operation)
        with pytest.raises(Transient):
            STORAGE_CALLS[name](storage)


class BrokenOff:
    """A client whose answer comes, and whose bytes do not."""

    def get_object(self, **_asked):
        """Answer."""
        return {"Body": self}

    def read(self):
        """Break off."""
        raise IncompleteReadError(actual_bytes=1, expected_bytes=2)


def test_an_object_that_breaks_off_while_it_is_read_can_be_read_again():
    """The next answer may come whole."""
    with pytest.raises(Transient):
        S3Storage(BrokenOff(), "archive").get("key")


@pytest.mark.parametrize("name", STORAGE_CALLS)
@pytest.mark.parametrize("error", ["AccessDenied", "NoSuchBucket"])
def test_a_fault_of_ours_at_the_bucket_is_not_one_that_passes(storage, away, name, error):
    """It stands in the log as what it is, and names the object."""
    away("s3", error)

    with pytest.raises((Forbidden, NotFound), match=r"s3://archive/.*\(" + error):
        STORAGE_CALLS[name](storage)


def test_a_call_that_is_wrong_is_no_fault_that_passes(storage, away):
    """Boto3 refuses it before it asks anybody."""
    away("s3", ParamValidationError(report="Zhang"))

    with pytest.raises(ParamValidationError):
        storage.put("key", b"x")
