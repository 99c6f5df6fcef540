"""The two reports through real processes: figures, explanations, errors, dead services. The client is Python."""

import json
import os
import subprocess
import unittest
from decimal import ROUND_HALF_UP, Decimal

import figures
from contracts import BUILD, ApiError, message_class
from suite import CTL, Suite

GOLDEN = os.path.join(os.path.dirname(os.path.abspath(__file__)), "golden")
BUF = os.path.join(os.path.dirname(BUILD), "tools", "node_modules", ".bin", "buf")
VALUE, NUMERATOR, DENOMINATOR = 1, 2, 3


class LoadedSuite(unittest.TestCase):
    """A suite with the seeds of one area."""

    area = ""

    @classmethod
    def setUpClass(cls):
        cls.suite = Suite()
        cls.addClassCleanup(cls.suite.close)
        cls.suite.start_all()
        cls.api = cls.suite.api()
        cls.addClassCleanup(cls.api.close)
        cls.written, cls.already_there = cls.suite.load(cls.area)

    def assert_reason(self, reason, code, method, **fields):
        with self.assertRaises(ApiError) as caught:
            self.api.call(method, **fields)
        self.assertEqual((caught.exception.reason, caught.exception.code.name), (reason, code))
        return caught.exception

    def explain(self, figure):
        """All records behind a figure, and the last page."""
        records, token = [], ""
        while True:
            page = self.api.call("gateway.v1.ReportService/ExplainFigure", handle=figure.handle, pageSize=400,
                                 pageToken=token)
            records += page.records
            token = page.next_page_token
            if not token:
                return records, page

    def check_explanations(self, which):
        """Every figure of a report is explained by records that add up to it exactly."""
        report = figures.compile_report(self.api, which)
        self.assertEqual(len(report.figures), len(figures.expected(which)))
        for figure in report.figures:
            with self.subTest(figure=figure.figure_id):
                records, page = self.explain(figure)
                sums = {}
                for record in records:
                    sums[record.part] = sums.get(record.part, Decimal(0)) + Decimal(record.amount)
                    self.assertTrue(record.record or record.subject)
                totals = {part.part: Decimal(part.total) for part in page.parts}
                self.assertEqual({part: sums.get(part, Decimal(0)) for part in totals}, totals)
                self.assertEqual(self.recomputed(page, totals, records), Decimal(figure.value))
                self.assertEqual(page.figure.value, figure.value)

    @staticmethod
    def recomputed(page, totals, records):
        """A figure from its explanation alone."""
        if page.formula.startswith("number of different"):
            return Decimal(len({tuple(record.dimensions) for record in records}))
        if VALUE in totals:
            return totals[VALUE]
        part, whole = totals[NUMERATOR], totals[DENOMINATOR]
        if "the year before" in page.formula:
            part -= whole
        factor = 1 if "x 100" not in page.formula else 100
        return (part * factor / whole).quantize(Decimal("0.01"), ROUND_HALF_UP)


class StreetReportTest(LoadedSuite):

    area = "dongfenglu"

    def test_figures_meet_the_source(self):
        report = figures.compile_report(self.api)
        self.assertEqual(list(report.unreachable), [])
        self.assertEqual(figures.findings(figures.by_id(report), figures.STREET), [])

    def test_money_is_exact(self):
        values = figures.by_id(figures.compile_report(self.api))
        self.assertEqual(values["D06"][0], "2950.00")

    def test_every_figure_is_explained_by_records_that_add_up(self):
        self.check_explanations(figures.STREET)

    def test_every_liaison_looks_after_two_or_three_communities(self):
        report = figures.compile_report(self.api)
        liaison = next(f for f in report.figures if f.figure_id == "D05")
        communities = {}
        for record in self.explain(liaison)[0]:
            assignment = self.api.call("registry.v1.AssignmentService/GetAssignment", name=record.record)
            communities.setdefault(assignment.member, set()).add(assignment.organization)
        self.assertEqual(sum(len(c) for c in communities.values()), 12)
        for member, looked_after in communities.items():
            self.assertIn(len(looked_after), (2, 3), member)

    def test_every_community_has_notices_of_both_kinds(self):
        report = figures.compile_report(self.api)
        disclosed = next(f for f in report.figures if f.figure_id == "D21")
        categories = {}
        for record in self.explain(disclosed)[0]:
            notice = self.api.call("pledge.v1.DisclosureService/GetDisclosure", name=record.record)
            community = notice.organization.removeprefix("organizations/").split("-")[0]
            categories.setdefault(community, set()).add(notice.category)
        self.assertEqual(sum(len(kinds) == 2 for kinds in categories.values()), 12, categories)

    def test_loading_again_writes_nothing(self):
        self.assertGreater(self.written, 3000)
        self.assertEqual(self.already_there, 0)
        self.assertEqual(self.suite.load(), (0, self.written))

    def test_command_line_prints_and_writes_the_figures(self):
        path = self.suite.path("figures.tsv")
        report = subprocess.run(
            [CTL, "report", "--gateway", self.suite.gateway(), *figures.STREET.command_line(), "--figures", path],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True)
        self.assertIn("社区“两委会”承诺事项", report.stdout)
        with open(path, encoding="utf-8") as file:
            lines = [line.rstrip("\n").split("\t") for line in file]
        self.assertEqual(figures.findings({line[0]: tuple(line[1:]) for line in lines}, figures.STREET), [])

    def test_the_gateway_is_a_door_to_every_service(self):
        listed = self.api.services()
        for service in ("registry.v1.OrganizationService", "registry.v1.MemberService", "pledge.v1.PledgeService",
                        "pledge.v1.EvaluationRoundService", "gateway.v1.ReportService"):
            self.assertIn(f"dangjian.{service}", listed)
        organization = self.api.call("registry.v1.OrganizationService/GetOrganization", name=figures.STREET.organization)
        self.assertEqual(organization.display_name, "金台区东风路街道")
        pledge = self.api.call("pledge.v1.PledgeService/GetPledge", name="pledges/xi-branch-2024")
        self.assertEqual(pledge.pledger, "organizations/xi-branch")

    def test_buf_curl_works_by_reflection_alone(self):
        answer = subprocess.run(
            [BUF, "curl", "--protocol", "grpc", "--http2-prior-knowledge", "-d", '{"name":"organizations/dongfenglu"}',
             f"http://{self.suite.gateway()}/dangjian.registry.v1.OrganizationService/GetOrganization"],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        self.assertEqual(answer.returncode, 0, answer.stderr)
        self.assertEqual(json.loads(answer.stdout)["shortName"], "东风路街道")

    def test_lists_are_paged_without_gaps_or_repeats(self):
        names = [member.name for member in
                 self.api.pages("registry.v1.MemberService/ListMembers", "members", pageSize=50)]
        self.assertEqual(len(names), 466)
        self.assertEqual(len(set(names)), 466)

    def test_errors_pass_the_door_with_their_details(self):
        error = self.assert_reason("RECORD_NOT_FOUND", "NOT_FOUND", "pledge.v1.PledgeService/GetPledge",
                                   name="pledges/nothing")
        self.assertEqual(error.locale, "zh-CN")
        self.assertTrue(error.localized)

    def test_all_violations_come_at_once_and_nothing_is_stored(self):
        error = self.assert_reason(
            "FIELD_REQUIRED", "INVALID_ARGUMENT", "registry.v1.MemberService/CreateMember",
            memberId="bad-member", member={"displayName": "", "occupation": "长" * 101, "ethnicityCode": "xx"})
        self.assertLessEqual({"member.display_name", "member.occupation", "member.ethnicity_code", "member.relations",
                              "member.admitted_on"}, set(error.violations))
        self.assert_reason("RECORD_NOT_FOUND", "NOT_FOUND", "registry.v1.MemberService/GetMember",
                           name="members/bad-member")

    def test_unknown_parent_is_refused(self):
        self.assert_reason("REFERENCE_NOT_FOUND", "FAILED_PRECONDITION",
                           "registry.v1.OrganizationService/CreateOrganization", organizationId="lost",
                           organization={"kind": "ORGANIZATION_KIND_COMMUNITY", "displayName": "无上级社区",
                                         "parents": [{"parent": "organizations/nowhere",
                                                      "kind": "EDGE_KIND_ADMINISTRATIVE"}]})

    def test_the_pledger_cannot_verify_its_own_item(self):
        pledge = next(p for p in self.api.pages("pledge.v1.PledgeService/ListPledges", "pledges",
                                                organization="organizations/xi-community")
                      if any(item.state == 1 for item in p.items))
        item = next(item for item in pledge.items if item.state == 1)
        day = {"year": 2024, "month": 6, "day": 28}
        self.assert_reason("ILLEGAL_TRANSITION", "FAILED_PRECONDITION", "pledge.v1.PledgeService/VerifyPledgeItem",
                           name=pledge.name, itemId=item.item_id, verifiedOn=day, verifier=pledge.pledger)
        claimed = self.api.call("pledge.v1.PledgeService/ClaimPledgeItem", name=pledge.name, itemId=item.item_id,
                                claimedOn=day, evidence=[{"description": "记录"}])
        before = figures.by_id(figures.compile_report(self.api))
        self.assert_reason("VERIFIER_IS_PLEDGER", "FAILED_PRECONDITION", "pledge.v1.PledgeService/VerifyPledgeItem",
                           name=pledge.name, itemId=item.item_id, verifiedOn=day, verifier=pledge.pledger)
        self.assertEqual(self.api.call("pledge.v1.PledgeService/GetPledge", name=pledge.name).etag, claimed.etag)
        self.assertEqual(figures.by_id(figures.compile_report(self.api)), before)

    def test_malformed_bytes_get_a_named_error(self):
        with self.assertRaises(ApiError) as caught:
            self.api.send("registry.v1.OrganizationService/GetOrganization", b"\x0a\xff\xff")
        self.assertEqual(caught.exception.reason, "MALFORMED_MESSAGE")

    def test_a_reused_request_id_with_another_body_is_refused(self):
        unit = {"code": "basket", "labelZh": "筐", "dimension": "UNIT_DIMENSION_COUNT"}
        self.api.call("registry.v1.UnitService/CreateUnit", unitId="basket", unit=unit, requestId="e2e-basket")
        again = self.api.call("registry.v1.UnitService/CreateUnit", unitId="basket", unit=unit, requestId="e2e-basket")
        self.assertEqual(again.label_zh, "筐")
        self.assert_reason("REQUEST_ID_REUSED", "INVALID_ARGUMENT", "registry.v1.UnitService/CreateUnit",
                           unitId="basket", unit={**unit, "labelZh": "篮"}, requestId="e2e-basket")

    def test_health_and_metrics_are_served(self):
        check = message_class("grpc.health.v1.HealthCheckRequest")()
        serving = self.api.channel.unary_unary(
            "/grpc.health.v1.Health/Check", request_serializer=lambda r: r.SerializeToString(),
            response_deserializer=message_class("grpc.health.v1.HealthCheckResponse").FromString)(check, timeout=10)
        self.assertEqual(serving.status, 1)
        for service in self.suite.SERVICES:
            page = self.suite.admin_page(service, "/metrics")
            self.assertIn("grpc_server_handled_total", page)
            self.assertIn("dangjian_build_info", page)


class CommunityReportTest(LoadedSuite):

    area = "guangming"

    def test_figures_meet_the_source(self):
        report = figures.compile_report(self.api, figures.COMMUNITY)
        self.assertEqual(list(report.unreachable), [])
        self.assertEqual(figures.findings(figures.by_id(report), figures.COMMUNITY), [])

    def test_the_allowances_paid_are_exact_to_the_fen(self):
        values = figures.by_id(figures.compile_report(self.api, figures.COMMUNITY))
        self.assertEqual(values["G43"], ("1415312.00", "yuan", "EXACT"))

    def test_every_figure_is_explained_by_records_that_add_up(self):
        self.check_explanations(figures.COMMUNITY)

    def test_loading_again_writes_nothing(self):
        self.assertEqual(self.already_there, 0)
        self.assertEqual(self.suite.load("guangming"), (0, self.written))

    def year(self, year):
        return figures.Report("G", figures.COMMUNITY.template, "guangming", (year, 1, 1), (year, 12, 31))

    def test_reports_of_single_years_read_as_printed(self):
        """The whole printed page, so that a person can read what the report says of a year that it was not made for."""
        for year in (2004, 2005, 2006, 2007):
            printed = subprocess.run([CTL, "report", "--gateway", self.suite.gateway(), *self.year(year).command_line()],
                                     stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True).stdout
            with open(os.path.join(GOLDEN, f"guangming-{year}.txt"), encoding="utf-8") as file:
                self.assertEqual(printed, file.read(), year)

    def test_a_window_that_the_year_does_not_hold_has_no_value(self):
        templates = self.api.call("gateway.v1.ReportService/ListTemplates").templates
        template = next(t for t in templates if t.id == figures.COMMUNITY.template)
        second_year = {f.figure_id for f in template.figures if f.HasField("window") and f.window.skip_months == 12}
        self.assertEqual(len(second_year), 13)
        for year in (2004, 2005, 2006, 2007):
            report = figures.compile_report(self.api, self.year(year))
            for figure in report.figures:
                outside = figure.figure_id in second_year
                self.assertEqual(figures.state_name(figure.state) == "OUTSIDE_PERIOD", outside, figure)
                self.assertEqual(figure.value == "", outside, figure)
                if outside:
                    self.assertEqual(figure.reason_zh, f"该指标统计期为{year + 1}-01-01至{year + 1}-12-31,"
                                                       f"不在报告期{year}-01-01至{year}-12-31内")
                    self.assert_reason("FIGURE_OUTSIDE_PERIOD", "INVALID_ARGUMENT",
                                       "gateway.v1.ReportService/ExplainFigure", handle=figure.handle)
        self.assert_reason("FIGURE_OUTSIDE_PERIOD", "INVALID_ARGUMENT", "gateway.v1.ReportService/CompileReport",
                           template=template.id, organization=figures.COMMUNITY.organization,
                           period=self.year(2006).period(), requireComplete=True)

    def test_a_window_that_begins_after_the_period_counts_nothing_of_its_last_day(self):
        day = {"year": 2024, "month": 12, "day": 31}
        self.api.call("activity.v1.ActivityService/CreateActivity", activityId="square-2024", activity={
            "organization": figures.COMMUNITY.organization, "kind": "ACTIVITY_KIND_PERFORMANCE", "held": True,
            "categoryCode": "SQUARE_PERFORMANCE", "displayName": "岁末广场演出", "startsOn": day})
        values = figures.by_id(figures.compile_report(self.api, self.year(2024)))
        self.assertEqual(values["G17"], ("", "performance", "OUTSIDE_PERIOD"))


class DeadServiceTest(unittest.TestCase):

    def test_a_dead_service_makes_its_figures_missing_and_the_others_stay(self):
        suite = Suite()
        self.addCleanup(suite.close)
        suite.start_all()
        suite.load()
        api = suite.api()
        self.addCleanup(api.close)
        whole = figures.by_id(figures.compile_report(api))

        suite.kill("pledge")
        report = figures.compile_report(api)
        self.assertEqual([service.service for service in report.unreachable], ["pledge"])
        for figure_id, (value, _, state) in figures.by_id(report).items():
            if figure_id in ("D01", "D02", "D03", "D04", "D05", "D07", "D14", "D15", "D16", "D17"):
                self.assertEqual((value, state), (whole[figure_id][0], "EXACT"), figure_id)
            else:
                self.assertEqual((value, state), ("", "MISSING"), figure_id)
        with self.assertRaises(ApiError) as caught:
            figures.compile_report(api, requireComplete=True)
        self.assertEqual((caught.exception.reason, caught.exception.code.name), ("REPORT_INCOMPLETE", "UNAVAILABLE"))

        suite.start("pledge")
        self.assertEqual(figures.by_id(figures.compile_when_complete(api)), whole)


if __name__ == "__main__":
    unittest.main()
