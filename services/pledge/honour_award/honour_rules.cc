#include "services/pledge/honour_award/honour_rules.h"

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/types/date.h"
#include "common/types/enum_name.h"

namespace dangjian::pledge::honour_rules {
namespace {

std::string_view NameOf(v1::HonourAwardState state) {
  return StripPrefix(v1::HonourAwardState_Name(state), "HONOUR_AWARD_STATE_");
}

v1::AwardeeKind KindOf(const v1::Awardee& awardee) {
  if (!awardee.member().empty()) return v1::AWARDEE_KIND_MEMBER;
  if (!awardee.resident().empty()) return v1::AWARDEE_KIND_RESIDENT;
  if (!awardee.household().empty()) return v1::AWARDEE_KIND_HOUSEHOLD;
  if (awardee.organization().empty()) return v1::AWARDEE_KIND_UNSPECIFIED;
  return awardee.office_name().empty() ? v1::AWARDEE_KIND_ORGANIZATION : v1::AWARDEE_KIND_OFFICE;
}

void CheckAwardee(const v1::Awardee& awardee, Violations& violations) {
  int named = 0;
  for (const std::string* name :
       {&awardee.member(), &awardee.resident(), &awardee.household(), &awardee.organization()}) {
    if (!name->empty()) ++named;
  }
  if (named != 1) {
    violations.Add("honour_award.awardee", reasons::kAwardeeNotOne,
                   absl::StrCat("name one of member, resident, household and organization, not ", named));
  }
  if (!awardee.office_name().empty() && awardee.organization().empty()) {
    violations.Add("honour_award.awardee.office_name", reasons::kOfficeWithoutOrganization,
                   "an office is named together with its organization");
  }
}

}  // namespace

void Initialize(v1::HonourAward& award) {
  award.set_state(v1::HONOUR_AWARD_STATE_AWARDED);
  award.set_awardee_kind(KindOf(award.awardee()));
  award.clear_revoked_on();
  award.clear_transitions();
}

void CheckContent(const v1::HonourAward& award, Day today, Violations& violations) {
  CheckAwardee(award.awardee(), violations);
  const Day awarded = DayOr(award.awarded_on(), today);
  if (awarded.year() != award.year()) {
    violations.Add("honour_award.awarded_on", reasons::kAwardYearMismatch,
                   absl::StrCat(FormatDay(awarded), " is not in ", award.year()));
  }
  if (awarded > today) {
    violations.Add("honour_award.awarded_on", dangjian::reasons::kDateInFuture, "awarded after today");
  }
}

absl::Status CheckEditable(const v1::HonourAward& award) {
  if (award.state() == v1::HONOUR_AWARD_STATE_AWARDED) return absl::OkStatus();
  return IllegalTransition(award.name(), NameOf(award.state()), "an update");
}

absl::Status Revoke(v1::HonourAward& award, const Step& step) {
  if (award.state() != v1::HONOUR_AWARD_STATE_AWARDED) {
    return IllegalTransition(award.name(), NameOf(award.state()), "a revocation");
  }
  RETURN_IF_ERROR(CheckStep(step, DayOr(award.awarded_on(), Day::Min())));
  award.set_state(v1::HONOUR_AWARD_STATE_REVOKED);
  *award.mutable_revoked_on() = DayToProto(step.day);
  AddTransition(*award.mutable_transitions(), NameOf(award.state()), step);
  return absl::OkStatus();
}

std::string AwardeeName(const v1::Awardee& awardee) {
  // Exactly one of them is set in a stored award.
  return absl::StrCat(awardee.member(), awardee.resident(), awardee.household(), awardee.organization());
}

}  // namespace dangjian::pledge::honour_rules
