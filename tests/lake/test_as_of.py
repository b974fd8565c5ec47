"""A table as it was believed on each day, against a plain reading of the same statements."""

from datetime import date, datetime, timedelta
from random import Random

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from hardgate.core.days import Window
from hardgate.engine import Engine
from hardgate.lake.as_of import FOREVER, relation
from hardgate.lake.batches import Lake
from hardgate.lake.ingest import ingest
from hardgate.sources.source import Input
from tests.lake.conftest import CLOCK, Desk

AUG, SEP = date(2026, 8, 1), date(2026, 9, 1)


def usage(*rows: str) -> str:
    """Return a pool_usage file of rows such as "n 2026-08-01T00 8"."""
    lines = ["pool,start_at,end_at,gpus,allocated_gpu_hours"]
    for row in rows:
        pool, start, hours = row.split()
        day, hour = start.split("T")
        lines.append(f"{pool},{day} {hour}:00:00,{day} {hour}:30:00,8,{hours}")
    return "\n".join(lines)


def bill(*rows: str, account: str = "a") -> str:
    """Return a bill of rows such as "2026-08-01 5"."""
    lines = [
        "charge_day,charge_period_start,charge_period_end,billing_period_start,billing_account,billed_cost,effective_cost"
    ]
    for row in rows:
        day, cost = row.split()
        lines.append(f"{day},{day},{day},2026-08-01,{account},{cost},{cost}")
    return "\n".join(lines)


def test_a_later_statement_takes_the_place_of_an_earlier_one_from_the_day_it_was_known(desk: Desk) -> None:
    desk.bring("pool_usage", usage("n 2026-08-01T00 1", "n 2026-08-01T01 2"), known=date(2026, 8, 2))
    desk.bring("pool_usage", usage("n 2026-08-01T01 3"), known=date(2026, 8, 5))
    columns = "allocated_gpu_hours, known_from, known_to"
    assert desk.rows("pool_usage", columns) == [
        (1, date(2026, 8, 2), FOREVER),
        (2, date(2026, 8, 2), date(2026, 8, 5)),
        (3, date(2026, 8, 5), FOREVER),
    ]
    assert desk.rows("pool_usage", "allocated_gpu_hours", as_of=date(2026, 8, 4)) == [(1,), (2,)]
    assert desk.rows("pool_usage", "allocated_gpu_hours", as_of=date(2026, 8, 5)) == [(1,), (3,)]
    assert desk.rows("pool_usage", "allocated_gpu_hours", as_of=date(2026, 8, 1)) == []


def test_what_is_said_again_keeps_the_day_it_was_first_known(desk: Desk) -> None:
    for known, hours in ((2, 1), (3, 1), (4, 2), (5, 1)):
        desk.bring(
            "pool_usage", usage(f"n 2026-08-01T00 {hours}", f"n 2026-08-01T1{known} 9"), known=date(2026, 8, known)
        )
    assert desk.rows("pool_usage", "allocated_gpu_hours, known_from, known_to")[:3] == [
        (1, date(2026, 8, 2), date(2026, 8, 4)),
        (1, date(2026, 8, 5), FOREVER),
        (2, date(2026, 8, 4), date(2026, 8, 5)),
    ]


def test_the_lines_of_a_bill_are_restated_together(desk: Desk) -> None:
    desk.bring("cost_and_usage", bill("2026-08-01 5", "2026-08-01 6", "2026-08-02 7"), known=date(2026, 8, 3))
    desk.bring("cost_and_usage", bill("2026-08-01 4"), known=date(2026, 9, 3))
    desk.bring("cost_and_usage", bill("2026-08-01 1", account="b"), known=date(2026, 9, 4))
    assert desk.rows("cost_and_usage", "billing_account, day, billed_cost", as_of=date(2026, 9, 4)) == [
        ("a", AUG, 4),
        ("a", date(2026, 8, 2), 7),
        ("b", AUG, 1),
    ]
    assert desk.rows("cost_and_usage", "sum(billed_cost)", as_of=date(2026, 9, 2)) == [(18,)]


def test_the_same_lines_in_another_order_are_the_same_statement(desk: Desk) -> None:
    desk.bring("cost_and_usage", bill("2026-08-01 5", "2026-08-01 6", "2026-08-01 6"), known=date(2026, 8, 3))
    desk.bring("cost_and_usage", bill("2026-08-01 6", "2026-08-01 5", "2026-08-01 6"), known=date(2026, 8, 9))
    desk.bring("cost_and_usage", bill("2026-08-01 6", "2026-08-01 5", "2026-08-01 5"), known=date(2026, 8, 11))
    relation(desk.lake, desk.engine, "cost_and_usage")
    held = desk.engine.rows(
        "select known_from, known_to, count(*), sum(billed_cost) from cost_and_usage group by all order by 1"
    )
    assert held == [(date(2026, 8, 3), date(2026, 8, 11), 3, 17), (date(2026, 8, 11), FOREVER, 3, 16)]


def test_an_account_that_nobody_names_is_restated_too(desk: Desk) -> None:
    head = "charge_day,charge_period_start,charge_period_end,billing_period_start,billed_cost,effective_cost\n"
    for known, cost in ((2, 5), (3, 6)):
        line = f"2026-08-01,2026-08-01,2026-08-02,2026-08-01,{cost},{cost}"
        desk.bring("cost_and_usage", head + line, known=date(2026, 8, known))
    assert desk.rows("cost_and_usage", "billed_cost, provider", as_of=SEP) == [(6, "")]


def test_a_live_date_that_slips_moves_the_row_and_leaves_no_other(desk: Desk) -> None:
    head = "asset,pool,gpus,ordered_on,live_date\n"
    desk.bring("capacity", head + "hall,n,8,2026-01-01,2026-06-01")
    desk.bring("capacity", head + "hall,n,8,2026-05-01,2026-11-01")
    assert desk.rows("capacity", "day, known_from, known_to") == [
        (date(2026, 6, 1), date(2026, 1, 1), date(2026, 5, 1)),
        (date(2026, 11, 1), date(2026, 5, 1), FOREVER),
    ]


def test_a_file_may_hold_the_whole_history_of_a_row(desk: Desk) -> None:
    report = desk.bring(
        "capacity",
        "asset,pool,gpus,ordered_on,live_date\nhall,n,8,2026-01-01,2026-06-01\nhall,n,16,2026-05-01,2026-11-01",
    )
    assert report.rejected == 0
    assert desk.rows("capacity", "gpus", as_of=date(2026, 4, 30)) == [(8,)]
    assert desk.rows("capacity", "gpus", as_of=date(2026, 5, 1)) == [(16,)]


def test_of_two_statements_known_on_one_day_the_later_batch_holds(desk: Desk) -> None:
    desk.bring("pool_usage", usage("n 2026-08-01T00 1"), known=AUG)
    desk.bring("pool_usage", usage("n 2026-08-01T00 2"), known=AUG)
    assert desk.rows("pool_usage", "allocated_gpu_hours, known_from, known_to") == [(2, AUG, FOREVER)]


def test_an_empty_table_has_its_columns(desk: Desk, engine: Engine) -> None:
    relation(desk.lake, engine, "sales", name="nothing_sold")
    assert engine.columns("select month, net_revenue, day, known_from, known_to from nothing_sold") == [
        ("month", "date"), ("net_revenue", "decimal(38,10)"), ("day", "date"), ("known_from", "date"),
        ("known_to", "date"),
    ]  # fmt: skip


def test_a_window_opens_only_what_touches_it(desk: Desk, engine: Engine) -> None:
    for day in (1, 2, 3):
        desk.bring("pool_usage", usage(f"n 2026-08-0{day}T00 {day}"), known=date(2026, 8, 9))
    for batch in desk.lake.batches()[:2]:
        desk.lake.path(batch).unlink()
    relation(desk.lake, engine, "pool_usage", window=Window(date(2026, 8, 3), date(2026, 8, 5)))
    assert engine.rows("select allocated_gpu_hours from pool_usage") == [(3,)]


def test_a_day_that_one_batch_speaks_of_costs_no_comparison(desk: Desk, engine: Engine) -> None:
    desk.bring("pool_usage", usage("n 2026-08-01T00 1"), known=AUG)
    desk.bring("pool_usage", usage("n 2026-08-02T00 1"), known=SEP)
    assert " over (" not in relation(desk.lake, engine, "pool_usage")
    desk.bring("pool_usage", usage("n 2026-08-02T00 2"), known=SEP)
    assert " over (" in relation(desk.lake, engine, "pool_usage")


def samples(devices: str, first: int, last: int, value: float) -> str:
    """Return telemetry of some devices, a sample a minute."""
    start = datetime(2026, 8, 1)
    lines = ["device,time,field,value"]
    lines += [
        f"GPU-{device},{start + timedelta(minutes=minute)},1002,{value}"
        for device in devices
        for minute in range(first, last)
    ]
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("files", "restated"),
    [
        ([("ab", 0, 60), ("ab", 60, 120)], 0),  # hour after hour: nothing meets
        ([("a", 0, 60), ("b", 0, 60)], 0),  # cluster beside cluster: times meet, devices do not
        ([("ab", 0, 60), ("a", 50, 70)], 10),
    ],
)
def test_batches_of_one_day_restate_only_where_device_and_time_meet(
    desk: Desk, engine: Engine, files: list[tuple[str, int, int]], restated: int
) -> None:
    for at, (devices, first, last) in enumerate(files):
        desk.bring("accelerator_samples", samples(devices, first, last, 0.1 * (at + 1)), known=date(2026, 8, at + 2))
    relation(desk.lake, engine, "accelerator_samples")
    told = sum(len(devices) * (last - first) for devices, first, last in files)
    assert engine.rows(
        "select count(*), count(*) filter (where known_to < date '9999-12-31') from accelerator_samples"
    ) == [(told, restated)]


Rows = dict[tuple[str, int], int]
Said = tuple[int, Rows]

FILES = st.lists(
    st.tuples(
        st.integers(2, 9),
        st.dictionaries(
            st.tuples(st.sampled_from("nsw"), st.integers(1, 4)), st.integers(1, 3), min_size=1, max_size=6
        ),
    ),
    min_size=1,
    max_size=5,
)


def believed(files: list[Said], on: int) -> list[tuple[str, int, int]]:
    """Return what the files say as of a day, by reading them one after the other."""
    state: dict[tuple[str, int], tuple[int, int]] = {}
    for known, rows in files:
        for key, value in rows.items():
            if known <= on and known >= state.get(key, (0, 0))[0]:
                state[key] = (known, value)
    return sorted((pool, day, value) for (pool, day), (_, value) in state.items())


def text_of(rows: Rows) -> str:
    """Return the rows as a file."""
    return usage(*(f"{pool} 2026-08-0{day}T00 {value}" for (pool, day), value in rows.items()))


def read_all(desk: Desk, files: list[tuple[int, str]]) -> dict[int, list[tuple[str, int, int]]]:
    """Ingest files in a lake of their own, and return what is believed on each day."""
    folder = desk.root / f"case-{len(list(desk.root.iterdir()))}"
    folder.mkdir()
    with Lake(folder / "lake") as lake:
        for at, (known, text) in enumerate(files):
            (folder / f"{at}.csv").write_text(text)
            ingest(
                lake, desk.engine, [Input("table", "pool_usage", (f"{at}.csv",))], root=folder, clock=CLOCK,
                known_at=date(2026, 8, known),
            )  # fmt: skip
        relation(lake, desk.engine, "pool_usage")
        return {
            on: desk.engine.rows(
                "select pool, day(start_at), cast(allocated_gpu_hours as bigint) from pool_usage where known_from <="
                f" date '2026-08-{on:02d}' and date '2026-08-{on:02d}' < known_to order by all"
            )
            for on in range(1, 11)
        }


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(FILES)
def test_every_day_believes_what_was_said_last_by_then(desk: Desk, files: list[Said]) -> None:
    read = read_all(desk, [(known, text_of(rows)) for known, rows in files])
    assert read == {on: believed(_once(files), on) for on in range(1, 11)}


def _once(files: list[Said]) -> list[Said]:
    """Leave out files whose bytes came before: they add nothing, whatever is said of when they were known."""
    seen: dict[str, None] = {}
    return [one for one in files if text_of(one[1]) not in seen and seen.setdefault(text_of(one[1])) is None]


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(FILES, st.randoms(use_true_random=False))
def test_neither_the_order_of_files_nor_cutting_one_in_two_nor_one_twice_changes_anything(
    desk: Desk, files: list[Said], random: Random
) -> None:
    # One file a known day: two statements of one key on one day are ordered by their coming.
    by_known = dict(files)
    whole = [(known, text_of(rows)) for known, rows in by_known.items()]
    parts = []
    for known, rows in by_known.items():
        items = list(rows.items())
        parts += [(known, text_of(dict(half))) for half in (items[::2], items[1::2]) if half]
    # The same bytes are one batch, known as it was said first.
    assume(len({text for _, text in parts}) == len(parts) and len({text for _, text in whole}) == len(whole))
    random.shuffle(parts)
    parts.append(parts[0])
    assert read_all(desk, parts) == read_all(desk, whole)
