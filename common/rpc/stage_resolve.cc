#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "common/base/status_macros.h"
#include "common/rpc/pipeline.h"
#include "common/rpc/references.h"

namespace dangjian::rpc::stages {

absl::StatusOr<std::vector<std::string>> MissingFromReplicas(const CallState& call,
                                                             const std::vector<Reference>& references) {
  std::vector<std::string> missing;
  const ReferenceResolver* resolver = call.parts().resolver;
  if (resolver == nullptr || call.method().read_only) return missing;
  std::shared_ptr<const storage::Snapshot> snapshot;  // a fresh one: a stream's own grows old
  for (const Reference& reference : references) {
    const std::string_view collection = CollectionOf(reference.name);
    const storage::TableCore* table = call.database()->FindTable(collection);
    if (table == nullptr || !resolver->Replicates(collection)) continue;
    if (snapshot == nullptr) snapshot = call.database()->GetSnapshot();
    ASSIGN_OR_RETURN(const bool exists, table->Exists(*snapshot, reference.name));
    if (!exists) missing.push_back(reference.name);
  }
  std::sort(missing.begin(), missing.end());
  missing.erase(std::unique(missing.begin(), missing.end()), missing.end());
  return missing;
}

}  // namespace dangjian::rpc::stages
