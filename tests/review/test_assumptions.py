import re
from pathlib import Path

import hardgate
from hardgate.review.assumptions import known

ASKED = re.compile(r'assumption\(\s*"([a-z_]+)')


def test_every_assumption_that_a_metric_or_gate_asks_for_can_be_stated() -> None:
    package = Path(hardgate.__file__).parent
    asked = {
        name
        for area in ("metrics", "gates", "capacity")
        for path in (package / area).glob("*.py")
        for name in ASKED.findall(path.read_text("utf-8"))
    }
    assert asked <= set(known())


def test_every_assumption_has_a_meaning_and_a_unit() -> None:
    assert [one.name for one in known().values() if not one.meaning or not one.unit] == []
    assert {one.kind for one in known().values()} == {"share", "number", "count"}
