"""The tree keeps its rules, and every rule finds what it is there for."""

import os
import unittest

import tree_rules

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


class TreeTest(unittest.TestCase):

    def test_tree_keeps_every_rule(self):
        count, findings = tree_rules.check_tree(ROOT)
        self.assertGreater(count, 100)
        self.assertEqual(findings, [], "\n" + "\n".join(findings))


class RulesBiteTest(unittest.TestCase):

    def findings(self, path, *includes):
        return tree_rules.check_file(path, "".join(f'#include "{header}"\n' for header in includes))

    def test_lower_layer_may_not_include_higher(self):
        self.assertTrue(self.findings("common/storage/table.h", "common/rpc/router.h"))
        self.assertTrue(self.findings("common/base/day.h", "services/pledge/module.h"))
        self.assertFalse(self.findings("common/rpc/router.h", "common/storage/table.h"))

    def test_new_folder_of_common_needs_a_layer(self):
        self.assertTrue(self.findings("common/stuff/thing.h"))

    def test_testing_only_in_tests(self):
        self.assertTrue(self.findings("common/rpc/pipeline.cc", "common/testing/matchers.h"))
        self.assertFalse(self.findings("common/rpc/pipeline_test.cc", "common/testing/matchers.h"))
        self.assertTrue(self.findings("services/pledge/main.cc", "common/testing/matchers.h"))

    def test_services_do_not_include_each_other(self):
        self.assertTrue(self.findings("services/pledge/pledge/pledge_service.cc", "services/registry/module.h"))
        self.assertTrue(self.findings("services/pledge/pledge/pledge_service.cc", "services/pledge/module.h"))
        self.assertFalse(self.findings("services/pledge/main.cc", "services/pledge/module.h"))

    def test_rules_are_pure(self):
        self.assertTrue(self.findings("services/pledge/pledge/pledge_rules.cc", "common/storage/table.h"))
        self.assertTrue(self.findings("services/pledge/pledge/pledge_rules.h", "common/rpc/call_context.h"))
        self.assertFalse(self.findings("services/pledge/pledge/pledge_rules.cc", "common/status/errors.h"))

    def test_libraries_stay_in_their_homes(self):
        self.assertTrue(self.findings("common/storage/table_core.cc", "rocksdb/db.h"))
        self.assertFalse(self.findings("common/storage/rocksdb_kv_store.cc", "rocksdb/db.h"))
        self.assertTrue(self.findings("services/pledge/pledge/pledge_service.h", "grpcpp/grpcpp.h"))
        self.assertTrue(self.findings("common/rpc/pipeline.cc", "prometheus/counter.h"))
        self.assertFalse(self.findings("services/gateway/forward/caller.h", "grpcpp/generic/generic_stub.h"))

    def test_length(self):
        self.assertTrue(tree_rules.check_length("common/rpc/a.cc", "\n" * 601))
        self.assertFalse(tree_rules.check_length("common/rpc/a_test.cc", "\n" * 1000))
        self.assertTrue(tree_rules.check_length("tests/e2e/a.py", "\n" * 1001))

    def test_words(self):
        for text in ("// TO" "DO: later", "GTEST_" "SKIP();", "see /wo" "rk/main", "/ho" "me/me/x",
                     "curl https://deb" ".example"):
            self.assertTrue(tree_rules.check_words("docs/a.md", text), text)
        for text in ("a framework/part", "data at work/home", "todos los dias"):
            self.assertFalse(tree_rules.check_words("docs/a.md", text), text)

    def test_folder_names(self):
        self.assertTrue(tree_rules.check_folder_names("common/ut" "il/x.h", ""))
        self.assertTrue(tree_rules.check_folder_names("common/base/ut" "il.h", ""))
        self.assertFalse(tree_rules.check_folder_names("common/base/day.h", ""))


if __name__ == "__main__":
    unittest.main()
