"""Stores under conformance_writer, and what a bad disk or a careless hand does to them."""

import os
import random
import shutil
import signal
import struct
import subprocess
import tempfile
import time

BUILD = os.environ["DANGJIAN_BUILD"]
WRITER = os.path.join(BUILD, "tests", "conformance", "conformance_writer")
CHECK = os.path.join(BUILD, "tests", "fault", "fault_check")
SHIM = os.path.join(BUILD, "tests", "fault", "libdisk_shim.so")

STORE_BROKEN = 3  # exit status of a process whose commit failed
SECTOR = 512


def shim_environment(root, **faults):
    """The environment of a process whose disk misbehaves below `root`: the variables of disk_shim.cc."""
    environment = dict(os.environ, LD_PRELOAD=SHIM, DANGJIAN_FAULT_ROOT=root)
    for name, value in faults.items():
        environment[f"DANGJIAN_FAULT_{name.upper()}"] = str(value)
    return environment


class Store:
    """A store in a temporary folder."""

    def __init__(self, folder=None):
        self.root = folder or tempfile.mkdtemp(prefix="dangjian-fault-")
        self.path = os.path.join(self.root, "store")
        self.acknowledged = 0
        if not os.path.exists(self.path):
            subprocess.run([WRITER, self.path, "init"], check=True)

    def environment(self, **faults):
        return shim_environment(self.path, **faults)

    def write(self, seconds=None, commits=None, outstanding=16, environment=None, while_writing=None):
        """Runs the writer until it ends, or kills it after some time or acknowledged commits. Returns its exit code, negative for a
        signal. `while_writing` is called once, half-way through `commits`; what is acknowledged after it returned True does not count."""
        process = subprocess.Popen([WRITER, self.path, str(outstanding)], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   env=environment)
        os.set_blocking(process.stdout.fileno(), False)
        end = time.monotonic() + (seconds or 60)
        pending, seen = b"", 0
        while time.monotonic() < end and (commits is None or seen < commits):
            chunk = process.stdout.read()
            if chunk == b"" or (chunk is None and process.poll() is not None):
                break
            if chunk is None:
                time.sleep(0.0005)
                continue
            pending += chunk
            whole = len(pending) // 8 * 8
            for (revision,) in struct.iter_unpack("<q", pending[:whole]):
                assert revision == self.acknowledged + 1 or seen == 0, (revision, self.acknowledged)
                self.acknowledged = revision
                seen += 1
            pending = pending[whole:]
            if while_writing and commits and seen >= commits // 2:
                while_writing, call = None, while_writing
                if call():
                    commits = 0
                    process.send_signal(signal.SIGKILL)
                    process.communicate()
                    return process.returncode
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
        rest, self.words = process.communicate()
        for (revision,) in struct.iter_unpack("<q", (pending + (rest or b""))[:len(pending + (rest or b"")) // 8 * 8]):
            self.acknowledged = max(self.acknowledged, revision)
        return process.returncode

    def close_cleanly(self):
        """Moves what the log holds into tables, as a start and an orderly stop do."""
        verdict = self.check()
        assert verdict.startswith("whole"), verdict

    def check(self):
        return check(self.path)

    def engine(self, *endings):
        """Files of the engine whose names begin or end so; all without arguments."""
        folder = os.path.join(self.path, "db")
        return sorted(os.path.join(folder, name) for name in os.listdir(folder)
                      if not endings or name.startswith(endings) or name.endswith(endings))

    def copy(self, name):
        target = os.path.join(self.root, name)
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(self.path, target)
        return target

    def remove(self):
        shutil.rmtree(self.root, ignore_errors=True)


def check(path):
    """`whole <revision>`, `refused <CODE>: …` or `silent …`; a process that died says `crashed`."""
    run = subprocess.run([CHECK, path], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=120, check=False)
    return run.stdout.strip() if run.returncode == 0 else f"crashed {run.returncode}: {run.stderr[-500:]}"


def revision_of(verdict):
    return int(verdict.split()[1]) if verdict.startswith("whole") else None


def acknowledged_in(path):
    with open(os.path.join(path, "acked"), encoding="ascii") as file:
        return int(file.read())


class Journal:
    """What the shim noted: how much of each file was synced, and which entries of directories."""

    def __init__(self, file):
        self.synced, self.created, durable = {}, set(), set()
        if not os.path.exists(file):
            return
        with open(file, encoding="utf-8", errors="replace") as lines:
            for line in lines:
                if not line.endswith("\n"):
                    break
                kind, _, rest = line.rstrip("\n").partition(" ")
                if kind == "S":
                    inode, size = rest.split()
                    self.synced[int(inode)] = int(size)
                elif kind == "C":
                    self.created.add(rest)
                elif kind == "D":
                    durable |= {path for path in self.created if os.path.dirname(path) == rest}
        self.created -= durable


def cut_power(store, journal_file, before, dice):
    """Takes from the files of a killed process what had not been synced. `before` are the sizes at its start."""
    journal = Journal(journal_file)
    for path in store.engine():
        if path in journal.created:
            os.remove(path)
            continue
        entry = os.stat(path)
        kept = journal.synced.get(entry.st_ino, before.get(entry.st_ino, 0))
        if entry.st_size <= kept:
            continue
        # Of what was not synced some sectors may have come to the disk all the same, in any order.
        end = dice.choice([kept, dice.randint(kept, entry.st_size)])
        with open(path, "r+b") as file:
            file.truncate(end)
            for sector in range(kept // SECTOR + 1, end // SECTOR):
                if dice.random() < 0.5:
                    file.seek(sector * SECTOR)
                    file.write(bytes(min(SECTOR, end - sector * SECTOR)))


def sizes(store):
    return {os.stat(path).st_ino: os.stat(path).st_size for path in store.engine()}


def damage(path, kind, dice):
    """Does one thing to one file."""
    size = os.path.getsize(path)
    if kind == "delete":
        os.remove(path)
    elif kind == "truncate":
        os.truncate(path, dice.randrange(size) if size else 0)
    elif size:
        with open(path, "r+b") as file:
            at = dice.randrange(size)
            if kind == "flip":
                file.seek(at)
                byte = file.read(1)[0]
                file.seek(at)
                file.write(bytes([byte ^ (1 << dice.randrange(8))]))
            else:
                at = at // SECTOR * SECTOR
                file.seek(at)
                file.write(bytes(min(SECTOR, size - at)))


DAMAGES = ("flip", "zero", "truncate", "delete")


def dice_of(seed):
    return random.Random(seed)
