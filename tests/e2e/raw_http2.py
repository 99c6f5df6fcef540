"""HTTP/2 by hand: what no well-behaved client would send. Just enough of RFC 9113 and RFC 7541 for that."""

import socket
import struct
import threading

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, RST_STREAM, SETTINGS, PING, CONTINUATION = 0, 1, 3, 4, 6, 9
END_STREAM, END_HEADERS, ACK = 1, 4, 1


def frame(kind, flags, stream, payload=b""):
    return struct.pack(">I", len(payload))[1:] + bytes((kind, flags)) + struct.pack(">I", stream) + payload


def literal(name, value):
    """A header as HPACK writes it that indexes nothing."""
    return b"\x00" + _text(name) + _text(value)


def _text(text):
    data = text if isinstance(text, bytes) else text.encode()
    return integer(len(data), 7, 0) + data


def integer(value, bits, first):
    """An HPACK integer with a prefix of so many bits."""
    most = (1 << bits) - 1
    if value < most:
        return bytes((first | value,))
    out = bytearray((first | most,))
    value -= most
    while value >= 128:
        out.append(value % 128 + 128)
        value //= 128
    out.append(value)
    return bytes(out)


def request_headers(path, *more):
    headers = [(":method", "POST"), (":scheme", "http"), (":path", path), (":authority", "x"), ("te", "trailers"),
               ("content-type", "application/grpc"), *more]
    return b"".join(literal(name, value) for name, value in headers)


class Connection:
    """A connection whose answers are read and, but for the last bytes, thrown away."""

    def __init__(self, address):
        host, port = address.rsplit(":", 1)
        self.socket = socket.create_connection((host, int(port)), timeout=30)
        self.received = b""
        self.stream = -1
        self.socket.sendall(PREFACE + frame(SETTINGS, 0, 0))
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        try:
            while data := self.socket.recv(65536):
                self.received = (self.received + data)[-65536:]
        except OSError:
            pass

    def send(self, data):
        """False when the server has closed the connection."""
        try:
            self.socket.sendall(data)
            return True
        except OSError:
            return False

    def next_stream(self):
        self.stream += 2
        return self.stream

    def close(self):
        self.socket.close()
        self._reader.join(5)
