"""A sample operator of any size, with truths planted in foreign files for the gates to find."""

from hardgate.sample.plants import PLANTS, Plant
from hardgate.sample.stream import telemetry
from hardgate.sample.workspace import make

__all__ = ["PLANTS", "Plant", "make", "telemetry"]
