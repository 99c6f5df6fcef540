#pragma once

#include <string>

#include "absl/status/status.h"
#include "common/base/day.h"
#include "common/status/reason.h"
#include "common/types/step.h"
#include "dangjian/registry/v1/household.pb.h"

// The rules of households. Pure: no storage, no gRPC.

namespace dangjian::registry {

namespace reasons {
inline constexpr Reason kMergeKindMismatch{"MERGE_KIND_MISMATCH", absl::StatusCode::kFailedPrecondition,
                                           "户口与共同生活家庭是两类记录,只能合并同一类的户"};
inline constexpr Reason kHouseholdHasResidents{"HOUSEHOLD_HAS_RESIDENTS", absl::StatusCode::kFailedPrecondition,
                                               "户内仍有在册居民,请先登记其死亡、迁出或转入他户"};
}  // namespace reasons

// `SHARED_LIVING`, `MOVED_OUT`, `HARDSHIP`: as dimensions and transitions have them.
std::string ShortName(v1::HouseholdKind kind);
std::string ShortName(v1::HouseholdState state);
std::string ShortName(v1::HouseholdTag::Kind kind);

// Completes a new household. All violations at once: DATE_IN_FUTURE, END_BEFORE_START, OVERLAPPING_TAGS.
absl::Status Register(v1::Household& created, const Step& step);
// Checks a corrected household. RECORD_MERGED when `current` is a duplicate, and as Register.
absl::Status CheckCorrection(const v1::Household& current, const v1::Household& updated, Day today);

// REGISTERED → MOVED_OUT or DECEASED. ILLEGAL_TRANSITION, DATE_IN_FUTURE, STEPS_OUT_OF_ORDER when the step lies before
// the registration. On the very day of the registration it is allowed: the household then counts on no day.
absl::Status MoveOut(v1::Household& household, const Step& step);
absl::Status CloseDeceased(v1::Household& household, const Step& step);

// As merge_rules.h; also MERGE_KIND_MISMATCH.
absl::Status MergeInto(v1::Household& duplicate, const v1::Household& into, const Step& step);
absl::Status Unmerge(v1::Household& duplicate, const Step& step);

// The days on which it counts; none (the last before the first) of a duplicate.
DayRange CountedDays(const v1::Household& household);

}  // namespace dangjian::registry
