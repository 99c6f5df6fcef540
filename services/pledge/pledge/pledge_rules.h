#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "common/base/day.h"
#include "common/status/errors.h"
#include "common/status/reason.h"
#include "common/types/step.h"
#include "dangjian/pledge/v1/pledge.pb.h"

// The life of a pledge and its items. Pure: decides from the record, the step and facts handed in.

namespace dangjian::pledge {

namespace reasons {
inline constexpr Reason kPledgerKindMismatch{"PLEDGER_KIND_MISMATCH", absl::StatusCode::kInvalidArgument,
                                             "承诺人类别与承诺人不符"};
inline constexpr Reason kPledgerNotInOrganization{"PLEDGER_NOT_IN_ORGANIZATION", absl::StatusCode::kFailedPrecondition,
                                                  "作出承诺的组织不在此组织之下"};
inline constexpr Reason kCampaignClosed{"CAMPAIGN_CLOSED", absl::StatusCode::kFailedPrecondition,
                                        "该活动已结束,不再接收新的承诺"};
inline constexpr Reason kDuplicateItem{"DUPLICATE_ITEM", absl::StatusCode::kInvalidArgument, "承诺事项编号重复"};
inline constexpr Reason kUnknownItem{"UNKNOWN_ITEM", absl::StatusCode::kInvalidArgument, "没有此承诺事项"};
inline constexpr Reason kDueBeforePublication{"DUE_BEFORE_PUBLICATION", absl::StatusCode::kInvalidArgument,
                                              "承诺事项的完成期限早于公布日期"};
inline constexpr Reason kReviewerIsPledger{"REVIEWER_IS_PLEDGER", absl::StatusCode::kFailedPrecondition,
                                           "审核人不能是承诺人本人"};
inline constexpr Reason kVerifierIsPledger{"VERIFIER_IS_PLEDGER", absl::StatusCode::kFailedPrecondition,
                                           "核实人不能是承诺人本人"};
inline constexpr Reason kEvidenceRequired{"EVIDENCE_REQUIRED", absl::StatusCode::kInvalidArgument,
                                          "该事项须附完成佐证"};
inline constexpr Reason kAmendsClaimedItem{"AMENDS_CLAIMED_ITEM", absl::StatusCode::kFailedPrecondition,
                                           "已申报完成或已办结的事项不能修改或删除"};
inline constexpr Reason kNotADisciplineCommission{"NOT_A_DISCIPLINE_COMMISSION", absl::StatusCode::kFailedPrecondition,
                                                  "督促检查须由纪工委(纪委)作出"};
inline constexpr Reason kNoVerdict{"VERDICT_REQUIRED", absl::StatusCode::kInvalidArgument,
                                   "核实与未兑现须填写核实人、原因和说明,且二者只能取其一"};
}  // namespace reasons

namespace pledge_rules {

// Who judges an item, with what the rules must know of him.
struct Judge {
  std::string name;               // `members/…` or `organizations/…`
  std::string organization = {};  // of a member: the organisation of the relation on that day; may be empty
};

// Sets what a new record starts with: state DRAFT, numbered items in state PLEDGED, nothing fulfilled.
void Initialize(v1::Pledge& pledge);
// Numbers items that have no id, leaving out the numbers `taken`, and resets what the server keeps.
void InitializeItems(google::protobuf::RepeatedPtrField<v1::PledgeItem>& items,
                     absl::flat_hash_set<std::string> taken = {});

// PLEDGER_KIND_MISMATCH, DUPLICATE_ITEM.
void CheckContent(const v1::Pledge& pledge, std::string_view path, Violations& violations);

// The verbs. Each refuses what the state or the dates do not allow and otherwise changes the record.
absl::Status CheckEditable(const v1::Pledge& pledge);
absl::Status CheckDeletable(const v1::Pledge& pledge);
absl::Status Submit(v1::Pledge& pledge, const Step& step);
// `step.on_behalf_of` is the reviewer.
absl::Status Review(v1::Pledge& pledge, const Step& step);
absl::Status Return(v1::Pledge& pledge, const Step& step);
absl::Status Publish(v1::Pledge& pledge, const Step& step);
absl::Status Withdraw(v1::Pledge& pledge, const Step& step);
absl::Status Amend(v1::Pledge& pledge, const google::protobuf::RepeatedPtrField<v1::PledgeItem>& items,
                   const Step& step);
absl::Status ClaimItem(v1::Pledge& pledge, std::string_view item_id,
                       const google::protobuf::RepeatedPtrField<v1::Evidence>& evidence, const Step& step);
absl::Status VerifyItem(v1::Pledge& pledge, std::string_view item_id, const Judge& verifier, const Step& step);
absl::Status RecordNotMet(v1::Pledge& pledge, std::string_view item_id, const Judge& verifier, v1::NotMetCause cause,
                          std::string_view explanation, const Step& step);
// `is_discipline_commission` says what the supervisor is.
absl::Status AddSupervisionCheck(v1::Pledge& pledge, const v1::SupervisionCheck& check, bool is_discipline_commission,
                                 const Step& step);

// Published, not claimed, and due before `today`.
bool IsOverdue(const v1::PledgeItem& item, Day today);
// Fills `overdue` of every item.
void DeriveOverdue(v1::Pledge& pledge, Day today);

// What happened to the number of items on one day.
struct DayCount {
  Day day;
  int64_t items;
  bool operator==(const DayCount&) const = default;
};

// The course of a pledge in numbers, each list ascending by day and without zeros. Empty before publication.
struct Course {
  std::vector<DayCount> published;    // items that became public for the first time
  std::vector<DayCount> standing;     // changes of the number of items in force
  std::vector<DayCount> on_schedule;  // changes of the number of items in force that are neither overdue nor not met
  std::vector<DayCount> due;          // items due, by the due date in force on that day
  std::vector<DayCount> verified;
};
Course CourseOf(const v1::Pledge& pledge);

}  // namespace pledge_rules
}  // namespace dangjian::pledge
