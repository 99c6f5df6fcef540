"""The worked clients of docs/clients against a running suite, and what the published files promise."""

import json
import os
import re
import subprocess
import sys
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tests", "e2e"))

import grpc  # noqa: E402
from google.protobuf import descriptor_pb2  # noqa: E402

from contracts import BUILD, POOL, ApiError, message_class  # noqa: E402
from suite import Suite  # noqa: E402

EXAMPLES = os.path.join(ROOT, "docs", "clients")
DESCRIPTORS = os.path.join(BUILD, "dangjian.binpb")
SERVICE_CONFIG = os.path.join(ROOT, "proto", "service_config.json")
TOOLS = os.path.join(ROOT, "build", "tools", "node_modules", "modules.js")
BUF = os.path.join(ROOT, "build", "tools", "node_modules", ".bin", "buf")


# Records of another service of which this one keeps no directory.
TAKEN_AS_THEY_COME = {("activity", "campaigns"), ("activity", "communityReportIns")}


class ClientsTest(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.suite = Suite()
        cls.addClassCleanup(cls.suite.close)
        cls.suite.start_all()
        cls.api = cls.suite.api()
        cls.addClassCleanup(cls.api.close)
        for unit in ("bag", "box", "cart"):
            cls.api.call("registry.v1.UnitService/CreateUnit", unitId=unit,
                         unit={"code": unit, "labelZh": unit, "dimension": "UNIT_DIMENSION_COUNT"})

    def run_example(self, *command, **env):
        result = subprocess.run([*command, self.suite.gateway(), DESCRIPTORS, SERVICE_CONFIG], capture_output=True,
                                stdin=subprocess.DEVNULL, text=True, timeout=120, check=False,
                                env={**os.environ, **env})
        self.assertEqual(result.returncode, 0, result.stderr)
        lines = result.stdout.splitlines()
        self.assertEqual(len(lines), 5, result.stdout)
        self.assertRegex(lines[0], r"^created units/basket-(py|js) again$")
        self.assertRegex(lines[1], r"^refused PATTERN_MISMATCH .*unit\.code.*PATTERN_MISMATCH.*unit\.label_zh.*FIELD_REQUIRED")
        self.assertRegex(lines[2], r"^refused RECORD_NOT_FOUND in English: no such record")
        self.assertRegex(lines[3], r"^listed (?i:true)$")
        self.assertRegex(lines[4], r"^watched (?i:true)$")

    def test_python(self):
        self.run_example("/usr/bin/python3", os.path.join(EXAMPLES, "client.py"))

    def test_node(self):
        self.run_example("node", os.path.join(EXAMPLES, "client.mjs"), NODE_CLIENT_MODULES=TOOLS)

    def test_the_page_names_the_examples_and_every_published_file(self):
        with open(os.path.join(ROOT, "docs", "clients.md"), encoding="utf-8") as file:
            page = file.read()
        for link in re.findall(r"\]\(([^)#:]+)\)", page):
            self.assertTrue(os.path.exists(os.path.join(ROOT, "docs", link)), link)
        for name in ("clients/client.py", "clients/client.mjs", "service_config.json", "dangjian.binpb", "buf build"):
            self.assertIn(name, page)

    def test_the_service_config_is_taken_by_a_client(self):
        with open(SERVICE_CONFIG, encoding="utf-8") as file:
            config = json.load(file)
        named = {(name["service"], name["method"]) for entry in config["methodConfig"] for name in entry["name"]}
        for service in self.api.services():
            if service.startswith("dangjian."):
                for method in POOL.FindServiceByName(service).methods:
                    self.assertIn((service, method.name), named)
        retried = {name["method"] for entry in config["methodConfig"] if "retryPolicy" in entry for name in entry["name"]}
        self.assertFalse({method for method in retried if method.startswith(("Create", "Update", "Delete", "BatchCreate"))})

    def test_errors_speak_the_language_that_is_asked_for(self):
        calls = {
            "of a field": ("registry.v1.UnitService/GetUnit", {"name": "x/y"}),
            "of a record": ("registry.v1.UnitService/GetUnit", {"name": "units/nowhere"}),
            "of the gateway": ("gateway.v1.ReportService/CompileReport", {"template": "none", "organization": "organizations/o"}),
            "of the way": ("measure.v1.MeasureService/ListMeasures", {}),
        }
        for where, (method, fields) in calls.items():
            for asked, locale in (("en-GB,en;q=0.8", "en"), ("en;q=0.2,zh", "zh-CN"), ("", "zh-CN")):
                with self.subTest(where=where, asked=asked), self.assertRaises(ApiError) as caught:
                    self.api.call(method, metadata=(("accept-language", asked),) if asked else (), **fields)
                self.assertEqual(caught.exception.locale, locale)
                self.assertEqual(bool(re.search("[\u4e00-\u9fff]", caught.exception.localized)), locale == "zh-CN")

    def test_a_filter_that_names_nobody_is_refused_everywhere(self):
        rules = POOL.FindExtensionByName("dangjian.options.v1.rules")
        options = message_class("google.protobuf.FieldOptions")
        tried = 0
        for service in self.api.services():
            methods = POOL.FindServiceByName(service).methods if service.startswith("dangjian.") else ()
            for method, field in ((m, f) for m in methods if m.name.startswith("List") for f in m.input_type.fields):
                collections = options.FromString(field.GetOptions().SerializeToString()).Extensions[rules].reference
                for collection in collections:
                    wrong = {"foreign/x": "INVALID_NAME", f"{collection}/UPPER": "INVALID_NAME", collection: "INVALID_NAME"}
                    owner = service.split(".")[1]
                    if (owner, collection) not in TAKEN_AS_THEY_COME:
                        wrong[f"{collection}/absent"] = "RECORD_NOT_FOUND"
                    for name, reason in wrong.items():
                        with self.subTest(method=method.full_name, filter=name):
                            with self.assertRaises(ApiError) as caught:
                                self.api.call(f"{service[len('dangjian.'):]}/{method.name}", **{field.json_name: name})
                            self.assertEqual((caught.exception.reason, caught.exception.violations),
                                             (reason, {field.name: reason}))
                        tried += 1
        self.assertGreater(tried, 300)

    def test_lists_of_large_records_come_in_pages_that_clients_take(self):
        self.api.call("registry.v1.OrganizationService/CreateOrganization", organizationId="east",
                      organization={"kind": "ORGANIZATION_KIND_COMMUNITY", "displayName": "东街社区"})
        due = {"year": 2030, "month": 12, "day": 31}
        items = [{"text": "诺" * 500, "milestone": "步" * 200, "resources": "料" * 200, "dueDate": due}] * 22
        names = [f"pledges/large-{number}" for number in range(80)]
        for name in names:
            self.api.call("pledge.v1.PledgeService/CreatePledge", pledgeId=name.removeprefix("pledges/"),
                          pledge={"pledgerKind": "PLEDGER_KIND_ORGANIZATION", "pledger": "organizations/east",
                                  "organization": "organizations/east", "items": items})
        listed, pages, token = [], 0, ""
        while not pages or token:
            page = self.api.call("pledge.v1.PledgeService/ListPledges", pageSize=100, pageToken=token)
            self.assertLess(page.ByteSize(), 1_100_000)
            listed += [pledge.name for pledge in page.pledges]
            pages, token = pages + 1, page.next_page_token
        self.assertEqual(sorted(listed), sorted(names))
        self.assertGreater(pages, 3)
        self.assertEqual(len(self.api.call("pledge.v1.PledgeService/BatchGetPledges", names=names[:20]).pledges), 20)
        with self.assertRaises(ApiError) as caught:
            self.api.call("pledge.v1.PledgeService/BatchGetPledges", names=names)
        self.assertEqual((caught.exception.reason, caught.exception.code), ("ANSWER_TOO_LARGE",
                                                                            grpc.StatusCode.FAILED_PRECONDITION))

    def test_buf_builds_the_contracts_by_themselves(self):
        image = self.suite.path("buf.binpb")
        result = subprocess.run([BUF, "build", "-o", image], cwd=os.path.join(ROOT, "proto"), stdin=subprocess.DEVNULL,
                                capture_output=True, text=True, check=False)
        self.assertEqual(result.returncode, 0, result.stderr)
        with open(image, "rb") as file:
            built = descriptor_pb2.FileDescriptorSet.FromString(file.read())
        services = {f"{file.package}.{service.name}" for file in built.file for service in file.service}
        self.assertLessEqual({name for name in self.api.services() if name.startswith("dangjian.")}, services)


if __name__ == "__main__":
    unittest.main()
