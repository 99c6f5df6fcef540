#include "services/gateway/forward/availability.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/rpc/peer_watch.h"
#include "services/gateway/forward/linked_services.h"

namespace dangjian::gateway {
namespace {

bool Serves(const Backend& backend) {
  const rpc::PeerWatch* peer = backend.channel->peer();
  return peer == nullptr || peer->state() == rpc::PeerWatch::State::kServing;
}

bool AnyServes(const Backends& backends) {
  for (const auto& [name, backend] : backends.all()) {
    if (Serves(backend)) return true;
  }
  return false;
}

}  // namespace

Availability::Availability(const Backends& backends, const Forwarder& forwarder, obs::Metrics& metrics)
    : backends_(backends) {
  using Kind = obs::Metrics::Kind;
  const auto add = [&](Kind kind, const char* name, const char* help, auto read) {
    metrics.AddCallback(kind, name, help, [&backends, read] {
      std::vector<obs::Sample> samples;
      for (const auto& [service, backend] : backends.all()) {
        samples.push_back({.value = static_cast<double>(read(backend)), .labels = {{"service", service}}});
      }
      return samples;
    });
  };
  add(Kind::kGauge, "dangjian_backend_up", "1 while the service answers and says that it serves.",
      [](const Backend& backend) { return Serves(backend) ? 1 : 0; });
  add(Kind::kCounter, "dangjian_backend_breaker_opened_total",
      "Times that the service was found not to answer, so that calls to it fail at once.", [](const Backend& backend) {
        return backend.channel->peer() == nullptr ? 0 : backend.channel->peer()->opened();
      });
  add(Kind::kGauge, "dangjian_backend_calls", "Calls of others that are under way to the service.",
      [&forwarder](const Backend& backend) { return forwarder.calls(backend.name); });
}

Availability::~Availability() {
  for (const auto& [name, backend] : backends_.all()) {
    if (backend.channel->peer() != nullptr) backend.channel->peer()->SetListener({});
  }
}

void Availability::Report(std::string_view changed, rpc::HealthService& health) {
  MutexLock lock(mutex_);
  for (const auto* service : LinkedServices()) {
    const std::string_view owner = OwnerOf(service->full_name());
    const Backend* backend = backends_.Find(owner);
    if (IsEverywhere(owner)) {
      health.SetAvailable(service->full_name(), AnyServes(backends_));
    } else if (backend == nullptr || owner == changed) {
      health.SetAvailable(service->full_name(), backend != nullptr && Serves(*backend));
    }
  }
}

void Availability::ReportTo(rpc::HealthService& health) {
  for (const auto& [name, backend] : backends_.all()) {
    rpc::PeerWatch* peer = backend.channel->peer();
    const auto report = [this, name = name, &health] { Report(name, health); };
    if (peer == nullptr) {
      report();
    } else {
      peer->SetListener([report](rpc::PeerWatch::State) { report(); });
    }
  }
}

}  // namespace dangjian::gateway
