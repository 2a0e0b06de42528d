"""The people and the data in the deployed stack."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from local.coordinator import Coordinator, whole_lea
from local.seed import seed, synthesize_district

if TYPE_CHECKING:
    from pathlib import Path

    from local.seed import Seeded

STUDENTS = 40
SCHOOLS = 3


@pytest.fixture(scope="session")
def feeds(tmp_path_factory) -> Path:
    """Synthesize a small district once."""
    folder: Path = tmp_path_factory.mktemp("feeds")
    synthesize_district(folder, students=STUDENTS, schools=SCHOOLS, number=7)
    return folder


@pytest.fixture(scope="session")
def seeded(stack, feeds) -> Seeded:
    """Take the district in, once."""
    return seed(stack, feeds)


@pytest.fixture(scope="session")
def lea_coordinator(stack, seeded) -> Coordinator:
    """Sign the LEA's CAASPP coordinator in."""
    return Coordinator.signed_in(stack, seeded.lea_coordinator)


@pytest.fixture(scope="session")
def site_coordinator(stack, seeded) -> Coordinator:
    """Sign the coordinator of the LEA's first school in."""
    return Coordinator.signed_in(stack, seeded.site_coordinator)


@pytest.fixture(scope="session")
def other_coordinator(stack, seeded) -> Coordinator:
    """Sign the coordinator of another LEA in."""
    return Coordinator.signed_in(stack, seeded.other_coordinator)


@pytest.fixture(scope="session")
def ask():
    """Return what makes a valid request; keyword arguments replace parts of it."""
    return whole_lea
