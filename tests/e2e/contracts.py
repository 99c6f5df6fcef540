"""The suite's contracts as a foreign client has them: message classes made from the published descriptor set, calls by name.

No generated code: everything comes from `dangjian.binpb` of the build.
"""

import os

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message_factory

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
# ctest sets it; the default lets a test be run by hand: python3 -m unittest report_test
BUILD = os.environ.get("DANGJIAN_BUILD", os.path.join(ROOT, "build", "release"))


def _load_pool():
    pool = descriptor_pool.DescriptorPool()
    with open(os.path.join(BUILD, "dangjian.binpb"), "rb") as file:
        files = descriptor_pb2.FileDescriptorSet.FromString(file.read())
    for file in files.file:
        pool.Add(file)
    return pool


POOL = _load_pool()
_FACTORY = message_factory.MessageFactory(POOL)


def message_class(full_name):
    return _FACTORY.GetPrototype(POOL.FindMessageTypeByName(full_name))


class ApiError(Exception):
    """A call's error with its google.rpc details taken apart."""

    def __init__(self, error):
        self.code = error.code()
        self.reason = ""
        self.metadata = {}
        self.violations = {}  # field path -> reason
        self.retry_seconds = 0
        self.localized = ""
        self.locale = ""
        for key, value in error.trailing_metadata() or ():
            if key == "grpc-status-details-bin":
                self._read(value)
        super().__init__(f"{self.code.name} {self.reason}: {error.details()}")

    def _read(self, serialized):
        status = message_class("google.rpc.Status").FromString(serialized)
        for detail in status.details:
            name = detail.type_url.split("/")[-1]
            value = message_class(name).FromString(detail.value)
            if name == "google.rpc.ErrorInfo":
                self.reason, self.metadata = value.reason, dict(value.metadata)
            elif name == "dangjian.common.v1.FieldProblems":
                self.violations = {p.field: p.reason for p in value.problems}
            elif name == "google.rpc.RetryInfo":
                self.retry_seconds = value.retry_delay.seconds + value.retry_delay.nanos / 1e9
            elif name == "google.rpc.LocalizedMessage":
                self.localized, self.locale = value.message, value.locale


class Api:
    """Calls methods at one address: `api.call("registry.v1.MemberService/GetMember", name="members/xi-001")`."""

    def __init__(self, address, credentials=None):
        """`credentials` for TLS, as grpc.ssl_channel_credentials makes them."""
        # A process that was killed and started again is found soon.
        options = [("grpc.initial_reconnect_backoff_ms", 50), ("grpc.min_reconnect_backoff_ms", 50),
                   ("grpc.max_reconnect_backoff_ms", 500), ("grpc.use_local_subchannel_pool", 1)]
        if credentials is None:
            self.channel = grpc.insecure_channel(address, options=options)
        else:
            self.channel = grpc.secure_channel(address, credentials, options=options)

    def close(self):
        self.channel.close()

    def call(self, method, timeout=20, metadata=(), **fields):
        """Fields as in JSON; returns the response message. Raises ApiError."""
        descriptor = POOL.FindMethodByName("dangjian." + method.replace("/", "."))
        request = json_format.ParseDict(fields, _FACTORY.GetPrototype(descriptor.input_type)())
        return self.send(method, request, timeout, metadata)

    def stream(self, method, timeout=60, **fields):
        """The messages of a server stream. Raises ApiError."""
        descriptor = POOL.FindMethodByName("dangjian." + method.replace("/", "."))
        request = json_format.ParseDict(fields, _FACTORY.GetPrototype(descriptor.input_type)())
        stub = self.channel.unary_stream(
            "/dangjian." + method, request_serializer=lambda r: r.SerializeToString(),
            response_deserializer=_FACTORY.GetPrototype(descriptor.output_type).FromString)
        try:
            yield from stub(request, timeout=timeout)
        except grpc.RpcError as error:
            raise ApiError(error) from None

    def send(self, method, request, timeout=20, metadata=()):
        descriptor = POOL.FindMethodByName("dangjian." + method.replace("/", "."))
        stub = self.channel.unary_unary(
            "/dangjian." + method,
            request_serializer=lambda r: r if isinstance(r, bytes) else r.SerializeToString(),
            response_deserializer=_FACTORY.GetPrototype(descriptor.output_type).FromString)
        try:
            return stub(request, timeout=timeout, metadata=metadata)
        except grpc.RpcError as error:
            raise ApiError(error) from None

    def pages(self, method, field, **fields):
        """Every item of a paged list."""
        token = ""
        while True:
            page = self.call(method, page_token=token, **fields)
            yield from getattr(page, field)
            token = page.next_page_token
            if not token:
                return

    def services(self):
        """The services that reflection lists."""
        request = message_class("grpc.reflection.v1alpha.ServerReflectionRequest")(list_services="")
        stub = self.channel.stream_stream(
            "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
            request_serializer=lambda r: r.SerializeToString(),
            response_deserializer=message_class("grpc.reflection.v1alpha.ServerReflectionResponse").FromString)
        for response in stub(iter([request]), timeout=20):
            return sorted(service.name for service in response.list_services_response.service)
        return []
