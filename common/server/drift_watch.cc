#include "common/server/drift_watch.h"

#include <sys/resource.h>

#include "absl/strings/str_join.h"
#include "common/base/strings.h"

namespace dangjian::server {
namespace {

constexpr int kLowestPriority = 19;

}  // namespace

DriftWatch::DriftWatch(storage::Database& database, obs::Metrics& metrics, obs::Logger& logger)
    : database_(database),
      logger_(logger),
      drift_(metrics.AddGauge("dangjian_measure_drift_keys",
                              "Stored keys of measures that differ from the records, by the last check; must be 0.")),
      checked_at_(metrics.AddGauge("dangjian_measure_check_timestamp_seconds",
                                   "When the measures were last checked; 0 when they were not.")),
      failed_(metrics.AddCounter("dangjian_measure_checks_failed_total", "Checks that could not be finished.")) {}

DriftWatch::~DriftWatch() { Stop(); }

void DriftWatch::Start(std::chrono::milliseconds pause) {
  thread_ = std::jthread([this, pause](const std::stop_token& stop) { Run(stop, pause); });
}

void DriftWatch::Stop() {
  if (!thread_.joinable()) return;
  {
    MutexLock lock(mutex_);
    thread_.request_stop();
    stopping_.NotifyAll();
  }
  thread_.join();
}

void DriftWatch::Run(const std::stop_token& stop, std::chrono::milliseconds pause) {
  setpriority(PRIO_PROCESS, 0, kLowestPriority);  // on Linux: of this thread
  while (!stop.stop_requested()) {
    CheckOnce(stop).IgnoreError();  // counted and logged
    const auto next = std::chrono::steady_clock::now() + pause;
    MutexLock lock(mutex_);
    while (!stop.stop_requested()) {
      const auto rest = next - std::chrono::steady_clock::now();
      if (rest <= std::chrono::steady_clock::duration::zero()) break;
      stopping_.WaitFor(mutex_, rest);
    }
  }
}

absl::Status DriftWatch::CheckOnce(const std::stop_token& stop) {
  const absl::StatusOr<storage::Drift> drift = storage::Reconciler(database_).Check(stop);
  if (absl::IsCancelled(drift.status())) return drift.status();
  if (!drift.ok()) {
    failed_.Increment();
    logger_.Error("the measures could not be checked", {{"error", ToStd(drift.status().message())}});
    return drift.status();
  }
  drift_.Set(static_cast<double>(drift->drifted));
  checked_at_.Set(static_cast<double>(database_.clock().NowMicros()) * 1e-6);
  if (drift->drifted > 0) {
    logger_.Error("stored measures differ from the records",
                  {{"keys", drift->drifted}, {"measures", absl::StrJoin(drift->measures, ",")}});
  } else {
    logger_.Debug("measures checked", {{"rows", drift->rows}, {"keys", drift->checked}});
  }
  return absl::OkStatus();
}

}  // namespace dangjian::server
