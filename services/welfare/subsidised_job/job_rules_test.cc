#include "services/welfare/subsidised_job/job_rules.h"

#include "common/status/errors.h"
#include "common/testing/matchers.h"
#include "common/types/date.h"

namespace dangjian::welfare::job_rules {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;
using ::dangjian::testing::Proto;

Step On(int month, int day) { return {.day = Day::Of(2026, month, day), .today = Day::Of(2026, 11, 20)}; }

v1::SubsidisedJob OnePost() {
  auto job = Proto<v1::SubsidisedJob>("name: 'subsidisedJobs/j' quota: 1 opened_on { year: 2026 month: 2 day: 1 }");
  EXPECT_THAT(Open(job, On(2, 1)), IsOk());
  return job;
}

v1::UnemploymentRegistration Certified(const std::string& id) {
  return Proto<v1::UnemploymentRegistration>(
      "name: 'unemploymentRegistrations/" + id + "' resident: 'residents/" + id +
      "' certifications { type: HARD_TO_EMPLOY_TYPE_LAND_LOST certified_on { year: 2026 month: 1 day: 1 } }");
}

TEST(JobRulesTest, IsHeldByPeopleWhoAreHardToEmploy) {
  v1::SubsidisedJob job = OnePost();
  v1::UnemploymentRegistration other = Certified("lin");
  other.clear_certifications();
  EXPECT_THAT(Assign(job, other, On(3, 1)), HasReason(reasons::kNotHardToEmploy));
  v1::UnemploymentRegistration he = Certified("he");
  EXPECT_THAT(Assign(job, he, On(1, 31)), HasReason(dangjian::reasons::kStepsOutOfOrder));
  ASSERT_THAT(Assign(job, he, On(3, 1)), IsOk());
  EXPECT_EQ(he.subsidised_job(), "subsidisedJobs/j");
  v1::SubsidisedJob second = OnePost();
  EXPECT_THAT(Assign(second, he, On(4, 1)), HasReason(reasons::kAlreadyHoldsSubsidisedJob));
}

TEST(JobRulesTest, NoDayHasMoreHoldersThanPosts) {
  v1::SubsidisedJob job = OnePost();
  v1::UnemploymentRegistration he = Certified("he");
  v1::UnemploymentRegistration lin = Certified("lin");
  ASSERT_THAT(Assign(job, he, On(6, 1)), IsOk());
  EXPECT_THAT(Assign(job, lin, On(7, 1)), HasReason(reasons::kSubsidisedJobFull));
  // Entered back: free on that day, yet not for good.
  EXPECT_THAT(Assign(job, lin, On(5, 1)), HasReason(reasons::kSubsidisedJobFull));
  EXPECT_THAT(Release(job, lin, On(7, 1)), HasReason(reasons::kUnknownJobHolder));
  EXPECT_THAT(Release(job, he, On(5, 31)), HasReason(dangjian::reasons::kStepsOutOfOrder));
  ASSERT_THAT(Release(job, he, On(6, 30)), IsOk());
  EXPECT_EQ(he.subsidised_job(), "");
  EXPECT_THAT(Assign(job, lin, On(6, 30)), HasReason(reasons::kSubsidisedJobFull));
  EXPECT_THAT(Assign(job, lin, On(7, 1)), IsOk());
}

TEST(JobRulesTest, QuotaAndClosingWaitForTheHolders) {
  v1::SubsidisedJob job = OnePost();
  job.set_quota(2);
  v1::UnemploymentRegistration he = Certified("he");
  v1::UnemploymentRegistration lin = Certified("lin");
  ASSERT_THAT(Assign(job, he, On(3, 1)), IsOk());
  ASSERT_THAT(Assign(job, lin, On(3, 1)), IsOk());
  job.set_quota(1);
  EXPECT_THAT(CheckChange(job), HasReason(reasons::kQuotaBelowHolders));
  job.set_quota(2);
  EXPECT_THAT(CheckChange(job), IsOk());
  EXPECT_THAT(Close(job, On(6, 30)), HasReason(reasons::kSubsidisedJobInUse));
  ASSERT_THAT(Release(job, he, On(6, 30)), IsOk());
  ASSERT_THAT(Release(job, lin, On(6, 30)), IsOk());
  EXPECT_THAT(Close(job, On(6, 29)), HasReason(reasons::kSubsidisedJobInUse));
  ASSERT_THAT(Close(job, On(6, 30)), IsOk());
  EXPECT_THAT(Close(job, On(7, 1)), HasReason(dangjian::reasons::kIllegalTransition));
  EXPECT_THAT(Assign(job, he, On(7, 1)), HasReason(dangjian::reasons::kIllegalTransition));
  EXPECT_THAT(CheckChange(job), HasReason(dangjian::reasons::kIllegalTransition));
}

}  // namespace
}  // namespace dangjian::welfare::job_rules
