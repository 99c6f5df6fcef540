#include "services/welfare/mls_case/mls_awards.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/types/date.h"
#include "common/types/month.h"
#include "services/welfare/mls_case/mls_benefit.h"

namespace dangjian::welfare::mls {
namespace {

void SetMonths(v1::MlsAward& award, DayRange months) {
  *award.mutable_first_month() = DayToProto(months.first);
  award.clear_last_month();
  if (months.last != Day::Max()) *award.mutable_last_month() = DayToProto(months.last);
}

std::string FreeName(const Awards& awards, const v1::MlsAward& award, Day first) {
  const std::string id = award.mls_case().substr(award.mls_case().find('/') + 1);
  const std::string base =
      absl::StrCat("mlsAwards/", id, "-", absl::StrFormat("%04d%02d", first.year(), first.month()));
  std::string name = base;
  const auto taken = [&](const v1::MlsAward& other) { return other.name() == name; };
  for (int next = 2; std::any_of(awards.begin(), awards.end(), taken); ++next) name = absl::StrCat(base, "-", next);
  return name;
}

// The months of an award without those in which it is suspended.
std::vector<DayRange> PaidRanges(const v1::MlsAward& award) {
  std::vector<DayRange> ranges;
  DayRange rest = MonthsOf(award);
  for (const google::type::Date& date : award.suspended_months()) {
    const Day month = DayOr(date, Day::Min());
    if (!rest.Contains(month)) continue;
    if (rest.first < month) ranges.push_back({rest.first, AddMonths(month, -1)});
    rest.first = AddMonths(month, 1);
  }
  if (rest.first <= rest.last) ranges.push_back(rest);
  return ranges;
}

std::vector<DayRange> Merged(std::vector<DayRange> ranges) {
  std::sort(ranges.begin(), ranges.end(), [](const DayRange& a, const DayRange& b) { return a.first < b.first; });
  std::vector<DayRange> merged;
  for (const DayRange& range : ranges) {
    const bool joins =
        !merged.empty() && (merged.back().last == Day::Max() || range.first <= AddMonths(merged.back().last, 1));
    if (joins) {
      merged.back().last = std::max(merged.back().last, range.last);
    } else {
      merged.push_back(range);
    }
  }
  return merged;
}

}  // namespace

void SortAwards(Awards& awards) {
  const auto key = [](const v1::MlsAward& award) {
    return std::tuple(DayOr(award.first_month(), Day::Min()), award.decision_number(), award.name());
  };
  std::sort(awards.begin(), awards.end(), [&](const auto& a, const auto& b) { return key(a) < key(b); });
}

DayRange MonthsOf(const v1::MlsAward& award) {
  return {DayOr(award.first_month(), Day::Min()), DayOr(award.last_month(), Day::Max())};
}

int64_t TotalOf(const v1::MlsAward& award) {
  int64_t total = 0;
  for (const v1::AwardPart& part : award.parts()) total += part.amount_fen();
  return total;
}

void EndAwards(Awards& awards, Day last_month) {
  for (v1::MlsAward& award : awards) {
    if (MonthsOf(award).last > last_month) *award.mutable_last_month() = DayToProto(last_month);
  }
}

v1::MlsAward& AddAward(Awards& awards, const v1::MlsCase& row, const v1::MlsDecision& decision, DayRange months) {
  v1::MlsAward award;
  award.set_mls_case(row.name());
  award.set_organization(row.organization());
  award.set_household(row.household());
  for (std::string& person : PaidPersons(decision.inputs())) award.add_persons(std::move(person));
  award.set_payee_name(row.payee_name());
  award.set_payee_reference(row.payee_reference());
  *award.mutable_parts() = decision.parts();
  award.set_rule_set(decision.rule_set());
  award.set_decision_number(decision.number());
  SetMonths(award, months);
  award.set_name(FreeName(awards, award, months.first));
  return awards.emplace_back(std::move(award));
}

void AddCopy(Awards& awards, const v1::MlsAward& award, DayRange months) {
  v1::MlsAward copy = award;
  SetMonths(copy, months);
  copy.set_name(FreeName(awards, copy, months.first));
  awards.push_back(std::move(copy));
}

std::vector<v1::MlsSpell> SpellsOf(const Awards& awards) {
  std::map<std::string, std::vector<DayRange>> by_person;  // the family is the empty name, which sorts first
  for (const v1::MlsAward& award : awards) {
    for (const DayRange& range : PaidRanges(award)) {
      by_person[""].push_back(range);
      for (const std::string& person : award.persons()) by_person[person].push_back(range);
    }
  }
  std::vector<v1::MlsSpell> spells;
  for (auto& [person, ranges] : by_person) {
    for (const DayRange& range : Merged(std::move(ranges))) {
      v1::MlsSpell& spell = spells.emplace_back();
      spell.set_resident(person);
      *spell.mutable_first_month() = DayToProto(range.first);
      if (range.last != Day::Max()) *spell.mutable_last_month() = DayToProto(range.last);
    }
  }
  return spells;
}

}  // namespace dangjian::welfare::mls
