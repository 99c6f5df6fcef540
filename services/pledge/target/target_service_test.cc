#include "absl/strings/str_cat.h"
#include "common/change/registry_view.h"
#include "common/types/step.h"
#include "dangjian/pledge/v1/target.pb.h"
#include "services/pledge/target/target_rules.h"
#include "services/pledge/testing/harness.h"

namespace dangjian::pledge {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;
using v1::Target;

class TargetServiceTest : public PledgeTest {
 protected:
  absl::StatusOr<Target> Create(const std::string& id, const std::string& more, const std::string& unit = "ge") {
    return Call<Target, v1::CreateTargetRequest>(absl::StrCat(
        "target_id: '", id, "' target { organization: 'organizations/east' indicator: '义务植树' unit: '", unit,
        "' period { start_date { year: 2026 month: 1 day: 1 } end_date { year: 2026 month: 12 day: 31 } } ", more,
        " }"));
  }
  absl::StatusOr<Target> Record(const std::string& id, const std::string& day, const std::string& actual) {
    return Call<Target, v1::RecordTargetProgressRequest>(
        absl::StrCat("name: 'targets/", id, "' progress { actual: '", actual, "' date ", DateText(day), " }"));
  }
  int64_t Progress(const std::string& id, Day day) {
    return Figure("target_progress", "street", day, {{0, {"targets/" + id}}});
  }
};

TEST_F(TargetServiceTest, ProgressStandsFromItsDayToTheEndOfThePeriod) {
  ASSERT_THAT(Create("t", "direction: TARGET_DIRECTION_UP target_value: '100'"), IsOk());
  const auto recorded = Record("t", "2026-06-30", "52");
  ASSERT_THAT(recorded, IsOk());
  EXPECT_EQ(recorded->pace().progress_hundredths(), 5200);
  EXPECT_EQ(Progress("t", Day::Of(2026, 6, 29)), 0);
  EXPECT_EQ(Progress("t", Day::Of(2026, 6, 30)), 5200);
  EXPECT_EQ(Progress("t", Day::Of(2026, 12, 31)), 5200);
  EXPECT_EQ(Progress("t", Day::Of(2027, 1, 1)), 0) << "the target is no longer in force";
  EXPECT_EQ(Figure("targets", "street", Day::Of(2026, 6, 30)), 1);
  EXPECT_EQ(Figure("targets", "street", Day::Of(2025, 12, 31)), 0);
  EXPECT_EQ(Figure("targets", "street", Day::Of(2027, 1, 1)), 0);
}

TEST_F(TargetServiceTest, BackEntryCorrectionAndRemovalMoveTheFigures) {
  ASSERT_THAT(Create("t", "direction: TARGET_DIRECTION_UP target_value: '3'"), IsOk());
  ASSERT_THAT(Record("t", "2026-06-30", "2"), IsOk());
  ASSERT_THAT(Record("t", "2026-03-31", "1"), IsOk());
  EXPECT_EQ(Progress("t", Day::Of(2026, 4, 1)), 3333);
  EXPECT_EQ(Progress("t", Day::Of(2026, 7, 1)), 6666);
  ASSERT_THAT(Record("t", "2026-03-31", "1.5"), IsOk());
  EXPECT_EQ(Progress("t", Day::Of(2026, 4, 1)), 5000);
  EXPECT_EQ(Progress("t", Day::Of(2026, 7, 1)), 6666);
  ASSERT_THAT((Call<Target, v1::UpdateTargetRequest>(
                  "target { name: 'targets/t' target_value: '4' } update_mask { paths: 'target_value' }")),
              IsOk());
  EXPECT_EQ(Progress("t", Day::Of(2026, 7, 1)), 5000);
  ASSERT_THAT((Call<Target, v1::RemoveTargetProgressRequest>(
                  absl::StrCat("name: 'targets/t' reason: '误报' date ", DateText("2026-06-30")))),
              IsOk());
  EXPECT_EQ(Progress("t", Day::Of(2026, 7, 1)), 3750);
  ASSERT_THAT((Call<google::protobuf::Empty, v1::DeleteTargetRequest>("name: 'targets/t'")), IsOk());
  EXPECT_EQ(Progress("t", Day::Of(2026, 7, 1)), 0);
  EXPECT_EQ(Figure("targets", "street", Day::Of(2026, 7, 1)), 0);
}

TEST_F(TargetServiceTest, AReductionIsComputedByTheServer) {
  const auto created =
      Create("t", "direction: TARGET_DIRECTION_DOWN baseline: '19' reduction_bps: 500 whole_numbers: true");
  ASSERT_THAT(created, IsOk());
  EXPECT_EQ(created->target_value(), "18");
  ASSERT_THAT(Record("t", "2026-06-30", "18.5"), IsOk());
  EXPECT_EQ(Progress("t", Day::Of(2026, 6, 30)), 5000);
}

TEST_F(TargetServiceTest, BadInputIsNamed) {
  EXPECT_THAT(Create("t", "direction: TARGET_DIRECTION_UP target_value: '100'", "parsec"),
              HasReason(dangjian::reasons::kUnknownUnit));
  EXPECT_THAT(Create("t", "direction: TARGET_DIRECTION_UP target_value: '1e3'"), HasReason("PATTERN_MISMATCH"));
  EXPECT_THAT(Create("t", "direction: TARGET_DIRECTION_UP"), HasReason(reasons::kTargetValueRequired));
  ASSERT_THAT(Create("t", "direction: TARGET_DIRECTION_UP target_value: '100'"), IsOk());
  EXPECT_THAT(Record("t", "2025-12-31", "1"), HasReason(reasons::kDateOutsidePeriod));
  EXPECT_THAT(Record("t", "2026-12-01", "1"), HasReason(dangjian::reasons::kDateInFuture));
}

TEST_F(TargetServiceTest, PaceIsDerivedInEveryAnswer) {
  ASSERT_THAT(Create("t", "direction: TARGET_DIRECTION_UP target_value: '100'"), IsOk());
  ASSERT_THAT(Record("t", "2026-06-30", "52"), IsOk());
  database_.clock().SetToday(Day::Of(2026, 6, 30));
  const auto pace = Call<Target, v1::GetTargetRequest>("name: 'targets/t'")->pace();
  EXPECT_TRUE(pace.task_over_half());
  EXPECT_FALSE(pace.time_half_over());
  database_.clock().SetToday(Day::Of(2026, 9, 30));
  const auto list = Call<v1::ListTargetsResponse, v1::ListTargetsRequest>("organization: 'organizations/east'");
  ASSERT_THAT(list, IsOk());
  EXPECT_FALSE(list->targets(0).pace().ahead_of_time());
}

}  // namespace
}  // namespace dangjian::pledge
