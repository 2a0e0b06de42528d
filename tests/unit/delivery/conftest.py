"""A finished job."""

import pytest


@pytest.fixture
def job(ready_job):
    """A job that is ready."""
    return ready_job
