#pragma once

#include "absl/status/statusor.h"
#include "common/change/directory.h"
#include "common/rpc/call_context.h"
#include "common/rpc/page_tokens.h"
#include "common/rpc/router.h"
#include "common/storage/table.h"
#include "dangjian/activity/v1/case_indicator.pb.h"
#include "services/activity/case_indicator/case_rules.h"

namespace dangjian::activity {

// Handlers of dangjian.activity.v1.CaseIndicatorService. Thread-safe.
class CaseIndicatorService {
 public:
  // Both must outlive the service.
  CaseIndicatorService(const storage::Table<v1::CaseReport>& reports, const change::Directory& directory)
      : reports_(reports), directory_(directory) {}

  void Register(rpc::Router& router, rpc::PageTokens& tokens);

  absl::StatusOr<v1::ComputeCaseComparisonResponse> Compare(rpc::CallContext& call,
                                                            const v1::ComputeCaseComparisonRequest& request);

 private:
  absl::Status Check(rpc::CallContext& call, const v1::CaseReport& report) const;
  // CASE_PERIOD_OVERLAPS, CASE_REPORTED_ABOVE_OR_BELOW.
  absl::Status CheckApart(rpc::CallContext& call, const v1::CaseReport& report) const;
  // The cases of the organisation in a period, of the reports that lie within it. Reports that are told by later areas
  // count with those that lie within the organisation on `cut_on`, all others when their own organisation lay within it
  // on their last day.
  absl::StatusOr<case_rules::CaseSum> SumOf(rpc::CallContext& call, const v1::ComputeCaseComparisonRequest& request,
                                            DayRange days, Day cut_on) const;

  const storage::Table<v1::CaseReport>& reports_;
  const change::Directory& directory_;
};

}  // namespace dangjian::activity
