#include "common/storage/kv_store.h"

#include "common/base/mutex.h"

namespace dangjian::storage {
namespace {

// What a waiting caller and the committing thread share; counted, because either may be the last to touch it.
struct Waiter {
  Mutex mutex;
  CondVar answered;
  bool done ABSL_GUARDED_BY(mutex) = false;
  absl::Status status ABSL_GUARDED_BY(mutex);
  int64_t revision ABSL_GUARDED_BY(mutex) = 0;
};

}  // namespace

absl::StatusOr<int64_t> KvStore::Transact(TxnFn fn) {
  auto waiter = std::make_shared<Waiter>();
  absl::Status queued = Submit(std::move(fn), [waiter](absl::Status status, int64_t revision) {
    MutexLock lock(waiter->mutex);
    waiter->status = std::move(status);
    waiter->revision = revision;
    waiter->done = true;
    waiter->answered.NotifyOne();
  });
  if (!queued.ok()) return queued;
  MutexLock lock(waiter->mutex);
  while (!waiter->done) waiter->answered.Wait(waiter->mutex);
  if (!waiter->status.ok()) return waiter->status;
  return waiter->revision;
}

}  // namespace dangjian::storage
