"""No disk and no careless hand makes a store list less than what was acknowledged: it holds all of it, or refuses.

DANGJIAN_FAULT_ROUNDS multiplies the rounds. power_cut_main.py cuts the power of a real file system, which needs root.
"""

import errno
import os
import shutil
import unittest

from store_faults import DAMAGES, STORE_BROKEN, Store, acknowledged_in, check, cut_power, damage, dice_of, revision_of, sizes

ROUNDS = int(os.environ.get("DANGJIAN_FAULT_ROUNDS", "1"))


class StoreFaultTest(unittest.TestCase):

    def setUp(self):
        self.store = Store()
        self.addCleanup(self.store.remove)

    def assert_all_there(self, verdict, acknowledged, what):
        """The one good end of a fault that took nothing acknowledged."""
        revision = revision_of(verdict)
        self.assertIsNotNone(revision, f"{what}: {verdict}")
        self.assertGreaterEqual(revision, acknowledged, f"{what}: {verdict}")

    def assert_not_silent(self, verdict, acknowledged, what):
        """Either end: all there, or refused with a code and words."""
        if verdict.startswith("refused DATA_LOSS: ") or verdict.startswith("refused UNAVAILABLE: "):
            return "refused"
        self.assert_all_there(verdict, acknowledged, what)
        return "whole"


class PowerCutTest(StoreFaultTest):

    def cut(self, dice, **faults):
        """One run that ends in a power cut; returns what the store then says."""
        journal = os.path.join(self.store.root, "journal")
        if os.path.exists(journal):
            os.remove(journal)
        before, acked = sizes(self.store), acknowledged_in(self.store.path)
        environment = self.store.environment(journal=journal, **faults)
        self.store.write(commits=dice.randint(1, 800), outstanding=dice.choice([1, 8, 64]), environment=environment)
        cut_power(self.store, journal, before, dice)
        # This file is not synced: it may have fallen back to anything that it once said.
        with open(os.path.join(self.store.path, "acked"), "w", encoding="ascii") as file:
            file.write(f"{dice.randint(acked, self.store.acknowledged):019d}\n")
        return self.store.check()

    def test_nothing_acknowledged_is_lost(self):
        for seed in range(8 * ROUNDS):
            verdict = self.cut(dice_of(seed))
            self.assert_all_there(verdict, self.store.acknowledged, f"seed {seed}")
            self.store.acknowledged = revision_of(verdict)
        print(f"power cuts: {8 * ROUNDS}, acknowledged {self.store.acknowledged}, lost 0")

    def test_a_disk_that_only_says_that_it_synced_is_found_out_by_this_test(self):
        """The negative control: without it the test above proves nothing."""
        lost = 0
        for seed in range(3):
            verdict = self.cut(dice_of(seed), skip_sync=1)
            lost += (revision_of(verdict) or 0) < self.store.acknowledged
            self.store.remove()
            self.store = Store()
        self.assertGreater(lost, 0)


class FailingSyncTest(StoreFaultTest):

    def test_a_sync_that_failed_is_the_last_one(self):
        for seed in range(5 * ROUNDS):
            dice = dice_of(seed)
            # The first sync is that of the first commit after a start.
            which, error = dice.choice([1, 1, 2, dice.randint(3, 60)]), dice.choice([errno.ENOSPC, errno.EIO])
            code = self.store.write(seconds=20, environment=self.store.environment(sync=f"{which}:{error}"))
            self.assertEqual(code, STORE_BROKEN, f"seed {seed}: {self.store.words}")
            self.assertIn(b"could not make a commit durable", self.store.words)
            # Every other time something is written after the restart and the process is killed again.
            if dice.random() < 0.5:
                self.store.write(commits=dice.randint(1, 50))
            verdict = self.store.check()
            self.assert_all_there(verdict, self.store.acknowledged, f"seed {seed}")
            self.store.acknowledged = revision_of(verdict)


class MixedTimesTest(StoreFaultTest):

    PARTS = {"list": ("CURRENT", "MANIFEST"), "logs": (".log",), "tables": (".sst",)}

    def histories(self):
        """Copies of one store at different times, all made while nobody wrote."""
        folders = []
        for round_ in range(4):
            self.store.write(commits=60)
            if round_ % 2 == 0:
                self.store.close_cleanly()
            folders.append(self.store.copy(f"time-{round_}"))
        return folders

    def mix(self, folders, dice):
        """A folder whose parts are of different times."""
        target = os.path.join(self.store.root, "mixed")
        shutil.rmtree(target, ignore_errors=True)
        os.makedirs(os.path.join(target, "db"))
        for part, names in self.PARTS.items():
            source = os.path.join(dice.choice(folders), "db")
            keep_newer = dice.choice(folders) if part != "list" and dice.random() < 0.5 else None
            for folder in [source] + ([os.path.join(keep_newer, "db")] if keep_newer else []):
                for name in os.listdir(folder):
                    if name.startswith(names) or name.endswith(names):
                        shutil.copy(os.path.join(folder, name), os.path.join(target, "db", name))
        for name in ("IDENTITY",):
            shutil.copy(os.path.join(folders[0], "db", name), os.path.join(target, "db", name))
        shutil.copy(os.path.join(dice.choice(folders), "acked"), target)
        mark = os.path.join(dice.choice(folders), "checked")
        if os.path.exists(mark) and dice.random() < 0.7:
            shutil.copy(mark, target)
        return target

    def test_files_of_different_times_are_no_store(self):
        folders = self.histories()
        ends = {"whole": 0, "refused": 0}
        for seed in range(30 * ROUNDS):
            target = self.mix(folders, dice_of(seed))
            acknowledged = acknowledged_in(target)
            ends[self.assert_not_silent(check(target), acknowledged, f"seed {seed}")] += 1
        self.assertGreater(ends["refused"], 0)
        print(f"mixed: {ends}")

    def test_an_older_list_of_files_beside_newer_logs(self):
        folders = self.histories()
        for older in folders[:-1]:
            target = self.store.copy("mixed")
            for folder, act in ((target, os.remove), (older, None)):
                for name in os.listdir(os.path.join(folder, "db")):
                    if not name.startswith(self.PARTS["list"]):
                        continue
                    if act:
                        act(os.path.join(folder, "db", name))
                    else:
                        shutil.copy(os.path.join(folder, "db", name), os.path.join(target, "db", name))
            self.assert_not_silent(check(target), acknowledged_in(target), older)

    def test_a_plain_copy_of_a_running_store(self):
        ends = {"whole": 0, "refused": 0}
        for seed in range(6 * ROUNDS):
            target = os.path.join(self.store.root, f"copy-{seed}")
            # Enough commits that logs are closed and tables made meanwhile.
            self.store.write(commits=12_000, outstanding=64, while_writing=lambda: copy_while_written(self.store.path, target))
            ends[self.assert_not_silent(check(target), acknowledged_in(target), f"seed {seed}")] += 1
            shutil.rmtree(target)
        print(f"copies while writing: {ends}")


def copy_while_written(source, target):
    """What `cp -r` does: file by file, with whatever stands there at that moment."""
    os.makedirs(os.path.join(target, "db"))
    for name in sorted(os.listdir(os.path.join(source, "db"))) + ["../acked", "../checked"]:
        try:
            shutil.copy(os.path.join(source, "db", name), os.path.join(target, "db", name))
        except FileNotFoundError:
            pass


class DamageTest(StoreFaultTest):

    def test_damage_is_never_served(self):
        self.store.write(commits=9_000, outstanding=64)
        self.store.close_cleanly()
        self.store.write(commits=3_000, outstanding=64)
        ends = {"whole": 0, "refused": 0}
        older = self.store.copy("older")
        self.store.write(commits=200)
        for seed in range(40 * ROUNDS):
            dice = dice_of(seed)
            target = self.store.copy("damaged")
            files = [os.path.join(target, "db", os.path.basename(path)) for path in self.store.engine()]
            files += [os.path.join(target, name) for name in ("acked", "checked")]
            victim, kind = dice.choice(files), dice.choice([*DAMAGES, "older"])
            if kind == "older":
                source = victim.replace(target, older)
                if not os.path.exists(source):
                    continue
                shutil.copy(source, victim)
            else:
                damage(victim, kind, dice)
            # What a damaged file of acknowledged revisions says is no measure; the rest has to be there all the same.
            acknowledged = 0 if victim.endswith("acked") else self.store.acknowledged
            what = f"seed {seed}: {kind} of {os.path.basename(victim)}"
            ends[self.assert_not_silent(check(target), acknowledged, what)] += 1
        print(f"damaged: {ends}")


if __name__ == "__main__":
    unittest.main()
