"""deploy/quickstart.sh as a newcomer runs it, from another folder and without a terminal."""

import os
import random
import socket
import subprocess
import tempfile
import unittest

import figures
from suite import ROOT

SCRIPT = os.path.join(ROOT, "deploy", "quickstart.sh")
OFFSETS = (0, 1, 2, 3, 4, 10, 11, 12, 13, 14)


def free_port_base():
    """A port at which the quickstart finds all its ports free; below the range from which the kernel hands out others."""
    for _ in range(100):
        base = random.randrange(12000, 32000)
        if all(is_free(base + offset) for offset in OFFSETS):
            return base
    raise AssertionError("no free ports")


def is_free(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


class QuickstartTest(unittest.TestCase):

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="dangjian-quickstart-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def run_script(self, *arguments, **commands):
        """Runs the script; `commands` are shell texts that stand in for commands of the machine, by name with _ for -."""
        for name, text in commands.items():
            path = os.path.join(self.folder, name.replace("_", "-"))
            with open(path, "w", encoding="utf-8") as file:
                file.write(f"#!/bin/sh\n{text}\n")
            os.chmod(path, 0o755)
        return subprocess.run(["bash", SCRIPT, *arguments], cwd=self.folder, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=900, check=False,
                              env={**os.environ, "PATH": f"{self.folder}:{os.environ['PATH']}"})

    def assert_one_clear_line(self, run, *words):
        self.assertEqual(run.returncode, 1)
        complaints = [line for line in run.stderr.splitlines() if line.startswith(("quickstart:", "install-packages:"))]
        self.assertEqual(len(complaints), 1, run.stderr)
        for word in words:
            self.assertIn(word, complaints[0])

    def test_report_comes_and_a_second_run_loads_nothing_twice(self):
        path = os.path.join(self.folder, "figures.tsv")
        data = os.path.join(self.folder, "data with a space")
        base = free_port_base()
        arguments = ("--once", "--data", data, "--figures", path, "--port-base", str(base))
        for attempt in (1, 2):
            run = self.run_script(*arguments)
            self.assertEqual(run.returncode, 0, run.stderr[-3000:])
            self.assertIn("社区“两委会”承诺事项", run.stdout)
            self.assertIn("办理城市低保户数", run.stdout)
            self.assertIn(f"http://127.0.0.1:{base + 10}/metrics", run.stdout)
            self.assertIn("buf curl", run.stdout)
            with open(path, encoding="utf-8") as file:
                lines = [line.rstrip("\n").split("\t") for line in file]
            self.assertEqual(figures.findings({line[0]: tuple(line[1:]) for line in lines}, figures.STREET, figures.COMMUNITY),
                             [])
            if attempt == 2:
                self.assertEqual(run.stdout.count("0 records written"), 2)
            for offset in OFFSETS:
                self.assertTrue(is_free(base + offset), f"port {base + offset} is still held after the end")

    def test_a_taken_port_is_one_clear_line(self):
        with socket.socket() as holder:
            holder.bind(("127.0.0.1", 0))
            holder.listen()
            port = holder.getsockname()[1]
            run = self.run_script("--once", "--data", self.folder, "--port-base", str(min(port, 65521)))
        self.assert_one_clear_line(run, f"port {port} is taken", "--port-base")
        self.assertEqual(len(run.stderr.splitlines()), 1)

    def test_no_network_is_one_clear_line(self):
        run = self.run_script("--once", "--data", self.folder, "--port-base", str(free_port_base()),
                              dpkg_query="exit 1", sudo='exec "$@"',
                              apt_get='echo "E: Temporary failure resolving the mirror"; exit 100')
        self.assert_one_clear_line(run, "Temporary failure resolving", "check the network")

    def test_no_disk_is_one_clear_line(self):
        run = self.run_script("--once", "--data", self.folder, "--port-base", str(free_port_base()),
                              df="printf 'Filesystem x x Available\\nroot 1 1 7\\n'")
        self.assert_one_clear_line(run, "only 7 MiB are free", self.folder)

    def test_mistakes_are_told(self):
        for arguments, words in ((("--colour",), "unknown option --colour"), (("--data",), "--data needs a value"),
                                 (("--port-base", "x"), "--port-base is a number"),
                                 (("--data", "/proc/nowhere"), "cannot make the folder"),
                                 (("--figures", "/nowhere/x"), "cannot write /nowhere/x")):
            run = self.run_script(*arguments)
            self.assertEqual(run.returncode, 1, arguments)
            self.assertIn(words, run.stderr)


if __name__ == "__main__":
    unittest.main()
