#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "common/base/mutex.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"

namespace dangjian::rpc {

// A breaker for calls to another process. Asks the peer's Health/Check on a connection of its own, so that a peer that
// hangs or is gone is noticed within some three seconds also when nobody calls it. While it is away calls to it fail at
// once, and those that wait for it are ended. One answer closes the breaker again. Only what the watch asks itself
// counts: a caller with deadlines that are too short cannot cut off the others. Thread-safe.
class PeerWatch {
 public:
  struct Options {
    std::chrono::milliseconds interval{500};  // between two probes of a peer about which nothing is wrong
    std::chrono::milliseconds timeout{1000};  // of a probe
    int failures = 2;                         // unanswered probes in a row that open the breaker
  };
  enum class State {
    kUnknown,     // not asked yet: calls pass
    kServing,     // answers, and says that it serves
    kNotServing,  // answers, and says that it does not: calls pass, the peer decides
    kAway,        // does not answer: the breaker is open
  };

  using Channels = std::vector<std::shared_ptr<grpc::Channel>>;
  // `name` stands in errors: `registry`. `probe` is a channel to the peer that nobody else uses; `channels` are those
  // of the calls, which connect at once when the peer is back. Starts at once.
  PeerWatch(std::string name, std::shared_ptr<grpc::Channel> probe, Channels channels, Options options);
  ~PeerWatch();
  PeerWatch(const PeerWatch&) = delete;
  PeerWatch& operator=(const PeerWatch&) = delete;

  // One call under way; ends with the object.
  class Ticket {
   public:
    Ticket() = default;
    ~Ticket() { Release(); }
    Ticket(const Ticket&) = delete;
    Ticket& operator=(const Ticket&) = delete;
    void Release();

   private:
    friend class PeerWatch;
    PeerWatch* watch_ = nullptr;
    uint64_t id_ = 0;
  };
  // BACKEND_UNAVAILABLE with the peer's name and RetryInfo while it is away.
  absl::Status Available() const;
  // Lets a call go out, unless the peer is away, as above. When the peer is found to be away before `ticket` is
  // released the call is cancelled.
  absl::Status Admit(const std::shared_ptr<grpc::ClientContext>& call, Ticket& ticket);
  // What a call that was let out came to: its own status, or BACKEND_UNAVAILABLE when it was cancelled because the peer
  // is away. A failure that may mean that the peer is away makes the watch look at once.
  absl::Status Judge(absl::Status outcome);

  State state() const;
  // How often the breaker has opened, for a metric.
  int64_t opened() const;
  // Told of every change and, now, of the present state, on the watch's thread or this one: short. Empty: nobody is
  // told any more, also not by a call that has begun.
  void SetListener(std::function<void(State)> listener);

 private:
  void Run();
  // Waits until the next probe is due; false when the watch ends.
  bool Pause(int64_t started_micros);
  State Probe();
  void Note(State seen);
  absl::Status Away() const;

  const std::string name_;
  const std::shared_ptr<grpc::Channel> probe_;
  const Channels channels_;
  const Options options_;
  int unanswered_ = 0;  // in a row; of the watch's thread alone

  mutable Mutex mutex_;
  CondVar wake_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  bool suspected_ ABSL_GUARDED_BY(mutex_) = false;
  std::shared_ptr<grpc::ClientContext> probing_ ABSL_GUARDED_BY(mutex_);
  State state_ ABSL_GUARDED_BY(mutex_) = State::kUnknown;
  int64_t opened_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t next_id_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::flat_hash_map<uint64_t, std::weak_ptr<grpc::ClientContext>> calls_ ABSL_GUARDED_BY(mutex_);
  Mutex listener_mutex_;  // held while the listener runs, so that it hears the changes in their order
  std::function<void(State)> listener_ ABSL_GUARDED_BY(listener_mutex_);

  std::thread thread_;
};

}  // namespace dangjian::rpc
