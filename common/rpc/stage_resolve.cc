#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/btree_set.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/rpc/field_access.h"
#include "common/rpc/pipeline.h"
#include "common/rpc/references.h"
#include "common/status/errors.h"

namespace dangjian::rpc::stages {

void CatchUp(CallState& call, std::function<void(absl::Status)> done) {
  ReferenceResolver* resolver = call.parts().resolver;
  if (resolver == nullptr || !call.method().asks_registry) return done(absl::OkStatus());
  resolver->CatchUp(call, std::move(done));
}

absl::StatusOr<std::vector<std::string>> MissingFromReplicas(const CallState& call,
                                                             const std::vector<Reference>& references) {
  std::vector<std::string> missing;
  const ReferenceResolver* resolver = call.parts().resolver;
  if (resolver == nullptr) return missing;
  absl::btree_set<std::string_view> names;  // each once: a report asks for one organisation again and again
  for (const Reference& reference : references) {
    const std::string_view collection = CollectionOf(reference.name);
    const bool replica = call.database()->FindTable(collection) != nullptr && resolver->Replicates(collection);
    if (replica) names.insert(reference.name);
  }
  if (names.empty()) return missing;
  const auto snapshot = call.database()->GetSnapshot();  // a fresh one: a stream's own grows old
  for (const std::string_view name : names) {
    ASSIGN_OR_RETURN(const bool exists, call.database()->FindTable(CollectionOf(name))->Exists(*snapshot, name));
    if (!exists) missing.emplace_back(name);
  }
  return missing;
}

absl::Status CheckReferences(const CallState& call, const storage::Reader& reader, const Reason& reason,
                             Violations& violations) {
  absl::flat_hash_map<std::string_view, bool> known;  // reports and batches name one organisation again and again
  for (const Reference& reference : call.references()) {
    const storage::TableCore* table = call.database()->FindTable(CollectionOf(reference.name));
    if (table == nullptr) continue;  // kept by another service, without a replica here
    auto [it, is_new] = known.try_emplace(reference.name, false);
    if (is_new) {
      ASSIGN_OR_RETURN(it->second, table->Exists(reader, reference.name));
    }
    if (!it->second) violations.Add(reference.field, reason, absl::StrCat(reference.name, " does not exist"));
  }
  return absl::OkStatus();
}

absl::Status CheckFilters(const CallState& call) {
  // A later page was checked with the first, and shows what stood then.
  const bool first = GetText(call.request(), "page_token").empty();
  if (call.database() == nullptr || call.references().empty() || !first) return absl::OkStatus();
  Violations violations;
  RETURN_IF_ERROR(CheckReferences(call, call.reader(), reasons::kRecordNotFound, violations));
  return violations.ToStatus();
}

}  // namespace dangjian::rpc::stages
