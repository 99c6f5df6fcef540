#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/change/directory.h"
#include "common/rpc/call_context.h"
#include "common/rpc/page_tokens.h"
#include "common/rpc/router.h"
#include "common/storage/table.h"
#include "common/types/working_days.h"
#include "dangjian/pledge/v1/disclosure.pb.h"

namespace dangjian::pledge {

// Handlers of dangjian.pledge.v1.DisclosureService. Thread-safe.
class DisclosureService {
 public:
  // Both must outlive the service.
  DisclosureService(const storage::Table<v1::Disclosure>& disclosures, const change::Directory& directory)
      : disclosures_(disclosures), directory_(directory) {}

  void Register(rpc::Router& router, rpc::PageTokens& tokens);

  absl::StatusOr<v1::Disclosure> ReviewSecrecy(rpc::CallContext& call,
                                               const v1::ReviewDisclosureSecrecyRequest& request);
  absl::StatusOr<v1::Disclosure> Approve(rpc::CallContext& call, const v1::ApproveDisclosureRequest& request);
  absl::StatusOr<v1::Disclosure> Post(rpc::CallContext& call, const v1::PostDisclosureRequest& request);
  absl::StatusOr<v1::Disclosure> Close(rpc::CallContext& call, const v1::CloseDisclosureRequest& request);
  absl::StatusOr<v1::Disclosure> Withdraw(rpc::CallContext& call, const v1::WithdrawDisclosureRequest& request);
  absl::StatusOr<v1::Disclosure> Redraft(rpc::CallContext& call, const v1::RedraftDisclosureRequest& request);
  absl::StatusOr<v1::Disclosure> RecordObjection(rpc::CallContext& call, const v1::RecordObjectionRequest& request);
  absl::StatusOr<v1::Disclosure> AssignObjection(rpc::CallContext& call, const v1::AssignObjectionRequest& request);
  absl::StatusOr<v1::Disclosure> InvestigateObjection(rpc::CallContext& call,
                                                      const v1::InvestigateObjectionRequest& request);
  absl::StatusOr<v1::Disclosure> DecideObjection(rpc::CallContext& call, const v1::DecideObjectionRequest& request);
  absl::StatusOr<v1::Disclosure> ReplyObjection(rpc::CallContext& call, const v1::ReplyObjectionRequest& request);

 private:
  // The calendars that decide the period of a disclosure posted on `posted_on`.
  absl::StatusOr<WorkingDays> CalendarsFor(rpc::CallContext& call, const v1::Disclosure& disclosure,
                                           Day posted_on) const;

  const storage::Table<v1::Disclosure>& disclosures_;
  const change::Directory& directory_;
};

}  // namespace dangjian::pledge
