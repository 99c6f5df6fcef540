#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/rpc/call_context.h"
#include "common/rpc/page_tokens.h"
#include "common/rpc/router.h"
#include "common/storage/table.h"
#include "dangjian/pledge/v1/duty_fulfilment.pb.h"
#include "dangjian/pledge/v1/recurring_duty.pb.h"

namespace dangjian::pledge {

// Handlers of dangjian.pledge.v1.RecurringDutyService. Thread-safe.
class RecurringDutyService {
 public:
  // Both must outlive the service.
  RecurringDutyService(const storage::Table<v1::RecurringDuty>& duties,
                       const storage::Table<v1::DutyFulfilment>& fulfilments)
      : duties_(duties), fulfilments_(fulfilments) {}

  void Register(rpc::Router& router, rpc::PageTokens& tokens);

  absl::StatusOr<v1::RecurringDuty> Assign(rpc::CallContext& call, const v1::AssignMemberRequest& request);
  absl::StatusOr<v1::RecurringDuty> Release(rpc::CallContext& call, const v1::ReleaseMemberRequest& request);
  absl::StatusOr<v1::RecurringDuty> End(rpc::CallContext& call, const v1::EndDutyRequest& request);

 private:
  // DUTY_HAS_FULFILMENTS.
  absl::Status CheckUnused(rpc::CallContext& call, const v1::RecurringDuty& duty) const;
  // DUTY_FULFILLED_LATER when somebody fulfilled the duty after `day`.
  absl::Status CheckNoneAfter(rpc::CallContext& call, const v1::RecurringDuty& duty, Day day) const;
  // The same for one member, of the fulfilments up to `last`.
  absl::Status CheckNoneBetween(rpc::CallContext& call, const v1::RecurringDuty& duty, const std::string& member,
                                Day day, Day last) const;

  const storage::Table<v1::RecurringDuty>& duties_;
  const storage::Table<v1::DutyFulfilment>& fulfilments_;
};

}  // namespace dangjian::pledge
