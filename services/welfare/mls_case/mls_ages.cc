#include "services/welfare/mls_case/mls_ages.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/types/age.h"
#include "common/types/date.h"
#include "common/types/step.h"
#include "services/welfare/mls_case/mls_coverage.h"
#include "services/welfare/mls_case/mls_life.h"

namespace dangjian::welfare::mls {
namespace {

constexpr int kWorkingAge = 16;  // 劳动法 art. 15
constexpr int kElderlyAge = 60;  // 老年人权益保障法 art. 2

// Ages from `from` on and below `below`.
struct AgeRange {
  int from = 0;
  std::optional<int> below;
};

// What a rule set says or, where it is silent, what the code means everywhere.
AgeRange AgesOf(const v1::MlsTopUp& top_up) {
  AgeRange ages{.from = top_up.from_age()};
  if (top_up.below_age() > 0) ages.below = top_up.below_age();
  if (ages.from > 0 || ages.below.has_value()) return ages;
  if (top_up.code() == "ELDERLY") ages.from = kElderlyAge;
  if (top_up.code() == "MINOR") ages.below = kFullAge;
  return ages;
}

bool Holds(const AgeRange& ages, Day born, Day day) {
  return HasReachedAge(born, ages.from, day) && !(ages.below.has_value() && HasReachedAge(born, *ages.below, day));
}

const v1::MlsFamilyMember* Find(const v1::MlsBenefitInputs& inputs, const std::string& resident) {
  const auto is = [&](const v1::MlsFamilyMember& member) { return member.resident() == resident; };
  const auto found = std::find_if(inputs.family().begin(), inputs.family().end(), is);
  return found == inputs.family().end() ? nullptr : &*found;
}

}  // namespace

Day AgeDay(const v1::MlsCase& row, Day today) {
  for (auto decision = row.decisions().rbegin(); decision != row.decisions().rend(); ++decision) {
    if (decision->kind() == v1::MLS_DECISION_KIND_GRANT || decision->kind() == v1::MLS_DECISION_KIND_ADJUST) {
      return DayOr(decision->decided_on(), today);
    }
  }
  if (row.state() != v1::MLS_CASE_STATE_DRAFT) return LastStepDay(row.transitions());
  Day newest = Day::Min();
  for (const v1::MlsFamilyMember& member : row.inputs().family()) {
    newest = std::max(newest, DayOr(member.authorised_on(), newest));
  }
  return newest == Day::Min() ? today : std::min(newest, today);
}

bool IsMinorOn(const v1::MlsFamilyMember& member, Day day) {
  const std::optional<Day> born = DayFromProto(member.birth_date());
  return born.has_value() ? IsMinor(*born, day) : member.minor();
}

void CheckTypedAges(const v1::MlsBenefitInputs& inputs, const v1::MlsBenefitInputs* current, Day day,
                    std::string_view field, Violations& violations) {
  for (int i = 0; i < inputs.family_size(); ++i) {
    const v1::MlsFamilyMember& member = inputs.family(i);
    const std::optional<Day> born = DayFromProto(member.birth_date());
    if (!born.has_value()) continue;
    const v1::MlsFamilyMember* before = current == nullptr ? nullptr : Find(*current, member.resident());
    const std::string path = absl::StrCat(ToAbsl(field), ".family[", i, "]");
    if (member.minor() && !(before != nullptr && before->minor()) && !IsMinor(*born, day)) {
      violations.Add(path + ".minor", dangjian::reasons::kAgeContradictsRegister, "of full age by the register");
    }
    if (member.able_to_work() && !(before != nullptr && before->able_to_work()) &&
        !HasReachedAge(*born, kWorkingAge, day)) {
      violations.Add(path + ".able_to_work", dangjian::reasons::kAgeContradictsRegister,
                     "below the working age by the register");
    }
  }
}

absl::Status CheckTopUpAges(const v1::MlsBenefitInputs& inputs, const v1::MlsRuleSet& rule_set, Day day) {
  for (const v1::MlsFamilyMember& member : inputs.family()) {
    const std::optional<Day> born = DayFromProto(member.birth_date());
    if (!born.has_value()) continue;
    for (const v1::MlsTopUp& top_up : rule_set.top_ups()) {
      const auto& codes = member.top_up_codes();
      if (std::find(codes.begin(), codes.end(), top_up.code()) == codes.end()) continue;
      if (Holds(AgesOf(top_up), *born, day)) continue;
      return Error(dangjian::reasons::kAgeContradictsRegister,
                   absl::StrCat(member.resident(), " is not of the age of the top-up ", top_up.code()),
                   {{"resident", member.resident()}, {"top_up", top_up.code()}, {"rule_set", rule_set.name()}});
    }
  }
  return absl::OkStatus();
}

absl::Status CheckAuthorised(const v1::MlsCase& row, Day day, Day by) {
  for (const v1::MlsFamilyMember& member : row.inputs().family()) {
    if (member.category() != v1::MLS_FAMILY_CATEGORY_COUNTED || IsMinorOn(member, day)) continue;
    if (DayOr(member.authorised_on(), Day::Max()) <= by) continue;
    return Error(reasons::kAuthorisationMissing, "a counted adult has not authorised the data check",
                 {{"resource", row.name()}, {"resident", member.resident()}});
  }
  return absl::OkStatus();
}

absl::Status TakeBirthDates(const change::Directory& directory, const storage::Reader& reader,
                            v1::MlsBenefitInputs& inputs) {
  for (v1::MlsFamilyMember& member : *inputs.mutable_family()) {
    ASSIGN_OR_RETURN(const std::optional<Day> born, directory.BirthOf(reader, member.resident()));
    member.clear_birth_date();
    if (born.has_value()) *member.mutable_birth_date() = DayToProto(*born);
  }
  return absl::OkStatus();
}

void SetMinors(Day day, v1::MlsBenefitInputs& inputs) {
  for (v1::MlsFamilyMember& member : *inputs.mutable_family()) member.set_minor(IsMinorOn(member, day));
}

void FlagMissingAuthorisation(v1::MlsCase& row, Day today) {
  row.set_authorisation_missing(IsOpen(row.state()) && !CheckAuthorised(row, AgeDay(row, today), today).ok());
}

absl::Status FollowFacts(const change::Directory& directory, const storage::Table<v1::MlsCoverage>& coverages,
                         const storage::Table<v1::MlsCase>& cases, storage::Transaction& txn, std::string_view person) {
  ASSIGN_OR_RETURN(const std::vector<std::string> names, directory.NamesOfSame(txn.reader(), person));
  for (const std::string& resident : names) {
    ASSIGN_OR_RETURN(const std::string name, OpenCaseOf(coverages, txn.reader(), resident));
    if (name.empty()) continue;
    ASSIGN_OR_RETURN(v1::MlsCase row, cases.Get(txn.reader(), name));
    const std::string before = row.SerializeAsString();
    const Day today = DayOfMicros(txn.now_micros());
    RETURN_IF_ERROR(TakeBirthDates(directory, txn.reader(), *row.mutable_inputs()));
    SetMinors(AgeDay(row, today), *row.mutable_inputs());
    FlagMissingAuthorisation(row, today);
    if (row.SerializeAsString() != before) RETURN_IF_ERROR(cases.Update(txn, row));
  }
  return absl::OkStatus();
}

}  // namespace dangjian::welfare::mls
