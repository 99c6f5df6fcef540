#include "services/pledge/honour_award/honour_service.h"

#include <string>

#include "common/base/status_macros.h"
#include "common/change/rename_rows.h"
#include "common/rpc/change_record.h"
#include "common/status/errors.h"
#include "services/pledge/honour_award/honour_rules.h"
#include "services/pledge/tags.h"

namespace dangjian::pledge {
namespace {

absl::Status Check(rpc::CallContext& call, const v1::HonourAward& award) {
  Violations violations;
  honour_rules::CheckContent(award, call.today(), violations);
  return violations.ToStatus();
}

// True when that changed the award.
bool SetCounted(v1::HonourAward& award, const std::string& canonical) {
  const std::string counted = canonical == award.awardee().household() ? "" : canonical;
  if (award.counted_household() == counted) return false;
  award.set_counted_household(counted);
  return true;
}

}  // namespace

void HonourAwardService::Register(rpc::Router& router, rpc::PageTokens& tokens) {
  rpc::StandardOptions<v1::HonourAward> options;
  options.on_create = [this](rpc::CallContext& call, v1::HonourAward& created) -> absl::Status {
    honour_rules::Initialize(created);
    RETURN_IF_ERROR(Check(call, created));
    ASSIGN_OR_RETURN(const std::string household,
                     directory_.CanonicalName(call.reader(), created.awardee().household()));
    SetCounted(created, household);
    return absl::OkStatus();
  };
  options.on_update = [](rpc::CallContext& call, const v1::HonourAward& current, v1::HonourAward& updated) {
    RETURN_IF_ERROR(honour_rules::CheckEditable(current));
    return Check(call, updated);
  };
  options.list_filters = {{.field = "organization", .index_tag = tags::kHonourAwardByOrganization},
                          {.field = "title_code", .index_tag = tags::kHonourAwardByTitle},
                          {.field = "awardee", .index_tag = tags::kHonourAwardByAwardee}};
  rpc::RegisterStandardMethods(router, *v1::HonourAward::descriptor()->file()->FindServiceByName("HonourAwardService"),
                               awards_, tokens, std::move(options));
  router.Unary(this, &HonourAwardService::Revoke);
}

absl::StatusOr<v1::HonourAward> HonourAwardService::Revoke(rpc::CallContext& call,
                                                           const v1::RevokeHonourAwardRequest& request) {
  Step step = StepOf(call, request.revoked_on());
  step.on_behalf_of = request.on_behalf_of();
  step.reason = request.reason();
  return ChangeRecord(call, awards_, request,
                      [&](v1::HonourAward& award) { return honour_rules::Revoke(award, step); });
}

absl::Status HonourAwardService::FollowMerge(storage::Transaction& txn, std::string_view name) const {
  if (!name.starts_with("households/")) return absl::OkStatus();
  for (const uint16_t tag : {tags::kHonourAwardByAwardee, tags::kHonourAwardByCounted}) {
    RETURN_IF_ERROR(change::RenameRows(
        directory_, awards_, txn, storage::KeyWriter(tag).Text(name),
        [](const v1::HonourAward& award) -> const std::string& { return award.awardee().household(); }, SetCounted));
  }
  return absl::OkStatus();
}

}  // namespace dangjian::pledge
