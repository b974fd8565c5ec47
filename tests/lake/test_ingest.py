"""Files become batches, once; rows that cannot be used are told by file, line, column and reason."""

from datetime import date, datetime

import pytest

from hardgate.core.errors import Misconfigured
from hardgate.lake import reading
from hardgate.sources.source import Input
from tests.lake.conftest import Desk

SALES = """
account,product,pool,month,quantity,net_revenue,variable_cost,currency
acme,h20,north,2026-08-01,10,100.50,20,RMB
acme,h20,south,2026-08-01,5,50,,RMB
"""


def sales(*lines: str) -> str:
    """Return a sales file of some lines."""
    return "\n".join(["account,product,pool,month,quantity,net_revenue,variable_cost,currency", *lines])


def test_the_same_file_twice_adds_nothing(desk: Desk) -> None:
    first = desk.bring("sales", SALES, name="a.csv")
    again = desk.bring("sales", SALES, name="copy.csv")
    assert (len(first.added), first.rows) == (1, 2)
    assert (again.added, again.known) == ((), ("copy.csv",))
    assert desk.rows("sales", "count(*), sum(net_revenue)") == [(2, 150.5)]


def test_a_batch_bears_the_digest_of_the_files_bytes(desk: Desk) -> None:
    desk.write("a.csv", b"pool,region,accelerator,valid_from\nn,north,H20,2026-01-01\n")
    desk.ingest(Input("table", table="pools", files=("a.csv",)))
    assert [batch.digest for batch in desk.lake.batches("pools")] == [
        "1b0aec5f5a555364f5936bc8cfe81f56c0170a1f0d6b9d33c2557e95e019b8db"
    ]


def test_a_bad_row_is_rejected_with_its_line_and_the_good_rows_stay(desk: Desk) -> None:
    report = desk.bring(
        "sales",
        sales(
            "acme,h20,north,2026-08-01,10,100,20,RMB",
            "acme,h20,north,2026-13-01,10,100,20,RMB",
            "acme,h20,south,2026-08-01,ten,100,20,RMB",
            "acme,h20,west,2026-08-01,1,2,3,RMB,extra",
            ",h20,east,2026-08-01,1,2,3,RMB",
            "acme,h20,west,2026-08-01,1,2,3,RMB",
        ),
        name="s.csv",
    )
    assert (report.rows, report.rejected) == (2, 4)
    assert [str(one) for one in desk.rejected()] == [
        "s.csv:3: sales.month: found '2026-13-01', expected a date such as 2026-09-07",
        "s.csv:4: sales.quantity: found 'ten', expected a number",
        "s.csv:5: sales: 9 columns, expected 8: 'acme,h20,west,2026-08-01,1,2,3,RMB,extra'",
        "s.csv:6: sales.account: found nothing, missing, but it is part of the key",
    ]
    assert [one.day for one in desk.rejected()] == [None, date(2026, 8, 1), None, date(2026, 8, 1)]
    assert [(day.day, day.rows, day.rejected) for day in desk.lake.days("sales")] == [(date(2026, 8, 1), 2, 2)]


def test_lines_are_counted_through_line_breaks_in_quotes(desk: Desk) -> None:
    text = 'pool,region,accelerator,valid_from\nn,"north\nof the\nriver",H20,2026-01-01\ns,south,H20,soon\n'
    desk.write("p.csv", text.encode())
    desk.ingest(Input("table", table="pools", files=("p.csv",)))
    assert [(one.line, one.column) for one in desk.rejected()] == [(5, "valid_from")]
    assert desk.rows("pools", "region") == [("north\nof the\nriver",)]


def test_a_null_in_a_required_column_stays_a_row_with_a_missing_fact(desk: Desk) -> None:
    report = desk.bring(
        "sales", sales("acme,h20,north,2026-08-01,10,,20,RMB", "acme,h20,south,2026-08-01,1,NULL,1,RMB")
    )
    assert (report.rows, report.rejected) == (2, 0)
    assert desk.rows("sales", "net_revenue") == [(None,), (None,)]


def test_equal_rows_of_a_file_count_once_and_contradicting_ones_not_at_all(desk: Desk) -> None:
    report = desk.bring(
        "sales",
        sales(
            "acme,h20,north,2026-08-01,10,100,20,RMB",
            "acme,h20,south,2026-08-01,5,50,10,RMB",
            "acme,h20,north,2026-08-01,10,100,20,RMB",
            "acme,h20,south,2026-08-01,5,51,10,RMB",
        ),
        name="s.csv",
    )
    assert (report.rows, report.duplicates, report.rejected) == (1, 1, 2)
    assert [(one.line, one.reason) for one in desk.rejected()] == [
        (3, "the same key stands again with other values"),
        (5, "the same key as line 3, with other values"),
    ]
    assert desk.rows("sales", "pool, net_revenue") == [("north", 100)]


def test_keys_with_nothing_in_them_are_equal_keys(desk: Desk) -> None:
    report = desk.bring("sales", sales("a,h20,,2026-08-01,1,5,1,RMB", "a,h20,,2026-08-01,1,5,1,RMB"))
    assert (report.rows, report.duplicates) == (1, 1)


def test_lines_of_a_bill_may_be_equal(desk: Desk) -> None:
    report = desk.bring(
        "general_ledger",
        """
        account,cost_centre,month,amount,currency
        power,dc1,2026-08-01,10,RMB
        power,dc1,2026-08-01,10,RMB
        """,
    )
    assert (report.rows, report.duplicates) == (2, 0)


def test_a_new_column_map_takes_the_place_of_the_old_one(desk: Desk) -> None:
    desk.write("s.csv", "acct,sku,pool,m,gross,net\na,h20,n,2026-08-01,120,100")
    shared = {"account": "acct", "product": "sku", "month": "m"}
    wrong = Input("table", "sales", ("s.csv",), None, {**shared, "net_revenue": "gross"}, {"currency": "RMB"})
    right = Input("table", "sales", ("s.csv",), None, {**shared, "net_revenue": "net"}, {"currency": "RMB"})
    desk.ingest(wrong)
    report = desk.ingest(right, clock=datetime(2026, 9, 9))
    assert [batch.rows for batch in report.retired] == [1]
    # The bytes were known on the 7th: how they are read since does not make them news.
    assert desk.rows("sales", "net_revenue, known_from") == [(100, date(2026, 9, 7))]
    desk.ingest(wrong, clock=datetime(2026, 9, 10))
    assert desk.rows("sales", "net_revenue") == [(120,)]


def test_a_day_that_was_declared_holds_when_the_bytes_are_read_anew(desk: Desk) -> None:
    desk.write("s.csv", "acct,sku,pool,m,net\na,h20,n,2026-08-01,100")
    columns = {"account": "acct", "product": "sku", "month": "m", "net_revenue": "net"}
    desk.ingest(Input("table", "sales", ("s.csv",), None, columns, {"currency": "USD"}), known_at=date(2026, 8, 5))
    desk.ingest(Input("table", "sales", ("s.csv",), None, columns, {"currency": "RMB"}))
    assert desk.rows("sales", "currency, known_from") == [("RMB", date(2026, 8, 5))]


def test_one_file_may_fill_two_tables_and_neither_retires_the_other(desk: Desk) -> None:
    desk.write(
        "h.csv", "pool,region,accelerator,valid_from,asset,gpus,live_date\nn,north,H20,2026-01-01,hall,8,2026-01-01"
    )
    desk.ingest(Input("table", "pools", ("h.csv",)))
    desk.ingest(Input("table", "capacity", ("h.csv",)))
    assert desk.lake.tables() == ("capacity", "pools")


def test_expressions_see_text_as_the_numbers_and_dates_that_it_is(desk: Desk) -> None:
    desk.write(
        "u.csv",
        """
        vc,d,total,busy_minutes,code
        a,2026-08-01,8,240,007
        b,2026-08-01,8,x,008
        c,2026-08-01,8,120,009
        """
        + "\n".join(f"p{i},2026-08-01,8,60,{i:03d}" for i in range(10)),
    )
    columns = {
        "pool": "vc || '-' || code", "start_at": "d", "end_at": "d + interval 1 day", "gpus": "total",
        "allocated_gpu_hours": "busy_minutes / 60.0",
    }  # fmt: skip
    desk.ingest(Input("table", "pool_usage", ("u.csv",), None, columns))
    assert desk.rows("pool_usage", "pool, allocated_gpu_hours, end_at")[0] == ("a-007", 4.0, datetime(2026, 8, 2))
    assert [(one.line, one.column, one.value) for one in desk.rejected()] == [(3, "busy_minutes", "x")]


def test_every_expression_that_does_not_hold_is_named_with_the_columns_there_are(desk: Desk) -> None:
    desk.write("s.csv", "acct,amount\na,1")
    columns = {"account": "acctt", "product": "'x'", "month": "date '2026-08-01'", "net_revenue": "amount / nope"}
    with pytest.raises(Misconfigured) as raised:
        desk.ingest(Input("table", "sales", ("s.csv",), None, columns, {"currency": "RMB"}))
    said = str(raised.value)
    assert "columns.account = 'acctt' cannot be read" in said
    assert "columns.net_revenue = 'amount / nope' cannot be read" in said
    assert "the file has the columns acct, amount" in said


def test_a_select_over_files_is_a_batch_whose_digest_is_of_its_rows(desk: Desk) -> None:
    desk.write("a/x.csv", "p,m,u\nn,2026-07-01,1\nn,2026-08-01,2")
    text = "select p as pool, m as start_at, m + interval 1 month as end_at, 8 as gpus, u as allocated_gpu_hours"
    up = Input("table", "pool_usage", select=f"{text} from read_csv('a/*.csv') order by m")
    down = Input("table", "pool_usage", select=f"{text} from read_csv('a/*.csv') order by m desc")
    assert desk.ingest(up).rows == 2
    assert desk.ingest(down).added == ()
    assert desk.rows("pool_usage", "allocated_gpu_hours") == [(1.0,), (2.0,)]


def test_a_file_that_cannot_be_read_is_a_problem_and_the_others_come_in(desk: Desk) -> None:
    desk.write("good.csv", SALES)
    desk.write("bad.parquet", b"not parquet")
    desk.write("other.csv", "a,b\n1,2")
    report = desk.ingest(Input("table", "sales", ("*.csv", "bad.parquet", "none-*.csv")))
    assert [problem.file for problem in report.problems] == ["none-*.csv", "other.csv", "bad.parquet"]
    assert "table sales needs account" in report.problems[1].message
    assert report.rows == 2


def test_a_dry_run_reads_and_judges_and_keeps_nothing(desk: Desk) -> None:
    desk.write("s.csv", sales("acme,h20,north,2026-08-01,10,100,20,RMB", "acme,h20,north,never,10,100,20,RMB"))
    report = desk.ingest(Input("table", "sales", ("s.csv",)), dry_run=True)
    assert (report.dry_run, report.rows, report.rejected) == (True, 1, 1)
    assert desk.lake.batches() == ()
    assert list((desk.root / "lake").glob("**/*.parquet")) == []


def test_progress_counts_every_byte_twice_and_ends_at_all_of_them(desk: Desk) -> None:
    desk.write("s.csv", SALES)
    size = (desk.root / "s.csv").stat().st_size
    told: list[tuple[str, int, int]] = []
    desk.ingest(Input("table", "sales", ("s.csv",)), progress=lambda *one: told.append(one))
    assert told == [("s.csv", size, 2 * size), ("s.csv", 2 * size, 2 * size)]


def test_a_row_that_says_when_it_became_known_is_believed_over_all_else(desk: Desk) -> None:
    desk.bring(
        "contracts",
        """
        contract,customer,signed_on,start_date,end_date,committed_amount,currency,take_or_pay,termination
        c1,acme,2026-01-15,2026-02-01,2027-02-01,1000,RMB,yes,none
        c2,acme,,2026-02-01,2027-02-01,1000,RMB,yes,none
        c3,acme,2026-12-01,2027-02-01,2028-02-01,1000,RMB,yes,none
        """,
        known=date(2026, 3, 1),
        name="c.csv",
    )
    assert desk.rows("contracts", "contract, known_from") == [("c1", date(2026, 1, 15)), ("c2", date(2026, 3, 1))]
    (late,) = desk.rejected()
    assert (late.line, late.column, late.value) == (4, "signed_on", "2026-12-01")
    assert late.reason == "expected no day after this ingest on 2026-09-07: it says when the row became known"


def test_a_table_known_late_by_assumption_says_so_and_never_knows_the_future(desk: Desk) -> None:
    desk.write("s.csv", sales("a,h20,n,2026-07-01,1,5,1,RMB", "a,h20,n,2026-08-15,1,5,1,RMB"))
    desk.ingest(Input("table", "sales", ("s.csv",)), known_after={"sales": 35})
    assert desk.rows("sales", "month, known_from") == [
        (date(2026, 7, 1), date(2026, 8, 5)),
        (date(2026, 8, 15), date(2026, 9, 7)),
    ]
    assert [batch.known_status for batch in desk.lake.batches()] == ["assumed"]


def test_nothing_can_be_declared_known_after_it_is_read(desk: Desk) -> None:
    with pytest.raises(Misconfigured, match="known at 2026-09-08 is after this ingest on 2026-09-07"):
        desk.bring("sales", SALES, known=date(2026, 9, 8))


def test_a_format_is_recognised_by_its_columns(desk: Desk) -> None:
    desk.write("pods.csv", "name,namespace,num_gpu,creation_time\np,n,1,2026-09-01T00:00:00Z")
    desk.write("what.csv", "a,b\n1,2")
    report = desk.ingest(Input("auto", files=("*.csv",)))
    assert [(batch.table, batch.source) for batch in report.added] == [("workload_allocations", "kubernetes")]
    assert "the columns a, b are of no known format" in report.problems[0].message


def test_a_file_that_changes_while_it_is_read_is_not_taken_in(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.write("s.csv", SALES)
    plain = reading.read

    def read_slowly(*args: object) -> object:
        raw = plain(*args)  # type: ignore[arg-type]
        with (desk.root / "s.csv").open("a") as file:
            file.write("more,h20,n,2026-08-01,1,1,1,RMB\n")
        return raw

    monkeypatch.setattr("hardgate.lake.ingest.read", read_slowly)
    report = desk.ingest(Input("table", "sales", ("s.csv",)))
    assert "changed while it was read" in report.problems[0].message
    assert desk.lake.batches() == ()


def test_a_day_is_a_day_of_utc_on_every_machine(desk: Desk) -> None:
    desk.engine.rows("set TimeZone = 'Asia/Shanghai'")
    desk.engine.save("select 'n' as p, timestamptz '2026-08-01 20:00:00+00' as t", desk.root / "u.parquet")
    columns = {
        "pool": "p", "start_at": "date_trunc('day', t)", "end_at": "t", "gpus": "8", "allocated_gpu_hours": "1",
    }  # fmt: skip
    desk.ingest(Input("table", "pool_usage", ("u.parquet",), None, columns))
    assert desk.rows("pool_usage", "start_at, end_at") == [(datetime(2026, 8, 1), datetime(2026, 8, 1, 20))]


def test_pods_as_kubectl_prints_them_come_in_by_a_select(desk: Desk) -> None:
    desk.write(
        "pods.json",
        """
        {"kind": "List", "items": [
        {"metadata": {"name": "a", "namespace": "x", "creationTimestamp": "2026-09-01T00:00:00Z"},
        "spec": {"nodeName": "n1", "containers": [{"resources": {"requests": {"nvidia.com/gpu": "8"}}}]},
        "status": {"phase": "Running", "startTime": "2026-09-01T00:05:00Z"}},
        {"metadata": {"name": "b", "namespace": "x", "creationTimestamp": "2026-09-01T00:00:00Z"},
        "spec": {"containers": [{"resources": {"requests": {"nvidia.com/gpu": "1"}}}]},
        "status": {"phase": "Pending"}}]}
        """,
    )
    select = """
        select pod.metadata.name as name, pod.metadata.namespace as namespace, pod.spec.nodeName as node,
            pod.spec.containers[1].resources.requests."nvidia.com/gpu" as num_gpu, pod.status.phase as pod_phase,
            pod.metadata.creationTimestamp as creation_time, pod.status.startTime as scheduled_time
        from (select unnest(items) as pod from read_json('pods.json'))
    """
    desk.ingest(Input("kubernetes", select=select))
    assert desk.rows("workload_allocations", "workload, gpus, node, outcome, start_at") == [
        ("x/a", 8.0, "n1", "running", datetime(2026, 9, 1, 0, 5)),
        ("x/b", 1.0, None, None, None),
    ]
