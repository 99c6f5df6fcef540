#include "services/welfare/mls_case/mls_clock.h"

#include <algorithm>
#include <optional>

#include "common/types/date.h"
#include "common/types/month.h"
#include "services/welfare/mls_case/mls_life.h"

namespace dangjian::welfare::mls {
namespace {

google::type::Date Due(v1::MlsCase& row, const WorkingDays& calendars, Day start, int32_t days) {
  const DueDay due = calendars.AfterWorkingDays(start, days);
  if (due.provisional) row.mutable_clocks()->set_provisional(true);
  return DayToProto(due.day);
}

const v1::MlsDecision* DecisionOf(const v1::MlsCase& row) {
  return row.decisions().empty() ? nullptr : &row.decisions(0);
}

}  // namespace

void StartClocks(v1::MlsCase& row, const v1::MlsRuleSet& rule_set, const WorkingDays& calendars, Day accepted_on) {
  const v1::MlsClockRules& rules = rule_set.clocks();
  v1::MlsClocks& clocks = *row.mutable_clocks();
  *clocks.mutable_survey_due() = Due(row, calendars, accepted_on, rules.start_survey());
  *clocks.mutable_check_due() = Due(row, calendars, accepted_on, rules.start_check());
  *clocks.mutable_whole_due() = Due(row, calendars, accepted_on, row.special() ? rules.whole_special() : rules.whole());
}

void StartCountyClock(v1::MlsCase& row, const v1::MlsRuleSet& rule_set, const WorkingDays& calendars, Day sent_on) {
  *row.mutable_clocks()->mutable_county_due() = Due(row, calendars, sent_on, rule_set.clocks().county_opinion());
}

void StartRefusalClock(v1::MlsCase& row, const v1::MlsRuleSet& rule_set, const WorkingDays& calendars, Day refused_on) {
  *row.mutable_clocks()->mutable_refusal_notice_due() =
      Due(row, calendars, refused_on, rule_set.clocks().refusal_notice());
}

DueDay PublicityEnds(const v1::MlsRuleSet& rule_set, const WorkingDays& calendars, Day posted_on) {
  return rule_set.publicity_day_kind() == v1::MLS_DAY_KIND_WORKING
             ? calendars.AfterWorkingDays(posted_on, rule_set.publicity_days())
             : calendars.AfterNaturalDays(posted_on, rule_set.publicity_days());
}

v1::MlsReviewClass ReviewClassOf(const v1::MlsCase& row) {
  const auto able = [](const v1::MlsFamilyMember& member) {
    return member.able_to_work() && member.category() == v1::MLS_FAMILY_CATEGORY_COUNTED;
  };
  const auto& family = row.inputs().family();
  return row.irregular_income() || std::any_of(family.begin(), family.end(), able) ? v1::MLS_REVIEW_CLASS_IRREGULAR
                                                                                   : v1::MLS_REVIEW_CLASS_STABLE;
}

void ScheduleReview(v1::MlsCase& row, const v1::MlsRuleSet& rule_set, Day from) {
  row.set_review_class(ReviewClassOf(row));
  const int32_t months = row.review_class() == v1::MLS_REVIEW_CLASS_STABLE ? rule_set.review_months_stable()
                                                                           : rule_set.review_months_irregular();
  // The last day of the month that many months on: a day that every month has.
  *row.mutable_next_review_due() = DayToProto(AddMonths(MonthOf(from), months + 1) - 1);
}

void AdvanceReview(v1::MlsCase& row, const v1::MlsRuleSet& rule_set, Day from) {
  const Day before = DayOr(row.next_review_due(), Day::Max());
  ScheduleReview(row, rule_set, from);
  const Day due = DayOr(row.next_review_due(), Day::Max());
  *row.mutable_next_review_due() = DayToProto(std::min(before, due));
}

std::vector<v1::MlsClockKind> Overdue(const v1::MlsCase& row, Day today) {
  std::vector<v1::MlsClockKind> overdue;
  const v1::MlsClocks& clocks = row.clocks();
  const auto check = [&](v1::MlsClockKind kind, const google::type::Date& due, Day done) {
    const std::optional<Day> day = DayFromProto(due);
    if (day && std::min(done, today) > *day) overdue.push_back(kind);
  };
  // An application that ended without a decision needs nothing any more.
  const bool open = IsOpen(row.state());
  const Day ended = open ? Day::Max() : LastStepDay(row.transitions());
  const Day surveyed = DayOr(row.investigation().started_on(), ended);
  const v1::MlsDecision* decision = DecisionOf(row);
  const Day decided = decision == nullptr ? ended : DayOr(decision->decided_on(), ended);
  check(v1::MLS_CLOCK_KIND_START_SURVEY, clocks.survey_due(), surveyed);
  check(v1::MLS_CLOCK_KIND_START_CHECK, clocks.check_due(), DayOr(row.investigation().check_started_on(), surveyed));
  check(v1::MLS_CLOCK_KIND_COUNTY_OPINION, clocks.county_due(), decided);
  check(v1::MLS_CLOCK_KIND_WHOLE, clocks.whole_due(), decided);
  if (decision != nullptr) {
    check(v1::MLS_CLOCK_KIND_REFUSAL_NOTICE, clocks.refusal_notice_due(), DayOr(decision->notified_on(), Day::Max()));
  }
  if (IsGranted(row.state())) check(v1::MLS_CLOCK_KIND_REVIEW, row.next_review_due(), Day::Max());
  return overdue;
}

Day LatestDue(const v1::MlsRuleSet& rule_set, Day start) {
  const v1::MlsClockRules& rules = rule_set.clocks();
  const int32_t days =
      std::max({rules.start_survey(), rules.start_check(), rules.county_opinion(), rules.refusal_notice(),
                rules.whole(), rules.whole_special(), rule_set.publicity_days()});
  // No run of rest days is longer than a fortnight, and of any three weeks at least ten days are working days.
  return start + days * 21 / 10 + 21;
}

}  // namespace dangjian::welfare::mls
