"""A service whose disk fails, fills, vanishes or is another's: what its callers and its operator get to see."""

import os
import shutil
import stat
import subprocess
import time
import unittest
import urllib.error

import grpc
from contracts import ApiError
from store_faults import STORE_BROKEN, shim_environment
from suite import CTL, Suite, binary

HEAL_SECONDS = 10


class ServiceFaultTest(unittest.TestCase):

    def setUp(self):
        self.suite = Suite(stores=("registry",))
        self.addCleanup(self.suite.close)
        self.full = self.suite.path("full")
        self.api = None

    def start(self, until_ready=True, **faults):
        environment = shim_environment(self.suite.path("registry"), full=self.full, **faults)
        self.suite.start("registry", environment, until_ready)
        if self.api:
            self.api.close()
        self.api = self.suite.api("registry")
        self.addCleanup(self.api.close)
        grpc.channel_ready_future(self.api.channel).result(timeout=20)

    def wait_until_the_engine_rests(self):
        """A table that is being rewritten when the last byte goes would end the process, as any failed sync."""
        idle = {f"dangjian_rocksdb_{name} 0" for name in ("compaction_pending", "num_running_compactions", "num_running_flushes")}
        for _ in range(200):
            time.sleep(0.05)
            if idle <= set(self.suite.admin_page("registry", "/metrics").splitlines()):
                return
        self.fail("the engine does not come to rest")

    def fill(self, lying=False):
        with open(self.full, "w", encoding="ascii") as file:
            file.write("lying" if lying else "")

    def free(self):
        os.remove(self.full)

    def create(self, unit):
        return self.api.call("registry.v1.UnitService/CreateUnit", unit_id=unit.replace("_", "-"),
                             unit={"code": unit, "label_zh": "箱", "dimension": "UNIT_DIMENSION_COUNT"})

    def get(self, unit):
        return self.api.call("registry.v1.UnitService/GetUnit", name="units/" + unit.replace("_", "-"))

    def refusal(self, call, *arguments):
        with self.assertRaises(ApiError) as caught:
            call(*arguments)
        return caught.exception

    def readiness(self):
        try:
            return self.suite.admin_page("registry", "/readyz?verbose")
        except urllib.error.HTTPError as error:
            return error.read().decode()

    def exit_code(self):
        return self.suite.processes["registry"].wait(timeout=20)

    def test_a_full_volume_serves_reads_and_takes_writes_again_by_itself(self):
        self.start()
        self.create("before")
        self.wait_until_the_engine_rests()
        self.fill()
        for _ in range(3):
            error = self.refusal(self.create, "during")
            self.assertEqual((error.code.name, error.reason), ("UNAVAILABLE", "STORE_READ_ONLY"))
            self.assertIn("数据卷空间不足", error.localized)
        self.assertEqual(self.get("before").code, "before")
        self.assertIn("KiB free", self.readiness(), self.suite.log("registry"))
        # A start on the full volume, with a log that has to be read.
        self.suite.kill("registry")
        self.start(until_ready=False)
        self.assertEqual(self.get("before").code, "before")
        self.assertEqual(self.refusal(self.create, "during").reason, "STORE_READ_ONLY")
        self.assertIn("KiB free", self.readiness())
        self.free()
        end = time.monotonic() + HEAL_SECONDS
        while True:
            try:
                self.create("after")
                break
            except ApiError as error:
                self.assertEqual(error.reason, "STORE_READ_ONLY")
                self.assertLess(time.monotonic(), end, "writes are not taken again")
                time.sleep(0.1)
        self.assertIn("[+] store", self.readiness())
        self.suite.kill("registry")
        self.start()
        self.assertEqual([self.get(unit).code for unit in ("before", "after")], ["before", "after"])

    def test_a_volume_that_is_full_and_does_not_say_so_ends_the_process(self):
        for first_write_after_start in (False, True):
            unit = "one" if first_write_after_start else "two"
            self.start()
            if not first_write_after_start:
                self.create("zero")
            self.fill(lying=True)
            self.assertEqual(self.refusal(self.create, unit).code.name, "UNAVAILABLE")
            self.assertEqual(self.exit_code(), STORE_BROKEN, self.suite.log("registry"))
            self.assertIn("could not make a commit durable: IO error: No space left on device", self.suite.log("registry"))
            self.free()
            self.start()
            self.assertEqual(self.get("zero").code, "zero")
            self.create(f"{unit}_again")
            self.assertEqual(self.suite.stop("registry"), 0)

    def test_a_sync_that_failed_ends_the_process_and_the_store_opens(self):
        for error in (5, 28):
            self.start(sync=f"1:{error}")
            self.assertEqual(self.refusal(self.create, f"lost{error}").code.name, "UNAVAILABLE")
            self.assertEqual(self.exit_code(), STORE_BROKEN, self.suite.log("registry"))
            self.start()
            self.create(f"after{error}")
            self.suite.kill("registry")
            self.start()
            self.assertEqual(self.get(f"after{error}").code, f"after{error}")
            self.suite.kill("registry")

    def test_a_folder_that_is_deleted_under_the_process_is_noticed(self):
        self.start()
        self.create("one")
        os.rename(self.suite.path("registry"), self.suite.path("gone"))
        shutil.rmtree(self.suite.path("gone"), ignore_errors=True)
        self.assertIn("were deleted or replaced", self.readiness())
        self.assertEqual(self.refusal(self.create, "two").code.name, "UNAVAILABLE")
        self.assertEqual(self.exit_code(), STORE_BROKEN)

    def test_the_store_of_another_service_is_refused(self):
        subprocess.run([binary("welfare"), "init", "--auth=development", f"--data={self.suite.path('welfare')}"], check=True)
        run = subprocess.run([binary("registry"), "--auth=development", "--listen=127.0.0.1:0", "--admin-listen=127.0.0.1:0",
                              f"--data={self.suite.path('welfare')}"], capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(run.returncode, 1)
        self.assertIn("is of the service welfare, not of registry", run.stderr)

    def test_its_files_are_readable_by_its_account_alone(self):
        self.start()
        self.create("one")
        for folder, folders, files in os.walk(self.suite.path("registry")):
            self.assertEqual(stat.S_IMODE(os.stat(folder).st_mode), 0o700, folder)
            for name in files:
                self.assertEqual(stat.S_IMODE(os.stat(os.path.join(folder, name)).st_mode), 0o600, name)

    def test_a_copy_of_the_running_store_is_made_by_one_command(self):
        self.start()
        for number in range(20):
            self.create(f"unit{number}")
        command = [CTL, "store", "checkpoint", "--gateway", self.suite.addresses["registry"][0], "--id", "monday"]
        made = subprocess.run(command, capture_output=True, text=True, check=False)
        self.assertEqual(made.returncode, 0, made.stderr)
        self.assertIn("checkpoints/monday", made.stdout)
        again = subprocess.run(command, capture_output=True, text=True, check=False)
        self.assertEqual(again.returncode, 1)
        self.assertIn("CHECKPOINT_EXISTS", again.stderr)
        self.create("later")
        self.assertEqual(self.suite.stop("registry"), 0)
        copy = self.suite.path("copy")
        shutil.copytree(os.path.join(self.suite.path("registry"), "checkpoints", "monday"), copy)
        shutil.rmtree(self.suite.path("registry"))
        shutil.move(copy, self.suite.path("registry"))
        self.start()
        self.assertEqual(self.get("unit19").code, "unit19")
        self.assertEqual(self.refusal(self.get, "later").reason, "RECORD_NOT_FOUND")
        self.create("after_all")

    def test_a_refused_store_names_the_runbook(self):
        self.start()
        self.create("one")
        self.suite.kill("registry")
        os.remove(os.path.join(self.suite.path("registry"), "db", "CURRENT"))
        run = subprocess.run([binary("registry"), "--auth=development", "--listen=127.0.0.1:0", "--admin-listen=127.0.0.1:0",
                              f"--data={self.suite.path('registry')}"], capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(run.returncode, 1)
        for words in ("CURRENT", "docs/runbooks/store-damaged.md"):
            self.assertIn(words, run.stderr)


if __name__ == "__main__":
    unittest.main()
