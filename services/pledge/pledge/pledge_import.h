#pragma once

#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/change/directory.h"
#include "common/change/registry_view.h"
#include "common/rpc/call_context.h"
#include "common/rpc/router.h"
#include "common/storage/table.h"
#include "dangjian/pledge/v1/campaign.pb.h"
#include "dangjian/pledge/v1/pledge.pb.h"

namespace dangjian::pledge {

// One ImportPledges call: back-entry of pledges with their dated life. Each pledge goes through the same rules as by
// the verbs, in memory, and is stored in its last state. Portions of 32 keep live writes from waiting
// behind a long import.
class PledgeImport {
 public:
  static constexpr size_t kPortion = 32;
  static constexpr int kMaxRefusals = 1000;

  PledgeImport(const storage::Table<v1::Pledge>& pledges, const storage::Table<v1::Campaign>& campaigns,
               const change::Directory& directory, rpc::CallContext& call)
      : pledges_(pledges), campaigns_(campaigns), directory_(directory), call_(call) {}

  absl::StatusOr<v1::ImportPledgesResponse> Run(rpc::StreamReader<v1::ImportPledgesRequest>& reader);

 private:
  // What became of one pledge of a portion.
  enum class Outcome { kCreated, kExisting };

  // Stores the portion in one transaction and counts what became of it.
  absl::Status StorePortion(const std::vector<v1::ImportedPledge>& portion);
  absl::StatusOr<Outcome> StoreOne(storage::Transaction& txn, const v1::ImportedPledge& imported) const;
  // The pledge as it stands after its dated life.
  absl::StatusOr<v1::Pledge> Live(const v1::ImportedPledge& imported, const change::RegistryView& registry,
                                  int64_t revision) const;
  absl::Status CheckReferences(const v1::ImportedPledge& imported, const change::RegistryView& registry) const;
  void Refuse(const v1::ImportedPledge& imported, const absl::Status& status);

  const storage::Table<v1::Pledge>& pledges_;
  const storage::Table<v1::Campaign>& campaigns_;
  const change::Directory& directory_;
  rpc::CallContext& call_;
  v1::ImportPledgesResponse response_;
};

}  // namespace dangjian::pledge
