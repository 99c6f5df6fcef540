"""Compares proto/service_config.json with the contracts; `--write` writes it.

The gRPC service config that clients load: the deadline of every method, and retries of what may be repeated blindly, which are the
reads (`idempotency_level = NO_SIDE_EFFECTS`) that are no streams. A write is repeated by its caller, with its request_id.
"""

import collections
import json
import os
import pathlib
import sys

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = ROOT / "proto" / "service_config.json"
DESCRIPTORS = pathlib.Path(os.environ.get("DANGJIAN_BUILD", ROOT / "build" / "dev")) / "dangjian.binpb"
RETRY = {"maxAttempts": 4, "initialBackoff": "0.1s", "maxBackoff": "2s", "backoffMultiplier": 2,
         "retryableStatusCodes": ["UNAVAILABLE"]}
NO_SIDE_EFFECTS = descriptor_pb2.MethodOptions.NO_SIDE_EFFECTS


def methods():
    """(service, method, deadline in ms, may be retried) of every method of the suite."""
    files = descriptor_pb2.FileDescriptorSet.FromString(DESCRIPTORS.read_bytes())
    pool = descriptor_pool.DescriptorPool()
    for file in files.file:
        pool.Add(file)
    factory = message_factory.MessageFactory(pool)
    factory.GetMessages([file.name for file in files.file])
    policy = pool.FindExtensionByName("dangjian.options.v1.policy")
    options_type = factory.GetPrototype(pool.FindMessageTypeByName("google.protobuf.MethodOptions"))
    for file in files.file:
        for service in file.service if file.package.startswith("dangjian.") else ():
            for method in service.method:
                options = options_type.FromString(method.options.SerializeToString())
                streams = method.client_streaming or method.server_streaming
                retried = options.idempotency_level == NO_SIDE_EFFECTS and not streams
                yield f"{file.package}.{service.name}", method.name, options.Extensions[policy].deadline_ms, retried


def config():
    groups = collections.defaultdict(list)
    for service, method, deadline, retried in methods():
        groups[(deadline, retried)].append({"service": service, "method": method})
    entries = []
    for (deadline, retried), names in sorted(groups.items()):
        entry = {"name": sorted(names, key=lambda name: (name["service"], name["method"])), "timeout": f"{deadline / 1000:g}s"}
        if retried:
            entry["retryPolicy"] = RETRY
        entries.append(entry)
    return {"loadBalancingConfig": [{"round_robin": {}}], "methodConfig": entries,
            "retryThrottling": {"maxTokens": 10, "tokenRatio": 0.1}}


def render(value):
    """JSON with one method a line."""
    text = json.dumps(value, indent=1)
    return text.replace('{\n     "service"', '{"service"').replace('",\n     "method"', '", "method"').replace(
        '"\n    }', '"}') + "\n"


def main():
    page = render(config())
    if "--write" in sys.argv[1:]:
        PAGE.write_text(page, encoding="utf-8")
    elif not PAGE.exists() or PAGE.read_text(encoding="utf-8") != page:
        print("proto/service_config.json differs from the contracts: run tests/contract/service_config.py --write with "
              "DANGJIAN_BUILD naming a build", file=sys.stderr)
        return 1
    if json.loads(page) != config():
        print("the rendered config is another one", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
