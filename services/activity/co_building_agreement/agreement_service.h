#pragma once

#include <string_view>

#include "absl/status/statusor.h"
#include "common/rpc/call_context.h"
#include "common/rpc/page_tokens.h"
#include "common/rpc/router.h"
#include "common/storage/table.h"
#include "dangjian/activity/v1/co_building_agreement.pb.h"

namespace dangjian::activity {

// Handlers of dangjian.activity.v1.CoBuildingAgreementService. Thread-safe.
class CoBuildingAgreementService {
 public:
  // `agreements` must outlive the service.
  explicit CoBuildingAgreementService(const storage::Table<v1::CoBuildingAgreement>& agreements)
      : agreements_(agreements) {}

  void Register(rpc::Router& router, rpc::PageTokens& tokens);

  using Answer = absl::StatusOr<v1::CoBuildingAgreement>;
  Answer Sign(rpc::CallContext& call, const v1::SignCoBuildingAgreementRequest& request);
  Answer EnterIntoForce(rpc::CallContext& call, const v1::EnterCoBuildingAgreementIntoForceRequest& request);
  Answer Renew(rpc::CallContext& call, const v1::RenewCoBuildingAgreementRequest& request);
  Answer Expire(rpc::CallContext& call, const v1::ExpireCoBuildingAgreementRequest& request);
  Answer Terminate(rpc::CallContext& call, const v1::TerminateCoBuildingAgreementRequest& request);
  Answer FulfilItem(rpc::CallContext& call, const v1::FulfilAgreementItemRequest& request);
  Answer ReopenItem(rpc::CallContext& call, const v1::ReopenAgreementItemRequest& request);

 private:
  // AGREEMENT_ALREADY_IN_FORCE. The agreement `except` does not bind.
  absl::Status CheckAlone(rpc::CallContext& call, const v1::CoBuildingAgreement& agreement,
                          std::string_view except = {}) const;
  // Lets the agreement that the deleted one renews count again. AGREEMENT_RENEWED, AGREEMENT_ALREADY_IN_FORCE.
  absl::Status OnDelete(rpc::CallContext& call, const v1::CoBuildingAgreement& deleted) const;

  const storage::Table<v1::CoBuildingAgreement>& agreements_;
};

}  // namespace dangjian::activity
