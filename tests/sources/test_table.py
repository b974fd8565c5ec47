"""Column maps: their mistakes, all at once."""

import pytest

from hardgate.core.errors import BadInput, Misconfigured, NotFound
from hardgate.sources.source import Input, RawColumns, recognise, source_named, sources
from hardgate.sources.table import schema_of, source

RAW = RawColumns((("acct", "varchar"), ("Month", "varchar"), ("amount", "double")))


def test_names_need_no_entry_whatever_their_case() -> None:
    given = Input("table", "sales", columns={"account": "ACCT", "product": "'x'", "net_revenue": "amount * 0.9"},
                  options={"currency": "RMB"})  # fmt: skip
    extract = source.extract(RAW, given)["sales"]
    assert extract.columns == {
        "account": '"acct"', "product": "'x'", "month": '"Month"', "net_revenue": "amount * 0.9", "currency": "'RMB'",
    }  # fmt: skip
    assert extract.guess == ("amount",)


def test_a_required_column_that_is_nowhere_is_named_with_what_it_means() -> None:
    with pytest.raises(
        BadInput, match=r"table sales needs account \(customer account\); found the columns acct, Month"
    ):
        source.extract(RAW, Input("table", "sales"))


def test_every_column_that_does_not_exist_is_named_with_the_nearest() -> None:
    with pytest.raises(Misconfigured) as raised:
        schema_of(Input("table", "sales", columns={"acount": "a", "mnth": "b"}))
    assert "no column 'acount'; did you mean 'account'?" in str(raised.value)
    assert "no column 'mnth'; did you mean 'month'?" in str(raised.value)


@pytest.mark.parametrize(("table", "said"), [(None, "needs table = "), ("sails", "did you mean 'sales'")])
def test_a_table_that_does_not_exist_is_a_mistake(table: str | None, said: str) -> None:
    with pytest.raises(Misconfigured, match=said):
        schema_of(Input("table", table))


def test_the_folder_is_the_list_of_sources() -> None:
    ours = {"companyfacts", "dcgm", "filing", "focus", "gateway", "kubernetes", "otel_genai", "pools_file", "table"}
    assert set(sources()) == ours
    with pytest.raises(NotFound, match="did you mean 'focus'"):
        source_named("focos")


@pytest.mark.parametrize(
    ("columns", "name"),
    [
        ("BilledCost EffectiveCost ChargePeriodStart", "focus"),
        ("time UUID field_id value", "dcgm"),
        ("name num_gpu creation_time", "kubernetes"),
        ("pool gpus live_date month allocated_gpu_hours", "pools_file"),
    ],
)
def test_every_format_is_recognised_as_itself_alone(columns: str, name: str) -> None:
    assert recognise(columns.split()).name == name
