"""Real binaries on free ports of loopback with stores in a temporary folder."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

from contracts import BUILD, ROOT, Api

SEEDS = os.path.join(ROOT, "seeds")
LOADER = os.path.join(BUILD, "seeds", "loader", "dangjian-seed")
CTL = os.path.join(BUILD, "services", "ctl", "dangjianctl")
READY_SECONDS = 60

# Loopback is reached directly whatever proxies the environment names.
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def binary(service):
    return os.path.join(BUILD, "services", service, f"dangjian-{service}")


class Suite:
    """All services. A service that is started again gets its former addresses."""

    STORES = ("registry", "pledge", "welfare", "activity")
    SERVICES = (*STORES, "gateway")

    def __init__(self, stores=STORES, identities=None):
        """`identities` (identities.Identities) for mutual TLS and tokens; without them nobody proves anything."""
        self.identities = identities
        self.folder = tempfile.mkdtemp(prefix="dangjian-e2e-")
        self.processes = {}
        self.addresses = {}  # service -> (gRPC, admin)
        self.flags = {}  # service -> flags beyond the usual ones
        self.before_start = {}  # service -> what its process does before it becomes the service
        self.registry_of = {}  # service -> where it finds the registry, when that is not the registry itself
        for service in stores:
            subprocess.run([binary(service), "init", f"--data={self.path(service)}"], check=True)

    def path(self, name):
        return os.path.join(self.folder, name)

    def start_all(self):
        for service in self.SERVICES:
            if service not in self.processes or self.processes[service].poll() is not None:
                self.start(service)
        return self

    def start(self, service, environment=None, until_ready=True):
        listen, admin = self.addresses.get(service, ("127.0.0.1:0", "127.0.0.1:0"))
        ports = self.path(f"{service}.ports")
        if os.path.exists(ports):
            os.remove(ports)
        with open(self.path(f"{service}.log"), "ab") as log:
            self.processes[service] = subprocess.Popen(
                [binary(service), *self._auth_flags(service), f"--listen={listen}", f"--admin-listen={admin}",
                 f"--ports-file={ports}", "--drain-seconds=0", *self._own_flags(service)],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment,
                preexec_fn=self.before_start.get(service))
        self._wait(service, lambda: os.path.exists(ports), "opened its ports")
        with open(ports, encoding="utf-8") as file:
            lines = dict(line.split() for line in file)
        self.addresses[service] = (lines["listen"], lines["admin"])
        if until_ready:
            self._wait(service, lambda: self._ready(service), "became ready")

    def _auth_flags(self, service):
        return ["--auth=development"] if self.identities is None else self.identities.flags_of(service)

    def _own_flags(self, service):
        if service == "gateway":
            backends = ",".join(f"{name}={self.addresses[name][0]}" for name in self.STORES)
            flags = [f"--backend={backends}", f"--templates={os.path.join(ROOT, 'services/gateway/templates')}"]
        else:
            flags = [f"--data={self.path(service)}"]
        if service not in ("registry", "gateway"):
            flags.append(f"--registry-address={self.registry_of.get(service, self.addresses['registry'][0])}")
        return flags + self.flags.get(service, [])

    def _ready(self, service):
        try:
            return self.admin_page(service, "/readyz") is not None
        except (urllib.error.URLError, ConnectionError):
            return False

    def _wait(self, service, done, what):
        end = time.monotonic() + READY_SECONDS
        while not done():
            if self.processes[service].poll() is not None:
                raise AssertionError(f"dangjian-{service} stopped before it {what}: {self.log(service)}")
            if time.monotonic() > end:
                raise AssertionError(f"dangjian-{service} has not {what} in {READY_SECONDS} s: {self.log(service)}")
            time.sleep(0.02)

    def admin_page(self, service, path):
        with _OPENER.open(f"http://{self.addresses[service][1]}{path}", timeout=5) as response:
            return response.read().decode()

    def log(self, service):
        """The end of a service's log."""
        with open(self.path(f"{service}.log"), encoding="utf-8", errors="replace") as file:
            return "".join(file.readlines()[-15:])

    def kill(self, service):
        """Kills a service so that it can do nothing more about it."""
        self.processes[service].send_signal(signal.SIGKILL)
        self.processes[service].wait()

    def stop(self, service):
        """Asks a service to leave; returns its exit code."""
        self.processes[service].terminate()
        return self.processes[service].wait(timeout=READY_SECONDS)

    def gateway(self):
        return self.addresses["gateway"][0]

    def api(self, service="gateway"):
        return Api(self.addresses[service][0])

    def loader(self, area="dongfenglu", **options):
        """Starts the load of an area; its stderr has a line for each finished file."""
        folder = os.path.join(SEEDS, area)
        return subprocess.Popen([LOADER, f"--gateway={self.gateway()}", f"--dir={folder}"], stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)

    def load(self, area="dongfenglu"):
        """Loads the seeds of an area; returns (written, already there)."""
        return finish_load(self.loader(area))

    def close(self):
        for process in self.processes.values():
            if process.poll() is None:
                process.kill()
                process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def finish_load(process):
    """Waits for a load; returns (written, already there)."""
    out, err = process.communicate(timeout=300)
    if process.returncode != 0:
        raise AssertionError(f"the load ended with {process.returncode}: {err[-2000:]}")
    words = out.split()
    assert words[1:3] == ["records", "written,"] and words[4:] == ["already", "there"], out
    return int(words[0]), int(words[3])
