import sys
from pathlib import Path

import pytest

from hardgate import schemas
from hardgate.core.discover import discover


def test_every_schema_is_found_by_the_name_of_its_file() -> None:
    found = discover(schemas, "schema")
    stems = {path.stem for path in Path(str(schemas.__file__)).parent.glob("*.py")} - {"__init__"}
    assert set(found) == stems
    assert "cost_and_usage" in found


def test_a_name_that_is_not_its_file_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "rooms"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "kitchen.py").write_text("class G:\n    name = 'rooms.cellar'\n\ngate = G()\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    __import__("rooms")
    with pytest.raises(ValueError, match="must end in 'kitchen'"):
        discover(sys.modules["rooms"], "gate")
