"""A mistake in what the parts of a settings file say of each other, by path; the document turns it into a place."""

from dataclasses import dataclass

from hardgate.review.places import Path


@dataclass(frozen=True, slots=True)
class Slip:
    """A mistake and the path it stands at; `rests_on` are other parts that it was concluded from."""

    path: Path
    message: str
    suggestion: str = ""
    key: bool = False
    rests_on: tuple[Path, ...] = ()
