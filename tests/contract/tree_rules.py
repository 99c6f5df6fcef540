"""What the source tree must keep: the layers of ARCHITECTURE.md, the length of files, and words that must not be there.

Every rule is a function from (path, text) to a list of findings, so that tree_rules_test.py can show that it bites.
`check_tree` applies all of them to a folder.
"""

import os
import re

SKIPPED_FOLDERS = {"build", ".git", "node_modules", "__pycache__", ".cache"}
SOURCE_SUFFIXES = (".cc", ".h", ".proto", ".py", ".sh", ".cmake", "CMakeLists.txt")
TEXT_SUFFIXES = SOURCE_SUFFIXES + (".md", ".txt", ".csv", ".textproto", ".yaml", ".yml", ".json", ".supp", "run")

# Folder of common/ -> the folders of common/ whose headers it may include, besides its own.
COMMON_LAYERS = {
    "base": set(),
    "status": {"base"},
    "types": {"base", "status"},
    "obs": {"base", "status"},
    "auth": {"base", "status"},
    "storage": {"base", "status", "types"},
    "rpc": {"base", "status", "types", "obs", "auth", "storage"},
    "report": {"base", "status", "types", "obs", "auth", "storage", "rpc"},
    "change": {"base", "status", "types", "obs", "auth", "storage", "rpc"},
    "server": {"base", "status", "types", "obs", "auth", "storage", "rpc", "report", "change"},
    "testing": {"base", "status", "types", "obs", "auth", "storage", "rpc", "report", "change", "server"},
}

# Third-party headers -> the places that may include them. A place is a path prefix. Tests may talk gRPC anywhere.
LIBRARY_HOMES = {
    "rocksdb/": ("common/storage/rocksdb_", "tests/load/"),
    "grpcpp/": ("common/rpc/", "common/status/", "common/server/", "services/gateway/forward/"),
    "grpc/": ("common/obs/", "common/rpc/", "common/server/"),
    "prometheus/": ("common/obs/",),
    "spdlog/": ("common/obs/",),
    "microhttpd": ("common/server/",),
    "CLI/": ("common/server/", "services/ctl/", "seeds/loader/", "tests/load/"),
}

RULES_BANNED = ("common/storage/", "common/rpc/", "common/server/", "common/report/", "common/change/", "common/obs/",
                "grpcpp/", "grpc/", "rocksdb/")

INCLUDE = re.compile(r'^\s*#\s*include\s+[<"]([^>"]+)[>"]', re.MULTILINE)


def is_test(path):
    return path.startswith("tests/") or "/testing/" in path or re.search(r"(_test\.(cc|py)|/fake_\w+\.(cc|h))$", path)


def check_common_layers(path, text):
    parts = path.split("/")
    if parts[0] != "common" or not path.endswith((".cc", ".h")):
        return []
    layer = parts[1]
    if layer not in COMMON_LAYERS:
        return [f"{path}: folder common/{layer} has no place in the layers"]
    allowed = COMMON_LAYERS[layer] | {layer}
    if is_test(path):
        allowed = allowed | {"testing"}
    findings = []
    for header in INCLUDE.findall(text):
        if header.startswith("services/"):
            findings.append(f"{path}: the foundation includes a service: {header}")
        elif header.startswith("common/") and header.split("/")[1] not in allowed:
            findings.append(f"{path}: common/{layer} stands below {header}")
    return findings


def check_service_walls(path, text):
    parts = path.split("/")
    if parts[0] != "services" or not path.endswith((".cc", ".h")):
        return []
    findings = []
    for header in INCLUDE.findall(text):
        if header.startswith("services/") and header.split("/")[1] != parts[1]:
            findings.append(f"{path}: services talk through contracts, not through {header}")
        if header.startswith("common/testing/") and not is_test(path):
            findings.append(f"{path}: test helpers in the product: {header}")
        if len(parts) > 3 and header == f"services/{parts[1]}/module.h" and not is_test(path):
            findings.append(f"{path}: an entity stands below its module")
    return findings


def check_rules_are_pure(path, text):
    if not re.search(r"_rules\.(cc|h)$", path):
        return []
    return [f"{path}: domain rules include {header}" for header in INCLUDE.findall(text)
            if header.startswith(RULES_BANNED)]


def check_library_homes(path, text):
    if not path.endswith((".cc", ".h")):
        return []
    findings = []
    for header in INCLUDE.findall(text):
        for library, homes in LIBRARY_HOMES.items():
            allowed = path.startswith(homes) or (library.startswith("grpc") and is_test(path))
            if header.startswith(library) and not allowed:
                findings.append(f"{path}: {header} belongs behind {', '.join(homes)}")
    return findings


def check_length(path, text):
    if not path.endswith(SOURCE_SUFFIXES):
        return []
    limit = 1000 if is_test(path) else 600
    lines = text.count("\n")
    return [f"{path}: {lines} lines, at most {limit}"] if lines > limit else []


# Each pattern is written so that it does not match itself.
BANNED_WORDS = {
    "work left for later": re.compile(r"\b(?:TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b"),
    "a test that does not run": re.compile(r"\bGTEST_" r"SKIP\b|\bDISABLED" r"_(?!AT_HOME)[A-Z]|@unittest\.sk" r"ip"),
    "a path of one machine": re.compile(r"(?:^|[\s\"'=:(])/(?:wo" r"rk|ho" r"me|ro" r"ot|fa" r"rm)/"),
    "a registry's host": re.compile(r"https?://(?:deb|security|registry|packages)" r"\.|snapshot\." r"debian"),
    "a private key": re.compile(r"BEGIN (?:RSA |EC )?PRIVATE" r" KEY"),
}


def check_words(path, text):
    findings = []
    for number, line in enumerate(text.split("\n"), 1):
        for what, pattern in BANNED_WORDS.items():
            if pattern.search(line):
                findings.append(f"{path}:{number}: {what}: {line.strip()[:80]}")
    return findings


def check_folder_names(path, _text):
    return [f"{path}: a folder or file called {part} says nothing" for part in path.split("/")
            if re.fullmatch(r"(?:util|utils|helpers|misc)(?:\.\w+)?", part)]


RULES = (check_common_layers, check_service_walls, check_rules_are_pure, check_library_homes, check_length, check_words,
         check_folder_names)


def check_file(path, text):
    return [finding for rule in RULES for finding in rule(path, text)]


def check_tree(root):
    """Returns (number of files read, findings) of the tree below `root`."""
    findings = []
    count = 0
    for folder, subfolders, files in os.walk(root):
        subfolders[:] = sorted(set(subfolders) - SKIPPED_FOLDERS)
        for name in sorted(files):
            if not name.endswith(TEXT_SUFFIXES):
                continue
            full = os.path.join(folder, name)
            with open(full, encoding="utf-8") as file:
                findings += check_file(os.path.relpath(full, root), file.read())
            count += 1
    return count, findings
