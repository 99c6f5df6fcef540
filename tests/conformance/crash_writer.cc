#include "tests/conformance/crash_writer.h"

#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>

#include "common/base/mutex.h"
#include "common/storage/rocksdb_kv_store.h"

// conformance_writer STORE init: makes an empty store.
// conformance_writer STORE OUTSTANDING [FILE_LIMIT]: writes to the store until it is killed and tells on standard
// output each revision that was acknowledged, as 8 bytes. FILE_LIMIT is the size in bytes beyond which the system
// refuses to let a file grow, so that a commit fails.

namespace dangjian::storage {
namespace {

absl::Status WriteParts(KvTxn& txn) {
  for (int32_t part = 0; part < kCrashParts; ++part) {
    txn.Put(CrashKey(txn.revision(), part), CrashValue(txn.revision()));
  }
  txn.Add(CrashCell(), 1);
  return absl::OkStatus();
}

int Run(const std::string& path, int outstanding) {
  auto store = RocksDbKvStore::Open(path);
  if (!store.ok()) {
    std::fprintf(stderr, "%s\n", store.status().ToString().c_str());
    return 1;
  }
  Mutex mutex;
  CondVar room;
  int waiting = 0;
  const TxnDone done = [&](const absl::Status& status, int64_t revision) {
    if (status.ok() && write(STDOUT_FILENO, &revision, sizeof(revision)) != sizeof(revision)) std::_Exit(1);
    MutexLock lock(mutex);
    --waiting;
    room.NotifyOne();
  };
  for (;;) {
    {
      MutexLock lock(mutex);
      while (waiting >= outstanding) room.Wait(mutex);
      ++waiting;
    }
    // Refused once the store has stopped: its default then ends the process.
    if (!(*store)->Submit(WriteParts, done).ok()) pause();
  }
}

}  // namespace
}  // namespace dangjian::storage

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  if (std::string_view(argv[2]) == "init") {
    return dangjian::storage::RocksDbKvStore::Init(argv[1], "test").ok() ? 0 : 1;
  }
  if (argc > 3) {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{std::strtoul(argv[3], nullptr, 10), RLIM_INFINITY};
    if (setrlimit(RLIMIT_FSIZE, &limit) != 0) return 2;
  }
  return dangjian::storage::Run(argv[1], std::atoi(argv[2]));
}
