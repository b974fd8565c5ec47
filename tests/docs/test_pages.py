"""Every page shows what hardgate prints, and every link leads somewhere."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from docs import consoles

ROOT = consoles.ROOT
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"(?<!`)\[[^\]]*\]\(([^)\s]+)\)")
Play = Callable[[str], list[consoles.Ran]]
REMAKE = "remake it with: make docs, or .venv/bin/python docs/consoles.py"


@pytest.fixture
def play(tmp_path: Path, request: pytest.FixtureRequest) -> Play:
    def in_its_folder(page: str) -> list[consoles.Ran]:
        folder = tmp_path if page in consoles.ALONE else request.getfixturevalue("beside_the_sample")
        return list(consoles.play(page, folder))

    return in_its_folder


@pytest.mark.parametrize("page", consoles.played())
def test_a_page_shows_what_its_commands_print(page: str, play: Play) -> None:
    ran = play(page)
    assert [f"{one.command}: {one.code} {one.said}" for one in ran if one.code in consoles.OWN_FAULTS] == []
    for one in ran:
        if not one.as_shown:
            assert one.shown.strip() == one.expected.strip(), f"{page} shows something else; {REMAKE} {page}"


def test_the_readme_and_the_tutorial_have_commands_that_run() -> None:
    assert {"README.md", "docs/tutorial.md"} <= set(consoles.played())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_to_a_file_and_a_heading(page: Path) -> None:
    broken = []
    for link in LINK.findall(page.read_text("utf-8")):
        if re.match(r"https?:|mailto:", link):
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name) if name else page
        if not target.exists() or (anchor and anchor not in headings(target)):
            broken.append(link)
    assert broken == []


def headings(page: Path) -> set[str]:
    """Return the anchors of a page, as the usual renderers make them."""
    found = re.findall(r"^#+ (.*)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in found}


def test_a_last_line_of_dots_leaves_only_the_rest_open() -> None:
    ran = consoles.Ran("ls", "a\nb\n...\n", "a\nb\nc\n", 0, "")
    assert (ran.as_shown, ran.block) == (True, "$ ls\na\nb\n...\n")
    indented = consoles.Ran("ls", "  a\n", "  a\nb\n", 0, "")
    assert (indented.as_shown, indented.block) == (False, "$ ls\n  a\nb\n")
    changed = consoles.Ran("ls", "a\nx\n...\n", "a\nb\nc\n", 0, "")
    assert (changed.as_shown, changed.block) == (False, "$ ls\na\nb\n...\n")


def test_a_block_after_save_as_becomes_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "page.md").write_text(
        "It says. Save as `a.txt`:\n\n```csv\n1,2\n```\n\n```console\n$ cat a.txt\n1,3\n```\n"
    )
    monkeypatch.setattr(consoles, "ROOT", tmp_path)
    ran = list(consoles.play("page.md", tmp_path))
    assert [(one.printed, one.as_shown) for one in ran] == [("1,2\n", False)]
    assert consoles.rewritten((tmp_path / "page.md").read_text(), ran).endswith("$ cat a.txt\n1,2\n```\n")
