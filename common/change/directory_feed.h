#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "common/base/mutex.h"
#include "common/change/directory_writer.h"
#include "common/obs/log.h"
#include "common/obs/metrics.h"
#include "common/rpc/client.h"
#include "common/rpc/replica_age.h"
#include "dangjian/change/v1/change_service.pb.h"

namespace dangjian::change {

// How the feed behaves when the registry is away.
struct DirectoryFeedOptions {
  std::string caller;  // who asks: the name of this process
  std::chrono::milliseconds first_pause{100};
  std::chrono::milliseconds longest_pause{1000};
};

// Keeps a directory up to date: watches the registry from the stored position, applies each batch, and comes back with
// growing pauses when the registry is away. When the registry's store was restored or replaced it says so loudly
// (`dangjian_directory_resyncs_total`, a line at error), is not ready, reads everything again, and then brings each
// record to its newest version and removes what is no longer there. Metrics: `dangjian_directory_lag_revisions` (NaN
// when the registry has been silent for so long that nobody knows) and `dangjian_directory_lag_seconds`. Thread-safe.
class DirectoryFeed {
 public:
  // All but `options` must outlive the feed. `age` is told what the registry says and how far the copy has come.
  DirectoryFeed(DirectoryWriter& writer, rpc::Client& registry, rpc::ReplicaAge& age, obs::Metrics& metrics,
                obs::Logger& logger, DirectoryFeedOptions options);
  ~DirectoryFeed();
  DirectoryFeed(const DirectoryFeed&) = delete;
  DirectoryFeed& operator=(const DirectoryFeed&) = delete;

  // Called once, after Database::Open.
  void Start();
  // Ends the feed and waits for its thread. May be called twice.
  void Stop();

  // OK while the directory holds a full copy that is not older than its limit. UNAVAILABLE, saying how old it is, until
  // the whole first copy is here, and when the registry has been away or ahead for too long.
  absl::Status Ready() const;

  // Waits until the directory holds what the registry has at the time of the call. BACKEND_UNAVAILABLE when the
  // registry does not answer, DIRECTORY_BEHIND when the feed does not bring it within `timeout`. Any thread but the
  // committing one and those of gRPC.
  absl::Status CatchUp(std::chrono::microseconds timeout);

 private:
  using Stream = rpc::Client::ServerStream<v1::WatchResponse>;

  void Run();
  // One call of Watch, to its end.
  absl::Status WatchOnce();
  absl::Status Receive(const v1::WatchResponse& response);
  // A part of a copy made anew: kept until all is here, so that no record steps back to a version that was replaced.
  absl::Status ReceiveAnew(const v1::WatchResponse& response);
  // Writes the newest version of each record and removes what is no longer there.
  absl::Status FinishAnew(const storage::v1::FeedPosition& position);
  void ForgetAnew();
  bool IsStopping() const;
  rpc::CallOptions Options(int64_t timeout_micros) const;
  // False when the feed is to stop.
  bool Pause(std::chrono::milliseconds length);

  DirectoryWriter& writer_;
  rpc::Client& registry_;
  rpc::ReplicaAge& age_;
  obs::Logger& logger_;
  const DirectoryFeedOptions options_;
  const int64_t made_micros_;  // on the steady clock
  const obs::Counter resyncs_;
  const obs::Counter reconnects_;

  mutable Mutex mutex_;
  CondVar stop_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  Stream* stream_ ABSL_GUARDED_BY(mutex_) = nullptr;  // what Stop cancels

  // Used by the feed's thread alone.
  storage::v1::FeedPosition stored_;                     // as in the store
  bool anew_ = false;                                    // a copy is being made anew
  std::optional<int64_t> anew_target_;                   // the revision at which it is complete
  std::vector<v1::ChangeEvent> anew_events_;             // the newest of each record, in the order of the first
  absl::flat_hash_map<std::string, size_t> anew_place_;  // where in anew_events_
  bool spoke_ = false;                                   // the current stream has brought something

  std::thread thread_;
};

}  // namespace dangjian::change
