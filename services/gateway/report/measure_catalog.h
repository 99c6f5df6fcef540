#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "absl/base/thread_annotations.h"
#include "common/base/clock.h"
#include "common/base/mutex.h"
#include "services/gateway/report/report_plan.h"

namespace dangjian::gateway {

// What the services last said of their measures: labels, units, scales. Measures change only with a new version of a
// service, so an answer serves for five minutes, and an older one when nothing newer can be had. Thread-safe.
class MeasureCatalog {
 public:
  // `clock` must outlive this.
  explicit MeasureCatalog(const Clock& clock) : clock_(clock) {}

  // nullptr when the service was never heard.
  std::shared_ptr<const Measures> Get(std::string_view service) const;
  // Whether to ask again: never heard, or more than five minutes ago.
  bool IsStale(std::string_view service) const;
  void Put(std::string_view service, const measure::v1::ListMeasuresResponse& response);

 private:
  struct Entry {
    std::shared_ptr<const Measures> measures;
    int64_t heard_micros;
  };
  const Clock& clock_;
  mutable Mutex mutex_;
  std::map<std::string, Entry, std::less<>> entries_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace dangjian::gateway
