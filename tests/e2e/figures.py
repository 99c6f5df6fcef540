"""The acceptance figures and what it means to meet one."""

import csv
import os
import time
from decimal import Decimal

from contracts import ApiError

TEMPLATE = "dongfenglu-half-year"
ORGANIZATION = "organizations/dongfenglu"
PERIOD = {"startDate": {"year": 2024, "month": 1, "day": 1}, "endDate": {"year": 2024, "month": 6, "day": 30}}


def expected():
    """id -> {relation, value, unit} from expected_figures.tsv."""
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "expected_figures.tsv")
    with open(path, encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file, delimiter="\t")}


def meets(relation, wanted, value):
    """True when a figure's value meets the source's words. Both are plain decimals."""
    wanted, value = Decimal(wanted), Decimal(value)
    if relation in ("=", "each 2..3"):  # of the latter, the count is checked here and each single one by the test
        return value == wanted
    if relation == ">=":
        return value >= wanted
    if relation == ">":
        return value > wanted
    if relation == "near below":  # 近: this much or slightly less
        return wanted * Decimal("0.95") <= value <= wanted
    raise AssertionError(f"unknown relation {relation}")


def findings(figures):
    """What is wrong with figures given as id -> (value, unit, state); empty when all are met."""
    wrong = []
    for figure_id, row in expected().items():
        if figure_id not in figures:
            wrong.append(f"{figure_id} is not in the report")
            continue
        value, unit, state = figures[figure_id]
        if state != "EXACT":
            wrong.append(f"{figure_id} is {state}")
        elif not meets(row["relation"], row["value"], value):
            wrong.append(f"{figure_id} is {value}, wanted {row['relation']} {row['value']}")
        if unit != row["unit"]:
            wrong.append(f"{figure_id} is in {unit}, wanted {row['unit']}")
    return wrong


def compile_report(api, **options):
    return api.call("gateway.v1.ReportService/CompileReport", template=TEMPLATE, organization=ORGANIZATION,
                    period=PERIOD, **options)


def compile_when_complete(api, seconds=30):
    """A report without missing figures: the gateway's connection to a service that came back may take some seconds."""
    end = time.monotonic() + seconds
    while True:
        try:
            return compile_report(api, requireComplete=True)
        except ApiError as error:
            if error.reason != "REPORT_INCOMPLETE" or time.monotonic() > end:
                raise
            time.sleep(0.1)


def state_name(state):
    return {1: "EXACT", 2: "BOUNDED", 3: "STALE", 4: "MISSING", 5: "NOT_COMPARABLE"}[state]


def by_id(report):
    """id -> (value, unit, state) of a compiled report."""
    return {f.figure_id: (f.value, f.unit, state_name(f.state)) for f in report.figures}
