#include "absl/strings/str_cat.h"
#include "dangjian/activity/v1/co_building_agreement.pb.h"
#include "google/protobuf/empty.pb.h"
#include "services/activity/co_building_agreement/agreement_rules.h"
#include "services/activity/testing/harness.h"

namespace dangjian::activity {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;
using google::protobuf::Empty;
using v1::CoBuildingAgreement;

class AgreementServiceTest : public ActivityTest {
 protected:
  absl::StatusOr<CoBuildingAgreement> Create(const std::string& id, const std::string& from, const std::string& more,
                                             const std::string& party = "school") {
    return Call<CoBuildingAgreement, v1::CreateCoBuildingAgreementRequest>(absl::StrCat(
        "co_building_agreement_id: '", id, "' co_building_agreement { organization: 'organizations/east' party: ",
        "'residentUnits/", party, "' title: '共驻共建协议书' items { item_id: 'yard' side: AGREEMENT_SIDE_UNIT kind: ",
        "AGREEMENT_ITEM_KIND_DUTY text: '向居民开放操场' } valid_from ", DateText(from), " ", more, " }"));
  }
  absl::StatusOr<CoBuildingAgreement> Signed(const std::string& id, const std::string& from, const std::string& to = "",
                                             const std::string& party = "school") {
    return Create(
        id, from,
        absl::StrCat("signed_on ", DateText(from), to.empty() ? "" : absl::StrCat(" valid_to ", DateText(to))), party);
  }
  template <class Request>
  absl::StatusOr<CoBuildingAgreement> Step(const std::string& id, const std::string& more) {
    return Call<CoBuildingAgreement, Request>(absl::StrCat("name: 'coBuildingAgreements/", id, "' ", more));
  }
  int64_t InForce(Day day) { return Figure("co_building_agreements", "street", day); }
};

const DayRange kYear{Day::Of(2026, 1, 1), Day::Of(2026, 12, 31)};

TEST_F(AgreementServiceTest, OneSignedInThePastCountsByItsDays) {
  const auto created = Signed("a", "2005-06-05", "2008-06-04");
  ASSERT_THAT(created, IsOk());
  EXPECT_EQ(created->state(), v1::CO_BUILDING_AGREEMENT_STATE_IN_FORCE);
  EXPECT_EQ(InForce(Day::Of(2005, 6, 4)), 0);
  EXPECT_EQ(InForce(Day::Of(2006, 12, 31)), 1);
  EXPECT_EQ(InForce(Day::Of(2008, 6, 4)), 1);
  EXPECT_EQ(InForce(Day::Of(2008, 6, 5)), 0) << "over, though nobody has recorded the expiry";
  EXPECT_EQ(Figure("agreements_signed", "street", DayRange{Day::Of(2005, 6, 5), Day::Of(2005, 6, 5)}), 1);
  ASSERT_THAT(Step<v1::ExpireCoBuildingAgreementRequest>("a", ""), IsOk());
  EXPECT_EQ(InForce(Day::Of(2008, 6, 4)), 1);
  ASSERT_THAT((Call<Empty, v1::DeleteCoBuildingAgreementRequest>("name: 'coBuildingAgreements/a'")), IsOk());
  EXPECT_EQ(InForce(Day::Of(2006, 12, 31)), 0);
}

TEST_F(AgreementServiceTest, CountsStepByStep) {
  ASSERT_THAT(Create("a", "2026-02-01", ""), IsOk());
  EXPECT_EQ(Figure("agreements_signed", "street", kYear), 0);
  ASSERT_THAT((Call<CoBuildingAgreement, v1::UpdateCoBuildingAgreementRequest>(
                  "co_building_agreement { name: 'coBuildingAgreements/a' title: '协议' } update_mask "
                  "{ paths: 'title' }")),
              IsOk());
  ASSERT_THAT(Step<v1::SignCoBuildingAgreementRequest>("a", absl::StrCat("signed_on ", DateText("2026-01-20"))),
              IsOk());
  EXPECT_EQ(Figure("agreements_signed", "street", kYear), 1);
  EXPECT_EQ(InForce(Day::Of(2026, 2, 1)), 0);
  ASSERT_THAT(Step<v1::EnterCoBuildingAgreementIntoForceRequest>("a", ""), IsOk());
  EXPECT_EQ(InForce(Day::Of(2026, 2, 1)), 1);
  EXPECT_THAT(
      (Call<CoBuildingAgreement, v1::UpdateCoBuildingAgreementRequest>(
          "co_building_agreement { name: 'coBuildingAgreements/a' title: 'x' } update_mask { paths: 'title' }")),
      HasReason("ILLEGAL_TRANSITION"));
}

TEST_F(AgreementServiceTest, ItemsCountOnTheDayOfFulfilment) {
  ASSERT_THAT(Signed("a", "2026-02-01"), IsOk());
  ASSERT_THAT(
      Step<v1::FulfilAgreementItemRequest>("a", absl::StrCat("item_id: 'yard' done_on ", DateText("2026-05-01"))),
      IsOk());
  const DayRange may{Day::Of(2026, 5, 1), Day::Of(2026, 5, 31)};
  EXPECT_EQ(Figure("agreement_items_fulfilled", "street", may), 1);
  EXPECT_THAT(Step<v1::FulfilAgreementItemRequest>("a", "item_id: 'yard'"), HasReason(reasons::kAgreementItemDone));
  ASSERT_THAT(Step<v1::ReopenAgreementItemRequest>("a", "item_id: 'yard' reason: '误录'"), IsOk());
  EXPECT_EQ(Figure("agreement_items_fulfilled", "street", may), 0);
}

TEST_F(AgreementServiceTest, AUnitIsBoundByOneAgreementAtATime) {
  ASSERT_THAT(AddResidentUnit("bank", "east"), IsOk());
  ASSERT_THAT(Signed("a", "2026-01-01", "2026-06-30"), IsOk());
  EXPECT_THAT(Signed("b", "2026-06-30"), HasReason(reasons::kAgreementAlreadyInForce));
  EXPECT_EQ(Figure("agreements_signed", "street", kYear), 1);
  ASSERT_THAT(Signed("bank", "2026-06-30", "", "bank"), IsOk());
  ASSERT_THAT(Create("draft", "2026-06-30", ""), IsOk());
  EXPECT_THAT(Step<v1::SignCoBuildingAgreementRequest>("draft", absl::StrCat("signed_on ", DateText("2026-06-01"))),
              HasReason(reasons::kAgreementAlreadyInForce));
  ASSERT_THAT(Signed("b", "2026-07-01"), IsOk());
  EXPECT_EQ(InForce(Day::Of(2026, 6, 30)), 2);
  EXPECT_EQ(InForce(Day::Of(2026, 7, 1)), 2);
}

TEST_F(AgreementServiceTest, RenewalAndItsUndoing) {
  ASSERT_THAT(Signed("a", "2026-01-01", "2026-12-31"), IsOk());
  const std::string renewal =
      absl::StrCat("successor_id: 'b' signed_on ", DateText("2026-06-15"), " valid_from ", DateText("2026-07-01"));
  const auto renewed = Step<v1::RenewCoBuildingAgreementRequest>("a", renewal);
  ASSERT_THAT(renewed, IsOk());
  EXPECT_EQ(renewed->successor(), "coBuildingAgreements/b");
  EXPECT_EQ(InForce(Day::Of(2026, 6, 30)), 1);
  EXPECT_EQ(InForce(Day::Of(2026, 7, 1)), 1);
  EXPECT_EQ(Figure("agreements_signed", "street", kYear), 2);
  EXPECT_THAT(Step<v1::RenewCoBuildingAgreementRequest>("a", renewal), HasReason("ILLEGAL_TRANSITION"));
  EXPECT_THAT((Call<Empty, v1::DeleteCoBuildingAgreementRequest>("name: 'coBuildingAgreements/a'")),
              HasReason(reasons::kAgreementRenewed));
  ASSERT_THAT((Call<Empty, v1::DeleteCoBuildingAgreementRequest>("name: 'coBuildingAgreements/b'")), IsOk());
  EXPECT_EQ(InForce(Day::Of(2026, 12, 31)), 1);
  EXPECT_EQ(Figure("agreements_signed", "street", kYear), 1);
  ASSERT_THAT(Step<v1::TerminateCoBuildingAgreementRequest>("a", "reason: '单位迁出'"), IsOk());
  EXPECT_EQ(InForce(Day::Of(2026, 11, 20)), 1);
  EXPECT_EQ(InForce(Day::Of(2026, 11, 21)), 0);
}

TEST_F(AgreementServiceTest, RefusesBadInput) {
  EXPECT_THAT(Signed("a", "2026-01-01", "2025-12-31"), HasReason(reasons::kAgreementDatesOutOfOrder));
  EXPECT_THAT(Signed("a", "2026-11-21"), HasReason("DATE_IN_FUTURE"));
  EXPECT_THAT(Signed("a", "2026-01-01", "", "nowhere"), HasReason("REFERENCE_NOT_FOUND"));
  EXPECT_EQ(Figure("agreements_signed", "street", kYear), 0);
}

TEST_F(AgreementServiceTest, ListsByParty) {
  ASSERT_THAT(Signed("a", "2026-01-01"), IsOk());
  const auto list =
      Call<v1::ListCoBuildingAgreementsResponse, v1::ListCoBuildingAgreementsRequest>("party: 'residentUnits/school'");
  ASSERT_THAT(list, IsOk());
  EXPECT_EQ(list->co_building_agreements_size(), 1);
}

}  // namespace
}  // namespace dangjian::activity
