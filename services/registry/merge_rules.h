#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/status/errors.h"
#include "common/types/enum_name.h"
#include "common/types/step.h"
#include "google/protobuf/generated_enum_reflection.h"
#include "services/registry/reasons.h"

// Merging a record that was entered twice, and taking that back: for records with `state`, `merged_into` and
// `transitions` whose states have a value MERGED_DUPLICATE. A merge changes nothing but these three, so that the record
// is as before when it is taken back. Pure. `prefix` is that of the state's values, e.g. `HOUSEHOLD_STATE_`.

namespace dangjian::registry {

inline constexpr std::string_view kMergedDuplicate = "MERGED_DUPLICATE";

// The state without its prefix.
template <class R>
std::string StateOf(const R& row, std::string_view prefix) {
  const auto* type = google::protobuf::GetEnumDescriptor<decltype(row.state())>();
  const auto* value = type->FindValueByNumber(row.state());
  return value == nullptr ? std::string() : std::string(StripPrefix(value->name(), prefix));
}

template <class R>
bool IsMerged(const R& row, std::string_view prefix) {
  return StateOf(row, prefix) == kMergedDuplicate;
}

// Sets the state of that name and records the step.
template <class R>
void EnterState(R& row, std::string_view prefix, std::string_view state, const Step& step) {
  using State = decltype(row.state());
  const auto* value =
      google::protobuf::GetEnumDescriptor<State>()->FindValueByName(absl::StrCat(ToAbsl(prefix), ToAbsl(state)));
  row.set_state(value == nullptr ? State{} : static_cast<State>(value->number()));
  AddTransition(*row.mutable_transitions(), state, step);
}

// RECORD_MERGED when it is a duplicate.
template <class R>
absl::Status CheckNotMerged(const R& row, std::string_view prefix) {
  if (!IsMerged(row, prefix)) return absl::OkStatus();
  return Error(reasons::kRecordMerged, absl::StrCat(row.name(), " was merged into ", row.merged_into()),
               {{"resource", row.name()}, {"merged_into", row.merged_into()}});
}

// ILLEGAL_TRANSITION when it is merged already, MERGE_INTO_SELF, MERGE_TARGET_MERGED, DATE_IN_FUTURE.
template <class R>
absl::Status MergeInto(R& duplicate, const R& into, std::string_view prefix, const Step& step) {
  if (IsMerged(duplicate, prefix)) return IllegalTransition(duplicate.name(), kMergedDuplicate, kMergedDuplicate);
  if (duplicate.name() == into.name()) {
    return Error(reasons::kMergeIntoSelf, absl::StrCat(into.name(), " cannot be merged into itself"));
  }
  if (IsMerged(into, prefix)) {
    return Error(reasons::kMergeTargetMerged,
                 absl::StrCat(into.name(), " was itself merged into ", into.merged_into(), "; name that one"),
                 {{"resource", into.name()}, {"merged_into", into.merged_into()}});
  }
  RETURN_IF_ERROR(CheckStep(step, Day::Min()));
  EnterState(duplicate, prefix, kMergedDuplicate, step);
  duplicate.set_merged_into(into.name());
  return absl::OkStatus();
}

// Back to the state before the merge. ILLEGAL_TRANSITION, DATE_IN_FUTURE.
template <class R>
absl::Status TakeMergeBack(R& duplicate, std::string_view prefix, const Step& step) {
  if (!IsMerged(duplicate, prefix)) return IllegalTransition(duplicate.name(), StateOf(duplicate, prefix), "unmerged");
  RETURN_IF_ERROR(CheckStep(step, Day::Min()));
  std::string before;
  for (const auto& entry : duplicate.transitions()) {  // the last that is neither a merge nor a step of a part
    const bool of_record = entry.state().find(':') == std::string::npos;
    if (of_record && entry.state() != kMergedDuplicate) before = entry.state();
  }
  EnterState(duplicate, prefix, before, step);
  duplicate.clear_merged_into();
  return absl::OkStatus();
}

}  // namespace dangjian::registry
