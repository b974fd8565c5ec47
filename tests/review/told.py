"""A test's docstring as its data: a settings file, a line of dashes, and what is said of it."""

import inspect
from collections.abc import Callable

import pytest

from hardgate.core.errors import Misconfigured
from tests.review.made import policy


def halves(request: pytest.FixtureRequest) -> tuple[str, str]:
    """Return the file and what is expected of it."""
    file, _, expected = inspect.cleandoc(request.function.__doc__).partition("\n---\n")
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
