"""A hostile network before one service: descriptors, compression, floods. It stays reachable, small and quiet."""

import os
import resource
import socket
import time
import unittest

import grpc

import floods
from contracts import ApiError
from fairness_test import metric, readiness
from suite import Suite

GET = "registry.v1.OrganizationService/GetOrganization"


class NetworkTest(unittest.TestCase):

    def setUp(self):
        self.suite = Suite()
        self.addCleanup(self.suite.close)

    def start(self):
        self.suite.start("registry")
        self.address = self.suite.addresses["registry"][0]
        self.process = self.suite.processes["registry"]

    def answers(self):
        """A new caller is served."""
        api = self.suite.api("registry")
        try:
            api.call(GET, name="organizations/none", timeout=3)
        except ApiError as error:
            return error.reason == "RECORD_NOT_FOUND"
        finally:
            api.close()
        return False

    def await_true(self, what, condition, seconds):
        end = time.monotonic() + seconds
        while not condition():
            self.assertLess(time.monotonic(), end, what)
            time.sleep(0.1)

    def test_more_connections_than_descriptors_leave_a_service_that_accepts(self):
        self.suite.before_start["registry"] = lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (1024, 1024))
        self.start()
        host, port = self.address.rsplit(":", 1)
        connections = []
        for _ in range(1074):
            connections.append(socket.create_connection((host, int(port)), timeout=5))
        self.assertEqual(self.suite.admin_page("registry", "/livez"), "ok\n")
        refused = 'dangjian_connections_refused_total{reason="address"}'
        self.await_true("refusals", lambda: metric(self.suite, "registry", refused) > 500, 20)
        self.assertLessEqual(metric(self.suite, "registry", "dangjian_connections"), 512)
        # Another address is served while one has taken its share.
        other = socket.create_connection((host, int(port)), timeout=5, source_address=("127.0.0.77", 0))
        other.settimeout(5)
        self.assertTrue(other.recv(1), "the server greets")
        other.close()
        # Nobody gets in from here any more, and the service says so.
        self.await_true("not ready", lambda: "[-] grpc" in readiness(self.suite, "registry"), 10)
        for connection in connections:
            connection.close()
        self.await_true("a caller is served", self.answers, 10)
        self.await_true("ready", lambda: "[-]" not in readiness(self.suite, "registry"), 10)

    def test_the_soft_limit_of_descriptors_is_raised(self):
        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        self.suite.before_start["registry"] = lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard))
        self.start()
        self.assertEqual(metric(self.suite, "registry", "process_max_fds"), hard)

    def test_a_compressed_message_is_refused_before_it_is_unpacked(self):
        self.start()
        before = floods.resident_mb(self.process)
        highest = floods.HighWater(self.process)
        bomb = floods.gzip_bomb(1000)
        self.assertLess(len(bomb), 2_000_000)
        floods.send_message(self.address, bomb, ("grpc-encoding", "gzip"))
        self.assertLess(highest.stop() - before, 50)
        self.assertTrue(self.answers())
        channel = grpc.insecure_channel(self.address)
        self.addCleanup(channel.close)
        get = channel.unary_unary("/dangjian." + GET)
        with self.assertRaises(grpc.RpcError) as caught:
            get(b"\n\x12organizations/none" + bytes(5000), compression=grpc.Compression.Gzip, timeout=10)
        self.assertEqual(caught.exception.code(), grpc.StatusCode.UNIMPLEMENTED)
        accepted = {key: value for key, value in caught.exception.initial_metadata() or ()}
        self.assertEqual(accepted.get("grpc-accept-encoding", "identity"), "identity")

    def test_floods_end_with_a_service_that_answers_and_a_small_log(self):
        self.start()
        for flood in floods.FLOODS:
            with self.subTest(flood=flood.__name__):
                log = os.path.getsize(self.suite.path("registry.log"))
                floods.run(flood, self.address, 1)
                self.await_true("answers", self.answers, 10)
                self.assertIsNone(self.process.poll())
                self.assertLess(os.path.getsize(self.suite.path("registry.log")) - log, 1_000_000)

    def test_memory_comes_back_after_a_burst(self):
        self.start()
        before = floods.resident_mb(self.process)
        floods.run(floods.rapid_reset, self.address, 3)
        self.await_true("memory", lambda: floods.resident_mb(self.process) < before + 150, 30)

    def test_trickling_operators_do_not_block_probes(self):
        self.start()
        host, port = self.suite.addresses["registry"][1].rsplit(":", 1)
        idle = [socket.create_connection((host, int(port)), timeout=5) for _ in range(200)]
        for connection in idle:
            connection.sendall(b"GET /readyz HT")
        started = time.monotonic()
        for _ in range(20):
            self.assertEqual(self.suite.admin_page("registry", "/livez"), "ok\n")
            self.suite.admin_page("registry", "/readyz")
        self.assertLess(time.monotonic() - started, 3)
        for connection in idle:
            connection.close()

    def test_a_scrape_takes_milliseconds(self):
        self.suite.start_all()
        started = time.monotonic()
        for _ in range(10):
            page = self.suite.admin_page("gateway", "/metrics")
        self.assertLess((time.monotonic() - started) / 10, 0.1)
        self.assertLess(sum(not line.startswith("#") for line in page.splitlines()), 3000)


if __name__ == "__main__":
    unittest.main()
