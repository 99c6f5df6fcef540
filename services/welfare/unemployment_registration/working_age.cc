#include "services/welfare/unemployment_registration/working_age.h"

#include <algorithm>
#include <array>

#include "common/status/errors.h"
#include "common/types/month.h"

namespace dangjian::welfare::working_age {
namespace {

// How the retirement age of one group follows from the month of birth. Ages in months.
struct GroupRule {
  int32_t base_age;             // without delay
  int32_t last_age;             // the delay ends here
  int32_t birth_months_a_step;  // birth months that share one month of delay; 0: no delay
  int32_t first_year;           // those born from January of this year on retire later
};

// A version of the rule, valid from its first day until the next version begins.
struct Version {
  int first_year, first_month;      // in force from the first day of this month
  int32_t youngest;                 // the working age
  std::array<GroupRule, 3> groups;  // by Group
};

constexpr Version kVersions[] = {
    {.first_year = 1978,
     .first_month = 6,
     .youngest = 16 * 12,
     .groups = {{{60 * 12, 60 * 12, 0, 0}, {55 * 12, 55 * 12, 0, 0}, {50 * 12, 50 * 12, 0, 0}}}},
    {.first_year = 2025,
     .first_month = 1,
     .youngest = 16 * 12,
     .groups = {{{60 * 12, 63 * 12, 4, 1965}, {55 * 12, 58 * 12, 4, 1970}, {50 * 12, 55 * 12, 2, 1975}}}},
};

// Days before the first version are judged by it.
const Version& VersionOn(Day day) {
  const Version* found = &kVersions[0];
  for (const Version& version : kVersions) {
    if (Day::Of(version.first_year, version.first_month, 1) <= day) found = &version;
  }
  return *found;
}

// The retirement age in months of someone born in that month.
int32_t RetirementAge(const GroupRule& rule, Day born) {
  const int32_t birth_months = (born.year() - rule.first_year) * 12 + born.month() - 1;
  if (rule.birth_months_a_step == 0 || birth_months < 0) return rule.base_age;
  return std::min(rule.base_age + birth_months / rule.birth_months_a_step + 1, rule.last_age);
}

}  // namespace

Day RetirementDay(const Person& person, Day as_of) {
  const GroupRule& rule = VersionOn(as_of).groups[static_cast<size_t>(person.group)];
  return AddMonths(person.born, RetirementAge(rule, person.born));
}

absl::Status Check(const Person& person, Day day) {
  // Messages name no date: it would tell the date of birth.
  if (day < AddMonths(person.born, VersionOn(day).youngest)) {
    return Error(reasons::kBelowWorkingAge, "the person is below the working age on that day");
  }
  if (day >= RetirementDay(person, day)) {
    return Error(reasons::kPastRetirementAge, "the person has reached the retirement age on that day");
  }
  return absl::OkStatus();
}

}  // namespace dangjian::welfare::working_age
