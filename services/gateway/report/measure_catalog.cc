#include "services/gateway/report/measure_catalog.h"

#include <utility>

namespace dangjian::gateway {
namespace {

constexpr int64_t kFreshMicros = int64_t{5} * 60 * 1000 * 1000;

}  // namespace

std::shared_ptr<const Measures> MeasureCatalog::Get(std::string_view service) const {
  MutexLock lock(mutex_);
  const auto entry = entries_.find(service);
  return entry == entries_.end() ? nullptr : entry->second.measures;
}

bool MeasureCatalog::IsStale(std::string_view service) const {
  MutexLock lock(mutex_);
  const auto entry = entries_.find(service);
  return entry == entries_.end() || clock_.NowMicros() - entry->second.heard_micros > kFreshMicros;
}

void MeasureCatalog::Put(std::string_view service, const measure::v1::ListMeasuresResponse& response) {
  auto measures = std::make_shared<Measures>();
  for (const auto& measure : response.measures()) measures->insert_or_assign(measure.id(), measure);
  MutexLock lock(mutex_);
  entries_.insert_or_assign(std::string(service), Entry{std::move(measures), clock_.NowMicros()});
}

}  // namespace dangjian::gateway
