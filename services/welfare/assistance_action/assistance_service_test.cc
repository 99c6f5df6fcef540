#include "absl/strings/str_cat.h"
#include "common/change/registry_view.h"
#include "dangjian/welfare/v1/assistance_action.pb.h"
#include "dangjian/welfare/v1/assistance_pairing.pb.h"
#include "services/welfare/assistance_action/assistance_rules.h"
#include "services/welfare/pairing/pairing_rules.h"
#include "services/welfare/testing/harness.h"

namespace dangjian::welfare {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;
using v1::AssistanceAction;

const DayRange kYear{Day::Of(2026, 1, 1), Day::Of(2026, 12, 31)};

class AssistanceServiceTest : public WelfareTest {
 protected:
  void SetUp() override {
    WelfareTest::SetUp();
    for (const std::string id : {"wang-h1", "wang-h2"}) {
      ASSERT_THAT((Call<v1::AssistancePairing, v1::CreateAssistancePairingRequest>(absl::StrCat(
                      "pairing_id: '", id, "' pairing { organization: 'organizations/east' members: 'members/wang' ",
                      "household: 'households/h-", id.substr(6), "' proposed_on ", DateText("2026-03-01"), " }"))),
                  IsOk());
      ASSERT_THAT((Call<v1::AssistancePairing, v1::ActivatePairingRequest>(
                      absl::StrCat("name: 'pairings/", id, "' occurred_on ", DateText("2026-03-05")))),
                  IsOk());
    }
  }
  absl::StatusOr<AssistanceAction> Create(const std::string& id, const std::string& pairing, const std::string& what,
                                          const std::string& day, const std::string& member = "wang") {
    return Call<AssistanceAction, v1::CreateAssistanceActionRequest>(
        absl::StrCat("assistance_action_id: '", id, "' assistance_action { pairing: 'pairings/", pairing,
                     "' member: 'members/", member, "' ", what, " occurred_on ", DateText(day), " }"));
  }
  int64_t Value(const std::string& pairing) { return Figure("assistance_value", "street", kYear, {{1, {pairing}}}); }
};

constexpr char kChicks[] = "kind: ASSISTANCE_KIND_GOODS goods { text: '鸡雏' value_fen: 300000 }";
constexpr char kCash[] = "kind: ASSISTANCE_KIND_CASH cash_fen: 20000";
constexpr char kLessons[] = "kind: ASSISTANCE_KIND_SERVICE service_hours: '1.5'";

TEST_F(AssistanceServiceTest, ValuesAddUpByKindAndByPairing) {
  const auto chicks = Create("a-1", "wang-h1", kChicks, "2026-04-01");
  ASSERT_THAT(chicks, IsOk());
  EXPECT_EQ(chicks->organization(), "organizations/east");
  ASSERT_THAT(Create("a-2", "wang-h2", kCash, "2026-05-01"), IsOk());
  ASSERT_THAT(Create("a-3", "wang-h2", kLessons, "2026-05-02"), IsOk());
  EXPECT_EQ(Value("wang-h1"), 300000);
  EXPECT_EQ(Value("wang-h2"), 20000);
  EXPECT_EQ(Figure("assistance_value", "street", kYear, {{0, {"CASH"}}}), 20000);
  EXPECT_EQ(Figure("assistance_value", "street", kYear), 320000);
  EXPECT_EQ(Figure("assistance_actions", "east", kYear), 3);
  EXPECT_EQ(Figure("assistance_actions", "east", kYear, {{0, {"SERVICE"}}}), 1);
}

TEST_F(AssistanceServiceTest, CorrectionAndDeletionMoveTheFigures) {
  ASSERT_THAT(Create("a-1", "wang-h1", kCash, "2026-04-01"), IsOk());
  ASSERT_THAT((Call<AssistanceAction, v1::UpdateAssistanceActionRequest>(
                  "assistance_action { name: 'assistanceActions/a-1' cash_fen: 5000 } update_mask { paths: "
                  "'cash_fen' }")),
              IsOk());
  EXPECT_EQ(Value("wang-h1"), 5000);
  EXPECT_THAT((Call<google::protobuf::Empty, v1::DeleteAssistancePairingRequest>("name: 'pairings/wang-h1'")),
              HasReason(reasons::kPairingHasActions));
  ASSERT_THAT((Call<google::protobuf::Empty, v1::DeleteAssistanceActionRequest>("name: 'assistanceActions/a-1'")),
              IsOk());
  EXPECT_EQ(Value("wang-h1"), 0);
  EXPECT_EQ(Figure("assistance_actions", "street", kYear), 0);
}

TEST_F(AssistanceServiceTest, APairingDoesNotEndOrPauseBeforeItsActions) {
  ASSERT_THAT(Create("a-1", "wang-h1", kCash, "2026-06-01"), IsOk());
  const auto end = [this](const std::string& day) {
    return Call<v1::AssistancePairing, v1::EndPairingRequest>(
        absl::StrCat("name: 'pairings/wang-h1' end_reason: PAIRING_END_REASON_LIFTED_OUT occurred_on ", DateText(day)));
  };
  const auto pause = [this](const std::string& day) {
    return Call<v1::AssistancePairing, v1::PausePairingRequest>(
        absl::StrCat("name: 'pairings/wang-h1' reason: '外出' occurred_on ", DateText(day)));
  };
  const int64_t before = LastRevision();
  EXPECT_THAT(end("2026-05-31"), HasReason(reasons::kPairingHasLaterActions));
  EXPECT_THAT(pause("2026-05-31"), HasReason(reasons::kPairingHasLaterActions));
  EXPECT_EQ(LastRevision(), before) << "something was stored";
  ASSERT_THAT(pause("2026-06-01"), IsOk());
  ASSERT_THAT(end("2026-06-01"), IsOk()) << "the day of the last action";
  EXPECT_EQ(Value("wang-h1"), 20000);
}

TEST_F(AssistanceServiceTest, RefusesWhatDoesNotFitAndStoresNothing) {
  EXPECT_THAT(Create("a-1", "nobody", kCash, "2026-04-01"), HasReason("REFERENCE_NOT_FOUND"));
  EXPECT_THAT(Create("a-1", "wang-h1", kCash, "2026-04-01", "li"), HasReason(reasons::kMemberNotInPairing));
  EXPECT_THAT(Create("a-1", "wang-h1", kCash, "2026-03-04"), HasReason(reasons::kPairingNotActive));
  EXPECT_THAT(Create("a-1", "wang-h1", "kind: ASSISTANCE_KIND_CASH", "2026-04-01"),
              HasReason(reasons::kAssistanceKindMismatch));
  EXPECT_THAT(
      Create("a-1", "wang-h1",
             "kind: ASSISTANCE_KIND_GOODS goods { text: '米' quantity { value: '50' unit: 'bushel' } }", "2026-04-01"),
      HasReason(dangjian::reasons::kUnknownUnit));
  const auto list = Call<v1::ListAssistanceActionsResponse, v1::ListAssistanceActionsRequest>("member: 'members/wang'");
  ASSERT_THAT(list, IsOk());
  EXPECT_EQ(list->assistance_actions_size(), 0);
}

}  // namespace
}  // namespace dangjian::welfare
