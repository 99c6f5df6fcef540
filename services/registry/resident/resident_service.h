#pragma once

#include <string>

#include "common/rpc/page_tokens.h"
#include "common/rpc/router.h"
#include "services/registry/resident/resident_rules.h"
#include "services/registry/tables.h"

namespace dangjian::registry {

// Handlers of dangjian.registry.v1.ResidentService. Thread-safe.
class ResidentService {
 public:
  // `tables` must outlive the service.
  explicit ResidentService(const Tables& tables) : tables_(tables) {}

  // The service and `tokens` must outlive the router.
  void Register(rpc::Router& router, rpc::PageTokens& tokens);

 private:
  template <class T>
  using Or = absl::StatusOr<T>;

  // Its own, because the kind of the household decides which index answers.
  Or<v1::ListResidentsResponse> List(rpc::CallContext& context, const v1::ListResidentsRequest& request);
  Or<v1::Resident> Move(rpc::CallContext& context, const v1::MoveResidentRequest& request);
  Or<v1::Resident> MoveOut(rpc::CallContext& context, const v1::MoveOutResidentRequest& request);
  Or<v1::Resident> RecordDeath(rpc::CallContext& context, const v1::RecordResidentDeathRequest& request);
  Or<v1::Resident> Merge(rpc::CallContext& context, const v1::MergeDuplicateResidentRequest& request);
  Or<v1::Resident> Unmerge(rpc::CallContext& context, const v1::UnmergeResidentRequest& request);

  absl::Status OnCreate(rpc::CallContext& context, v1::Resident& created) const;
  absl::Status OnUpdate(rpc::CallContext& context, const v1::Resident& current, v1::Resident& updated) const;
  // The households that `resident` names, and of `more` unless it is empty.
  Or<Households> HouseholdsOf(rpc::CallContext& context, const v1::Resident& resident,
                              const std::string& more = "") const;
  // ORGANIZATION_DISSOLVED for a newest residence without an end.
  absl::Status CheckOrganization(rpc::CallContext& context, const v1::Resident& resident) const;
  // The index range of the filter that is set; empty for the whole table. CONFLICTING_FILTERS.
  Or<std::string> ListRange(const storage::Reader& reader, const v1::ListResidentsRequest& request) const;

  const Tables& tables_;
  rpc::PageTokens* tokens_ = nullptr;
};

}  // namespace dangjian::registry
