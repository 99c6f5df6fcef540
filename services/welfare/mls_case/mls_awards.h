#pragma once

#include <string>
#include <vector>

#include "common/base/day.h"
#include "dangjian/welfare/v1/mls_award.pb.h"
#include "dangjian/welfare/v1/mls_case.pb.h"

// The awards of one case, as its decisions change them. Amounts of an award never change. Pure.

namespace dangjian::welfare::mls {

// By first month, then by decision: the last one is the one that goes on.
using Awards = std::vector<v1::MlsAward>;
void SortAwards(Awards& awards);

// First days of the first and last month; Day::Max() for an award that goes on. Empty (last before first): never pays.
DayRange MonthsOf(const v1::MlsAward& award);
int64_t TotalOf(const v1::MlsAward& award);

// No award pays after `last_month`.
void EndAwards(Awards& awards, Day last_month);
// An award of the decision for `months`, last Day::Max() for one that goes on.
v1::MlsAward& AddAward(Awards& awards, const v1::MlsCase& row, const v1::MlsDecision& decision, DayRange months);
// The same award for other months, under a name of its own: what is left of one that was cut in two.
void AddCopy(Awards& awards, const v1::MlsAward& award, DayRange months);

// The months that are paid for: those of the family first, then by person. Ascending, without gaps inside.
std::vector<v1::MlsSpell> SpellsOf(const Awards& awards);

}  // namespace dangjian::welfare::mls
