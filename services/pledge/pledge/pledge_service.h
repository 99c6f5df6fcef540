#pragma once

#include <functional>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/change/directory.h"
#include "common/change/registry_view.h"
#include "common/rpc/call_context.h"
#include "common/rpc/page_tokens.h"
#include "common/rpc/router.h"
#include "common/storage/table.h"
#include "dangjian/pledge/v1/campaign.pb.h"
#include "dangjian/pledge/v1/pledge.pb.h"
#include "services/pledge/pledge/pledge_rules.h"

namespace dangjian::pledge {

// Handlers of dangjian.pledge.v1.PledgeService. Thread-safe.
class PledgeService {
 public:
  // All must outlive the service.
  PledgeService(const storage::Table<v1::Pledge>& pledges, const storage::Table<v1::Campaign>& campaigns,
                const change::Directory& directory)
      : pledges_(pledges), campaigns_(campaigns), directory_(directory) {}

  void Register(rpc::Router& router, rpc::PageTokens& tokens);

  absl::StatusOr<v1::Pledge> Submit(rpc::CallContext& call, const v1::SubmitPledgeRequest& request);
  absl::StatusOr<v1::Pledge> Review(rpc::CallContext& call, const v1::ReviewPledgeRequest& request);
  absl::StatusOr<v1::Pledge> Return(rpc::CallContext& call, const v1::ReturnPledgeRequest& request);
  absl::StatusOr<v1::Pledge> Publish(rpc::CallContext& call, const v1::PublishPledgeRequest& request);
  absl::StatusOr<v1::Pledge> Withdraw(rpc::CallContext& call, const v1::WithdrawPledgeRequest& request);
  absl::StatusOr<v1::Pledge> Amend(rpc::CallContext& call, const v1::AmendPledgeRequest& request);
  absl::StatusOr<v1::Pledge> ClaimItem(rpc::CallContext& call, const v1::ClaimPledgeItemRequest& request);
  absl::StatusOr<v1::Pledge> VerifyItem(rpc::CallContext& call, const v1::VerifyPledgeItemRequest& request);
  absl::StatusOr<v1::Pledge> RecordNotMet(rpc::CallContext& call, const v1::RecordPledgeItemNotMetRequest& request);
  absl::StatusOr<v1::Pledge> RecordSupervisionCheck(rpc::CallContext& call,
                                                    const v1::RecordSupervisionCheckRequest& request);
  absl::StatusOr<v1::ImportPledgesResponse> Import(rpc::CallContext& call,
                                                   rpc::StreamReader<v1::ImportPledgesRequest>& reader);

 private:
  using Rule = std::function<absl::Status(v1::Pledge&)>;
  // Applies `rule` to the pledge in the call's transaction and completes the answer.
  template <class Request>
  absl::StatusOr<v1::Pledge> Change(rpc::CallContext& call, const Request& request, const Rule& rule);
  change::RegistryView View(rpc::CallContext& call) const;

  const storage::Table<v1::Pledge>& pledges_;
  const storage::Table<v1::Campaign>& campaigns_;
  const change::Directory& directory_;
};

// What a pledge must fulfil against other records on `day`, shared by creation and import. `path` is that of the pledge
// in the request. CAMPAIGN_CLOSED, PLEDGER_NOT_IN_ORGANIZATION, MEMBER_NOT_IN_ORGANIZATION, UNKNOWN_UNIT,
// PLEDGER_KIND_MISMATCH, DUPLICATE_ITEM.
absl::Status CheckPledge(const v1::Pledge& pledge, std::string_view path, Day day, const change::RegistryView& registry,
                         const storage::Table<v1::Campaign>& campaigns);
// UNKNOWN_UNIT for each item whose amount has one.
absl::Status CheckUnits(const google::protobuf::RepeatedPtrField<v1::PledgeItem>& items, std::string_view path,
                        const change::RegistryView& registry, Violations& violations);
// The judge of an item with what the rules must know of him on `day`.
absl::StatusOr<pledge_rules::Judge> JudgeFor(const v1::Pledge& pledge, const std::string& verifier, Day day,
                                             const change::RegistryView& registry);

}  // namespace dangjian::pledge
