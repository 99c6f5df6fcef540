#pragma once

#include "common/rpc/page_tokens.h"
#include "common/rpc/router.h"
#include "services/registry/tables.h"

namespace dangjian::registry {

// Handlers of dangjian.registry.v1.HouseholdService. Thread-safe.
class HouseholdService {
 public:
  // `tables` must outlive the service.
  explicit HouseholdService(const Tables& tables) : tables_(tables) {}

  // The service and `tokens` must outlive the router.
  void Register(rpc::Router& router, rpc::PageTokens& tokens);

 private:
  template <class T>
  using Or = absl::StatusOr<T>;

  Or<v1::Household> MoveOut(rpc::CallContext& context, const v1::MoveOutHouseholdRequest& request);
  Or<v1::Household> CloseDeceased(rpc::CallContext& context, const v1::CloseDeceasedHouseholdRequest& request);
  Or<v1::Household> Merge(rpc::CallContext& context, const v1::MergeDuplicateHouseholdRequest& request);
  Or<v1::Household> Unmerge(rpc::CallContext& context, const v1::UnmergeHouseholdRequest& request);

  absl::Status OnCreate(rpc::CallContext& context, v1::Household& created) const;
  absl::Status OnUpdate(rpc::CallContext& context, const v1::Household& current, const v1::Household& updated) const;
  // ORGANIZATION_DISSOLVED.
  absl::Status CheckOrganization(rpc::CallContext& context, const v1::Household& household) const;
  // HOUSEHOLD_HAS_RESIDENTS when someone whose newest membership of its kind is in it belongs to it on `day` or later.
  absl::Status CheckEmpty(rpc::CallContext& context, const v1::Household& household, Day day) const;

  const Tables& tables_;
};

}  // namespace dangjian::registry
