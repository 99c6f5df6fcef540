#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "common/base/strings.h"
#include "common/status/errors.h"
#include "common/status/reason.h"
#include "common/types/step.h"
#include "dangjian/pledge/v1/evaluation_round.pb.h"

// The life of an evaluation round, its tally sheets and scores. Pure.

namespace dangjian::pledge {

namespace reasons {
inline constexpr Reason kReturnedExceedsIssued{"RETURNED_EXCEEDS_ISSUED", absl::StatusCode::kInvalidArgument,
                                               "收回票数多于发出票数,该次测评无效"};
inline constexpr Reason kBallotsDoNotAddUp{"BALLOTS_DO_NOT_ADD_UP", absl::StatusCode::kInvalidArgument,
                                           "票数不平衡:收回=有效+空白+废票,有效=各等次之和"};
inline constexpr Reason kWeightsDoNotAddUp{"WEIGHTS_DO_NOT_ADD_UP", absl::StatusCode::kInvalidArgument,
                                           "各评议人群权重之和应为100%(10000)"};
inline constexpr Reason kDuplicateCode{"DUPLICATE_CODE", absl::StatusCode::kInvalidArgument, "代码重复"};
inline constexpr Reason kRateeKindMismatch{"RATEE_KIND_MISMATCH", absl::StatusCode::kInvalidArgument,
                                           "被评议对象与评议方向不符"};
inline constexpr Reason kDuplicateRatee{"DUPLICATE_RATEE", absl::StatusCode::kInvalidArgument, "被评议对象重复"};
inline constexpr Reason kUnknownRatee{"UNKNOWN_RATEE", absl::StatusCode::kInvalidArgument, "不在本次被评议对象之列"};
inline constexpr Reason kUnknownGroup{"UNKNOWN_GROUP", absl::StatusCode::kInvalidArgument, "方案中没有此评议人群"};
inline constexpr Reason kUnknownGrade{"UNKNOWN_GRADE", absl::StatusCode::kInvalidArgument, "方案中没有此等次"};
inline constexpr Reason kWrongDirection{"WRONG_DIRECTION", absl::StatusCode::kFailedPrecondition,
                                        "此评议方向没有党员评议结果"};
inline constexpr Reason kResultsMissing{"RESULTS_MISSING", absl::StatusCode::kFailedPrecondition,
                                        "尚有被评议党员没有评议结果"};
inline constexpr Reason kGradeLimitExceeded{"GRADE_LIMIT_EXCEEDED", absl::StatusCode::kFailedPrecondition,
                                            "该等次人数超过规定比例(如优秀一般不超过三分之一)"};
}  // namespace reasons

namespace evaluation_rules {

// Sets what a new record starts with.
void Initialize(v1::EvaluationRound& round);
// WEIGHTS_DO_NOT_ADD_UP, DUPLICATE_CODE, RATEE_KIND_MISMATCH, DUPLICATE_RATEE.
void CheckContent(const v1::EvaluationRound& round, Violations& violations);
absl::Status CheckEditable(const v1::EvaluationRound& round);

absl::Status Open(v1::EvaluationRound& round, const Step& step);
absl::Status AddTallySheets(v1::EvaluationRound& round,
                            const google::protobuf::RepeatedPtrField<v1::TallySheet>& sheets);
// Not before the day of the meeting.
absl::Status Close(v1::EvaluationRound& round, const Step& step);
absl::Status Tally(v1::EvaluationRound& round, const Step& step);
absl::Status SetMemberResults(v1::EvaluationRound& round,
                              const google::protobuf::RepeatedPtrField<v1::MemberResult>& results);
// RESULTS_MISSING, GRADE_LIMIT_EXCEEDED.
absl::Status Confirm(v1::EvaluationRound& round, const Step& step);
absl::Status Notify(v1::EvaluationRound& round, const Step& step);
absl::Status Reopen(v1::EvaluationRound& round, const Step& step);

// DUPLICATE_CODE for every item whose `code` an earlier one has.
template <class Coded>
void CheckCodes(const google::protobuf::RepeatedPtrField<Coded>& list, std::string_view path, Violations& violations) {
  absl::flat_hash_set<std::string> seen;
  for (int i = 0; i < list.size(); ++i) {
    if (seen.insert(list[i].code()).second) continue;
    violations.Add(absl::StrCat(ToAbsl(path), "[", i, "].code"), reasons::kDuplicateCode,
                   absl::StrCat(list[i].code(), " is used twice"));
  }
}

// WEIGHTS_DO_NOT_ADD_UP, DUPLICATE_CODE.
void CheckScheme(const v1::EvaluationScheme& scheme, std::string_view path, Violations& violations);
// A sheet by itself, whoever is rated: UNKNOWN_GROUP, UNKNOWN_GRADE, DUPLICATE_CODE, RETURNED_EXCEEDS_ISSUED,
// BALLOTS_DO_NOT_ADD_UP.
void CheckBallots(const v1::EvaluationScheme& scheme, const v1::TallySheet& sheet, const std::string& path,
                  Violations& violations);

// One group's count for a score.
struct GroupCount {
  int32_t weight_bps;
  int64_t points;          // Σ points of the grade × ballots
  int64_t valid;           // valid ballots, at least 1
  std::string group = {};  // its code
};
// The counts of a scheme's groups, and the groups that have no sheet or fewer valid ballots than their minimum.
struct BallotCount {
  std::vector<GroupCount> groups;
  std::vector<std::string> missing_groups;
};
// `sheet_of` finds the sheet of a group; nullptr when there is none.
BallotCount CountBallots(const v1::EvaluationScheme& scheme,
                         const std::function<const v1::TallySheet*(const std::string& group)>& sheet_of);
// Σ weight × points ÷ valid, exactly, rounded half up once, in hundredths of a point. At most 5 groups.
int32_t WeightedScore(const std::vector<GroupCount>& groups);

}  // namespace evaluation_rules
}  // namespace dangjian::pledge
