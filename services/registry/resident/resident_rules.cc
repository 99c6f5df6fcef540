#include "services/registry/resident/resident_rules.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/status/errors.h"
#include "common/types/age.h"
#include "common/types/date.h"
#include "common/types/enum_name.h"
#include "services/registry/dated_entry.h"
#include "services/registry/merge_rules.h"
#include "services/registry/reasons.h"

namespace dangjian::registry {
namespace {

using v1::Resident;

constexpr std::string_view kStatePrefix = "RESIDENT_STATE_";

// 老年人权益保障法 art. 2.
constexpr int kElderlyAge = 60;
// 留守儿童: under 16 (国发〔2016〕13号).
constexpr int kChildhoodEnds = 16;

bool IsPlaceToLive(v1::ResidenceKind kind) {
  return kind == v1::RESIDENCE_KIND_PERMANENT || kind == v1::RESIDENCE_KIND_TEMPORARY;
}

v1::HouseholdKind KindOf(const Households& households, const std::string& name) {
  const auto household = households.find(name);
  return household == households.end() ? v1::HOUSEHOLD_KIND_UNSPECIFIED : household->second.kind();
}

void CheckResidences(const Resident& resident, Day today, Violations& violations) {
  for (int i = 0; i < resident.residences_size(); ++i) {
    const v1::Residence& residence = resident.residences(i);
    const std::string field = absl::StrCat("resident.residences[", i, "]");
    CheckDays(residence, field, today, violations);
    for (int j = 0; j < i; ++j) {
      const v1::Residence& other = resident.residences(j);
      if (!Overlap(DaysOf(residence), DaysOf(other))) continue;
      if (residence.organization() == other.organization()) {
        violations.Add(field, reasons::kOverlappingResidences,
                       absl::StrCat("overlaps with residences[", j, "] of the same organisation"));
      } else if (IsPlaceToLive(residence.kind()) && IsPlaceToLive(other.kind())) {
        violations.Add(field, reasons::kOverlappingResidences,
                       absl::StrCat("is a place to live beside residences[", j, "] on some day"));
      }
    }
  }
}

void CheckMemberships(const Resident& resident, const Households& households, Day today, Violations& violations) {
  for (int i = 0; i < resident.memberships_size(); ++i) {
    const v1::HouseholdMembership& membership = resident.memberships(i);
    const std::string field = absl::StrCat("resident.memberships[", i, "]");
    CheckDays(membership, field, today, violations);
    for (int j = 0; j < i; ++j) {
      const v1::HouseholdMembership& other = resident.memberships(j);
      const bool same_kind = KindOf(households, membership.household()) == KindOf(households, other.household());
      if (!same_kind || !Overlap(DaysOf(membership), DaysOf(other))) continue;
      violations.Add(field, reasons::kSecondHousehold,
                     absl::StrCat("is in a household of the same kind as memberships[", j, "] on some day"));
    }
  }
}

// Whether an entry has ended when its record did, by the day before `ended_on` or, begun on that day, on it.
bool EndsBy(DayRange days, Day ended_on) {
  return days.first <= ended_on && days.last <= std::max(days.first, ended_on - 1);
}

bool IsOpenFor(const v1::Household& household, DayRange days) {
  if (household.state() == v1::HOUSEHOLD_STATE_MERGED_DUPLICATE) return false;
  return !household.has_ended_on() || EndsBy(days, DayOr(household.ended_on(), Day::Max()));
}

// The places in households, or their days, that `current` does not have.
void CheckNewPlaces(const Resident& current, const Resident& updated, const Households& households,
                    Violations& violations) {
  for (int i = 0; i < updated.memberships_size(); ++i) {
    const v1::HouseholdMembership& place = updated.memberships(i);
    const DayRange days = DaysOf(place);
    const auto holds = [&](const v1::HouseholdMembership& each) {
      return each.household() == place.household() && Intersect(days, DaysOf(each)) == days;
    };
    if (std::any_of(current.memberships().begin(), current.memberships().end(), holds)) continue;
    const std::string field = absl::StrCat("resident.memberships[", i, "]");
    const auto household = households.find(place.household());
    if (household != households.end() && !IsOpenFor(household->second, days)) {
      violations.Add(field, reasons::kHouseholdNotOpen,
                     absl::StrCat(place.household(), " was merged or ended before the membership does"));
    }
    if (current.has_ended_on() && !EndsBy(days, DayOr(current.ended_on(), Day::Max()))) {
      violations.Add(field, reasons::kMembershipAfterLeaving, "reaches beyond the day on which the resident left");
    }
  }
}

// Whether one born on `born` can have the mark on its first day.
bool IsOfAgeFor(const v1::ResidentTag& tag, Day born) {
  const Day first = DaysOf(tag).first;
  if (tag.kind() == v1::ResidentTag::KIND_ELDERLY_ALONE) return HasReachedAge(born, kElderlyAge, first);
  if (tag.kind() == v1::ResidentTag::KIND_LEFT_BEHIND_CHILD) return !HasReachedAge(born, kChildhoodEnds, first);
  return true;
}

void CheckMarks(const Resident& resident, Day today, Violations& violations) {
  CheckTags(resident.tags(), "resident.tags", today, violations);
  const std::optional<Day> born = DayFromProto(resident.birth_date());
  for (int i = 0; i < resident.tags_size(); ++i) {
    const v1::ResidentTag::Kind kind = resident.tags(i).kind();
    if (born.has_value() && !IsOfAgeFor(resident.tags(i), *born)) {
      violations.Add(absl::StrCat("resident.tags[", i, "].kind"), dangjian::reasons::kAgeContradictsRegister,
                     "not of that age on the first day of the mark");
    }
    if (kind != v1::ResidentTag::KIND_DISABLED && kind != v1::ResidentTag::KIND_COMMUNITY_CORRECTION) continue;
    violations.Add(absl::StrCat("resident.tags[", i, "].kind"), dangjian::reasons::kSensitiveFieldNotAccepted,
                   "a mark of this kind is not accepted yet");
  }
}

// `current` is what the record was, empty for a new one.
absl::Status CheckContent(const Resident& current, const Resident& resident, const Households& households, Day today) {
  Violations violations;
  if (DayOr(resident.birth_date(), today) > today) {
    violations.Add("resident.birth_date", dangjian::reasons::kDateInFuture, "lies in the future");
  }
  CheckResidences(resident, today, violations);
  CheckMemberships(resident, households, today, violations);
  CheckNewPlaces(current, resident, households, violations);
  CheckMarks(resident, today, violations);
  return violations.ToStatus();
}

// The household of the newest membership of a kind; empty when there is none.
std::string NewestHousehold(const Resident& resident, const Households& households, v1::HouseholdKind kind) {
  const v1::HouseholdMembership* newest = nullptr;
  for (const v1::HouseholdMembership& membership : resident.memberships()) {
    if (KindOf(households, membership.household()) != kind) continue;
    if (newest == nullptr || DaysOf(membership).first > DaysOf(*newest).first) newest = &membership;
  }
  return newest == nullptr ? std::string() : newest->household();
}

void DeriveHouseholds(Resident& resident, const Households& households) {
  resident.set_registered_household(NewestHousehold(resident, households, v1::HOUSEHOLD_KIND_REGISTERED));
  resident.set_shared_living_household(NewestHousehold(resident, households, v1::HOUSEHOLD_KIND_SHARED_LIVING));
}

absl::Status BeginsLater(const Resident& resident, std::string_view what, Day day) {
  return Error(dangjian::reasons::kStepsOutOfOrder,
               absl::StrCat(ToAbsl(what), " of ", resident.name(), " begins on or after ", FormatDay(day)));
}

// Ends every stay and membership on the day before `day`.
absl::Status EndAll(Resident& resident, Day day) {
  for (v1::Residence& residence : *resident.mutable_residences()) {
    if (DaysOf(residence).first > day) return BeginsLater(resident, "a residence", day + 1);
    EndBefore(residence, day);
  }
  for (v1::HouseholdMembership& membership : *resident.mutable_memberships()) {
    if (DaysOf(membership).first > day) return BeginsLater(resident, "a membership", day + 1);
    EndBefore(membership, day);
  }
  return absl::OkStatus();
}

// Ends what holds on `day` or later of the stays that the new one replaces.
absl::Status EndReplacedStays(Resident& resident, const std::string& organization, Day day) {
  for (v1::Residence& residence : *resident.mutable_residences()) {
    const bool replaced = IsPlaceToLive(residence.kind()) || residence.organization() == organization;
    if (!replaced || DaysOf(residence).last < day) continue;
    if (DaysOf(residence).first >= day) return BeginsLater(resident, "a residence", day);
    EndBefore(residence, day);
  }
  return absl::OkStatus();
}

absl::Status MoveMembership(Resident& resident, const v1::MoveResidentRequest& request, const Households& households,
                            Day day) {
  if (request.relation_code().empty()) {
    Violations violations;
    violations.Add("relation_code", dangjian::reasons::kRequired, "a household needs the relation to its head");
    return violations.ToStatus();
  }
  const v1::HouseholdKind kind = KindOf(households, request.household());
  for (v1::HouseholdMembership& membership : *resident.mutable_memberships()) {
    if (KindOf(households, membership.household()) != kind || DaysOf(membership).last < day) continue;
    if (DaysOf(membership).first >= day) return BeginsLater(resident, "a membership", day);
    EndBefore(membership, day);
  }
  v1::HouseholdMembership& added = *resident.add_memberships();
  added.set_household(request.household());
  added.set_relation_code(request.relation_code());
  *added.mutable_start_date() = DayToProto(day);
  return absl::OkStatus();
}

}  // namespace

std::string ShortName(v1::ResidentState state) {
  return std::string(StripPrefix(v1::ResidentState_Name(state), kStatePrefix));
}

std::string ShortName(v1::ResidentTag::Kind kind) {
  return std::string(StripPrefix(v1::ResidentTag::Kind_Name(kind), "KIND_"));
}

absl::Status Register(Resident& created, const Households& households, const Step& step) {
  RETURN_IF_ERROR(CheckContent(Resident(), created, households, step.today));
  DeriveHouseholds(created, households);
  Step entry = step;
  for (const v1::Residence& residence : created.residences()) entry.day = std::min(entry.day, DaysOf(residence).first);
  EnterState(created, kStatePrefix, ShortName(v1::RESIDENT_STATE_REGISTERED), entry);
  return absl::OkStatus();
}

absl::Status Correct(const Resident& current, Resident& updated, const Households& households, Day today) {
  RETURN_IF_ERROR(CheckNotMerged(current, kStatePrefix));
  RETURN_IF_ERROR(CheckContent(current, updated, households, today));
  DeriveHouseholds(updated, households);
  return absl::OkStatus();
}

absl::Status Move(Resident& resident, const v1::MoveResidentRequest& request, const Households& households,
                  const Step& step) {
  if (resident.state() != v1::RESIDENT_STATE_REGISTERED) {
    return IllegalTransition(resident.name(), ShortName(resident.state()), "moved");
  }
  RETURN_IF_ERROR(CheckStep(step, Day::Min()));
  if (!IsPlaceToLive(request.kind())) {
    Violations violations;
    violations.Add("kind", reasons::kNotAPlaceToLive, "a resident moves to a PERMANENT or TEMPORARY stay");
    return violations.ToStatus();
  }
  const Resident before = resident;
  RETURN_IF_ERROR(EndReplacedStays(resident, request.organization(), step.day));
  v1::Residence& added = *resident.add_residences();
  added.set_organization(request.organization());
  added.set_kind(request.kind());
  *added.mutable_start_date() = DayToProto(step.day);
  if (!request.household().empty()) RETURN_IF_ERROR(MoveMembership(resident, request, households, step.day));
  AddTransition(*resident.mutable_transitions(), "residence:MOVED", step);
  return Correct(before, resident, households, step.today);
}

absl::Status MoveOut(Resident& resident, const Step& step) {
  if (resident.state() != v1::RESIDENT_STATE_REGISTERED) {
    return IllegalTransition(resident.name(), ShortName(resident.state()), "MOVED_OUT");
  }
  RETURN_IF_ERROR(CheckStep(step, Day::Min()));
  RETURN_IF_ERROR(EndAll(resident, step.day));
  EnterState(resident, kStatePrefix, ShortName(v1::RESIDENT_STATE_MOVED_OUT), step);
  *resident.mutable_ended_on() = DayToProto(step.day);
  return absl::OkStatus();
}

absl::Status RecordDeath(Resident& resident, const Step& step) {
  const bool gone = resident.state() == v1::RESIDENT_STATE_MOVED_OUT;
  if (!gone && resident.state() != v1::RESIDENT_STATE_REGISTERED) {
    return IllegalTransition(resident.name(), ShortName(resident.state()), "DECEASED");
  }
  RETURN_IF_ERROR(CheckStep(step, DayOr(resident.ended_on(), Day::Min())));
  if (!gone) {
    RETURN_IF_ERROR(EndAll(resident, step.day));
    *resident.mutable_ended_on() = DayToProto(step.day);
  }
  EnterState(resident, kStatePrefix, ShortName(v1::RESIDENT_STATE_DECEASED), step);
  return absl::OkStatus();
}

absl::Status MergeInto(Resident& duplicate, const Resident& into, const Step& step) {
  // Else the person would be counted under the member by one record and under the resident by the other.
  if (!duplicate.member().empty() && duplicate.member() != into.member()) {
    return Error(
        reasons::kMergeMemberDiffers,
        absl::StrCat(duplicate.name(), " is the resident of ", duplicate.member(), ", ", into.name(), " is not"),
        {{"resource", duplicate.name()}, {"member", duplicate.member()}});
  }
  return MergeInto(duplicate, into, kStatePrefix, step);
}

absl::Status Unmerge(Resident& duplicate, const Step& step) { return TakeMergeBack(duplicate, kStatePrefix, step); }

const v1::Residence& NewestResidence(const Resident& resident) {
  int newest = 0;
  for (int i = 1; i < resident.residences_size(); ++i) {
    if (DaysOf(resident.residences(i)).first > DaysOf(resident.residences(newest)).first) newest = i;
  }
  return resident.residences(newest);
}

std::vector<Stay> CountedStays(const Resident& resident) {
  std::vector<Stay> stays;
  if (resident.state() == v1::RESIDENT_STATE_MERGED_DUPLICATE) return stays;
  const Day last = resident.has_ended_on() ? DayOr(resident.ended_on(), Day::Max()) - 1 : Day::Max();
  for (const v1::Residence& residence : resident.residences()) {
    const DayRange days = Intersect(DaysOf(residence), {Day::Min(), last});
    if (IsPlaceToLive(residence.kind()) && !IsEmpty(days)) stays.push_back({residence.organization(), days});
  }
  return stays;
}

}  // namespace dangjian::registry
