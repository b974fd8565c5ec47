"""What a user reads where rows are wrong: file, line, table, column, what was expected and what to do; the rest goes on."""

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.command import Done, here

SETTINGS = """\
currency = "RMB"
as_of = "2026-09-07"
cost_source = "cost_and_usage"

[[pools]]
pool = "a"
region = "north"
accelerator = "H20"
"""
TABLES = {
    "capacity": "asset,pool,gpus,ordered_on,live_date,kilowatts\nx,a,100,2026-01-01,2026-01-01,90\n",
    "workload_requests": """\
workload,tenant,gpus,gang,accelerators,contribution,currency,needed_from
w1,t1,40,1,H20,10,RMB,2026-08-01
w2,t2,80,1,H20,5,RMB,2026-08-01
""",
    "price_list": "product,unit,per,price,currency,valid_from\nchat,call,1,0.5,RMB,2026-01-01\n",
    "hosted_prices": """\
provider,model,kind,price,per,currency,valid_from
nimbus,falcon,input,0.5,1000000,RMB,2026-01-01
nimbus,falcon,output,2,1000000,RMB,2026-01-01
""",
    "usage_events": """\
event,called_at,account,feature,product,model,input_tokens,output_tokens,cache_read_tokens,cache_write_tokens,reasoning_tokens,total_tokens
e1,2026-08-01T00:00:00Z,k1,ask,chat,falcon,1000000,500000,0,0,0,1500000
""",
    "pool_usage": "pool,start_at,end_at,gpus,allocated_gpu_hours\na,2026-08-01,2026-09-01,100,60000\n",
    "cost_and_usage": """\
charge_day,charge_period_start,charge_period_end,billing_period_start,provider,billing_account,currency,charge_category,billed_cost,effective_cost
2026-08-01,2026-08-01,2026-08-02,2026-08-01,own,1,RMB,Usage,1000,1000
""",
}


@dataclass(frozen=True)
class Small:
    """A small workspace: good tables, to which a test adds bad rows."""

    folder: Path

    def add(self, table: str, *rows: str, head: str = "") -> None:
        path = self.folder / f"{table}.csv"
        if head:
            path.write_text(head + "\n")
            settings = self.folder / "hardgate.toml"
            settings.write_text(settings.read_text() + named(table))
        with path.open("a") as file:
            file.write("".join(f"{row}\n" for row in rows))

    def do(self, *args: object) -> Done:
        return here("-C", self.folder, *args)

    def ingest(self) -> list[str]:
        done = self.do("ingest", "--known-at", "2026-09-01")
        assert done.code == 0
        return done.lines()

    def rejects(self) -> list[str]:
        """Return what `hardgate doctor` lists of rejected rows; it has to get through."""
        done = self.do("doctor", "--json")
        assert done.err == ""
        return list(json.loads(done.out)["rejects"])

    def notes(self, exhibit: str) -> list[str]:
        return list(json.loads(self.do("show", exhibit, "--json").out)["notes"])


def named(table: str) -> str:
    return f'\n[[inputs]]\nsource = "table"\ntable = "{table}"\nfiles = ["{table}.csv"]\n'


@pytest.fixture(name="small")
def _small(tmp_path: Path) -> Small:
    (tmp_path / "policy.yaml").write_text("gates: {}\n")
    (tmp_path / "hardgate.toml").write_text(SETTINGS + "".join(named(table) for table in TABLES))
    for table, text in TABLES.items():
        (tmp_path / f"{table}.csv").write_text(text)
    return Small(tmp_path)


def test_the_small_workspace_is_good(small: Small) -> None:
    assert not [line for line in small.ingest() if "rejected" in line or "not read" in line]
    assert small.rejects() == []
    assert small.do("allocate").lines() == [
        "by value as of 2026-09-07: RMB 210.00 an hour, within 0.00 % of the bound",
        "w1 40 of 40 a 40",
        "w2 60 of 80 a 60",
        "a 100 of 100 GPUs, one more earns 1.50 an hour",
        "granted 100 + cut 20 = 120 GPUs asked for",
    ]
    shown = small.do("show", "pricing.unit_cost").lines()
    assert any(line.startswith("ask 1.50 ") for line in shown)  # a million read at .5 and half a million written at 2


def test_an_accelerator_that_no_pool_has_is_named_and_the_others_are_placed(small: Small) -> None:
    small.add("workload_requests", "w3,t3,20,1,B200,9,RMB,2026-08-01")
    small.ingest()
    done = small.do("allocate")
    told = "asks for B200, which no pool has (pools have H20): correct accelerators in workload_requests, or bring the pool"
    assert f"not placed: w3: {told}" in done.lines()
    assert "w1 40 of 40 a 40" in done.lines()
    assert small.notes("allocation.admit") == [f"w3: {told}"]


def test_a_negative_demand_and_one_that_is_no_number_are_rejected_by_line_and_column(small: Small) -> None:
    small.add("workload_requests", "w3,t3,-8,1,H20,9,RMB,2026-08-01", "w4,t3,many,0,H20,9,RMB,2026-08-01")
    lines = small.ingest()
    assert "workload_requests added 1 batches, 2 rows, 2 rejected: `hardgate doctor` lists them" in lines
    assert small.rejects() == [
        "workload_requests.csv:4: workload_requests.gpus: found '-8', expected 0 or more",
        "workload_requests.csv:5: workload_requests.gpus: found 'many', expected a whole number",
    ]
    done = small.do("allocate")
    assert done.code == 0
    assert "w2 60 of 80 a 60" in done.lines()


def test_floors_that_cannot_hold_name_the_smallest_set_and_every_verb_goes_on(small: Small) -> None:
    """t1 and t2 are guaranteed 120 of 100; t3 has 5 and is no part of it: 100 hold with either of the two lowered."""
    head = "tenant,gpus,valid_from"
    small.add("workload_requests", "w3,t3,20,1,H20,9,RMB,2026-08-01")
    small.add("tenant_floors", "t1,40,2026-01-01", "t2,80,2026-01-01", "t3,5,2026-01-01", "t4,-5,2026-01-01", head=head)
    small.ingest()
    assert small.rejects() == ["tenant_floors.csv:5: tenant_floors.gpus: found '-5', expected 0 or more"]
    said = (
        "floors cannot hold together: t1 (40), t2 (80); they take 120 GPUs of 100: lower one of them in tenant_floors"
    )
    done = small.do("allocate", "--kueue", small.folder / "changes")
    assert done.code == 4
    assert f"{said}; this plan keeps none of them, and nothing is written for Kueue" in done.lines()
    assert (small.folder / "changes" / "quotas.yaml").read_text() == ""
    for exhibit in ("allocation.admit", "allocation.turned_away", "allocation.shadow_price", "allocation.durability"):
        assert small.notes(exhibit)[0] == said
    assert small.do("review", "--dry-run").code in {0, 3, 4, 5}  # no fault
    (small.folder / "tenant_floors.csv").write_text(f"{head}\nt1,40,2026-01-01\nt2,55,2026-01-01\nt3,5,2026-01-01\n")
    small.ingest()
    done = small.do("allocate")
    assert (done.code, "floors" in done.out) == (0, False)


def test_two_tenants_of_one_name_in_kubernetes_are_named_and_no_manifest_is_written(small: Small) -> None:
    small.add("workload_requests", "w3,T1,20,1,H20,9,RMB,2026-08-01")
    small.ingest()
    said = "tenants 'T1' and 't1' would both be 't1' in Kubernetes: rename one"
    done = small.do("allocate", "--kueue", small.folder / "changes")
    assert (done.code, done.out) == (4, "")
    assert said in done.err
    assert not (small.folder / "changes").exists()
    assert small.do("allocate").code == 0


def test_a_price_without_a_currency_is_rejected_and_what_rests_on_it_is_unknown(small: Small) -> None:
    small.add("price_list", "more,call,1,0.7,,2026-01-01")
    small.add("hosted_prices", "nimbus,eagle,input,0.5,1000000,,2026-01-01")
    small.ingest()
    told = "found nothing, but the row has an amount; fill the cell, or set currency in this input of hardgate.toml"
    assert small.rejects() == [
        f"hosted_prices.csv:4: hosted_prices.currency: {told}",
        f"price_list.csv:3: price_list.currency: {told}",
    ]
    body = json.loads(small.do("review", "--dry-run", "--json").out)
    floors = [one for ask in body["asks"] for one in ask["verdicts"] if one["gate"] == "pricing.floor"]
    assert floors
    assert {one["outcome"] for one in floors} == {"unknown"}
    assert any(line.startswith("ask 1.50 ") for line in small.do("show", "pricing.unit_cost").lines())


def test_tokens_that_do_not_add_up_are_rejected_and_the_next_row_is_read(small: Small) -> None:
    small.add(
        "usage_events",
        "e2,2026-08-02T00:00:00Z,k1,ask,chat,falcon,100,10,0,0,0,120",
        "e3,2026-08-02T00:00:00Z,k1,ask,chat,falcon,-100,10,0,0,0,",
        "e4,2026-08-02T00:00:00Z,k1,ask,chat,falcon,1000000,0,0,0,0,",
    )
    assert "usage_events added 1 batches, 2 rows, 2 rejected: `hardgate doctor` lists them" in small.ingest()
    parts = "input_tokens + output_tokens + cache_read_tokens + cache_write_tokens + reasoning_tokens"
    assert small.rejects() == [
        f"usage_events.csv:3: usage_events.total_tokens: found '120 of parts that are 110', expected {parts}",
        "usage_events.csv:4: usage_events.input_tokens: found '-100', expected 0 or more",
    ]
    assert any(line.startswith("ask 2.00 ") for line in small.do("show", "pricing.unit_cost").lines())


def test_an_unknown_model_is_unknown_by_its_name_and_never_zero(small: Small) -> None:
    """One with a feature, one without: neither row is a figure, and the known one still is."""
    small.add(
        "usage_events",
        "e2,2026-08-02T00:00:00Z,k1,draw,chat,eagle,100,10,0,0,0,",
        "e3,2026-08-02T00:00:00Z,k1,,chat,eagle,100,10,0,0,0,",
    )
    small.ingest()
    body = json.loads(small.do("show", "pricing.unit_cost", "--json").out)
    rows = {row[0]: row[1:8] for row in body["rows"]}
    assert rows["draw"] == rows["no feature"] == rows["eagle, hosted: million input tokens"] == [None] * 7
    assert rows["ask"][0] == "1.50"
    assert body["notes"][0] == (
        "model 'eagle' is unknown: served by no pool and without a price; bring hosted_prices, or its pool"
    )
    assert body["closes"] is False
