#include "services/welfare/mls_case/mls_work_refusal.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/status/errors.h"
#include "common/types/date.h"
#include "services/welfare/mls_case/mls_life.h"
#include "services/welfare/reasons.h"

namespace dangjian::welfare::mls {
namespace {

constexpr int32_t kRefusalsByLaw = 3;  // of a rule set that names no number

// The member, when counted; nullptr otherwise.
const v1::MlsFamilyMember* Counted(const v1::MlsCase& row, const std::string& resident) {
  for (const v1::MlsFamilyMember& member : row.inputs().family()) {
    if (member.resident() == resident && member.category() == v1::MLS_FAMILY_CATEGORY_COUNTED) return &member;
  }
  return nullptr;
}

absl::Status NotCounted(std::string_view field) {
  Violations violations;
  violations.Add(std::string(field), reasons::kNotInFamily, "the person is not of the counted family");
  return violations.ToStatus();
}

// The newest decision that cut or restored the person's share; nullptr when there is none.
const v1::MlsDecision* LastShareChange(const v1::MlsCase& row, const std::string& resident) {
  const v1::MlsDecision* last = nullptr;
  for (const v1::MlsDecision& decision : row.decisions()) {
    const auto& persons = decision.shares_changed();
    if (std::find(persons.begin(), persons.end(), resident) == persons.end()) continue;
    const Day day = DayOr(decision.decided_on(), Day::Min());
    if (last == nullptr || day >= DayOr(last->decided_on(), Day::Min())) last = &decision;
  }
  return last;
}

}  // namespace

absl::Status RecordWorkRefusal(v1::MlsCase& row, const v1::MlsWorkRefusal& refusal, const Step& step) {
  RETURN_IF_ERROR(
      Stay(row, {v1::MLS_CASE_STATE_CONFIRMED, v1::MLS_CASE_STATE_ACTIVE}, "work:REFUSED", "a refusal of work", step));
  if (Counted(row, refusal.resident()) == nullptr) return NotCounted("refusal.resident");
  *row.add_work_refusals() = refusal;
  return absl::OkStatus();
}

bool IsShareCut(const v1::MlsCase& row, const std::string& resident) {
  const v1::MlsDecision* last = LastShareChange(row, resident);
  return last != nullptr && last->kind() == v1::MLS_DECISION_KIND_CAP;
}

int RefusalsInARow(const v1::MlsCase& row, const std::string& resident, Day day) {
  const v1::MlsDecision* change = LastShareChange(row, resident);
  const Day after = change == nullptr ? Day::Min() : DayOr(change->decided_on(), Day::Min());
  std::vector<const v1::MlsWorkRefusal*> refusals;
  for (const v1::MlsWorkRefusal& refusal : row.work_refusals()) {
    const Day refused = DayOr(refusal.refused_on(), Day::Max());
    if (refusal.resident() == resident && refused > after && refused <= day) refusals.push_back(&refusal);
  }
  std::stable_sort(refusals.begin(), refusals.end(), [](const v1::MlsWorkRefusal* a, const v1::MlsWorkRefusal* b) {
    return DayOr(a->refused_on(), Day::Min()) < DayOr(b->refused_on(), Day::Min());
  });
  int count = 0;
  for (const v1::MlsWorkRefusal* refusal : refusals) count = refusal->justified() ? 0 : count + 1;
  return count;
}

absl::Status CheckRefusals(const v1::MlsCase& row, const std::string& resident, const v1::MlsRuleSet& rule_set,
                           Day day) {
  const v1::MlsFamilyMember* member = Counted(row, resident);
  if (member == nullptr) return NotCounted("resident");
  if (member->share_cut()) {
    return Error(reasons::kNothingToRecalculate, "the share is cut already",
                 {{"resource", row.name()}, {"resident", resident}});
  }
  const int32_t needed = rule_set.refusals_before_cut() == 0 ? kRefusalsByLaw : rule_set.refusals_before_cut();
  const int refusals = RefusalsInARow(row, resident, day);
  if (refusals >= needed) return absl::OkStatus();
  return Error(reasons::kTooFewRefusals,
               absl::StrCat(refusals, " refusals in a row without good reason, ", needed, " are needed"),
               {{"resource", row.name()}, {"resident", resident}});
}

}  // namespace dangjian::welfare::mls
