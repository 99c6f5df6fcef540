#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

#include "absl/status/status.h"
#include "common/obs/metrics.h"
#include "common/rpc/router.h"
#include "common/status/reason.h"
#include "common/storage/change_log.h"
#include "common/storage/database.h"
#include "dangjian/change/v1/change_service.pb.h"
#include "google/protobuf/descriptor.h"

namespace dangjian::change {

namespace reasons {
inline constexpr Reason kEpochChanged{"EPOCH_CHANGED", absl::StatusCode::kFailedPrecondition,
                                      "数据库已恢复或更换,请从头同步"};
inline constexpr Reason kRevisionInFuture{"REVISION_IN_FUTURE", absl::StatusCode::kOutOfRange,
                                          "起始版本号大于当前版本号"};
inline constexpr Reason kUnknownCollection{"UNKNOWN_COLLECTION", absl::StatusCode::kInvalidArgument,
                                           "没有此类记录集合"};
}  // namespace reasons

// Bounds of the feed.
struct FeedLimits {
  // A watcher hears at least this often how far it is.
  std::chrono::milliseconds checkpoint_interval{2000};
  // Largest message, unless a single event is larger. What a slow watcher holds in memory is one message and the
  // records that follow it, at most `events` together.
  size_t message_bytes = size_t{256} << 10;
  size_t events = 64;
  // A watch ends well after this long, before the deadline of its method: the watcher resumes.
  std::chrono::milliseconds session{590'000};
};

// Serves dangjian.change.v1.ChangeService from the commit records of a database. Thread-safe.
class ChangeService {
 public:
  // `database` must outlive the service.
  ChangeService(storage::Database& database, obs::Metrics& metrics, FeedLimits limits = {});

  static const google::protobuf::ServiceDescriptor& Descriptor();
  // The service must outlive the router's last call.
  void Register(rpc::Router& router);

  // See the contract. Blocks until the caller leaves, the session is over (OK), its own deadline passes or Shutdown
  // (UNAVAILABLE).
  absl::Status Watch(rpc::CallContext& context, const v1::WatchRequest& request,
                     rpc::StreamWriter<v1::WatchResponse>& writer);

  // Ends every Watch, now and later, and every wait for commits of the database: the process drains. Callers resume
  // elsewhere from their last revision.
  void Shutdown();

 private:
  absl::Status Check(const v1::WatchRequest& request) const;
  absl::Status Feed(rpc::CallContext& context, const v1::WatchRequest& request,
                    rpc::StreamWriter<v1::WatchResponse>& writer);
  // Sends a batch as messages of bounded size.
  absl::Status Send(const storage::ChangeBatch& batch, rpc::StreamWriter<v1::WatchResponse>& writer) const;
  absl::Status Flush(int64_t revision, v1::WatchResponse& response, rpc::StreamWriter<v1::WatchResponse>& writer) const;

  storage::Database& database_;
  const FeedLimits limits_;
  const storage::ChangeLog log_;
  const obs::Gauge watchers_;
  const obs::Counter events_sent_;
  std::atomic<bool> stopping_{false};
};

}  // namespace dangjian::change
