"""How to call dangjian from Python, with grpcio and protobuf alone: no generated code, only the published descriptor set.

usage: client.py GATEWAY DESCRIPTORS SERVICE_CONFIG     e.g. 127.0.0.1:50050 dangjian.binpb proto/service_config.json
"""

import pathlib
import sys
import time
import uuid

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message_factory


class Refusal(Exception):
    """An error of the suite: `reason` is what a program tests for, `text` what a user reads."""

    def __init__(self, error, contracts):
        self.code, self.reason, self.text, self.problems, self.retry_seconds = error.code(), "", error.details(), [], None
        for key, value in error.trailing_metadata() or ():
            if key == "grpc-status-details-bin":
                for detail in contracts.message("google.rpc.Status").FromString(value).details:
                    self._read(contracts.message(detail.type_url.rpartition("/")[2]).FromString(detail.value))
        super().__init__(f"{self.reason or self.code.name}: {self.text}")

    def _read(self, detail):
        name = detail.DESCRIPTOR.full_name
        if name == "google.rpc.ErrorInfo":
            self.reason = detail.reason
        elif name == "google.rpc.LocalizedMessage":
            self.text = detail.message
        elif name == "dangjian.common.v1.FieldProblems":
            self.problems = [(problem.field, problem.reason) for problem in detail.problems]
        elif name == "google.rpc.RetryInfo":
            self.retry_seconds = detail.retry_delay.ToNanoseconds() / 1e9


class Contracts:
    """The message types and methods of the descriptor set."""

    def __init__(self, path):
        files = descriptor_pb2.FileDescriptorSet.FromString(pathlib.Path(path).read_bytes())
        self._pool = descriptor_pool.DescriptorPool()
        for file in files.file:
            self._pool.Add(file)
        self._factory = message_factory.MessageFactory(self._pool)

    def message(self, full_name):
        return self._factory.GetPrototype(self._pool.FindMessageTypeByName(full_name))

    def method(self, name):
        """`registry.v1.UnitService/GetUnit` → its request and response types."""
        method = self._pool.FindMethodByName("dangjian." + name.replace("/", "."))
        return self._factory.GetPrototype(method.input_type), self._factory.GetPrototype(method.output_type)


class Client:
    """Calls through the gateway."""

    def __init__(self, address, descriptors, service_config, caller, language="zh-CN"):
        self.contracts = Contracts(descriptors)
        # The published service config has every method's deadline, and retries of reads.
        options = [("grpc.service_config", pathlib.Path(service_config).read_text(encoding="utf-8")),
                   ("grpc.enable_retries", 1)]
        self.channel = grpc.insecure_channel(address, options=options)
        self.metadata = (("dangjian-caller", caller), ("accept-language", language),
                         ("traceparent", f"00-{uuid.uuid4().hex}-{uuid.uuid4().hex[:16]}-01"))

    def call(self, method, **fields):
        """One unary call; fields as in JSON. A write should carry a requestId: see `write`."""
        request, response = self.contracts.method(method)
        stub = self.channel.unary_unary("/dangjian." + method, request_serializer=request.SerializeToString,
                                        response_deserializer=response.FromString)
        try:
            return stub(json_format.ParseDict(fields, request()), metadata=self.metadata)
        except grpc.RpcError as error:
            raise Refusal(error, self.contracts) from None

    def write(self, method, attempts=5, **fields):
        """A write that may be repeated: the id makes the suite store it once and give the first answer again."""
        fields.setdefault("requestId", str(uuid.uuid4()))
        for attempt in range(1, attempts + 1):
            try:
                return self.call(method, **fields)
            except Refusal as refusal:
                passing = refusal.code in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.RESOURCE_EXHAUSTED)
                if not passing or attempt == attempts:
                    raise
                time.sleep(refusal.retry_seconds or 0.1 * 2**attempt)

    def pages(self, method, field, **fields):
        """Every record of a list: pages end by rows or bytes, all of one revision."""
        token = ""
        while True:
            page = self.call(method, pageToken=token, **fields)
            yield from getattr(page, field)
            token = page.next_page_token
            if not token:
                return

    def watch(self, service, position=None, collections=(), timeout=30):
        """Batches of changes of one service. Keep (epoch, revision) of the last batch: it is where to resume."""
        request, response = self.contracts.method("change.v1.ChangeService/Watch")
        epoch, revision = position or ("", 0)
        stub = self.channel.unary_stream("/dangjian.change.v1.ChangeService/Watch",
                                         request_serializer=request.SerializeToString,
                                         response_deserializer=response.FromString)
        stream = stub(request(after_revision=revision, epoch=epoch, collections=collections), timeout=timeout,
                      metadata=(*self.metadata, ("dangjian-service", service)))
        try:
            yield from stream
        except grpc.RpcError as error:
            if error.code() != grpc.StatusCode.DEADLINE_EXCEEDED:
                raise Refusal(error, self.contracts) from None
        finally:
            stream.cancel()


def first_with_events(batches):
    return next(batch for batch in batches if batch.events)


def main(address, descriptors, service_config):
    client = Client(address, descriptors, service_config, caller="example")
    unit = {"code": "basket_py", "labelZh": "筐", "dimension": "UNIT_DIMENSION_COUNT"}
    create = "registry.v1.UnitService/CreateUnit"

    # Check first, store nothing.
    client.write(create, unitId="basket-py", unit=unit, validateOnly=True)
    created = client.write(create, unitId="basket-py", unit=unit, requestId="example-py-1")
    # A retry, as after a lost answer: stored once, the same answer.
    again = client.write(create, unitId="basket-py", unit=unit, requestId="example-py-1")
    print("created", created.name, "again" if again == created else "TWICE")

    # All bad fields come at once.
    try:
        client.write(create, unitId="bad", unit={"code": "Not A Code", "labelZh": " "})
    except Refusal as refusal:
        print("refused", refusal.reason, sorted(refusal.problems))
    english = Client(address, descriptors, service_config, caller="example", language="en, zh;q=0.5")
    try:
        english.call("registry.v1.UnitService/GetUnit", name="units/nowhere")
    except Refusal as refusal:
        print("refused", refusal.reason, "in English:", refusal.text)

    units = list(client.pages("registry.v1.UnitService/ListUnits", "units", pageSize=2))
    print("listed", len(units) == len({unit.name for unit in units}) and created.name in {unit.name for unit in units})

    # Follow the changes, leave, resume where the last batch ended.
    batch = first_with_events(client.watch("registry", collections=["units"]))
    position = (batch.epoch, batch.revision)
    changed = client.write("registry.v1.UnitService/UpdateUnit", unit={"name": created.name, "labelZh": "竹筐"},
                           updateMask="labelZh")
    later = first_with_events(client.watch("registry", position, collections=["units"]))
    print("watched", later.events[0].name == changed.name and later.revision > batch.revision)


if __name__ == "__main__":
    main(*sys.argv[1:])
