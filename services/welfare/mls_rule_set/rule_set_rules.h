#pragma once

#include <vector>

#include "absl/status/status.h"
#include "common/base/day.h"
#include "common/status/reason.h"
#include "dangjian/welfare/v1/mls_rule_set.pb.h"

// What a rule set of minimum living security must hold, and which of several is in force. Pure.

namespace dangjian::welfare {

namespace reasons {
inline constexpr Reason kNotFirstOfMonth{"NOT_FIRST_OF_MONTH", absl::StatusCode::kInvalidArgument,
                                         "生效日期应为某月一日"};
inline constexpr Reason kRuleSetIncomplete{"RULE_SET_INCOMPLETE", absl::StatusCode::kInvalidArgument,
                                           "分档救助应列出档次,补差救助不应列出档次;每项增发只填比例或定额之一"};
inline constexpr Reason kDuplicateTier{"DUPLICATE_TIER", absl::StatusCode::kInvalidArgument, "档次代码重复"};
inline constexpr Reason kDuplicateTopUp{"DUPLICATE_TOP_UP", absl::StatusCode::kInvalidArgument, "分类施保代码重复"};
inline constexpr Reason kTopUpForNoAge{"TOP_UP_FOR_NO_AGE", absl::StatusCode::kInvalidArgument,
                                       "分类施保的年龄上限应大于下限"};
inline constexpr Reason kHealthTopUpNotMarked{"HEALTH_TOP_UP_NOT_MARKED", absl::StatusCode::kInvalidArgument,
                                              "该分类施保涉及健康信息,请标明 health_fact"};
inline constexpr Reason kRuleSetInUse{"RULE_SET_IN_USE", absl::StatusCode::kFailedPrecondition,
                                      "已有案件使用此标准,不能修改或删除,请另立新版本"};
}  // namespace reasons

namespace mls {

// True for codes that say something of a person's health in every area, whatever a rule set marks.
bool IsHealthCode(std::string_view code);

// Completes a new or changed rule set and checks it; all bad fields at once.
absl::Status CheckRuleSet(v1::MlsRuleSet& rule_set);
// RULE_SET_IN_USE.
absl::Status CheckUnused(const v1::MlsRuleSet& rule_set);

// The newest of `rule_sets`, those of one organisation, that holds in the month of `day`; nullptr when there is none.
const v1::MlsRuleSet* InForce(const std::vector<v1::MlsRuleSet>& rule_sets, Day day);

}  // namespace mls
}  // namespace dangjian::welfare
