#pragma once

#include <chrono>
#include <stop_token>
#include <thread>

#include "absl/status/status.h"
#include "common/base/mutex.h"
#include "common/obs/log.h"
#include "common/obs/metrics.h"
#include "common/storage/database.h"
#include "common/storage/reconcile.h"

namespace dangjian::server {

// Compares the stored measures with the records now and then, on a thread of its own with the lowest priority and over
// snapshots, so that calls hardly notice. Metrics: `dangjian_measure_drift_keys`, which must be 0,
// `dangjian_measure_check_timestamp_seconds` and `dangjian_measure_checks_failed_total`. Thread-safe but for Start and
// Stop.
class DriftWatch {
 public:
  // All must outlive the watch.
  DriftWatch(storage::Database& database, obs::Metrics& metrics, obs::Logger& logger);
  ~DriftWatch();
  DriftWatch(const DriftWatch&) = delete;
  DriftWatch& operator=(const DriftWatch&) = delete;

  // Called once, after Database::Open: checks at once, then `pause` after the end of each check.
  void Start(std::chrono::milliseconds pause);
  // Ends a check that runs and waits for the thread. May be called twice, and without Start.
  void Stop();

  // One check, with its metrics and its line in the log.
  absl::Status CheckOnce(const std::stop_token& stop = {});

 private:
  void Run(const std::stop_token& stop, std::chrono::milliseconds pause);

  storage::Database& database_;
  obs::Logger& logger_;
  const obs::Gauge drift_;
  const obs::Gauge checked_at_;
  const obs::Counter failed_;
  Mutex mutex_;
  CondVar stopping_;
  std::jthread thread_;
};

}  // namespace dangjian::server
