"""What every file of one sample has in common: where it goes, its seed, its calendar and its terms of business."""

import zlib
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from hardgate.sample.calendar import Span
from hardgate.sample.operator import Terms


@dataclass(frozen=True, slots=True)
class Draft:
    """One sample being written."""

    folder: Path
    seed: int
    span: Span
    terms: Terms = field(default_factory=Terms)

    @property
    def data(self) -> Path:
        """Where the foreign files go."""
        return self.folder / "data"

    def draws(self, *names: str) -> np.random.Generator:
        """Return the random numbers of one table: they do not move when another table draws more."""
        words = [zlib.crc32(name.encode()) for name in names]
        return np.random.default_rng(np.random.SeedSequence([self.seed, *words]))
