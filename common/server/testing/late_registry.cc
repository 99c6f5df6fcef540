#include "common/server/testing/late_registry.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace dangjian::server {

bool LateRegistry::Replicates(std::string_view collection) const {
  static constexpr std::array<std::string_view, 5> kReplicas = {"organizations", "members", "households", "residents",
                                                                "residentUnits"};
  return std::find(kReplicas.begin(), kReplicas.end(), collection) != kReplicas.end();
}

void LateRegistry::CatchUp(const rpc::CallContext&, std::function<void(absl::Status)> done) {
  done(catch_up_ == nullptr ? absl::OkStatus() : catch_up_());
}

void LateRegistry::Resolve(const rpc::CallContext&, std::vector<std::string> names,
                           std::function<void(absl::Status)> done) {
  ++asked_;
  for (const std::string& name : names) {
    for (const auto& [promised, store] : promised_) {
      if (promised != name) continue;
      if (const absl::Status stored = store(name); !stored.ok()) return done(stored);
    }
  }
  done(absl::OkStatus());
}

}  // namespace dangjian::server
