#include "google/protobuf/empty.pb.h"
#include "services/welfare/job_placement/placement_rules.h"
#include "services/welfare/testing/employment_fixture.h"
#include "services/welfare/unemployment_registration/registration_rules.h"

namespace dangjian::welfare {
namespace {

using testing::HasReason;
using testing::IsOk;

const DayRange kYear{Day::Of(2026, 1, 1), Day::Of(2026, 12, 31)};
const DayRange kMarch{Day::Of(2026, 3, 1), Day::Of(2026, 3, 31)};

class PlacementServiceTest : public EmploymentTest {
 protected:
  void SetUp() override {
    ASSERT_NO_FATAL_FAILURE(EmploymentTest::SetUp());
    ASSERT_THAT(Register("r-1", "he"), IsOk());
  }
  int64_t Placed(DayRange days) { return Figure("placed_persons", "street", days); }
  int64_t Placements(const std::string& kind) { return Figure("placements", "street", kYear, {{0, {kind}}}); }
  int64_t Unemployed(Day day) { return Figure("registered_unemployed", "street", day); }
};

TEST_F(PlacementServiceTest, PlacedPeopleAreCountedOnceHoweverOftenTheyArePlaced) {
  const auto placed = Place("p-1", "r-1", "2026-03-15");
  ASSERT_THAT(placed, IsOk());
  EXPECT_EQ(placed->resident(), "residents/he");
  EXPECT_EQ(Registration("r-1")->state(), v1::UNEMPLOYMENT_STATE_EMPLOYED);
  EXPECT_EQ(Registration("r-1")->placement(), "jobPlacements/p-1");
  ASSERT_THAT(Register("r-2", "he", "2026-06-01"), IsOk());
  ASSERT_THAT(Place("p-2", "r-2", "2026-07-01", "SELF_EMPLOYED",
                    "evidence: PLACEMENT_EVIDENCE_LICENCE evidence_number: 'ZZ-1'"),
              IsOk());
  EXPECT_EQ(Registration("r-2")->state(), v1::UNEMPLOYMENT_STATE_SELF_EMPLOYED);
  EXPECT_EQ(Placed(kYear), 1);
  EXPECT_EQ(Placed(kMarch), 1);
  EXPECT_EQ(Placements("EMPLOYED"), 1);
  EXPECT_EQ(Placements("SELF_EMPLOYED"), 1);
  EXPECT_EQ(Unemployed(Day::Of(2026, 3, 14)), 1);
  EXPECT_EQ(Unemployed(Day::Of(2026, 3, 15)), 0);
  EXPECT_EQ(Unemployed(Day::Of(2026, 6, 1)), 1);
}

TEST_F(PlacementServiceTest, WithoutEvidenceNothingIsStored) {
  EXPECT_THAT(Place("p-1", "r-1", "2026-03-15", "EMPLOYED", ""), HasReason(reasons::kPlacementEvidenceRequired));
  EXPECT_THAT(Place("p-1", "r-1", "2026-03-15", "FLEXIBLE", "evidence: PLACEMENT_EVIDENCE_INSURANCE"),
              HasReason(reasons::kPlacementEvidenceRequired));
  EXPECT_THAT((Call<v1::JobPlacement, v1::GetJobPlacementRequest>("name: 'jobPlacements/p-1'")),
              HasReason("RECORD_NOT_FOUND"));
  EXPECT_EQ(Registration("r-1")->state(), v1::UNEMPLOYMENT_STATE_REGISTERED);
  EXPECT_EQ(Placed(kYear), 0);
  ASSERT_THAT(Place("p-1", "r-1", "2026-03-15"), IsOk());
  EXPECT_THAT((Call<v1::JobPlacement, v1::UpdateJobPlacementRequest>(
                  "job_placement { name: 'jobPlacements/p-1' } update_mask { paths: 'evidence_number' }")),
              HasReason(reasons::kPlacementEvidenceRequired));
}

TEST_F(PlacementServiceTest, RefusesPeopleWhoHaveRetiredOrAreNotRegistered) {
  AddPerson("old", "MALE", "1966-06-01");
  ASSERT_THAT(Register("r-2", "old"), IsOk());
  EXPECT_THAT(Place("p-2", "r-2", "2026-11-01"), HasReason(reasons::kPastRetirementAge));
  ASSERT_THAT(Close("r-2", "RETIRED", "2026-11-01"), IsOk());
  EXPECT_THAT(Place("p-2", "r-2", "2026-11-02"), HasReason(reasons::kUnemploymentRegistrationClosed));
  ASSERT_THAT(Place("p-1", "r-1", "2026-03-15"), IsOk());
  EXPECT_THAT(Place("p-3", "r-1", "2026-03-16"), HasReason(reasons::kUnemploymentRegistrationClosed));
  EXPECT_EQ(Placed(kYear), 1);
}

TEST_F(PlacementServiceTest, RefusesAPersonUnderSixteen) {
  AddPerson("young", "MALE", "2010-03-03");
  ASSERT_THAT(Register("r-2", "young", "2026-04-01"), IsOk());
  // The registry corrects the date of birth: the person is not sixteen after all.
  ASSERT_THAT(database_.Write([&](storage::Transaction& txn) -> absl::Status {
    auto row = directory().residents().Get(txn.reader(), "residents/young");
    if (!row.ok()) return row.status();
    row->mutable_birth_date()->set_month(9);
    return directory().residents().Update(txn, *row);
  }),
              IsOk());
  EXPECT_THAT(Place("p-2", "r-2", "2026-05-01"), HasReason(reasons::kBelowWorkingAge));
  EXPECT_EQ(Placed(kYear), 0);
}

TEST_F(PlacementServiceTest, AFailedFollowUpTakesThePlacementOutFromItsStart) {
  ASSERT_THAT(Place("p-1", "r-1", "2026-03-15"), IsOk());
  EXPECT_THAT(FollowUp("p-1", 1, "IN_WORK", "2026-04-14"), HasReason(reasons::kFollowUpNotDue));
  ASSERT_THAT(FollowUp("p-1", 1, "IN_WORK", "2026-04-15"), IsOk());
  EXPECT_EQ(Placed(kMarch), 1);
  const auto failed = FollowUp("p-1", 3, "NOT_IN_WORK", "2026-06-20");
  ASSERT_THAT(failed, IsOk());
  EXPECT_EQ(failed->state(), v1::JOB_PLACEMENT_STATE_FAILED);
  EXPECT_EQ(Placed(kMarch), 0);
  EXPECT_EQ(Placements("EMPLOYED"), 0);
  EXPECT_EQ(Registration("r-1")->state(), v1::UNEMPLOYMENT_STATE_REGISTERED) << "as before the placement";
  EXPECT_EQ(Unemployed(Day::Of(2026, 4, 1)), 1);
  ASSERT_THAT(Place("p-2", "r-1", "2026-07-01"), IsOk());
  EXPECT_EQ(Placed(kYear), 1);
}

TEST_F(PlacementServiceTest, AFailedFollowUpAfterANewRegistrationLeavesNoGap) {
  ASSERT_THAT(Place("p-1", "r-1", "2026-03-15"), IsOk());
  ASSERT_THAT(Register("r-2", "he", "2026-05-01"), IsOk());
  ASSERT_THAT(FollowUp("p-1", 3, "NOT_IN_WORK", "2026-06-20"), IsOk());
  EXPECT_EQ(Registration("r-1")->state(), v1::UNEMPLOYMENT_STATE_WITHDRAWN);
  EXPECT_EQ(Registration("r-2")->state(), v1::UNEMPLOYMENT_STATE_REGISTERED);
  EXPECT_EQ(Placed(kYear), 0);
  EXPECT_EQ(Unemployed(Day::Of(2026, 4, 1)), 1) << "the placement never counted";
  EXPECT_EQ(Unemployed(Day::Of(2026, 6, 1)), 1) << "one person, one registration";
}

TEST_F(PlacementServiceTest, DeletionGivesBackTheStateWhateverCameLater) {
  ASSERT_THAT(Place("p-1", "r-1", "2026-03-15"), IsOk());
  ASSERT_THAT(Register("r-2", "he", "2026-05-01"), IsOk());
  ASSERT_THAT(Place("p-2", "r-2", "2026-07-01"), IsOk());
  ASSERT_THAT((Call<google::protobuf::Empty, v1::DeleteJobPlacementRequest>("name: 'jobPlacements/p-1'")), IsOk());
  const auto first = Registration("r-1");
  ASSERT_THAT(first, IsOk());
  EXPECT_EQ(first->placement(), "");
  EXPECT_EQ(first->state(), v1::UNEMPLOYMENT_STATE_WITHDRAWN) << "open again, until the person registered anew";
  EXPECT_EQ(first->transitions(first->transitions_size() - 2).state(), "REGISTERED");
  EXPECT_EQ(Placed(kMarch), 0);
  EXPECT_EQ(Unemployed(Day::Of(2026, 4, 1)), 1);
  EXPECT_EQ(Unemployed(Day::Of(2026, 5, 1)), 1);
  EXPECT_EQ(Unemployed(Day::Of(2026, 8, 1)), 0) << "placed by the second";
  EXPECT_EQ(Registration("r-2")->state(), v1::UNEMPLOYMENT_STATE_EMPLOYED);
  ASSERT_THAT((Call<google::protobuf::Empty, v1::DeleteJobPlacementRequest>("name: 'jobPlacements/p-2'")), IsOk());
  EXPECT_EQ(Registration("r-2")->state(), v1::UNEMPLOYMENT_STATE_REGISTERED);
  EXPECT_EQ(Unemployed(Day::Of(2026, 8, 1)), 1);
}

TEST_F(PlacementServiceTest, DeletionTakesBackTheFigureAndOpensTheRegistration) {
  ASSERT_THAT(Place("p-1", "r-1", "2026-03-15"), IsOk());
  ASSERT_THAT((Call<google::protobuf::Empty, v1::DeleteJobPlacementRequest>("name: 'jobPlacements/p-1'")), IsOk());
  EXPECT_EQ(Placed(kYear), 0);
  EXPECT_EQ(Unemployed(Day::Of(2026, 11, 20)), 1);
  EXPECT_EQ(Registration("r-1")->placement(), "");
}

TEST_F(PlacementServiceTest, ListsByOrganizationOrRegistration) {
  ASSERT_THAT(Place("p-1", "r-1", "2026-03-15"), IsOk());
  for (const char* filter :
       {"organization: 'organizations/east-committee'", "registration: 'unemploymentRegistrations/r-1'"}) {
    const auto list = Call<v1::ListJobPlacementsResponse, v1::ListJobPlacementsRequest>(filter);
    ASSERT_THAT(list, IsOk());
    EXPECT_EQ(list->job_placements_size(), 1) << filter;
  }
}

}  // namespace
}  // namespace dangjian::welfare
