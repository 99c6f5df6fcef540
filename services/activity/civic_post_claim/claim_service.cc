#include "services/activity/civic_post_claim/claim_service.h"

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/rpc/change_record.h"
#include "common/status/errors.h"
#include "services/activity/civic_post_claim/claim_rules.h"
#include "services/activity/tags.h"

namespace dangjian::activity {

void CivicPostClaimService::Register(rpc::Router& router, rpc::PageTokens& tokens) {
  rpc::StandardOptions<v1::CivicPostClaim> options;
  options.on_create = [this](rpc::CallContext& call, v1::CivicPostClaim& created) { return Offer(call, created); };
  options.list_filters = {{.field = "civic_post", .index_tag = tags::kCivicPostClaimByPost},
                          {.field = "person", .index_tag = tags::kCivicPostClaimByPerson},
                          {.field = "organization", .index_tag = tags::kCivicPostClaimByOrganization}};
  rpc::RegisterStandardMethods(router,
                               *v1::CivicPostClaim::descriptor()->file()->FindServiceByName("CivicPostClaimService"),
                               claims_, tokens, std::move(options));
  router.Unary(this, &CivicPostClaimService::Claim);
  router.Unary(this, &CivicPostClaimService::Start);
  router.Unary(this, &CivicPostClaimService::Release);
}

absl::StatusOr<std::vector<v1::CivicPostClaim>> CivicPostClaimService::ClaimsOf(rpc::CallContext& call,
                                                                                const std::string& post) const {
  return claims_.Find(call.reader(), storage::KeyWriter(tags::kCivicPostClaimByPost).Text(post), kMaxClaimsOfAPost);
}

absl::Status CivicPostClaimService::Offer(rpc::CallContext& call, v1::CivicPostClaim& created) const {
  ASSIGN_OR_RETURN(const v1::CivicPost post, posts_.Get(call.reader(), created.civic_post()));
  ASSIGN_OR_RETURN(std::vector<v1::CivicPostClaim> claims, ClaimsOf(call, post.name()));
  if (claims.size() >= kMaxClaimsOfAPost) {
    return Error(dangjian::reasons::kTooManyItems, absl::StrCat("a post has at most ", kMaxClaimsOfAPost, " claims"),
                 {{"resource", post.name()}});
  }
  std::erase_if(claims, [&](const v1::CivicPostClaim& claim) { return claim.person() != created.person(); });
  return claim_rules::Offer(created, post, claims, StepOf(call, created.offered_on()));
}

absl::StatusOr<v1::CivicPostClaim> CivicPostClaimService::Claim(rpc::CallContext& call,
                                                                const v1::ClaimCivicPostRequest& request) {
  const Step step = StepOf(call, request.occurred_on());
  return ChangeRecord(call, claims_, request, [&](v1::CivicPostClaim& claim) -> absl::Status {
    ASSIGN_OR_RETURN(const v1::CivicPost post, posts_.Get(call.reader(), claim.civic_post()));
    ASSIGN_OR_RETURN(const std::vector<v1::CivicPostClaim> claims, ClaimsOf(call, post.name()));
    return claim_rules::Claim(claim, post, claims, step);
  });
}

absl::StatusOr<v1::CivicPostClaim> CivicPostClaimService::Start(rpc::CallContext& call,
                                                                const v1::StartCivicPostClaimRequest& request) {
  const Step step = StepOf(call, request.occurred_on());
  return ChangeRecord(call, claims_, request,
                      [&](v1::CivicPostClaim& claim) { return claim_rules::Start(claim, step); });
}

absl::StatusOr<v1::CivicPostClaim> CivicPostClaimService::Release(rpc::CallContext& call,
                                                                  const v1::ReleaseCivicPostClaimRequest& request) {
  const Step step = StepOf(call, request.occurred_on(), request.reason());
  return ChangeRecord(call, claims_, request,
                      [&](v1::CivicPostClaim& claim) { return claim_rules::Release(claim, step); });
}

}  // namespace dangjian::activity
