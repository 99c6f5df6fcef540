#pragma once

#include <vector>

#include "common/base/day.h"
#include "common/types/working_days.h"
#include "dangjian/welfare/v1/mls_case.pb.h"
#include "dangjian/welfare/v1/mls_rule_set.pb.h"

// Time limits of a case. In working days; the day from which one runs is not counted. Pure.

namespace dangjian::welfare::mls {

// From acceptance: survey, data check, the whole.
void StartClocks(v1::MlsCase& row, const v1::MlsRuleSet& rule_set, const WorkingDays& calendars, Day accepted_on);
// From the hand-over: the decision of the county.
void StartCountyClock(v1::MlsCase& row, const v1::MlsRuleSet& rule_set, const WorkingDays& calendars, Day sent_on);
// From a refusal: its written notice.
void StartRefusalClock(v1::MlsCase& row, const v1::MlsRuleSet& rule_set, const WorkingDays& calendars, Day refused_on);

// The last day of a posting that begins on `posted_on`.
DueDay PublicityEnds(const v1::MlsRuleSet& rule_set, const WorkingDays& calendars, Day posted_on);

// By the family: half-yearly with irregular income or a counted member who is able to work (art. 31).
v1::MlsReviewClass ReviewClassOf(const v1::MlsCase& row);
// Sets class and day of the next review, counted from `from`.
void ScheduleReview(v1::MlsCase& row, const v1::MlsRuleSet& rule_set, Day from);
// The same for a new amount, which is no review: the day may come nearer, it never moves away.
void AdvanceReview(v1::MlsCase& row, const v1::MlsRuleSet& rule_set, Day from);

// The limits that were or are exceeded: reached late, or not reached by `today`.
std::vector<v1::MlsClockKind> Overdue(const v1::MlsCase& row, Day today);

// No limit of these rules that runs from `start` ends after this day: how far calendars must be known.
Day LatestDue(const v1::MlsRuleSet& rule_set, Day start);

}  // namespace dangjian::welfare::mls
