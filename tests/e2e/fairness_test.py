"""Rude callers, cut connections and hung services: nobody starves, and no figure of two ages is called exact."""

import itertools
import signal
import threading
import time
import unittest
import urllib.error

import figures
from contracts import ApiError, message_class
from pausable_proxy import PausableProxy
from suite import Suite

COMMUNITY = "organizations/guangming"
DAY = {"year": 2006, "month": 3, "day": 1}


def metric(suite, service, name):
    for line in suite.admin_page(service, "/metrics").splitlines():
        if line.startswith(name + " "):
            return float(line.rsplit(" ", 1)[1])
    raise AssertionError(f"{service} has no metric {name}")


def readiness(suite, service):
    try:
        return suite.admin_page(service, "/readyz?verbose")
    except urllib.error.HTTPError as error:
        return error.read().decode()


class RudeWatchers:
    """Open watches of a service, each of a caller of its own."""

    def __init__(self, suite, service, count):
        self.api = suite.api(service)
        self.outcomes = []
        for i in range(count):
            threading.Thread(target=self._watch, args=(f"outsider-{i}",), daemon=True).start()

    def _watch(self, caller):
        method = self.api.channel.unary_stream("/dangjian.change.v1.ChangeService/Watch")
        try:
            for _ in method(b"", metadata=(("dangjian-caller", caller),), timeout=300):
                self.outcomes.append(caller)
        except Exception as error:  # pylint: disable=broad-except
            self.outcomes.append(str(error))

    def close(self):
        self.api.close()


class FairnessTest(unittest.TestCase):

    def setUp(self):
        self.suite = Suite()
        self.addCleanup(self.suite.close)

    def start(self):
        self.suite.start_all()
        self.api = self.suite.api()
        self.addCleanup(self.api.close)
        self.ids = itertools.count()
        self.create_organization("guangming", "COMMUNITY")
        self.create_organization("guangming-committee", "RESIDENTS_COMMITTEE", parent=COMMUNITY)

    def create_organization(self, name, kind, parent=""):
        edges = [{"parent": parent, "kind": "EDGE_KIND_ADMINISTRATIVE"}] if parent else []
        self.api.call("registry.v1.OrganizationService/CreateOrganization", organizationId=name,
                      organization={"kind": f"ORGANIZATION_KIND_{kind}", "displayName": name, "parents": edges})

    def create_household(self):
        self.api.call("registry.v1.HouseholdService/CreateHousehold", householdId=f"h-{next(self.ids)}",
                      household={"organization": "organizations/guangming-committee",
                                 "kind": "HOUSEHOLD_KIND_REGISTERED", "registeredOn": DAY})

    def await_true(self, what, condition, seconds):
        end = time.monotonic() + seconds
        while not condition():
            self.assertLess(time.monotonic(), end, what)
            time.sleep(0.05)

    def welfare_states(self, report):
        """The states of the figures that welfare answers for, with those that rest on nothing else."""
        return {figure.figure_id: figures.state_name(figure.state) for figure in report.figures
                if [source.service for source in figure.as_of] == ["welfare"]}

    def exact_of_two_ages(self, report, registry_revision):
        """Figures called exact although welfare's directory did not hold what the registry held before the report."""
        api = self.suite.api("welfare")
        self.addCleanup(api.close)
        try:
            api.call("measure.v1.MeasureService/QueryMeasures", minDirectoryRevision=registry_revision, timeout=5,
                     selectors=[{"measure": "home_visits", "organization": COMMUNITY,
                                 "period": {"startDate": DAY, "endDate": DAY}}])
            return []
        except ApiError as error:
            self.assertEqual(error.reason, "DIRECTORY_BEHIND")
        return [figure for figure, state in self.welfare_states(report).items() if state in ("EXACT", "BOUNDED")]

    def registry_revision(self):
        api = self.suite.api("registry")
        try:
            return api.call("measure.v1.MeasureService/ListMeasures").revision
        finally:
            api.close()

    def test_foreign_watches_do_not_stop_the_feed_of_a_service_that_restarts(self):
        self.start()
        watchers = RudeWatchers(self.suite, "registry", 100)
        self.addCleanup(watchers.close)
        while len(watchers.outcomes) < 100:  # each has its stream, or was refused
            time.sleep(0.05)
        self.suite.kill("welfare")
        self.suite.start("welfare")  # waits until it is ready
        self.await_true("the gateway has noticed", lambda: not figures.compile_report(
            self.api, figures.COMMUNITY).unreachable, 5)
        end = time.monotonic() + 13
        reports = 0
        while time.monotonic() < end:
            self.create_household()
            revision = self.registry_revision()
            report = figures.compile_report(self.api, figures.COMMUNITY)
            self.assertEqual(list(report.unreachable), [])
            self.assertNotIn("STALE", self.welfare_states(report).values())
            self.assertEqual(self.exact_of_two_ages(report, revision), [])
            reports += 1
            time.sleep(0.2)
        self.assertGreater(reports, 10)
        self.assertLess(metric(self.suite, "welfare", "dangjian_directory_lag_seconds"), 10)

    def test_a_report_right_after_an_organization_knows_it_everywhere(self):
        self.start()
        for i in range(20):
            self.create_organization(f"new-{i}", "COMMUNITY")
            report = self.api.call("gateway.v1.ReportService/CompileReport", template="guangming-biennial",
                                   organization=f"organizations/new-{i}", period=figures.COMMUNITY.period())
            self.assertEqual(list(report.unreachable), [])

    def test_figures_over_a_directory_that_is_cut_off_are_stale(self):
        for service in ("registry",):
            self.suite.start(service)
        proxy = PausableProxy(self.suite.addresses["registry"][0])
        self.addCleanup(proxy.close)
        self.suite.registry_of["welfare"] = proxy.address
        self.suite.flags["welfare"] = ["--directory-max-age=3"]
        self.start()
        self.assertIn("EXACT", self.welfare_states(figures.compile_report(self.api, figures.COMMUNITY)).values())
        proxy.pause()
        end = time.monotonic() + 12
        while time.monotonic() < end:
            self.create_household()
            revision = self.registry_revision()
            report = figures.compile_report(self.api, figures.COMMUNITY)
            self.assertEqual(self.exact_of_two_ages(report, revision), [])
        self.assertEqual(set(self.welfare_states(report).values()) - {"NOT_COMPARABLE", "MISSING"}, {"STALE"})
        self.assertIn("[-] directory", readiness(self.suite, "welfare"))
        self.assertGreater(metric(self.suite, "welfare", "dangjian_directory_lag_seconds"), 3)
        proxy.resume()
        self.await_true("ready", lambda: "[-]" not in readiness(self.suite, "welfare"), 20)
        report = figures.compile_report(self.api, figures.COMMUNITY)
        self.assertIn("EXACT", self.welfare_states(report).values())
        self.assertNotIn("STALE", self.welfare_states(report).values())


class HungServiceTest(unittest.TestCase):

    def setUp(self):
        self.suite = Suite()
        self.addCleanup(self.suite.close)
        self.suite.start_all()
        self.api = self.suite.api()
        self.addCleanup(self.api.close)
        self.api.call("registry.v1.OrganizationService/CreateOrganization", organizationId="guangming",
                      organization={"kind": "ORGANIZATION_KIND_COMMUNITY", "displayName": "光明"})

    def suspend(self, service):
        self.suite.processes[service].send_signal(signal.SIGSTOP)
        self.addCleanup(self.suite.processes[service].send_signal, signal.SIGCONT)

    def health(self, service):
        check = message_class("grpc.health.v1.HealthCheckRequest")(service=service)
        return self.api.channel.unary_unary(
            "/grpc.health.v1.Health/Check", request_serializer=lambda r: r.SerializeToString(),
            response_deserializer=message_class("grpc.health.v1.HealthCheckResponse").FromString)(
                check, timeout=10).status

    def await_health(self, service, status, seconds):
        end = time.monotonic() + seconds
        while self.health(service) != status:
            self.assertLess(time.monotonic(), end, f"{service} is not {status} after {seconds} s")
            time.sleep(0.05)

    def test_a_suspended_service_costs_no_report_its_deadline(self):
        self.await_health("dangjian.welfare.v1.HomeVisitService", 1, 10)
        self.suspend("welfare")
        started = time.monotonic()
        report = figures.compile_report(self.api, figures.COMMUNITY)
        self.assertLess(time.monotonic() - started, 4)
        self.assertEqual([entry.service for entry in report.unreachable], ["welfare"])
        self.await_health("dangjian.welfare.v1.HomeVisitService", 2, 4)
        self.assertEqual(self.health("dangjian.pledge.v1.PledgeService"), 1)
        started = time.monotonic()
        for _ in range(10):
            figures.compile_report(self.api, figures.COMMUNITY)
        self.assertLess(time.monotonic() - started, 2)
        with self.assertRaises(ApiError) as caught:
            self.api.call("welfare.v1.HomeVisitService/GetHomeVisit", name="homeVisits/x", timeout=10)
        self.assertEqual(caught.exception.reason, "BACKEND_UNAVAILABLE")
        self.assertGreater(caught.exception.retry_seconds, 0)
        self.suite.processes["welfare"].send_signal(signal.SIGCONT)
        self.await_health("dangjian.welfare.v1.HomeVisitService", 1, 5)
        end = time.monotonic() + 5
        while figures.compile_report(self.api, figures.COMMUNITY).unreachable:
            self.assertLess(time.monotonic(), end)

    def test_a_killed_service_is_not_serving_at_the_gateway(self):
        self.await_health("dangjian.welfare.v1.HomeVisitService", 1, 10)
        self.suite.kill("welfare")
        self.await_health("dangjian.welfare.v1.HomeVisitService", 2, 4)
        self.assertEqual(self.health(""), 1)
        self.suite.start("welfare")
        self.await_health("dangjian.welfare.v1.HomeVisitService", 1, 5)

    def test_calls_that_hang_on_one_service_do_not_block_another(self):
        get = self.api.channel.unary_unary("/dangjian.welfare.v1.HomeVisitService/GetHomeVisit")
        self.suspend("welfare")
        hanging = [get.future(b"\n\x0chomeVisits/x", timeout=20) for _ in range(300)]
        started = time.monotonic()
        for _ in range(20):
            self.api.call("registry.v1.OrganizationService/GetOrganization", name=COMMUNITY, timeout=2)
        self.assertLess(time.monotonic() - started, 2)
        for call in hanging:
            self.assertIsNotNone(call.exception())
        self.assertLess(time.monotonic() - started, 6, "calls that wait for a hung service are ended")


if __name__ == "__main__":
    unittest.main()
