"""kill -9 under load: callers that repeat what got no answer, and a mirror fed by Watch, agree with the service in the end.

DANGJIAN_FAULT_ROUNDS multiplies the kills.
"""

import itertools
import os
import random
import threading
import time
import unittest

import grpc
from contracts import ApiError, message_class
from suite import Suite

KILLS = 6 * int(os.environ.get("DANGJIAN_FAULT_ROUNDS", "1"))
WRITERS = 6
DISTRICT = "organizations/district"


class Writer(threading.Thread):
    """Creates organisations and renames them one after the other. A call without an answer is sent again with its request_id until it has
    one; some calls are given up on purpose just after they were sent, and repeated too."""

    def __init__(self, number, suite, stop):
        super().__init__(daemon=True)
        self.number, self.suite, self.stop = number, suite, stop
        self.dice = random.Random(number)
        self.expected = {}  # name -> short name
        self.calls = self.repeated = 0
        self.failure = None

    def run(self):
        api = self.suite.api("registry")
        try:
            for count in itertools.count():
                if self.stop.is_set():
                    return
                self.one(api, f"w{self.number}-{count}")
        except Exception as error:  # pylint: disable=broad-except
            self.failure = error
        finally:
            api.close()

    def one(self, api, key):
        created = self.until_answered(
            api, "CreateOrganization", f"create-{key}", organization_id=key,
            organization={"kind": "ORGANIZATION_KIND_SUB_DISTRICT", "display_name": f"街道{key}", "activated_on": day(2020),
                          "parents": [{"kind": "EDGE_KIND_ADMINISTRATIVE", "parent": DISTRICT, "start_date": day(2020)}]})
        self.expected[created.name] = created.short_name
        if self.dice.random() < 0.5:
            changed = self.until_answered(api, "UpdateOrganization", f"update-{key}", update_mask="shortName",
                                          organization={"name": created.name, "short_name": f"第{key}号"})
            self.expected[created.name] = changed.short_name

    def until_answered(self, api, method, request_id, **fields):
        self.calls += 1
        for attempt in itertools.count():
            self.repeated += attempt > 0
            impatient = attempt == 0 and self.dice.random() < 0.2
            try:
                return api.call(f"registry.v1.OrganizationService/{method}", timeout=0.002 if impatient else 5, request_id=request_id,
                                **fields)
            except ApiError as error:
                if error.code not in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.CANCELLED):
                    raise
                time.sleep(0.02)


class Mirror(threading.Thread):
    """A copy of the organisations that follows the feed and resumes where it was."""

    def __init__(self, suite):
        super().__init__(daemon=True)
        self.suite = suite
        self.rows, self.position, self.epoch = {}, 0, ""
        self.resumed, self.repeats, self.gaps = 0, 0, 0
        self.target, self.failure = None, None

    def run(self):
        while self.target is None or self.position < self.target:
            api = self.suite.api("registry")
            try:
                for message in api.stream("change.v1.ChangeService/Watch", after_revision=self.position, epoch=self.epoch,
                                          collections=["organizations"]):
                    self.apply(message)
                    if self.target is not None and self.position >= self.target:
                        return
            except ApiError as error:
                if error.reason in ("EPOCH_CHANGED", "REVISION_IN_FUTURE"):
                    self.failure = error
                    return
                time.sleep(0.02)
            finally:
                api.close()
            self.resumed += 1

    def apply(self, message):
        for event in message.events:
            self.repeats += event.revision <= self.position
            row = message_class("dangjian.registry.v1.Organization")()
            event.after.Unpack(row)
            self.rows[event.name] = row.short_name
        self.gaps += message.revision < self.position
        self.position, self.epoch = message.revision, message.epoch


def day(year):
    return {"year": year, "month": 1, "day": 1}


class KillTest(unittest.TestCase):

    def setUp(self):
        self.suite = Suite(stores=("registry",))
        self.addCleanup(self.suite.close)
        self.suite.start("registry")
        self.api = self.suite.api("registry")
        self.addCleanup(self.api.close)
        self.api.call("registry.v1.OrganizationService/CreateOrganization", organization_id="district", organization={
            "kind": "ORGANIZATION_KIND_DISTRICT", "display_name": "城区", "activated_on": day(2020)})

    def test_writers_and_a_mirror_agree_with_the_service_after_many_kills(self):
        stop = threading.Event()
        writers = [Writer(number, self.suite, stop) for number in range(WRITERS)]
        mirror = Mirror(self.suite)
        for thread in (mirror, *writers):
            thread.start()
        dice = random.Random(1)
        for _ in range(KILLS):
            time.sleep(dice.uniform(0.05, 0.6))
            self.suite.kill("registry")
            self.suite.start("registry")
        stop.set()
        for writer in writers:
            writer.join(timeout=60)
            self.assertFalse(writer.is_alive(), "a writer hangs")
            self.assertIsNone(writer.failure)
        expected = {DISTRICT: ""} | {name: address for writer in writers for name, address in writer.expected.items()}
        listed = {row.name: row.short_name
                  for row in self.api.pages("registry.v1.OrganizationService/ListOrganizations", "organizations", page_size=1000)}
        self.assertEqual(listed, expected, "what was answered is what is there, once")
        self.assertEqual(self.count(), len(expected), "the figure counts each once")
        mirror.target = self.api.call("measure.v1.MeasureService/QueryMeasures", selectors=[self.selector()]).revision
        mirror.join(timeout=60)
        self.assertIsNone(mirror.failure)
        self.assertEqual(mirror.rows, expected, "the mirror has the same")
        self.assertEqual(mirror.gaps, 0, "the feed never goes back")
        print(f"kills {KILLS}, calls {sum(w.calls for w in writers)}, sent again {sum(w.repeated for w in writers)}, "
              f"organisations {len(expected)}, feed resumed {mirror.resumed} times: 0 differences")

    def selector(self):
        return {"measure": "organizations", "organization": DISTRICT, "period": {"start_date": day(2020), "end_date": day(2024)}}

    def count(self):
        return self.api.call("measure.v1.MeasureService/QueryMeasures", selectors=[self.selector()]).values[0].value


if __name__ == "__main__":
    unittest.main()
