"""The acceptance figures and what it means to meet one."""

import csv
import os
import time
from decimal import Decimal

from contracts import ApiError



class Report:
    """One of the two reports: what to ask for, and the letter that its figures begin with."""

    def __init__(self, letter, template, organization, first, last):
        self.letter = letter
        self.template = template
        self.organization = f"organizations/{organization}"
        self.first = first  # (year, month, day)
        self.last = last

    def period(self):
        return {key: dict(zip(("year", "month", "day"), day))
                for key, day in (("startDate", self.first), ("endDate", self.last))}

    def command_line(self):
        return ["--template", self.template, "--organization", self.organization,
                "--from", "%d-%02d-%02d" % self.first, "--to", "%d-%02d-%02d" % self.last]


STREET = Report("D", "dongfenglu-half-year", "dongfenglu", (2024, 1, 1), (2024, 6, 30))
COMMUNITY = Report("G", "guangming-biennial", "guangming", (2005, 1, 1), (2006, 12, 31))


def expected(*reports):
    """id -> {relation, value, unit} of these reports' figures from expected_figures.tsv."""
    letters = tuple(report.letter for report in reports)
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "expected_figures.tsv")
    with open(path, encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file, delimiter="\t") if row["id"].startswith(letters)}


def meets(relation, wanted, value):
    """True when a figure's value meets the source's words. Both are plain decimals."""
    wanted, value = Decimal(wanted), Decimal(value)
    if relation in ("=", "each 2..3"):  # of the latter, the count is checked here and each single one by the test
        return value == wanted
    if relation == ">=":
        return value >= wanted
    if relation == ">":
        return value > wanted
    if relation == "over":  # 余, 多: more than this, and not the next round number
        return wanted < value < wanted * Decimal("1.5")
    if relation == "11..19":  # 十几人
        return 11 <= value <= 19
    if relation == "near below":  # 近: this much or slightly less
        return wanted * Decimal("0.95") <= value <= wanted
    raise AssertionError(f"unknown relation {relation}")


def findings(figures, *reports):
    """What is wrong with the figures of these reports, given as id -> (value, unit, state); empty when all are met."""
    wrong = []
    for figure_id, row in expected(*reports).items():
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


def compile_report(api, report=STREET, **options):
    return api.call("gateway.v1.ReportService/CompileReport", template=report.template,
                    organization=report.organization, period=report.period(), **options)


def compile_when_complete(api, report=STREET, seconds=60):
    """A report without missing figures: the gateway's connection to a service that came back may take some seconds."""
    end = time.monotonic() + seconds
    while True:
        try:
            return compile_report(api, report, requireComplete=True)
        except ApiError as error:
            if error.reason != "REPORT_INCOMPLETE" or time.monotonic() > end:
                raise
            time.sleep(0.1)


def state_name(state):
    return {1: "EXACT", 2: "BOUNDED", 3: "STALE", 4: "MISSING", 5: "NOT_COMPARABLE", 6: "OUTSIDE_PERIOD"}[state]


def by_id(report):
    """id -> (value, unit, state) of a compiled report."""
    return {f.figure_id: (f.value, f.unit, state_name(f.state)) for f in report.figures}
