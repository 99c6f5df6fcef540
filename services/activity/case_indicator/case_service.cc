#include "services/activity/case_indicator/case_service.h"

#include <limits>

#include "common/base/status_macros.h"
#include "common/rpc/standard_methods.h"
#include "common/status/errors.h"
#include "common/storage/org_tree.h"
#include "common/types/date.h"
#include "services/activity/tags.h"

namespace dangjian::activity {

void CaseIndicatorService::Register(rpc::Router& router, rpc::PageTokens& tokens) {
  rpc::StandardOptions<v1::CaseReport> options;
  options.on_create = [this](rpc::CallContext& call, v1::CaseReport& created) { return Check(call, created); };
  options.on_update = [this](rpc::CallContext& call, const v1::CaseReport&, v1::CaseReport& updated) {
    return Check(call, updated);
  };
  options.list_filters = {{.field = "organization", .index_tag = tags::kCaseReportByOrganization}};
  rpc::RegisterStandardMethods(router, *v1::CaseReport::descriptor()->file()->FindServiceByName("CaseIndicatorService"),
                               reports_, tokens, std::move(options));
  router.Unary(this, &CaseIndicatorService::Compare);
}

absl::Status CaseIndicatorService::Check(rpc::CallContext& call, const v1::CaseReport& report) const {
  Violations violations;
  case_rules::CheckContent(report, call.today(), violations);
  RETURN_IF_ERROR(violations.ToStatus());
  const auto same = storage::KeyWriter(tags::kCaseReportByOrganization)
                        .Text(report.organization())
                        .Text(v1::CaseKind_Name(report.kind()));
  ASSIGN_OR_RETURN(const std::vector<v1::CaseReport> others,
                   reports_.Find(call.reader(), same, std::numeric_limits<size_t>::max()));
  return case_rules::CheckAlone(report, others);
}

absl::StatusOr<case_rules::CaseSum> CaseIndicatorService::SumOf(rpc::CallContext& call,
                                                                const v1::ComputeCaseComparisonRequest& request,
                                                                DayRange days, Day cut_on) const {
  ASSIGN_OR_RETURN(const std::shared_ptr<const storage::OrgTree> tree,
                   call.database()->TreeAt(call.reader(), call.revision()));
  case_rules::CaseSum sum;
  for (const Day end : case_rules::MonthEnds(days)) {
    RETURN_IF_ERROR(call.CheckAlive());
    const auto ending =
        storage::KeyWriter(tags::kCaseReportByKindAndEnd).Text(v1::CaseKind_Name(request.kind())).Date(end);
    ASSIGN_OR_RETURN(const std::vector<v1::CaseReport> reports,
                     reports_.Find(call.reader(), ending, std::numeric_limits<size_t>::max()));
    for (const v1::CaseReport& report : reports) {
      bool counted = false;
      const auto add = [&](const std::string& area, Day day, int64_t count) {
        if (!tree->IsWithin(area, request.organization(), day)) return;
        counted = true;
        sum.count += count;
      };
      if (report.like_for_like_size() == 0) add(report.organization(), end, report.count());
      for (const v1::CaseArea& area : report.like_for_like()) add(area.organization(), cut_on, area.count());
      sum.reports += counted ? 1 : 0;
    }
  }
  return sum;
}

absl::StatusOr<v1::ComputeCaseComparisonResponse> CaseIndicatorService::Compare(
    rpc::CallContext& call, const v1::ComputeCaseComparisonRequest& request) {
  RETURN_IF_ERROR(directory_.Organization(call.reader(), request.organization()).status());
  const std::optional<DayRange> period = case_rules::CalendarPeriod(request.period());
  const std::optional<DayRange> base_period = case_rules::CalendarPeriod(request.base_period());
  Violations violations;
  const auto check = [&](const std::optional<DayRange>& days, std::string_view field) {
    if (days.has_value()) return;
    violations.Add(field, reasons::kCasePeriodNotCalendar,
                   "the period is no calendar month, quarter, half-year or year");
  };
  check(period, "period");
  check(base_period, "base_period");
  RETURN_IF_ERROR(violations.ToStatus());
  ASSIGN_OR_RETURN(const case_rules::CaseSum value, SumOf(call, request, *period, period->last));
  ASSIGN_OR_RETURN(const case_rules::CaseSum base, SumOf(call, request, *base_period, period->last));
  return case_rules::Compare(value, base, request.has_target() ? &request.target() : nullptr);
}

}  // namespace dangjian::activity
