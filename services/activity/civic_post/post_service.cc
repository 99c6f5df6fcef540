#include "services/activity/civic_post/post_service.h"

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/rpc/change_record.h"
#include "common/status/errors.h"
#include "services/activity/civic_post/post_rules.h"
#include "services/activity/civic_post_claim/claim_service.h"
#include "services/activity/tags.h"

namespace dangjian::activity {

void CivicPostService::Register(rpc::Router& router, rpc::PageTokens& tokens) {
  const auto check = [](rpc::CallContext& call, const v1::CivicPost& post) {
    Violations violations;
    post_rules::CheckContent(post, call.today(), violations);
    return violations.ToStatus();
  };
  rpc::StandardOptions<v1::CivicPost> options;
  options.on_create = [check](rpc::CallContext& call, v1::CivicPost& created) {
    post_rules::Initialize(created);
    return check(call, created);
  };
  options.on_update = [this, check](rpc::CallContext& call, const v1::CivicPost&,
                                    v1::CivicPost& updated) -> absl::Status {
    ASSIGN_OR_RETURN(const std::vector<v1::CivicPostClaim> claims, ClaimsOf(call, updated.name()));
    RETURN_IF_ERROR(post_rules::CheckChange(updated, claims, call.today()));
    return check(call, updated);
  };
  options.on_delete = [this](rpc::CallContext& call, const v1::CivicPost& current) -> absl::Status {
    ASSIGN_OR_RETURN(const std::vector<v1::CivicPostClaim> claims, ClaimsOf(call, current.name()));
    if (claims.empty()) return absl::OkStatus();
    return Error(reasons::kCivicPostHasClaims, absl::StrCat(current.name(), " has claims"),
                 {{"resource", claims.front().name()}});
  };
  options.list_filters = {{.field = "organization", .index_tag = tags::kCivicPostByOrganization}};
  rpc::RegisterStandardMethods(router, *v1::CivicPost::descriptor()->file()->FindServiceByName("CivicPostService"),
                               posts_, tokens, std::move(options));
  router.Unary(this, &CivicPostService::Close);
}

absl::StatusOr<std::vector<v1::CivicPostClaim>> CivicPostService::ClaimsOf(rpc::CallContext& call,
                                                                           const std::string& post) const {
  return claims_.Find(call.reader(), storage::KeyWriter(tags::kCivicPostClaimByPost).Text(post), kMaxClaimsOfAPost);
}

absl::StatusOr<v1::CivicPost> CivicPostService::Close(rpc::CallContext& call,
                                                      const v1::CloseCivicPostRequest& request) {
  Step step = StepOf(call, request.closed_on(), request.reason());
  step.on_behalf_of = request.on_behalf_of();
  return ChangeRecord(call, posts_, request, [&](v1::CivicPost& post) -> absl::Status {
    ASSIGN_OR_RETURN(const std::vector<v1::CivicPostClaim> claims, ClaimsOf(call, post.name()));
    return post_rules::Close(post, claims, step);
  });
}

}  // namespace dangjian::activity
