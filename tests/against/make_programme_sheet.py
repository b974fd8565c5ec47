"""Works out the sheet of tests/models/programme_sheet.csv cell by cell, in exact decimals and without hardgate.

    python3 tests/against/make_programme_sheet.py > tests/models/programme_sheet.csv

Two halls and one that runs already; every line is the formula a person would write into a spreadsheet's cell.
"""

import csv
import sys
from decimal import ROUND_HALF_UP, Decimal

D = Decimal
HOURS = D(2190)
DEMAND = [D(x) for x in ("90", "99", "108", "117", "126", "126", "117", "108")]
PRICE = [D(x) for x in ("1", "0.98", "0.96", "0.94", "0.92", "0.90", "0.88", "0.86")]
# name: spend, amount, lead, life, gpus, price, ramp, kW, opex, committed
HALLS = {
    "hall-1": (-4, D(800000), 4, 16, D(50), D("4.00"), 0, D("0.9"), D(1000), True),
    "hall-2": (0, D(1200000), 2, 12, D(100), D("3.50"), 1, D("1.0"), D(900), False),
    "hall-3": (3, D(600000), 2, 12, D(50), D("3.60"), 0, D("1.0"), D(900), False),
}
SHARE, VARIABLE, PUE, POWER, IDLE = D("0.8"), D("0.10"), D("1.25"), D("0.10"), D("0.25")
TAX, BOUND_SHARE, BOUND, LOSSES, FEE = D("0.25"), D("0.20"), D(50000), D(100000), D(20000)
OTHER = {"revenue": D(500000), "ebita": D(60000), "depreciation": D(40000), "capex": D(70000), "bound": D(5000)}
LINES = (
    "demand", "sellable", "sold", "revenue", "variable_cost", "power", "opex", "fees", "depreciation", "ebita", "tax",
    "working_capital", "operating_cash_flow", "capex", "free_cash_flow",
)  # fmt: skip


def sheet(with_new: bool) -> list[dict[str, Decimal]]:
    rows, before, losses = [], BOUND, LOSSES
    for q in range(8):
        halls = [h for h in HALLS.values() if with_new or h[9]]
        live = [(h, q - h[0] - h[2]) for h in halls if 0 <= q - h[0] - h[2] < h[3]]
        able = [(h, h[4] * min(D(age + 1) / D(h[6] + 1), D(1)) * SHARE) for h, age in live]
        sellable = sum((gpus for _, gpus in able), D(0))
        load = min(DEMAND[q] / sellable, D(1)) if sellable else D(0)
        sales = sum((load * gpus * HOURS * h[5] * PRICE[q] for h, gpus in able), D(0))
        variable = load * sellable * HOURS * VARIABLE
        kwh = PUE * HOURS * POWER
        power = sum((h[7] * kwh * (load * gpus + IDLE * (h[4] - load * gpus)) for h, gpus in able), D(0))
        opex = sum((h[4] * h[8] for h, _ in live), D(0))
        fees = FEE if with_new and q == 0 else D(0)
        own = sum((h[1] / h[3] for h, _ in live), D(0))
        ebita = sales - variable - power - opex - fees - own + OTHER["ebita"]
        used = min(losses, max(ebita, D(0)))
        tax = TAX * (max(ebita, D(0)) - used)
        losses = losses - used + max(-ebita, D(0))
        change = BOUND_SHARE * sales - before + OTHER["bound"]
        before = BOUND_SHARE * sales
        depreciation = own + OTHER["depreciation"]
        operating = ebita + depreciation - tax - change
        capex = sum((h[1] for h in halls if h[0] == q), D(0)) + OTHER["capex"]
        values = (
            DEMAND[q], sellable, load * sellable, sales + OTHER["revenue"], variable, power, opex, fees, depreciation,
            ebita, tax, change, operating, capex, operating - capex,
        )  # fmt: skip
        rows.append(dict(zip(LINES, values, strict=True)))
    return rows


def main() -> None:
    whole, alone = sheet(with_new=True), sheet(with_new=False)
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["line", *(f"q{q}" for q in range(8))])
    cent = D("0.01")
    for line in LINES:
        out.writerow([line, *(str(row[line].quantize(cent, ROUND_HALF_UP)) for row in whole)])
    added = [a["free_cash_flow"] - b["free_cash_flow"] for a, b in zip(whole, alone, strict=True)]
    out.writerow(["cash", *(str(one.quantize(cent, ROUND_HALF_UP)) for one in added)])


if __name__ == "__main__":
    main()
