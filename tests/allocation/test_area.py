"""Who gets the GPUs of a small operator, why the others do not, and what would change for Kueue."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from hardgate.allocation import admit, durability, kueue, shadow_price, turned_away
from hardgate.allocation.manifests import BOOST, boosts, changed, clashes, shared
from hardgate.allocation.offer import lines, offered
from hardgate.allocation.quotas import Move, moves, step
from hardgate.core.days import window_ending
from hardgate.core.terms import EVERYTHING, Scope
from hardgate.metrics.allotment import Allotment, allotment, allotted, arrays
from hardgate.metrics.granted_share import metric as granted_share
from hardgate.metrics.requests import wishes
from hardgate.metrics.shadow_price import metric
from hardgate.metrics.tranche_margin import in_money, margin
from hardgate.models.admission import enlarged, served
from hardgate.models.allocation_claims import Wanted
from hardgate.review.proposals import waiting
from tests.allocation.world import ASSUMPTIONS, TABLES
from tests.capacity import world as capacity
from tests.evidence import Tables, table

HEAD = (
    "day workload tenant gpus gang accelerators regions contribution currency committed_gpus term_months renewal penalty "
    "incumbent_pool incumbent_gpus needed_to"
)
EVIDENCE = Tables(capacity.TODAY, {**capacity.TABLES, **TABLES}, assumptions={**capacity.ASSUMPTIONS, **ASSUMPTIONS})


def test_what_ended_is_out_and_what_no_pool_has_is_named() -> None:
    asked = wishes(EVIDENCE)
    assert [one.workload for one in asked.requests] == ["w1", "w2", "w3", "w4", "w5"]
    what = "correct accelerators in workload_requests, or bring the pool"
    assert asked.gaps == (f"w5: asks for B200=1, which no pool has (pools have H20, L20): {what}",)
    assert asked.floors == (("t2", 30),)
    assert [(one.pool, one.gpus) for one in asked.pools] == [("a", 100), ("b", 50), ("c", 30)]


def test_the_plan_serves_the_promise_then_the_value() -> None:
    """w1 lasts (10), w2 earns 3 x .3 + .5 where it is, w3 USD 2 x (.3 + .7 (12 + 24 x .8)/36); 150 H20 in all.

    w3 wants the work of 80 H20 and gets half as much from an L20: 30 of them are worth 6.53 each to it, .3 to w4.
    """
    found = allotment(EVIDENCE)
    assert found is not None
    names = [one.workload for one in found.wishes.requests]
    assert dict(zip(names, found.served, strict=True)) == {"w1": 40.0, "w2": 45.0, "w3": 80.0, "w4": 0.0, "w5": 0.0}
    w3 = found.given[names.index("w3")]
    assert (w3.get(0, 0.0) + w3.get(1, 0.0), w3.get(2), found.gpus(names.index("w3"))) == (65.0, 30.0, 95.0)
    earned = 40 * 10 + 45 * 0.9 + 80 * 14.4 * (0.3 + 0.7 * 31.2 / 36)
    assert found.value == pytest.approx(earned + (45 + 20) * 0.5, abs=1e-3), "w2 keeps 45 of its own, w3 20"
    assert sum(found.short) == 0


def test_a_full_pool_of_work_worth_little_has_a_low_price() -> None:
    """w2 is the last on the H20 pools: one GPU more earns its .9, with .5 a GPU for not having to move."""
    window = window_ending("1w", EVIDENCE.as_of)
    price = EVIDENCE.reading(metric, Scope.of(accelerator="H20"), window)
    assert price.value == pytest.approx(1.4)
    assert price.low is not None
    assert price.high is not None
    assert price.low <= 1.4 <= price.high


IN_A, EIGHT_WEEKS = Scope.of(region="north", accelerator="H20", pool="a"), window_ending("8w", EVIDENCE.as_of)


def asking(*rows: str) -> Tables:
    """The evidence with these requests in place of its own."""
    return replace(EVIDENCE, tables={**EVIDENCE.tables, "request": table("\n".join([HEAD, *rows]))})


def test_the_margin_of_a_tranche_in_a_full_pool_is_its_shadow_price() -> None:
    shadow = margin(EVIDENCE, IN_A, EIGHT_WEEKS)
    assert shadow.value == pytest.approx(1.4 * 730)
    assert "one GPU more earns RMB 1.40 an hour (shadow price), where sales earned" in shadow.because
    said = in_money(EVIDENCE, shadow, 1_500.0)
    assert said == (
        "pool full; one GPU more is worth RMB 1,022.00 per GPU-month, owning it costs RMB 1,500.00: no tranche"
    )
    assert in_money(EVIDENCE, shadow, 1_000.0).endswith("owning it costs RMB 1,000.00")


def test_where_policy_says_so_sales_decide_in_a_full_pool_too() -> None:
    overruled = replace(EVIDENCE, assumptions={**EVIDENCE.assumptions, "margin_from_sales": 1.0})
    assert margin(overruled, IN_A, EIGHT_WEEKS).value == pytest.approx(2600.0, rel=0.05)
    assert in_money(overruled, margin(overruled, IN_A, EIGHT_WEEKS), 1_500.0) == ""


def test_where_gpus_are_left_or_nobody_waits_sales_decide() -> None:
    """The same work as sales would sell: 149 of 150, then exactly 150, then one more is asked for."""
    for gpus, earned in ((149, 2600.0), (150, 2600.0), (151, 3 * 0.3 * 730)):
        asked = asking(f"2026-03-01 x t {gpus} 1 H20=1 - 3 RMB - - - - - - -")
        assert margin(asked, IN_A, EIGHT_WEEKS).value == pytest.approx(earned, rel=0.05)


def test_whether_a_pool_is_full_is_unknown_while_a_request_for_it_has_no_worth() -> None:
    rest = "2026-03-01 x t 151 1 H20=1 - 3 RMB - - - - - - -"
    unread = margin(asking(rest, "2026-03-01 y t 4 1 H20=1 - 9 EUR - - - - - - -"), IN_A, EIGHT_WEEKS)
    assert (unread.value, unread.low, unread.high) == (None, None, None)
    assert "full is not known: y: no contribution in the reporting currency; bring contribution" in unread.because
    elsewhere = margin(asking(rest, "2026-03-01 y t 4 1 L20=1 - 9 EUR - - - - - - -"), IN_A, EIGHT_WEEKS)
    assert elsewhere.value == pytest.approx(3 * 0.3 * 730)


def test_conflicting_floors_leave_the_margin_of_a_tranche_unknown() -> None:
    tight = margin(guaranteed(t1=40, t2=140, t3=1), IN_A, EIGHT_WEEKS)
    assert tight.value is None
    assert "floors cannot hold together: t1 (40), t2 (140), t3 (1); they take 181 GPUs of 180" in tight.because


def test_a_missing_rate_takes_a_workload_out_with_its_name() -> None:
    asked = wishes(
        asking("2026-03-01 x t 4 1 H20 - 5 EUR - - - - - - -", "2026-03-01 y t -4 1 H20 - 5 RMB - - - - - - -")
    )
    assert asked.requests == ()
    assert [gap.partition(":")[0] for gap in asked.gaps] == ["x", "y"]


def guaranteed(**gpus: int) -> Tables:
    """The evidence with these floors in place of its own."""
    rows = "\n".join(f"2026-01-01 {tenant} {count} -" for tenant, count in gpus.items())
    floors = table("day tenant gpus valid_to\n" + rows)
    return replace(EVIDENCE, tables={**EVIDENCE.tables, "tenant_floor": floors})


def test_floors_that_take_every_gpu_hold_and_are_read() -> None:
    """t1 can use the 150 of H20, t2 all 180, t3 the 30 of L20: 40 of H20, then 110 of H20 and 30 of L20."""
    tight = guaranteed(t1=40, t2=140)
    found = allotment(tight)
    assert found is not None
    assert found.conflict == ""
    assert sum(found.gpus(at) for at, one in enumerate(found.wishes.requests) if one.tenant == "t2") == 140
    assert tight.reading(metric, EVERYTHING, window_ending("1w", tight.as_of)).value is not None


CONFLICT = "floors cannot hold together: t1 (40), t2 (140), t3 (1); they take 181 GPUs of 180: lower one of them in tenant_floors"


def test_floors_in_conflict_are_named_and_nothing_is_read() -> None:
    """With one GPU for t3 they ask for 181 of 180; any two of them would hold."""
    tight = guaranteed(t1=40, t2=140, t3=1)
    window = window_ending("1w", tight.as_of)
    for one, scope in ((metric, EVERYTHING), (granted_share, Scope.of(tenant="t1"))):
        reading = tight.reading(one, scope, window)
        assert (reading.value, reading.low, reading.high) == (None, None, None)
        assert CONFLICT in reading.because
    assert shadow_price.exhibit.build(tight).notes[0] == CONFLICT
    assert turned_away.exhibit.build(tight).notes[0] == CONFLICT
    assert durability.exhibit.build(tight).notes[0] == CONFLICT
    assert kueue.exhibit.build(tight).missing == f"{CONFLICT}, or bring more capacity"
    kept = offered(tight)
    assert kept is not None
    assert kept["kueue"] == {"quotas": [], "boosts": [], "rollback": []}


def paying(found: Allotment, at: int, more: float) -> bool:
    """Whether a workload is served once its row of workload_requests says so much more contribution."""
    requests = list(found.wishes.requests)
    requests[at] = replace(requests[at], contribution=requests[at].contribution + more)
    return allotted(EVIDENCE, replace(found.wishes, requests=tuple(requests))).cut(at) == 0


def test_everyone_turned_away_is_told_what_admits_them_and_it_does() -> None:
    found = allotment(EVIDENCE)
    assert found is not None
    turned, built = turned_away.turned_away(found), turned_away.build(EVIDENCE)
    wanted = Wanted.of(**arrays(found.wishes))
    tried = 0

    for at, row in zip(turned, built.rows, strict=True):
        name = found.wishes.requests[at].workload
        assert row[0] == name
        if row[3] is None:
            assert (name, row[8]) == ("w5", "no pool that it can use")
            continue
        place = [one.pool for one in found.wishes.pools].index(str(row[3]))
        if row[6] is not None:
            tried += 1
            assert paying(found, at, float(str(row[6])))
            assert not paying(found, at, float(str(row[6])) - 0.02)
        if row[7] is not None:
            tried += 1
            assert served(enlarged(wanted, place, int(str(row[7]))), at)
    assert tried == 4
    assert built.closing == "granted 165 + cut 75 = 240 GPUs asked for"
    assert built.notes[0].startswith(
        "GPUs asked for and granted, and money per GPU-hour of a workload, are of a type of"
    )
    assert built.notes[-1].startswith("what a workload pays and what a pool is worth are weighed by durability")


def test_where_every_type_has_throughput_1_the_plan_counts_gpus() -> None:
    plain = asking("2026-03-01 x t 40 1 H20,L20 - 3 RMB - - - - - - -")
    assert "throughput" not in arrays(wishes(plain))
    assert arrays(wishes(EVIDENCE))["throughput"][2].tolist() == [1.0, 1.0, 0.5]
    found = allotment(plain)
    assert found is not None
    assert (found.by_work, found.served, found.gpus(0)) == (False, (40.0,), 40.0)


def test_a_gpu_that_is_only_partly_used_is_held_whole_and_pays_for_what_is_used() -> None:
    """5 H20s' work on 30 L20 of throughput .3: 16.67 of them do it, 17 are held; 5 x 3 x .3 is earned."""
    found = allotment(asking("2026-03-01 x t 5 1 L20=.3 - 3 RMB - - - - - - -"))
    assert found is not None
    assert (found.served, found.gpus(0), found.cut(0)) == ((5.0,), 17.0, 0.0)
    assert found.value == pytest.approx(5 * 3 * 0.3)


@pytest.mark.parametrize("module", [admit, durability, kueue, shadow_price, turned_away])
def test_every_exhibit_closes(module: Any) -> None:
    built = module.exhibit.build(EVIDENCE)
    assert built.closes is True
    assert "=" in built.closing or "granted" in built.closing


def test_a_step_of_quotas_never_promises_a_pool_twice_and_ends_at_the_plan() -> None:
    now, planned = {"a": 60, "b": 40, "c": 0}, {"a": 10, "b": 20, "c": 70}
    for _ in range(4):
        following = step(now, planned, gpus=100, most=25)
        assert sum(following.values()) <= 100
        assert sum(max(now[one] - following[one], 0) for one in now) <= 25
        assert sum(max(following[one] - now[one], 0) for one in now) <= 25
        now = following
    assert now == planned
    assert step(now, planned, gpus=100, most=25) == now


def test_a_quota_that_has_to_wait_for_the_next_step_is_shown_and_leads_to_the_plan() -> None:
    """20 and 10 GPUs are wanted in a pool of 30 that gives 7 in a step: the smaller one gets none of them yet."""
    same = "1 L20=1 south 3 RMB - - - - - - -"
    built = kueue.exhibit.build(asking(f"2026-03-01 x t1 20 {same}", f"2026-03-01 y t2 10 {same}"))
    assert built.rows == (("t1", "c", 0, 7, 20), ("t2", "c", 0, 0, 10))
    assert built.sentence == "1 quotas change by 7 GPUs; 23 more wait for the next step."
    assert built.closing == "now 0 + given 7 - given up 0 = 7 GPUs in quotas; planned 30"


def test_nothing_changed_is_no_manifest() -> None:
    assert changed([Move("a", "p", 4, 4, 4)]) == ([], [])


def test_the_rollback_is_what_was() -> None:
    found = allotment(EVIDENCE)
    assert found is not None
    following, now = changed(moves(found, 0.25))
    queues = {one["metadata"]["name"]: one for one in following if one["kind"] == "ClusterQueue"}
    assert {one["metadata"]["name"] for one in now} == set(queues)
    assert all(one["metadata"]["annotations"][BOOST] == "100" for one in boosts(found))
    check_manifests([*following, *now])


def test_kueue_gets_nothing_where_two_tenants_have_one_name_of_kubernetes() -> None:
    """Team_A and team-a are both team-a there: a quota written for one would be the other's."""
    same = "1 L20=1 south 3 RMB - - - - - - -"
    two = asking(f"2026-03-01 x Team_A 20 {same}", f"2026-03-01 y team-a 10 {same}")
    body = offered(two)
    assert body is not None
    said = "tenants 'Team_A' and 'team-a' would both be 'team-a' in Kubernetes: rename one"
    assert body["clashes"] == [said]
    assert body["kueue"] == {"quotas": [], "boosts": [], "rollback": []}
    assert kueue.exhibit.build(two).notes == (said,)


def test_kueue_tells_workloads_apart_inside_their_tenant_only() -> None:
    same = "1 L20=1 south 3 RMB - - - - - - -"
    asked = (f"2026-03-01 Chat t1 20 {same}", f"2026-03-01 chat t1 4 {same}", f"2026-03-01 CHAT t2 4 {same}")
    found = allotment(asking(*asked))
    assert found is not None
    assert clashes(found) == ["workloads of t1 'Chat' and 'chat' would both be 'chat' in Kubernetes: rename one"]


def test_kueue_names_that_are_cut_to_the_same_length_are_a_clash() -> None:
    long = "a" * 63
    assert shared("tenants", [f"{long}x", f"{long}y", long]) == [
        f"tenants '{long}' and '{long}x' and '{long}y' would all be '{long}' in Kubernetes: rename all but one"
    ]
    assert shared("tenants", ["a", "b", "a"]) == []


def check_manifests(found: list[dict[str, Any]]) -> None:
    """A small schema of the fields that are written."""
    for one in found:
        assert one["apiVersion"] == "kueue.x-k8s.io/v1beta2"
        assert set(one) <= {"apiVersion", "kind", "metadata", "spec", "value"}
        if one["kind"] == "WorkloadPriorityClass":
            assert isinstance(one["value"], int)
        if one["kind"] == "ClusterQueue":
            (group,) = one["spec"]["resourceGroups"]
            assert group["coveredResources"] == ["nvidia.com/gpu"]
            for flavor in group["flavors"]:
                ((resource),) = flavor["resources"]
                assert resource["nominalQuota"] >= 0


def test_waiting_workloads_ask_and_the_rest_is_said_in_one_line() -> None:
    asks = waiting.build(EVIDENCE, "26w")
    assert [one.id for one in asks] == ["grant-w3", "grant-w1", "grant-w5"]
    assert asks[0].amount is not None
    assert float(asks[0].amount) == 2 * 7.2 * 60 * 730
    assert asks[2].term("others_waiting") == "1 more workloads wait; see allocation.turned_away"


def test_fairness_alone_raises_the_least_served_tenant() -> None:
    fair = offered(EVIDENCE, fairness=True)
    assert fair is not None
    by: dict[str, float] = {}
    for one in fair["given"]:
        by[one["tenant"]] = by.get(one["tenant"], 0.0) + one["granted"]
    assert by == {"t1": 40.0, "t2": pytest.approx(110.0), "t3": pytest.approx(30.0)}
    assert np.isclose(sum(by.values()), 180.0)


def test_fairness_gives_nobody_more_work_than_it_asks_for_and_puts_no_price_on_a_pool() -> None:
    """The work of 20 H20s on H200s worth 2.2 each takes 9.09 of them, and what is left goes to who asks for more."""
    rows = ("2026-03-01 x t1 20 1 H20=2.2 - 3 RMB - - - - - - -", "2026-03-01 y t2 400 1 H20=2.2 - 3 RMB - - - - - - -")
    fair = offered(asking(*rows), fairness=True)
    assert fair is not None
    assert {one["workload"]: one["granted"] for one in fair["given"]} == {
        "x": pytest.approx(20.0), "y": pytest.approx((150 - 20 / 2.2) * 2.2),
    }  # fmt: skip
    assert all((one["price"], one["more"], one["fewer"]) == (None, None, None) for one in fair["pools"])
    told = lines({"currency": "RMB", **fair})
    assert not any("one more earns" in one or "bound" in one for one in told)
    assert "  a                               100 of  100 GPUs" in told


def test_an_answer_that_was_not_narrowed_down_says_at_most() -> None:
    found = allotment(EVIDENCE)
    assert found is not None
    admits: dict[str, Any] = {"more_value": 1.2, "more_gpus": 3, "least_value": False, "least_gpus": True}
    assert list(turned_away.why(found, 1, outbid=True, admits=admits)) == ["others pay more", "at most so much money"]
    admits = {"more_value": None, "more_gpus": 3, "least_value": False, "least_gpus": False}
    assert list(turned_away.why(found, 0, outbid=False, admits=admits)) == [
        "its gangs of 8 do not fit", "at most so many GPUs",
    ]  # fmt: skip
