"""A test's docstring as its data: a settings file, a line of dashes, and what is said of it."""

import inspect
from collections.abc import Callable

import pytest

from hardgate.core.errors import Misconfigured
from hardgate.review.scoped import DIMENSIONS
from hardgate.sources.source import tables
from tests.review.made import policy

LISTED = {
    "<dimensions>": DIMENSIONS, "<dimensions sorted>": sorted(DIMENSIONS), "<tables>": sorted(tables()),
}  # fmt: skip
"""What a docstring may name instead of repeating a list that grows."""


def halves(request: pytest.FixtureRequest) -> tuple[str, str]:
    """Return the file and what is expected of it."""
    file, _, expected = inspect.cleandoc(request.function.__doc__).partition("\n---\n")
    for name, listed in LISTED.items():
        expected = expected.replace(name, ", ".join(listed))
    return file + "\n", expected


@pytest.fixture
def expected(request: pytest.FixtureRequest) -> str:
    return halves(request)[1]


@pytest.fixture
def said(request: pytest.FixtureRequest) -> str:
    """What is said when the first half of the docstring is read; by the module's `read`, else as a policy."""
    read: Callable[[str], object] = getattr(request.module, "read", policy)
    with pytest.raises(Misconfigured) as caught:
        read(halves(request)[0])
    return str(caught.value)
