"""The parts of a multipart upload keep every byte and S3's limits."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from lea_reports.archive.assembly import MOST_ARCHIVES, Part, Span, plan_archives, plan_parts

sizes = st.lists(st.integers(0, 40), max_size=30)


def spans_of(parts, rest):
    """Return all spans in order."""
    return [span for part in parts for span in part.spans] + list(rest)


@given(sizes, st.integers(1, 20))
def test_every_byte_of_every_fragment_is_in_exactly_one_part_and_in_order(fragments, smallest):
    """Joining the parts gives the fragments, one after the other."""
    parts, rest = plan_parts(fragments, smallest)

    assert [
        (span.fragment, byte) for span in spans_of(parts, rest) for byte in range(span.start, span.end)
    ] == [(fragment, byte) for fragment, size in enumerate(fragments) for byte in range(size)]


@given(sizes, st.integers(1, 20))
def test_no_part_is_smaller_than_s3_takes(fragments, smallest):
    """Only the last part, which the directory ends, may be small; so the rest never fills a part."""
    parts, rest = plan_parts(fragments, smallest)

    assert all(part.size >= smallest for part in parts)
    assert sum(span.size for span in rest) < smallest


@given(sizes, st.integers(1, 20))
def test_little_is_read_beside_what_s3_copies(fragments, smallest):
    """A part that is sent is less than twice the smallest size: large fragments are copied inside S3."""
    parts, _ = plan_parts(fragments, smallest)

    assert all(part.copied or part.size < 2 * smallest + smallest for part in parts)
    assert all(len(part.spans) == 1 for part in parts if part.copied)


def test_a_large_fragment_after_a_small_one_gives_its_head_and_is_copied_from_there():
    """The small one needs company to reach the smallest size."""
    parts, rest = plan_parts([3, 20, 2], smallest=5)

    assert parts == [
        Part((Span(0, 0, 3), Span(1, 0, 2)), copied=False),
        Part((Span(1, 2, 20),), copied=True),
    ]
    assert rest == (Span(2, 0, 2),)


def test_an_empty_fragment_is_in_no_part():
    """A chunk of which nothing was made may have left no object that could be read."""
    parts, rest = plan_parts([3, 0, 9, 0], smallest=5)

    assert {span.fragment for span in spans_of(parts, rest)} == {0, 2}


@given(sizes, st.integers(1, 60))
def test_archives_hold_every_fragment_once_and_in_order(fragments, most):
    """None of them is empty."""
    archives = plan_archives(fragments, most)

    assert [at for archive in archives for at in archive] == list(range(len(fragments)))
    assert all(archives)


@given(sizes, st.integers(1, 60))
def test_an_archive_is_too_large_only_if_one_fragment_is(fragments, most):
    """A merged file is not cut into pieces for that."""
    for archive in plan_archives(fragments, most):
        assert sum(fragments[at] for at in archive) <= most or len(archive) == 1


@given(sizes, st.integers(1, 60))
def test_archives_are_not_smaller_than_they_must_be(fragments, most):
    """What the next one begins with did not fit any more."""
    archives = plan_archives(fragments, most)

    for archive, following in pairwise(archives):
        assert sum(fragments[at] for at in archive) + fragments[following.start] > most


@given(st.lists(st.integers(0, 40), min_size=80, max_size=400))
def test_there_are_never_more_archives_than_a_mail_has_links(fragments):
    """They become larger instead."""
    assert len(plan_archives(fragments, 1)) <= MOST_ARCHIVES
