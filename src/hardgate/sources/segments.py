"""What segments are called: a business of its own, what is not allocated to any, and what is eliminated between them.

>>> is_segment("GoogleCloud"), is_segment("unallocated"), is_segment("ProductOrService=Gaming"), is_segment(None)
(True, False, False, False)
"""

UNALLOCATED, ELIMINATIONS, ALL_SEGMENTS = "unallocated", "eliminations", "segments in all"
_APART = frozenset({ALL_SEGMENTS, ELIMINATIONS, UNALLOCATED})


def is_segment(segment: str | None) -> bool:
    """Tell whether a segment is one of the business, and not a product, a place or what is left over."""
    return segment is not None and segment not in _APART and "=" not in segment and "&" not in segment
