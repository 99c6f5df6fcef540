#include "dangjian/welfare/v1/subsidised_job.pb.h"
#include "google/protobuf/empty.pb.h"
#include "services/welfare/subsidised_job/job_rules.h"
#include "services/welfare/subsidised_job/job_schema.h"
#include "services/welfare/testing/employment_fixture.h"

namespace dangjian::welfare {
namespace {

using testing::HasReason;
using testing::IsOk;

class SubsidisedJobServiceTest : public EmploymentTest {
 protected:
  void SetUp() override {
    ASSERT_NO_FATAL_FAILURE(EmploymentTest::SetUp());
    ASSERT_THAT((Call<v1::SubsidisedJob, v1::CreateSubsidisedJobRequest>(absl::StrCat(
                    "subsidised_job_id: 'j' subsidised_job { organization: 'organizations/east' title: '保洁' quota: 1 "
                    "wage_source: WAGE_SOURCE_EMPLOYMENT_FUND monthly_wage_fen: 210000 opened_on ",
                    DateText("2026-02-01"), " }"))),
                IsOk());
    ASSERT_THAT(Register("r-1", "he"), IsOk());
    ASSERT_THAT(Register("r-2", "lin"), IsOk());
  }
  absl::StatusOr<v1::SubsidisedJob> Assign(const std::string& registration, const std::string& day) {
    return Call<v1::SubsidisedJob, v1::AssignSubsidisedJobRequest>(
        absl::StrCat("name: 'subsidisedJobs/j' registration: 'unemploymentRegistrations/", registration,
                     "' occurred_on ", DateText(day)));
  }
  absl::StatusOr<v1::SubsidisedJob> Release(const std::string& registration, const std::string& day) {
    return Call<v1::SubsidisedJob, v1::ReleaseSubsidisedJobHolderRequest>(
        absl::StrCat("name: 'subsidisedJobs/j' registration: 'unemploymentRegistrations/", registration,
                     "' reason: '合同期满' occurred_on ", DateText(day)));
  }
  int64_t Jobs(Day day) { return Figure("subsidised_jobs", "street", day); }
  int64_t Holders(Day day) { return Figure("subsidised_job_holders", "street", day); }
};

TEST_F(SubsidisedJobServiceTest, CountsPostsAndThoseWhoHoldThem) {
  ASSERT_THAT(Certify("r-1", "LAND_LOST", "2026-02-10"), IsOk());
  ASSERT_THAT(Assign("r-1", "2026-03-01"), IsOk());
  EXPECT_EQ(Registration("r-1")->subsidised_job(), "subsidisedJobs/j");
  EXPECT_EQ(Jobs(Day::Of(2026, 1, 31)), 0);
  EXPECT_EQ(Jobs(Day::Of(2026, 2, 1)), 1);
  EXPECT_EQ(Holders(Day::Of(2026, 2, 28)), 0);
  EXPECT_EQ(Holders(Day::Of(2026, 3, 1)), 1);
  const auto larger = Call<v1::SubsidisedJob, v1::UpdateSubsidisedJobRequest>(
      "subsidised_job { name: 'subsidisedJobs/j' quota: 5 } update_mask { paths: 'quota' }");
  ASSERT_THAT(larger, IsOk());
  EXPECT_EQ(Jobs(Day::Of(2026, 2, 1)), 5);
  ASSERT_THAT(Release("r-1", "2026-08-31"), IsOk());
  EXPECT_EQ(Holders(Day::Of(2026, 8, 31)), 1);
  EXPECT_EQ(Holders(Day::Of(2026, 9, 1)), 0);
  ASSERT_THAT((Call<v1::SubsidisedJob, v1::CloseSubsidisedJobRequest>(
                  absl::StrCat("name: 'subsidisedJobs/j' occurred_on ", DateText("2026-09-30")))),
              IsOk());
  EXPECT_EQ(Jobs(Day::Of(2026, 9, 30)), 5);
  EXPECT_EQ(Jobs(Day::Of(2026, 10, 1)), 0);
}

TEST_F(SubsidisedJobServiceTest, RefusesWhoIsNotHardToEmployAndMoreThanTheQuota) {
  EXPECT_THAT(Assign("r-1", "2026-03-01"), HasReason(reasons::kNotHardToEmploy));
  ASSERT_THAT(Certify("r-1", "LAND_LOST", "2026-02-10"), IsOk());
  ASSERT_THAT(Certify("r-2", "MINIMUM_LIVING_SECURITY", "2026-02-10"), IsOk());
  EXPECT_THAT(Assign("r-1", "2026-02-09"), HasReason(reasons::kNotHardToEmploy));
  ASSERT_THAT(Assign("r-1", "2026-03-01"), IsOk());
  EXPECT_THAT(Assign("r-2", "2026-03-02"), HasReason(reasons::kSubsidisedJobFull));
  EXPECT_THAT(Assign("r-1", "2026-03-02"), HasReason(reasons::kAlreadyHoldsSubsidisedJob));
  EXPECT_EQ(Registration("r-2")->subsidised_job(), "");
  EXPECT_EQ(Holders(Day::Of(2026, 11, 20)), 1);
  EXPECT_THAT((Call<google::protobuf::Empty, v1::DeleteSubsidisedJobRequest>("name: 'subsidisedJobs/j'")),
              HasReason(reasons::kSubsidisedJobInUse));
}

TEST_F(SubsidisedJobServiceTest, DeletionTakesBackPostsThatNobodyHeld) {
  ASSERT_THAT((Call<google::protobuf::Empty, v1::DeleteSubsidisedJobRequest>("name: 'subsidisedJobs/j'")), IsOk());
  EXPECT_EQ(Jobs(Day::Of(2026, 11, 20)), 0);
}

// 公益岗位 ≠ 公益性岗位: a civic post is an unpaid offer of service, a subsidised job is paid aid.
TEST_F(SubsidisedJobServiceTest, WorkedExampleExtra3PublicPostIsNotSubsidisedJob) {
  constexpr std::string_view kCivicPost = "公益岗位";
  constexpr std::string_view kSubsidised = "公益性岗位";
  EXPECT_EQ(kSubsidised.find(kCivicPost), std::string_view::npos);
  for (const storage::MeasureDef* measure : SubsidisedJobSchema().measures) {
    EXPECT_TRUE(measure->label_zh.starts_with(kSubsidised)) << measure->id;
    EXPECT_EQ(measure->label_zh.find(kCivicPost), std::string_view::npos) << measure->id;
    EXPECT_TRUE(measure->id.starts_with("subsidised_job")) << measure->id;
  }
  // No measure of this service counts civic posts, under any name.
  int subsidised = 0;
  for (const storage::MeasureDef* measure : database_->measures().All()) {
    EXPECT_EQ(measure->id.find("civic_post"), std::string_view::npos) << measure->id;
    EXPECT_EQ(measure->label_zh.find(kCivicPost), std::string_view::npos) << measure->id;
    if (measure->label_zh.find(kSubsidised) != std::string_view::npos) ++subsidised;
  }
  EXPECT_EQ(subsidised, 2);
}

}  // namespace
}  // namespace dangjian::welfare
