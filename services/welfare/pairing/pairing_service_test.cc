#include "absl/strings/str_cat.h"
#include "dangjian/welfare/v1/assistance_pairing.pb.h"
#include "services/welfare/counted/counted.h"
#include "services/welfare/pairing/pairing_rules.h"
#include "services/welfare/testing/harness.h"

namespace dangjian::welfare {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;
using v1::AssistancePairing;

class PairingServiceTest : public WelfareTest {
 protected:
  absl::StatusOr<AssistancePairing> Create(const std::string& id, const std::string& members,
                                           const std::string& household) {
    return Call<AssistancePairing, v1::CreateAssistancePairingRequest>(absl::StrCat(
        "pairing_id: '", id, "' pairing { organization: 'organizations/east' ", members, " household: 'households/",
        household, "' plan: '每月走访' proposed_on ", DateText("2026-03-01"), " }"));
  }
  absl::StatusOr<AssistancePairing> Activate(const std::string& id, const std::string& day) {
    return Call<AssistancePairing, v1::ActivatePairingRequest>(
        absl::StrCat("name: 'pairings/", id, "' occurred_on ", DateText(day)));
  }
  void Pair(const std::string& id, const std::string& members, const std::string& household) {
    ASSERT_THAT(Create(id, members, household), IsOk());
    ASSERT_THAT(Activate(id, "2026-03-05"), IsOk());
  }
};

constexpr char kWang[] = "members: 'members/wang'";
constexpr char kLi[] = "members: 'members/li'";

TEST_F(PairingServiceTest, ADuplicateHouseholdIsPairedOnce) {
  ASSERT_NO_FATAL_FAILURE(Pair("p-1", kWang, "h-1"));
  ASSERT_NO_FATAL_FAILURE(Pair("p-2", kLi, "h-2"));
  const Day active = Day::Of(2026, 3, 5);
  ASSERT_THAT(MergeHousehold("h-2", "h-1"), IsOk());
  EXPECT_EQ(Figure("paired_households", "street", active), 1);
  EXPECT_THAT(Create("p-3", kLi, "h-2"), HasReason(reasons::kNamesMergedRecord));
  ASSERT_THAT(Create("p-3", kLi, "h-1"), IsOk());
  EXPECT_THAT(Activate("p-3", "2026-03-06"), HasReason(reasons::kAlreadyPaired));
  ASSERT_THAT(MergeHousehold("h-2", ""), IsOk());
  EXPECT_EQ(Figure("paired_households", "street", active), 2);
  EXPECT_THAT(Activate("p-3", "2026-03-06"), IsOk());
}

TEST_F(PairingServiceTest, MembersAndHouseholdsCountOnceOnActiveDays) {
  ASSERT_NO_FATAL_FAILURE(Pair("p-1", kWang, "h-1"));
  ASSERT_NO_FATAL_FAILURE(Pair("p-2", kWang, "h-2"));
  ASSERT_NO_FATAL_FAILURE(Pair("p-3", kLi, "h-2"));
  const Day before = Day::Of(2026, 3, 4);
  const Day active = Day::Of(2026, 3, 5);
  EXPECT_EQ(Figure("paired_members", "street", before), 0);
  EXPECT_EQ(Figure("paired_members", "street", active), 2);
  EXPECT_EQ(Figure("paired_households", "street", active), 2);
  EXPECT_EQ(Figure("pairings", "east", active), 3);
}

TEST_F(PairingServiceTest, PausesAndEndsTakeItOutTheDayAfter) {
  ASSERT_NO_FATAL_FAILURE(Pair("p-1", kWang, "h-1"));
  ASSERT_THAT((Call<AssistancePairing, v1::PausePairingRequest>(
                  absl::StrCat("name: 'pairings/p-1' reason: '外出' occurred_on ", DateText("2026-04-30")))),
              IsOk());
  EXPECT_EQ(Figure("paired_members", "street", Day::Of(2026, 4, 30)), 1);
  EXPECT_EQ(Figure("paired_members", "street", Day::Of(2026, 5, 1)), 0);
  ASSERT_THAT((Call<AssistancePairing, v1::ResumePairingRequest>(
                  absl::StrCat("name: 'pairings/p-1' occurred_on ", DateText("2026-06-01")))),
              IsOk());
  const auto ended = Call<AssistancePairing, v1::EndPairingRequest>(absl::StrCat(
      "name: 'pairings/p-1' end_reason: PAIRING_END_REASON_LIFTED_OUT occurred_on ", DateText("2026-08-31")));
  ASSERT_THAT(ended, IsOk());
  EXPECT_EQ(ended->end_reason(), v1::PAIRING_END_REASON_LIFTED_OUT);
  EXPECT_EQ(Figure("paired_households", "street", Day::Of(2026, 8, 31)), 1);
  EXPECT_EQ(Figure("paired_households", "street", Day::Of(2026, 9, 1)), 0);
  EXPECT_EQ(Figure("pairings", "street", Day::Of(2026, 9, 1)), 0);
  EXPECT_THAT(Activate("p-1", "2026-09-02"), HasReason("ILLEGAL_TRANSITION"));
}

TEST_F(PairingServiceTest, TheSameMemberAndHouseholdAreNotActiveTwice) {
  ASSERT_NO_FATAL_FAILURE(Pair("p-1", absl::StrCat(kWang, " ", kLi), "h-1"));
  ASSERT_THAT(Create("p-2", kLi, "h-1"), IsOk());
  EXPECT_THAT(Activate("p-2", "2026-03-10"), HasReason(reasons::kAlreadyPaired));
  EXPECT_EQ(Figure("pairings", "street", Day::Of(2026, 3, 10)), 1) << "nothing was stored";
  ASSERT_NO_FATAL_FAILURE(Pair("p-3", "members: 'members/zhao'", "h-1"));
  EXPECT_EQ(Figure("paired_members", "street", Day::Of(2026, 3, 10)), 3);
  EXPECT_EQ(Figure("paired_households", "street", Day::Of(2026, 3, 10)), 1);
}

TEST_F(PairingServiceTest, AConflictIsFoundHoweverManyPairingsAHouseholdHas) {
  ASSERT_THAT(database_.Write([&](storage::Transaction& txn) -> absl::Status {
    for (int i = 0; i < 1000; ++i) {
      auto past = testing::Proto<AssistancePairing>(
          "organization: 'organizations/east' members: 'members/zhao' household: 'households/h-1' state: "
          "ASSISTANCE_PAIRING_STATE_PROPOSED");
      past.set_name(absl::StrCat("pairings/a-", i));
      const absl::Status status = database_->FindTable("pairings")->Insert(txn, past);
      if (!status.ok()) return status;
    }
    return absl::OkStatus();
  }),
              IsOk());
  ASSERT_NO_FATAL_FAILURE(Pair("p-1", kWang, "h-1"));
  ASSERT_THAT(Create("p-2", kWang, "h-1"), IsOk());
  EXPECT_THAT(Activate("p-2", "2026-03-10"), HasReason(reasons::kAlreadyPaired));
}

TEST_F(PairingServiceTest, EntriesAreCheckedCorrectedAndTakenOut) {
  EXPECT_THAT(Create("p-1", "members: 'members/nobody'", "h-1"), HasReason("REFERENCE_NOT_FOUND"));
  EXPECT_THAT(Create("p-1", kWang, "h-404"), HasReason("REFERENCE_NOT_FOUND"));
  EXPECT_THAT(Create("p-1", absl::StrCat(kWang, " ", kWang), "h-1"), HasReason(reasons::kDuplicatePairingMember));
  ASSERT_NO_FATAL_FAILURE(Pair("p-1", kWang, "h-1"));
  EXPECT_THAT((Call<AssistancePairing, v1::UpdateAssistancePairingRequest>(
                  "pairing { name: 'pairings/p-1' members: 'members/li' } update_mask { paths: 'members' }")),
              HasReason("ILLEGAL_TRANSITION"));
  ASSERT_THAT((Call<AssistancePairing, v1::UpdateAssistancePairingRequest>(
                  "pairing { name: 'pairings/p-1' plan: '送米面' } update_mask { paths: 'plan' }")),
              IsOk());
  ASSERT_THAT((Call<google::protobuf::Empty, v1::DeleteAssistancePairingRequest>("name: 'pairings/p-1'")), IsOk());
  EXPECT_EQ(Figure("paired_members", "street", Day::Of(2026, 3, 10)), 0);
}

}  // namespace
}  // namespace dangjian::welfare
