#include <cstdio>
#include <string>

#include "common/storage/rocksdb_kv_store.h"
#include "tests/conformance/crash_writer.h"

// fault_check STORE: opens a store that conformance_writer wrote and reads all of it. Prints one line:
//   whole <newest revision>       every revision up to the newest is there as it was written
//   refused <CODE>: <message>     the store did not open, or a read said that bytes are damaged
//   silent <what>                 it opened and lists something else than what was written

namespace dangjian::storage {
namespace {

int Say(const std::string& verdict) {
  std::printf("%s\n", verdict.c_str());
  return 0;
}

std::string Refused(const absl::Status& status) {
  return "refused " + absl::StatusCodeToString(status.code()) + ": " + std::string(status.message());
}

int Check(const std::string& path) {
  RocksDbOptions options;
  options.service = "test";
  options.log = [](std::string_view) {};
  const auto store = RocksDbKvStore::Open(path, options);
  if (!store.ok()) return Say(Refused(store.status()));
  const auto snapshot = (*store)->GetSnapshot();
  int64_t revision = 1;
  int32_t part = 0;
  const std::string prefix = KeyWriter(kCrashTable).str();
  auto cursor = snapshot->Scan(prefix, PrefixEnd(prefix));
  for (; cursor->Valid(); cursor->Next()) {
    if (cursor->key() != CrashKey(revision, part) || cursor->value() != CrashValue(revision)) {
      return Say("silent row at revision " + std::to_string(revision));
    }
    if (++part < kCrashParts) continue;
    part = 0;
    ++revision;
  }
  if (!cursor->status().ok()) return Say(Refused(cursor->status()));
  if (part != 0 || revision - 1 != snapshot->revision()) {
    return Say("silent end at revision " + std::to_string(revision) + " of " + std::to_string(snapshot->revision()));
  }
  const auto cell = ReadCell(*snapshot, CrashCell());
  if (!cell.ok()) return Say(Refused(cell.status()));
  if (*cell != snapshot->revision()) return Say("silent cell " + std::to_string(*cell));
  return Say("whole " + std::to_string(snapshot->revision()));
}

}  // namespace
}  // namespace dangjian::storage

int main(int argc, char** argv) { return argc == 2 ? dangjian::storage::Check(argv[1]) : 2; }
