#pragma once

#include <vector>

#include "common/obs/log.h"
#include "common/obs/metrics.h"
#include "common/rpc/call_observer.h"
#include "common/rpc/method_table.h"

namespace dangjian::server {

// Puts every call into the metrics and the log. Thread-safe.
class CallRecorder final : public rpc::CallObserver {
 public:
  // Makes the counters of every method of `methods` that this process serves itself, with 0. What is passed must
  // outlive the recorder.
  CallRecorder(const rpc::MethodTable& methods, obs::Metrics& metrics, obs::Logger& logger);

  void Started(const rpc::MethodInfo* method) override;
  void MessageReceived(const rpc::MethodInfo& method) override;
  void MessageSent(const rpc::MethodInfo& method) override;
  void Finished(const rpc::CallOutcome& outcome) override;

 private:
  obs::Logger& logger_;
  std::vector<obs::MethodMetrics> methods_;  // by ordinal
  obs::Counter unknown_;
  obs::Counter replayed_;
};

}  // namespace dangjian::server
