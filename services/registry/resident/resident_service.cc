#include "services/registry/resident/resident_service.h"

#include <memory>
#include <utility>

#include "common/base/status_macros.h"
#include "common/rpc/answer_limits.h"
#include "common/rpc/change_record.h"
#include "common/rpc/standard_methods.h"
#include "common/status/errors.h"
#include "services/registry/organization/organization_rules.h"
#include "services/registry/resident/resident_schema.h"

namespace dangjian::registry {

using rpc::CallContext;
using v1::Resident;

void ResidentService::Register(rpc::Router& router, rpc::PageTokens& tokens) {
  tokens_ = &tokens;
  router.Unary(this, &ResidentService::List);
  router.Unary(this, &ResidentService::Move);
  router.Unary(this, &ResidentService::MoveOut);
  router.Unary(this, &ResidentService::RecordDeath);
  router.Unary(this, &ResidentService::Merge);
  router.Unary(this, &ResidentService::Unmerge);
  rpc::StandardOptions<Resident> options;
  options.on_create = [this](CallContext& context, Resident& created) { return OnCreate(context, created); };
  options.on_update = [this](CallContext& context, const Resident& current, Resident& updated) {
    return OnUpdate(context, current, updated);
  };
  rpc::RegisterStandardMethods(router, *Resident::descriptor()->file()->FindServiceByName("ResidentService"),
                               tables_.residents, tokens, std::move(options));
}

absl::Status ResidentService::OnCreate(CallContext& context, Resident& created) const {
  ASSIGN_OR_RETURN(const Households households, HouseholdsOf(context, created));
  RETURN_IF_ERROR(registry::Register(created, households, StepOf(context, context.today())));
  return CheckOrganization(context, created);
}

absl::Status ResidentService::OnUpdate(CallContext& context, const Resident& current, Resident& updated) const {
  ASSIGN_OR_RETURN(const Households households, HouseholdsOf(context, updated));
  RETURN_IF_ERROR(Correct(current, updated, households, context.today()));
  const bool stays = NewestResidence(current).organization() == NewestResidence(updated).organization();
  return stays ? absl::OkStatus() : CheckOrganization(context, updated);
}

absl::StatusOr<Households> ResidentService::HouseholdsOf(CallContext& context, const Resident& resident,
                                                         const std::string& more) const {
  Households households;
  const auto add = [&](const std::string& household) -> absl::Status {
    if (households.contains(household)) return absl::OkStatus();
    ASSIGN_OR_RETURN(v1::Household row, tables_.households.Get(context.reader(), household));
    households[household] = std::move(row);
    return absl::OkStatus();
  };
  for (const auto& membership : resident.memberships()) RETURN_IF_ERROR(add(membership.household()));
  if (!more.empty()) RETURN_IF_ERROR(add(more));
  return households;
}

absl::Status ResidentService::CheckOrganization(CallContext& context, const Resident& resident) const {
  const v1::Residence& newest = NewestResidence(resident);
  if (newest.has_end_date()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const v1::Organization organization,
                   tables_.organizations.Get(context.reader(), newest.organization()));
  return CheckNotDissolved(organization);
}

absl::StatusOr<std::string> ResidentService::ListRange(const storage::Reader& reader,
                                                       const v1::ListResidentsRequest& request) const {
  if (!request.organization().empty() && !request.household().empty()) {
    Violations violations;
    violations.Add("household", dangjian::reasons::kConflictingFilters,
                   "cannot be combined with organization; set one filter");
    return violations.ToStatus();
  }
  if (!request.organization().empty()) {
    return storage::KeyWriter(kResidentByOrganization).Text(request.organization()).str();
  }
  if (request.household().empty()) return std::string();
  ASSIGN_OR_RETURN(const v1::Household household, tables_.households.Get(reader, request.household()));
  return storage::KeyWriter(ResidentIndexOf(household.kind())).Text(request.household()).str();
}

absl::StatusOr<v1::ListResidentsResponse> ResidentService::List(CallContext& context,
                                                                const v1::ListResidentsRequest& request) {
  ASSIGN_OR_RETURN(const rpc::PageTokens::Position position, tokens_->Begin(request, context.principal().subject, [&] {
    return context.database()->GetSnapshot();
  }));
  ASSIGN_OR_RETURN(const std::string range, ListRange(*position.snapshot, request));
  const storage::TableCore& table = tables_.residents.core();
  const storage::PageLimit limit{position.limit, rpc::kPageBytes};
  ASSIGN_OR_RETURN(const storage::RowPage page,
                   range.empty() ? table.ListAll(*position.snapshot, position.last_key, limit)
                                 : table.ListByIndex(*position.snapshot, range, position.last_key, limit));
  v1::ListResidentsResponse response;
  for (const auto& row : page.rows) response.add_residents()->Swap(static_cast<Resident*>(row.get()));
  response.set_next_page_token(tokens_->Next(request, position, page.last_key));
  return response;
}

absl::StatusOr<Resident> ResidentService::Move(CallContext& context, const v1::MoveResidentRequest& request) {
  return ChangeRecord(context, tables_.residents, request, [&](Resident& resident) -> absl::Status {
    ASSIGN_OR_RETURN(const Households households, HouseholdsOf(context, resident, request.household()));
    const Step step = StepOf(context, request.occurred_on(), request.reason());
    RETURN_IF_ERROR(registry::Move(resident, request, households, step));
    return CheckOrganization(context, resident);
  });
}

absl::StatusOr<Resident> ResidentService::MoveOut(CallContext& context, const v1::MoveOutResidentRequest& request) {
  return ChangeRecord(context, tables_.residents, request, [&](Resident& resident) {
    return registry::MoveOut(resident, StepOf(context, request.occurred_on(), request.reason()));
  });
}

absl::StatusOr<Resident> ResidentService::RecordDeath(CallContext& context,
                                                      const v1::RecordResidentDeathRequest& request) {
  return ChangeRecord(context, tables_.residents, request, [&](Resident& resident) {
    return registry::RecordDeath(resident, StepOf(context, request.occurred_on(), request.reason()));
  });
}

absl::StatusOr<Resident> ResidentService::Merge(CallContext& context,
                                                const v1::MergeDuplicateResidentRequest& request) {
  return ChangeRecord(context, tables_.residents, request, [&](Resident& resident) -> absl::Status {
    ASSIGN_OR_RETURN(const Resident into, tables_.residents.Get(context.reader(), request.into()));
    return MergeInto(resident, into, StepOf(context, request.occurred_on(), request.reason()));
  });
}

absl::StatusOr<Resident> ResidentService::Unmerge(CallContext& context, const v1::UnmergeResidentRequest& request) {
  return ChangeRecord(context, tables_.residents, request, [&](Resident& resident) {
    return registry::Unmerge(resident, StepOf(context, request.occurred_on(), request.reason()));
  });
}

}  // namespace dangjian::registry
