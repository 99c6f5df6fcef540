#include "services/registry/transfer/transfer_rules.h"

#include <algorithm>
#include <functional>
#include <vector>

#include "common/testing/matchers.h"
#include "common/types/date.h"

namespace dangjian::registry {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;
using ::dangjian::testing::Proto;
using v1::MemberTransfer;

const Day kToday = Day::Of(2024, 6, 30);

Step On(Day day) { return {.day = day, .today = kToday, .actor = "clerk"}; }

MemberTransfer Requested() {
  auto transfer =
      Proto<MemberTransfer>("name: 'memberTransfers/t' member: 'members/m' to_organization: 'organizations/b'");
  EXPECT_THAT(Request(transfer, "organizations/a", On(Day::Of(2024, 1, 1))), IsOk());
  return transfer;
}

MemberTransfer In(v1::MemberTransferState state) {
  MemberTransfer transfer = Requested();
  if (state == v1::MEMBER_TRANSFER_STATE_REJECTED) {
    EXPECT_THAT(Reject(transfer, On(Day::Of(2024, 1, 5))), IsOk());
  }
  if (state == v1::MEMBER_TRANSFER_STATE_REQUESTED || state == v1::MEMBER_TRANSFER_STATE_REJECTED) return transfer;
  EXPECT_THAT(Issue(transfer, Day::Of(2024, 2, 1), On(Day::Of(2024, 1, 5))), IsOk());
  if (state == v1::MEMBER_TRANSFER_STATE_RECEIVED) {
    EXPECT_THAT(Receive(transfer, On(Day::Of(2024, 1, 9))), IsOk());
  }
  if (state == v1::MEMBER_TRANSFER_STATE_EXPIRED) {
    EXPECT_THAT(Expire(transfer, On(Day::Of(2024, 2, 2))), IsOk());
  }
  EXPECT_EQ(transfer.state(), state);
  return transfer;
}

TEST(TransferRulesTest, EveryTransitionAndNoOther) {
  struct Verb {
    std::function<absl::Status(MemberTransfer&)> run;
    std::vector<v1::MemberTransferState> from;
    v1::MemberTransferState to;
  };
  const Verb verbs[] = {
      {[](MemberTransfer& transfer) { return Issue(transfer, std::nullopt, On(Day::Of(2024, 1, 31))); },
       {v1::MEMBER_TRANSFER_STATE_REQUESTED},
       v1::MEMBER_TRANSFER_STATE_ISSUED},
      {[](MemberTransfer& transfer) { return Receive(transfer, On(Day::Of(2024, 1, 31))); },
       {v1::MEMBER_TRANSFER_STATE_ISSUED},
       v1::MEMBER_TRANSFER_STATE_RECEIVED},
      {[](MemberTransfer& transfer) { return Reject(transfer, On(Day::Of(2024, 1, 31))); },
       {v1::MEMBER_TRANSFER_STATE_REQUESTED, v1::MEMBER_TRANSFER_STATE_ISSUED},
       v1::MEMBER_TRANSFER_STATE_REJECTED},
      {[](MemberTransfer& transfer) { return Expire(transfer, On(kToday)); },
       {v1::MEMBER_TRANSFER_STATE_ISSUED},
       v1::MEMBER_TRANSFER_STATE_EXPIRED},
  };
  for (const Verb& verb : verbs) {
    for (int from = v1::MEMBER_TRANSFER_STATE_REQUESTED; from <= v1::MEMBER_TRANSFER_STATE_EXPIRED; ++from) {
      MemberTransfer transfer = In(static_cast<v1::MemberTransferState>(from));
      SCOPED_TRACE(ShortName(transfer.state()) + " to " + ShortName(verb.to));
      const bool legal = std::find(verb.from.begin(), verb.from.end(), transfer.state()) != verb.from.end();
      const absl::Status status = verb.run(transfer);
      if (legal) {
        EXPECT_THAT(status, IsOk());
        EXPECT_EQ(transfer.state(), verb.to);
      } else {
        EXPECT_THAT(status, HasReason("ILLEGAL_TRANSITION"));
        EXPECT_EQ(transfer.state(), from);
      }
    }
  }
}

TEST(TransferRulesTest, NobodyTransfersToWhereTheyAre) {
  auto transfer = Proto<MemberTransfer>("member: 'members/m' to_organization: 'organizations/a'");
  EXPECT_THAT(Request(transfer, "organizations/a", On(kToday)), HasReason(reasons::kTransferToSelf));
}

TEST(TransferRulesTest, ALetterIsValidForNinetyDaysAtMost) {
  const Day issued = Day::Of(2024, 1, 5);
  MemberTransfer transfer = Requested();
  EXPECT_THAT(Issue(transfer, issued + 91, On(issued)), HasReason(reasons::kLetterTooLong));
  EXPECT_THAT(Issue(transfer, issued - 1, On(issued)), HasReason(reasons::kLetterTooLong));
  EXPECT_THAT(Issue(transfer, std::nullopt, On(issued)), IsOk());
  EXPECT_EQ(DayFromProto(transfer.valid_until()), issued + 90);
}

TEST(TransferRulesTest, AnExpiredLetterIsNotReceivedAndAValidOneDoesNotExpire) {
  MemberTransfer transfer = In(v1::MEMBER_TRANSFER_STATE_ISSUED);  // valid until 2024-02-01
  EXPECT_THAT(Receive(transfer, On(Day::Of(2024, 2, 2))), HasReason(reasons::kLetterExpired));
  EXPECT_THAT(Expire(transfer, On(Day::Of(2024, 2, 1))), HasReason(reasons::kLetterStillValid));
  EXPECT_THAT(Receive(transfer, On(Day::Of(2024, 2, 1))), IsOk());
}

TEST(TransferRulesTest, StepsAreInOrder) {
  MemberTransfer transfer = In(v1::MEMBER_TRANSFER_STATE_ISSUED);
  EXPECT_THAT(Receive(transfer, On(Day::Of(2024, 1, 4))), HasReason(dangjian::reasons::kStepsOutOfOrder));
  EXPECT_THAT(Reject(transfer, On(kToday + 1)), HasReason(dangjian::reasons::kDateInFuture));
}

}  // namespace
}  // namespace dangjian::registry
