#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <thread>

#include "absl/status/status.h"
#include "common/base/mutex.h"
#include "grpcpp/security/credentials.h"

namespace dangjian::server {

// Calls the process's own gRPC port once a second, each time over a new connection as a new caller would: a process
// that nobody can reach any more must not say that it is ready. Thread-safe.
class SelfCheck {
 public:
  // `address` as bound: `127.0.0.1:7401`, `0.0.0.0:7401` (asked over loopback) or `unix:path`. Starts at once.
  SelfCheck(const std::string& address, std::shared_ptr<grpc::ChannelCredentials> credentials);
  ~SelfCheck();
  SelfCheck(const SelfCheck&) = delete;
  SelfCheck& operator=(const SelfCheck&) = delete;

  // OK while a call was answered within the last three seconds; else UNAVAILABLE, saying what became of the last one.
  absl::Status Status() const;

 private:
  void Run();
  absl::Status CallOnce() const;

  const std::string target_;
  const std::shared_ptr<grpc::ChannelCredentials> credentials_;
  mutable Mutex mutex_;
  CondVar stop_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  int64_t answered_micros_ ABSL_GUARDED_BY(mutex_) = 0;  // on the steady clock; 0: never
  absl::Status last_ ABSL_GUARDED_BY(mutex_);
  std::thread thread_;
};

}  // namespace dangjian::server
