#include "services/welfare/mls_case/mls_coverage.h"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "common/base/status_macros.h"
#include "common/status/errors.h"
#include "common/types/date.h"
#include "services/welfare/counted/counted.h"
#include "services/welfare/mls_case/mls_benefit.h"
#include "services/welfare/mls_case/mls_life.h"
#include "services/welfare/tags.h"

namespace dangjian::welfare {
namespace {

// What a case claims of a person.
struct Claim {
  bool open = false;
  std::vector<DayRange> months;  // paid
  bool operator==(const Claim&) const = default;
};

DayRange MonthsOf(const google::type::Date& first, const google::type::Date& last) {
  return {DayOr(first, Day::Min()), DayOr(last, Day::Max())};
}

// True when `claim` is open and `old` was not, or it has a month that `old` has not.
bool Grows(const Claim& old, const Claim& claim) {
  if (claim.open && !old.open) return true;
  return std::any_of(claim.months.begin(), claim.months.end(), [&](const DayRange& own) {
    return std::none_of(old.months.begin(), old.months.end(),
                        [&](const DayRange& had) { return had.first <= own.first && own.last <= had.last; });
  });
}

std::string NameOf(const std::string& resident) { return "mlsCoverages/" + resident.substr(resident.find('/') + 1); }

std::map<std::string, Claim> ClaimsOf(const v1::MlsCase& row) {
  std::map<std::string, Claim> claims;
  if (mls::IsOpen(row.state())) {
    for (const std::string& person : mls::CountedPersons(row.inputs())) claims[person].open = true;
  }
  for (const v1::MlsSpell& spell : row.spells()) {
    if (!spell.resident().empty())
      claims[spell.resident()].months.push_back(MonthsOf(spell.first_month(), spell.last_month()));
  }
  return claims;
}

absl::Status InTwoCases(const std::string& resident, const v1::MlsCase& row, const std::string& other) {
  return Error(reasons::kPersonInTwoCases, "the person is in another case",
               {{"resource", row.name()}, {"resident", resident}, {"other_case", other}});
}

// Enters the claim of `row` in place of what it claimed before.
absl::Status Apply(const v1::MlsCase& row, const std::string& resident, const Claim& claim, v1::MlsCoverage& coverage) {
  if (claim.open) {
    if (!coverage.open_case().empty() && coverage.open_case() != row.name()) {
      return InTwoCases(resident, row, coverage.open_case());
    }
    coverage.set_open_case(row.name());
  } else if (coverage.open_case() == row.name()) {
    coverage.clear_open_case();
  }
  v1::MlsCoverage others;
  for (const v1::MlsCoverageSpell& spell : coverage.spells()) {
    if (spell.mls_case() == row.name()) continue;
    const DayRange months = MonthsOf(spell.first_month(), spell.last_month());
    for (const DayRange& own : claim.months) {
      if (own.first <= months.last && months.first <= own.last) return InTwoCases(resident, row, spell.mls_case());
    }
    *others.add_spells() = spell;
  }
  for (const DayRange& own : claim.months) {
    v1::MlsCoverageSpell& spell = *others.add_spells();
    spell.set_mls_case(row.name());
    *spell.mutable_first_month() = DayToProto(own.first);
    if (own.last != Day::Max()) *spell.mutable_last_month() = DayToProto(own.last);
  }
  *coverage.mutable_spells() = others.spells();
  return absl::OkStatus();
}

// PERSON_IN_TWO_CASES when another record of the person stands in the way of the claim.
absl::Status CheckSamePerson(const change::Directory& directory, const storage::Table<v1::MlsCoverage>& table,
                             const storage::Reader& reader, const v1::MlsCase& row, const std::string& resident,
                             const Claim& claim) {
  ASSIGN_OR_RETURN(const std::vector<std::string> names, directory.NamesOfSame(reader, resident));
  for (const std::string& other : names) {
    if (other == resident || !other.starts_with("residents/")) continue;
    absl::StatusOr<v1::MlsCoverage> coverage = table.Get(reader, NameOf(other));
    if (absl::IsNotFound(coverage.status())) continue;
    RETURN_IF_ERROR(coverage.status());
    RETURN_IF_ERROR(Apply(row, resident, claim, *coverage));
  }
  return absl::OkStatus();
}

}  // namespace

storage::TableSchema<v1::MlsCoverage> MlsCoverageSchema() {
  return {.tag = tags::kMlsCoverage, .collection = "mlsCoverages"};
}

absl::StatusOr<std::string> OpenCaseOf(const storage::Table<v1::MlsCoverage>& coverages, const storage::Reader& reader,
                                       const std::string& resident) {
  ASSIGN_OR_RETURN(const bool known, coverages.Exists(reader, NameOf(resident)));
  if (!known) return std::string();
  ASSIGN_OR_RETURN(const v1::MlsCoverage coverage, coverages.Get(reader, NameOf(resident)));
  return coverage.open_case();
}

absl::Status MlsCoverages::Sync(storage::Transaction& txn, const v1::MlsCase& before, const v1::MlsCase& after) const {
  const std::map<std::string, Claim> old_claims = ClaimsOf(before);
  std::map<std::string, Claim> claims = ClaimsOf(after);
  if (old_claims.empty() && !claims.empty()) {
    RETURN_IF_ERROR(CheckNotMerged(directory_, txn.reader(), after.household()));
  }
  for (const auto& [resident, claim] : old_claims) claims[resident];  // one who is gone claims nothing
  for (const auto& [resident, claim] : claims) {
    const auto old = old_claims.find(resident);
    if (old != old_claims.end() && old->second == claim) continue;
    if (Grows(old == old_claims.end() ? Claim() : old->second, claim)) {
      RETURN_IF_ERROR(CheckSamePerson(directory_, table_, txn.reader(), after, resident, claim));
      if (old == old_claims.end()) RETURN_IF_ERROR(CheckNotMerged(directory_, txn.reader(), resident));
    }
    v1::MlsCoverage coverage;
    coverage.set_name(NameOf(resident));
    ASSIGN_OR_RETURN(const bool known, table_.Exists(txn.reader(), coverage.name()));
    if (known) {
      ASSIGN_OR_RETURN(coverage, table_.Get(txn.reader(), coverage.name()));
    }
    RETURN_IF_ERROR(Apply(after, resident, claim, coverage));
    RETURN_IF_ERROR(known ? table_.Update(txn, coverage) : table_.Insert(txn, coverage));
  }
  return absl::OkStatus();
}

}  // namespace dangjian::welfare
