#include "services/activity/case_indicator/case_rules.h"

#include "absl/container/btree_set.h"
#include "absl/container/flat_hash_set.h"
#include "absl/numeric/int128.h"
#include "absl/strings/str_cat.h"
#include "common/types/date.h"
#include "common/types/month.h"
#include "common/types/quantity.h"
#include "common/types/step.h"

namespace dangjian::activity::case_rules {
namespace {

constexpr int64_t kBasis = 10'000;

bool Overlap(DayRange a, DayRange b) { return a.first <= b.last && b.first <= a.last; }
bool Within(DayRange inner, DayRange outer) { return outer.first <= inner.first && inner.last <= outer.last; }
int32_t LengthOf(DayRange days) { return days.last.number() - days.first.number() + 1; }

// Whether the reports of an area cover the period once, from its first day to its last.
bool Covers(const CaseSum& sum, const std::string& area) {
  const auto covered = sum.covered.find(area);
  return covered != sum.covered.end() && covered->second == LengthOf(sum.period);
}

// Adds to `gaps` the areas of either sum that `sum` does not cover.
void AddGaps(const CaseSum& sum, const CaseSum& other, google::protobuf::RepeatedPtrField<std::string>& gaps) {
  absl::btree_set<std::string> areas;
  for (const CaseSum* each : {&sum, &other}) {
    for (const auto& [area, days] : each->covered) areas.insert(area);
  }
  for (const std::string& area : areas) {
    if (!Covers(sum, area)) gaps.Add(std::string(area));
  }
}

}  // namespace

std::optional<DayRange> CalendarPeriod(const common::v1::Period& period) {
  const std::optional<DayRange> days = DaysFromProto(period);
  if (!days.has_value() || days->first.civil().day() != 1) return std::nullopt;
  Day next = days->first;
  for (int months = 1; months <= 12; ++months) {
    next = NextMonth(next);
    if (next - 1 != days->last) continue;
    const bool known = months == 1 || months == 3 || months == 6 || months == 12;
    return known && (days->first.month() - 1) % months == 0 ? days : std::nullopt;
  }
  return std::nullopt;
}

std::vector<Day> MonthEnds(DayRange days) {
  std::vector<Day> ends;
  for (Day next = NextMonth(days.first); next - 1 <= days.last; next = NextMonth(next)) {
    ends.push_back(next - 1);
  }
  return ends;
}

DayRange ThroughYearEnd(DayRange days) { return {days.first, Day::Of(days.first.year(), 12, 31)}; }

void CheckContent(const v1::CaseReport& report, Day today, Violations& violations) {
  const std::optional<DayRange> days = CalendarPeriod(report.period());
  if (!days.has_value()) {
    violations.Add("case_report.period", reasons::kCasePeriodNotCalendar,
                   "the period is no calendar month, quarter, half-year or year");
  } else if (days->last > today) {
    violations.Add("case_report.period", dangjian::reasons::kDateInFuture, "the period is not over");
  }
  if (report.like_for_like_size() == 0) return;
  // Bounds of the contract: 200 areas of 10^9 cases.
  int64_t sum = 0;
  absl::flat_hash_set<std::string> seen;
  for (int i = 0; i < report.like_for_like_size(); ++i) {
    const v1::CaseArea& area = report.like_for_like(i);
    sum += area.count();
    if (seen.insert(area.organization()).second) continue;
    violations.Add(absl::StrCat("case_report.like_for_like[", i, "].organization"), reasons::kCaseAreaTwice,
                   absl::StrCat(area.organization(), " is named twice"));
  }
  if (sum != report.count()) {
    violations.Add("case_report.like_for_like", reasons::kCaseAreasDoNotAddUp,
                   absl::StrCat("the areas have ", sum, " cases, the report ", report.count()));
  }
}

absl::Status CheckApart(const v1::CaseReport& report, const v1::CaseReport& other) {
  const std::optional<DayRange> days = DaysFromProto(report.period());
  const std::optional<DayRange> taken = DaysFromProto(other.period());
  if (other.name() == report.name() || !days.has_value() || !taken.has_value()) return absl::OkStatus();
  if (!Overlap(*days, *taken)) return absl::OkStatus();
  const bool same = other.organization() == report.organization();
  return Error(same ? reasons::kCasePeriodOverlaps : reasons::kCaseReportedAboveOrBelow,
               absl::StrCat(other.name(), " of ", other.organization(), " reports the same days"),
               {{"resource", other.name()}, {"organization", other.organization()}});
}

void AddArea(CaseSum& sum, DayRange reported, const std::string& area, int64_t count) {
  if (!Overlap(reported, sum.period)) return;
  int32_t& covered = sum.covered[area];
  if (!Within(reported, sum.period)) return;
  covered += LengthOf(reported);
  sum.count += count;
}

int64_t BasisPoints(int64_t part, int64_t whole) {
  const absl::int128 scaled = absl::int128(part) * kBasis;
  const absl::int128 size = scaled < 0 ? -scaled : scaled;
  const absl::int128 rounded = (size * 2 + whole) / (absl::int128(whole) * 2);
  return static_cast<int64_t>(scaled < 0 ? -rounded : rounded);
}

std::string PercentText(int64_t basis_points) {
  std::string text = FormatDecimal(basis_points, 2);
  if (text.ends_with('0')) text.pop_back();
  return text + "%";
}

v1::ComputeCaseComparisonResponse Compare(const CaseSum& value, const CaseSum& base, const v1::CaseTarget* target) {
  v1::ComputeCaseComparisonResponse response;
  response.set_value(value.count);
  response.set_base(base.count);
  response.set_value_reports(value.reports);
  response.set_base_reports(base.reports);
  AddGaps(value, base, *response.mutable_value_gaps());
  AddGaps(base, value, *response.mutable_base_gaps());
  response.set_comparable(base.count > 0 && value.reports > 0 && response.value_gaps().empty() &&
                          response.base_gaps().empty());
  if (!response.comparable()) {
    response.set_text("无可比");
    return response;
  }
  response.set_change_bps(BasisPoints(value.count - base.count, base.count));
  response.set_text(PercentText(response.change_bps()));
  if (target == nullptr) return response;
  const absl::int128 allowed = absl::int128(base.count) * (kBasis - target->reduction_bps());
  v1::CaseTargetResult& result = *response.mutable_target();
  result.set_max_count(static_cast<int64_t>(allowed / kBasis));
  result.set_met(absl::int128(value.count) * kBasis <= allowed);
  return response;
}

}  // namespace dangjian::activity::case_rules
