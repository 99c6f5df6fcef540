#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/rpc/call_context.h"
#include "common/rpc/page_tokens.h"
#include "common/rpc/router.h"
#include "common/storage/table.h"
#include "dangjian/pledge/v1/duty_fulfilment.pb.h"
#include "dangjian/pledge/v1/recurring_duty.pb.h"
#include "services/pledge/duty_fulfilment/fulfilment_rules.h"

namespace dangjian::pledge {

// Handlers of dangjian.pledge.v1.DutyFulfilmentService. Thread-safe.
class DutyFulfilmentService {
 public:
  // Both must outlive the service.
  DutyFulfilmentService(const storage::Table<v1::DutyFulfilment>& fulfilments,
                        const storage::Table<v1::RecurringDuty>& duties)
      : fulfilments_(fulfilments), duties_(duties) {}

  // `tokens` must outlive the service.
  void Register(rpc::Router& router, rpc::PageTokens& tokens);

  absl::StatusOr<v1::ComputeDutyFulfilmentRateResponse> ComputeRate(
      rpc::CallContext& call, const v1::ComputeDutyFulfilmentRateRequest& request);

 private:
  absl::Status Complete(rpc::CallContext& call, v1::DutyFulfilment& created) const;
  // How many of the due periods have a fulfilment.
  absl::StatusOr<int32_t> CountFulfilled(const storage::Reader& reader, const std::string& duty,
                                         const fulfilment_rules::DuePeriods& due) const;

  const storage::Table<v1::DutyFulfilment>& fulfilments_;
  const storage::Table<v1::RecurringDuty>& duties_;
  rpc::PageTokens* tokens_ = nullptr;
};

}  // namespace dangjian::pledge
