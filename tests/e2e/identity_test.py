"""Who may call: with mutual TLS and tokens, nobody by a name that is only said, and nobody is cut off by a rotation."""

import os
import shutil
import subprocess
import tempfile
import threading
import time
import unittest

import figures
from contracts import Api, ApiError
from identities import Identities, bearer
from suite import LOADER, SEEDS, Suite, finish_load


GET = "registry.v1.OrganizationService/GetOrganization"
STREET = "organizations/dongfenglu"


def metric(suite, service, name):
    for line in suite.admin_page(service, "/metrics").splitlines():
        if line.startswith(name + " "):
            return float(line.split()[-1])
    raise AssertionError(f"{service} has no metric {name}")


class IdentityTest(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="dangjian-identities-")
        cls.addClassCleanup(folder.cleanup)
        cls.identities = Identities(folder.name)
        cls.suite = Suite(identities=cls.identities)
        cls.addClassCleanup(cls.suite.close)
        cls.desk = cls.identities.issue("desk-1")
        cls.tokens = cls.identities.path("callers")
        os.mkdir(cls.tokens)
        for caller in ("seed-loader", "seed-reviewer", "seed-approver"):
            cls.identities.ctl("token", "--key", cls.identities.path("tokens.key"), "issue", "--issuer", "district",
                               "--audience", "dangjian", "--subject", caller, "--certificate", cls.desk + ".pem",
                               "-o", os.path.join(cls.tokens, caller + ".jwt"))
        cls.suite.start_all()
        finish_load(subprocess.Popen(
            [LOADER, f"--gateway={cls.suite.gateway()}", f"--dir={os.path.join(SEEDS, 'dongfenglu')}",
             f"--tls-certificate={cls.desk}.pem", f"--tls-key={cls.desk}.key",
             f"--tls-authorities={cls.identities.path('authority/ca.pem')}", f"--tokens={cls.tokens}"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True))

    def api(self, service="gateway", pair="", **options):
        api = Api(self.suite.addresses[service][0],
                  self.identities.credentials(self.desk if pair == "" else pair, **options))
        self.addCleanup(api.close)
        return api

    def refused(self, api, metadata=(), code="UNAUTHENTICATED"):
        with self.assertRaises(ApiError) as refusal:
            api.call(GET, timeout=3, metadata=metadata, name=STREET)
        self.assertEqual(refusal.exception.code.name, code)

    def test_a_connection_needs_a_certificate_of_the_authority(self):
        token = bearer(self.identities.token("li"))
        with tempfile.TemporaryDirectory() as folder:
            stranger = Identities(folder).issue("desk-1")
            revoked = self.identities.issue("desk-9")
            self.identities.revoke(revoked)
            for service in ("gateway", "registry"):
                with self.subTest(service=service):
                    self.assertEqual(self.api(service).call(GET, metadata=token, name=STREET).name, STREET)
                    self.refused(self.api(service, pair=None), token, code="UNAVAILABLE")
                    self.refused(self.api(service, pair=stranger), token, code="UNAVAILABLE")
                    plain = Api(self.suite.addresses[service][0])
                    self.addCleanup(plain.close)
                    self.refused(plain, token, code="UNAVAILABLE")
            end = time.monotonic() + 10  # the list of revocations is read about once a second
            while True:
                try:
                    self.api(pair=revoked).call(GET, timeout=3, metadata=token, name=STREET)
                except ApiError as error:
                    self.assertIn(error.code.name, ("UNAVAILABLE", "UNAUTHENTICATED"))
                    break
                self.assertLess(time.monotonic(), end, "a revoked certificate is still good")
                time.sleep(0.1)

    def test_a_call_needs_a_token_that_is_good_and_nothing_else_is_believed(self):
        api = self.api()
        other = self.identities.issue("desk-2")
        self.identities.ctl("token", "--key", self.identities.path("forged.key"), "keys", "--keys",
                            self.identities.path("forged.jwks"), "--id", "k-1")
        good = self.identities.token("li")
        header, payload, signature = good.split(".")
        for what, metadata in {
                "nothing": (), "a name": (("dangjian-caller", "dangjian-registry"),),
                "no token": bearer("li"), "another key": bearer(self.identities.token("li", key="forged.key")),
                "another issuer": bearer(self.identities.token("li", issuer="elsewhere")),
                "another audience": bearer(self.identities.token("li", audience="elsewhere")),
                "unsigned": bearer(f"{header}.{payload}."), "cut": bearer(good[:-2]),
                "a service's name": bearer(self.identities.token("service/registry")),
                "bound to another": bearer(self.identities.token("li", "--certificate", other + ".pem"))}.items():
            for service in ("gateway", "registry"):
                with self.subTest(what=what, service=service):
                    self.refused(self.api(service) if service != "gateway" else api, metadata)
        self.assertEqual(api.call(GET, metadata=bearer(good), name=STREET).name, STREET)
        bound = bearer(self.identities.token("li", "--certificate", self.desk + ".pem"))
        self.assertEqual(api.call(GET, metadata=bound, name=STREET).name, STREET, "the gateway hands a bound token on")

    def test_the_gateway_lends_its_name_to_nobody(self):
        """A service calls the gateway without a token: the gateway's own certificate must not answer for it."""
        api = self.api(pair=self.identities.issue_service("pledge"))
        self.refused(api, code="PERMISSION_DENIED")

    def test_who_did_it_is_who_proved_it(self):
        api = self.api()
        metadata = bearer(self.identities.token("li-001")) + (("dangjian-caller", "somebody-else"),)
        api.call("registry.v1.OrganizationService/CreateOrganization", metadata=metadata, organizationId="id-test",
                 organization={"kind": "ORGANIZATION_KIND_COMMUNITY", "displayName": "测试社区",
                               "activatedOn": {"year": 2024, "month": 1, "day": 1}})
        made = api.call(GET, metadata=metadata, name="organizations/id-test")
        self.assertEqual({step.actor for step in made.transitions}, {"li-001"})

    def test_the_report_comes_out_and_its_figures_are_right(self):
        api = self.api()
        call = api.call
        api.call = lambda method, **options: call(method, metadata=bearer(self.identities.token("leader")), **options)
        report = figures.compile_report(api, figures.STREET)
        self.assertEqual(len(report.unreachable), 0)
        self.assertEqual(figures.state_name(report.figures[0].state), "EXACT")

    def test_certificates_and_keys_change_and_no_call_fails(self):
        token = self.identities.token("li")
        failures, calls, done = [], [0], threading.Event()

        def call_on():
            while not done.is_set():
                api = self.api()  # a new connection each time, and a few calls over it
                for _ in range(5):
                    try:
                        api.call(GET, timeout=5, metadata=bearer(token), name=STREET)
                        calls[0] += 1
                    except ApiError as error:
                        failures.append(str(error))
                api.close()
        threads = [threading.Thread(target=call_on) for _ in range(3)]
        for thread in threads:
            thread.start()
        before = metric(self.suite, "registry", "dangjian_tls_certificate_expiry_timestamp_seconds")
        for _ in range(3):
            for service in Suite.SERVICES:
                self.identities.issue(service, "--service", "--host", "127.0.0.1", "--days", "900")
            time.sleep(2.5)
        shutil.copy(self.identities.path("registry.pem"), self.identities.path("saved.pem"))
        with open(self.identities.path("registry.pem"), "w", encoding="utf-8") as file:
            file.write("half a certificate")
        with open(self.identities.path("tokens.jwks"), encoding="utf-8") as file:
            keys = file.read()
        with open(self.identities.path("tokens.jwks"), "w", encoding="utf-8") as file:
            file.write("{")
        time.sleep(2.5)
        done.set()
        for thread in threads:
            thread.join()
        self.assertGreater(calls[0], 100)
        self.assertEqual(failures, [])
        self.assertGreater(metric(self.suite, "registry", "dangjian_tls_certificate_expiry_timestamp_seconds"), before)
        self.assertGreater(metric(self.suite, "registry", "dangjian_tls_files_refused_total"), 0)
        self.assertGreater(metric(self.suite, "registry", "dangjian_token_keys_refused_total"), 0)
        shutil.copy(self.identities.path("saved.pem"), self.identities.path("registry.pem"))
        with open(self.identities.path("tokens.jwks"), "w", encoding="utf-8") as file:
            file.write(keys)


if __name__ == "__main__":
    unittest.main()
