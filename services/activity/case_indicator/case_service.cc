#include "services/activity/case_indicator/case_service.h"

#include <utility>

#include "common/base/status_macros.h"
#include "common/rpc/standard_methods.h"
#include "common/status/errors.h"
#include "common/storage/org_tree.h"
#include "common/types/date.h"
#include "services/activity/tags.h"

namespace dangjian::activity {
namespace {

// Reports of one organisation and kind never share a day, and each lasts a month at least: so many reach from any day
// to the end of its year.
constexpr size_t kMostOfAYear = 12;

}  // namespace

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
  return CheckApart(call, report);
}

absl::Status CaseIndicatorService::CheckApart(rpc::CallContext& call, const v1::CaseReport& report) const {
  const DayRange days = case_rules::CalendarPeriod(report.period()).value_or(DayRange{});
  const storage::OrgTree& tree = call.txn().tree();
  const std::string& own = report.organization();
  std::vector<std::string> organizations = tree.SelfAndAncestors(own, days.last);
  for (std::string& below : tree.SelfAndDescendants(own, case_rules::ThroughYearEnd(days))) {
    if (below != own) organizations.push_back(std::move(below));
  }
  for (const std::string& organization : organizations) {
    const auto of_kind =
        storage::KeyWriter(tags::kCaseReportByOrganization).Text(organization).Text(v1::CaseKind_Name(report.kind()));
    ASSIGN_OR_RETURN(const storage::RowPage page,
                     reports_.core().ListByIndex(call.reader(), of_kind.str(),
                                                 storage::KeyWriter(of_kind).Date(days.first).str(), kMostOfAYear));
    for (const auto& row : page.rows) {
      const auto& other = static_cast<const v1::CaseReport&>(*row);
      const Day last = DayOr(other.period().end_date(), Day::Min());
      // Both count above their own organisation on their last day.
      if (tree.IsWithin(own, organization, days.last) || tree.IsWithin(organization, own, last)) {
        RETURN_IF_ERROR(case_rules::CheckApart(report, other));
      }
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<case_rules::CaseSum> CaseIndicatorService::SumOf(rpc::CallContext& call,
                                                                const v1::ComputeCaseComparisonRequest& request,
                                                                DayRange days, Day cut_on) const {
  ASSIGN_OR_RETURN(const std::shared_ptr<const storage::OrgTree> tree,
                   call.database()->TreeAt(call.reader(), call.revision()));
  case_rules::CaseSum sum{.period = days};
  const auto add = [&](const v1::CaseReport& report) {
    const DayRange reported = DaysFromProto(report.period()).value_or(DayRange{Day::Max(), Day::Min()});
    bool counted = false;
    const auto add_area = [&](const std::string& area, Day day, int64_t count) {
      if (!tree->IsWithin(area, request.organization(), day)) return;
      case_rules::AddArea(sum, reported, area, count);
      counted = days.Contains(reported.first) && days.Contains(reported.last);
    };
    if (report.like_for_like_size() == 0) add_area(report.organization(), reported.last, report.count());
    for (const v1::CaseArea& area : report.like_for_like()) add_area(area.organization(), cut_on, area.count());
    sum.reports += counted ? 1 : 0;
    return absl::OkStatus();
  };
  for (const Day end : case_rules::MonthEnds(case_rules::ThroughYearEnd(days))) {
    RETURN_IF_ERROR(call.CheckAlive());
    const auto ending =
        storage::KeyWriter(tags::kCaseReportByKindAndEnd).Text(v1::CaseKind_Name(request.kind())).Date(end);
    RETURN_IF_ERROR(reports_.ForEach(call.reader(), ending, add));
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
  if (case_rules::MonthEnds(*period).size() != case_rules::MonthEnds(*base_period).size()) {
    violations.Add("base_period", reasons::kCasePeriodsUnlike, "the periods have not the same number of months");
    return violations.ToStatus();
  }
  ASSIGN_OR_RETURN(const case_rules::CaseSum value, SumOf(call, request, *period, period->last));
  ASSIGN_OR_RETURN(const case_rules::CaseSum base, SumOf(call, request, *base_period, period->last));
  return case_rules::Compare(value, base, request.has_target() ? &request.target() : nullptr);
}

}  // namespace dangjian::activity
