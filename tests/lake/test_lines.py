"""Records and the lines they start on, against Python's own reader of whole files."""

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from hardgate.lake.lines import records

CELLS = st.text(alphabet='ab,"\n ü', max_size=4)


@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=8))
def test_every_written_record_is_read_back_with_the_line_it_starts_on(rows: list[list[str]]) -> None:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)
    starts = []
    for row in rows:
        starts.append(out.getvalue().count("\n") + 1)
        writer.writerow(row)
    read = list(records(io.StringIO(out.getvalue(), newline=""), 3, ","))
    assert [(one.line, one.cells) for one in read] == list(zip(starts, rows, strict=True))


def test_a_broken_quote_costs_its_own_line_only() -> None:
    lines = ['1,"broken,x\n', "2,b,c\n", '3,"q, ok",e\n', "4,f\n", "5,g,h\n"]
    read = list(records(lines, 3, ",", first=2))
    assert [(one.line, one.cells, one.wrong) for one in read] == [
        (2, None, "a quote is not closed"),
        (3, ["2", "b", "c"], ""),
        (4, ["3", "q, ok", "e"], ""),
        (5, None, "2 columns, expected 3"),
        (6, ["5", "g", "h"], ""),
    ]


def test_a_quote_that_never_closes_does_not_swallow_the_file() -> None:
    lines = ['1,"x\n', *(f"{at},b\n" for at in range(5000))]
    read = list(records(lines, 2, ","))
    assert [one.line for one in read if one.wrong] == [1]
    assert len(read) == 5001
