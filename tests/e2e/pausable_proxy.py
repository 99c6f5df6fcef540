"""A TCP proxy before a service, for connections that hang: paused, it keeps every connection and passes nothing on."""

import selectors
import socket
import threading


class PausableProxy:

    def __init__(self, target):
        host, port = target.rsplit(":", 1)
        self._target = (host, int(port))
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.address = "127.0.0.1:%d" % self._listener.getsockname()[1]
        self._running = threading.Event()
        self._running.set()
        self._closed = False
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._listener, selectors.EVENT_READ)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def pause(self):
        self._running.clear()

    def resume(self):
        self._running.set()

    def close(self):
        self._closed = True
        self._running.set()
        self._thread.join()
        for key in list(self._selector.get_map().values()):
            key.fileobj.close()

    def _run(self):
        while not self._closed:
            for key, _ in self._selector.select(0.05):
                self._running.wait()
                if key.fileobj is self._listener:
                    self._accept()
                else:
                    self._pass(key.fileobj, key.data)

    def _accept(self):
        client, _ = self._listener.accept()
        try:
            server = socket.create_connection(self._target)
        except OSError:
            client.close()
            return
        self._selector.register(client, selectors.EVENT_READ, server)
        self._selector.register(server, selectors.EVENT_READ, client)

    def _pass(self, source, sink):
        try:
            data = source.recv(65536)
            if data:
                sink.sendall(data)
                return
        except OSError:
            pass
        for end in (source, sink):
            if end.fileno() >= 0:
                self._selector.unregister(end)
                end.close()
