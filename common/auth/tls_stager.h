#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "common/auth/certificate.h"
#include "common/base/clock.h"
#include "common/base/mutex.h"

namespace dangjian::auth {

// Where the files of one side of TLS stand, in PEM.
struct TlsFiles {
  std::string certificate;
  std::string key;
  std::string authorities;
  std::string revocations;  // empty: nothing is revoked
};

// Watches mounted TLS files and copies them, when they are good together, to a private folder from which the transport
// reads. The transport itself serves nobody while it has a bad pair, and a mounted pair is replaced file by file: so it
// never sees one. What is bad is counted and said once; the last good set stays. Thread-safe.
class TlsStager {
 public:
  struct Options {
    std::chrono::milliseconds interval{1000};             // between two looks at the files
    std::function<void(std::string_view line)> log = {};  // for an operator
  };
  // UNAVAILABLE when a file cannot be read, FAILED_PRECONDITION when the set is bad: nothing is served without one.
  // `clock` must outlive the stager.
  static absl::StatusOr<std::unique_ptr<TlsStager>> Start(const TlsFiles& files, const Clock& clock, Options options);
  // Ends the watch and removes the folder.
  ~TlsStager();
  TlsStager(const TlsStager&) = delete;
  TlsStager& operator=(const TlsStager&) = delete;

  // The staged files. Their names never change; a new set replaces them one by one, each at once.
  const TlsFiles& staged() const { return staged_; }
  // Of the certificate in use.
  Certificate certificate() const;
  // Whether the newest revocation list names a serial.
  bool IsRevoked(const std::string& serial) const;
  // Sets that were refused since the start.
  int64_t refused() const { return refused_.load(); }

  // Looks at the files now; what the watch does at each interval.
  absl::Status Look();

 private:
  TlsStager(TlsFiles files, const Clock& clock, Options options, std::string folder);
  absl::StatusOr<TlsMaterial> Read() const;
  absl::Status Stage(const TlsMaterial& material);
  void Watch();

  const TlsFiles files_;
  const Clock& clock_;
  const Options options_;
  const std::string folder_;
  TlsFiles staged_;
  std::atomic<int64_t> refused_{0};

  mutable Mutex mutex_;
  CondVar stop_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::string looked_at_ ABSL_GUARDED_BY(mutex_);  // digest of the newest set, good or bad
  Certificate certificate_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_set<std::string> revoked_ ABSL_GUARDED_BY(mutex_);

  std::thread thread_;
};

}  // namespace dangjian::auth
