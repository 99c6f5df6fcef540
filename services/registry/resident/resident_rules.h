#pragma once

#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "common/base/day.h"
#include "common/status/reason.h"
#include "common/types/step.h"
#include "dangjian/registry/v1/household.pb.h"
#include "dangjian/registry/v1/resident.pb.h"

// The rules of residents. Pure: no storage, no gRPC.

namespace dangjian::registry {

namespace reasons {
inline constexpr Reason kOverlappingResidences{"OVERLAPPING_RESIDENCES", absl::StatusCode::kInvalidArgument,
                                               "同一组织的居住记录日期不能重叠,且同一天只能在一处居住"};
inline constexpr Reason kSecondHousehold{"SECOND_HOUSEHOLD", absl::StatusCode::kInvalidArgument,
                                         "同一天只能属于一个户口,也只能属于一个共同生活家庭"};
inline constexpr Reason kHouseholdNotOpen{"HOUSEHOLD_NOT_OPEN", absl::StatusCode::kInvalidArgument,
                                          "该户当日已迁出、已销户或已并入另一户,请改填在册的户或更正起止日期"};
inline constexpr Reason kMembershipAfterLeaving{"MEMBERSHIP_AFTER_LEAVING", absl::StatusCode::kInvalidArgument,
                                                "该居民已迁出或死亡,户内关系须在离开前一日结束"};
inline constexpr Reason kNotAPlaceToLive{"NOT_A_PLACE_TO_LIVE", absl::StatusCode::kInvalidArgument,
                                         "登记迁居须注明常住或暂住;仅变更户籍请修改居住记录"};
}  // namespace reasons

// The households that a record names.
using Households = absl::flat_hash_map<std::string, v1::Household>;

// `MOVED_OUT`, `LAID_OFF`: as dimensions and transitions have them.
std::string ShortName(v1::ResidentState state);
std::string ShortName(v1::ResidentTag::Kind kind);

// Completes a new resident. All violations at once: END_BEFORE_START, DATE_IN_FUTURE, OVERLAPPING_RESIDENCES,
// SECOND_HOUSEHOLD, HOUSEHOLD_NOT_OPEN for a place in a household that was merged or that ends before the place does,
// OVERLAPPING_TAGS, SENSITIVE_FIELD_NOT_ACCEPTED for marks that are health or judicial facts.
absl::Status Register(v1::Resident& created, const Households& households, const Step& step);
// Completes a corrected resident. RECORD_MERGED when `current` is a duplicate, MEMBERSHIP_AFTER_LEAVING for a place in
// a household beyond the day on which the resident left, and as Register. Days that a place had before are not looked
// at again: its household may have been closed or merged since.
absl::Status Correct(const v1::Resident& current, v1::Resident& updated, const Households& households, Day today);

// Moves the place to live, and with `household` the membership of its kind. ILLEGAL_TRANSITION unless REGISTERED,
// NOT_A_PLACE_TO_LIVE, DATE_IN_FUTURE, STEPS_OUT_OF_ORDER when the present stay begins on that day or later,
// FIELD_REQUIRED for a relation code that is missing, and as Register.
absl::Status Move(v1::Resident& resident, const v1::MoveResidentRequest& request, const Households& households,
                  const Step& step);

// Out of the area, for good. ILLEGAL_TRANSITION, DATE_IN_FUTURE, STEPS_OUT_OF_ORDER when a stay begins later.
absl::Status MoveOut(v1::Resident& resident, const Step& step);
absl::Status RecordDeath(v1::Resident& resident, const Step& step);

// As merge_rules.h.
absl::Status MergeInto(v1::Resident& duplicate, const v1::Resident& into, const Step& step);
absl::Status Unmerge(v1::Resident& duplicate, const Step& step);

// The residence that began last; residents have at least one.
const v1::Residence& NewestResidence(const v1::Resident& resident);

// Days on which a resident counts with an organisation: a place to live, until the resident left. None of a duplicate.
struct Stay {
  std::string organization;
  DayRange days;
  bool operator==(const Stay&) const = default;
};
std::vector<Stay> CountedStays(const v1::Resident& resident);

}  // namespace dangjian::registry
