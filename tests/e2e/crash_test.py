"""kill -9 of each process in the middle of a load: after a restart the load goes on and the figures are the same."""

import unittest

import figures
from suite import Suite, finish_load


class CrashTest(unittest.TestCase):

    def setUp(self):
        self.suite = Suite()
        self.addCleanup(self.suite.close)
        self.suite.start_all()

    def wait_for_file(self, load, file):
        """Waits until the load has finished one of its files, and so begun the next."""
        for line in load.stderr:
            if line.strip().startswith(file):
                return
        self.fail(f"the load ended before {file} was finished: {load.wait()}")

    def assert_complete(self):
        """All figures right, and every record of the load there: loading again writes nothing."""
        api = self.suite.api()
        self.addCleanup(api.close)
        self.assertEqual(figures.findings(figures.by_id(figures.compile_when_complete(api)), figures.STREET), [])
        written, already_there = self.suite.load()
        self.assertEqual(written, 0)
        self.assertGreater(already_there, 3000)

    def test_services_killed_during_the_load(self):
        load = self.suite.loader()
        # The file that a kill interrupts comes after the one named here.
        for finished, victim in (("20_organizations.csv", "registry"), ("31_report_ins.csv", "gateway"),
                                 ("41_campaign_fund.csv", "pledge")):
            self.wait_for_file(load, finished)
            self.suite.kill(victim)
            self.assertIsNone(load.poll(), f"the load was over before {victim} was killed")
            self.suite.start(victim)
        finish_load(load)
        self.assert_complete()

    def test_loader_killed_and_started_again(self):
        load = self.suite.loader()
        self.wait_for_file(load, "41_campaign_fund.csv")
        load.kill()
        load.communicate()
        written, already_there = self.suite.load()
        self.assertGreater(written, 0)
        self.assertGreater(already_there, 1000)
        self.assert_complete()

    def test_all_services_killed_at_once_after_the_load(self):
        self.suite.load()
        for service in self.suite.SERVICES:
            self.suite.kill(service)
        self.suite.start_all()
        self.assert_complete()


if __name__ == "__main__":
    unittest.main()
