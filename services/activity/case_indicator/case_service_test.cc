#include "absl/strings/str_cat.h"
#include "common/types/date.h"
#include "dangjian/activity/v1/case_indicator.pb.h"
#include "google/protobuf/empty.pb.h"
#include "services/activity/case_indicator/case_rules.h"
#include "services/activity/testing/harness.h"

namespace dangjian::activity {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;
using v1::CaseReport;
using Comparison = v1::ComputeCaseComparisonResponse;

std::string YearText(int year) {
  return absl::StrCat("{ start_date { year: ", year, " month: 1 day: 1 } end_date { year: ", year,
                      " month: 12 day: 31 } }");
}

// `months` from the first of a month on, at most through December.
std::string MonthsText(int year, int month, int months = 1) {
  const Day next = month + months > 12 ? Day::Of(year + 1, 1, 1) : Day::Of(year, month + months, 1);
  return absl::StrCat("{ start_date { year: ", year, " month: ", month, " day: 1 } end_date ",
                      DateText(FormatDay(next - 1)), " }");
}

class CaseServiceTest : public ActivityTest {
 protected:
  absl::StatusOr<CaseReport> Report(const std::string& id, const std::string& organization, const std::string& kind,
                                    const std::string& period, int64_t count, const std::string& more = "") {
    return Call<CaseReport, v1::CreateCaseReportRequest>(absl::StrCat(
        "case_report_id: '", id, "' case_report { organization: 'organizations/", organization, "' kind: CASE_KIND_",
        kind, " count: ", count, " source_document: '派出所年报' period ", period, more, " }"));
  }
  absl::StatusOr<Comparison> Compare(const std::string& organization, const std::string& kind,
                                     const std::string& more = "") {
    return Call<Comparison, v1::ComputeCaseComparisonRequest>(
        absl::StrCat("organization: 'organizations/", organization, "' kind: CASE_KIND_", kind, " period ",
                     YearText(2025), " base_period ", YearText(2024), " ", more));
  }
  int64_t Cases(const std::string& organization, const std::string& kind, int year) {
    return Figure("cases", organization, DayRange{Day::Of(year, 1, 1), Day::Of(year, 12, 31)}, {{0, {kind}}});
  }
};

TEST_F(CaseServiceTest, WorkedExample10YearOnYear) {
  ASSERT_THAT(Report("c24", "east", "CRIMINAL", YearText(2024), 40), IsOk());
  ASSERT_THAT(Report("c25", "east", "CRIMINAL", YearText(2025), 38), IsOk());
  ASSERT_THAT(Report("p24", "east", "PUBLIC_SECURITY", YearText(2024), 100), IsOk());
  ASSERT_THAT(Report("p25", "east", "PUBLIC_SECURITY", YearText(2025), 92), IsOk());
  ASSERT_THAT(Report("h24", "east", "HOMICIDE", YearText(2024), 0), IsOk());
  ASSERT_THAT(Report("h25", "east", "HOMICIDE", YearText(2025), 0), IsOk());

  auto answer = Compare("street", "CRIMINAL", "target { reduction_bps: 500 }");
  ASSERT_THAT(answer, IsOk());
  EXPECT_EQ(answer->value(), 38);
  EXPECT_EQ(answer->base(), 40);
  EXPECT_EQ(answer->text(), "-5.0%");
  EXPECT_TRUE(answer->target().met());
  answer = Compare("east", "PUBLIC_SECURITY", "target { reduction_bps: 1000 }");
  ASSERT_THAT(answer, IsOk());
  EXPECT_EQ(answer->change_bps(), -800);
  EXPECT_FALSE(answer->target().met());
  answer = Compare("east", "HOMICIDE");
  ASSERT_THAT(answer, IsOk());
  EXPECT_EQ(answer->text(), "无可比");
  EXPECT_EQ(answer->base_reports(), 1);
}

TEST_F(CaseServiceTest, WorkedExample10ASplitCommunityIsComparedWithTheSplitBase) {
  ASSERT_THAT(AddOrganization("north", "COMMUNITY", "street"), IsOk());
  ASSERT_THAT(AddOrganization("south", "COMMUNITY", "street"), IsOk());
  ASSERT_THAT(Report("old", "east", "CRIMINAL", YearText(2024), 40,
                     " like_for_like { organization: 'organizations/north' count: 25 } "
                     "like_for_like { organization: 'organizations/south' count: 15 }"),
              IsOk());
  ASSERT_THAT(Report("north", "north", "CRIMINAL", YearText(2025), 20), IsOk());
  ASSERT_THAT(Report("south", "south", "CRIMINAL", YearText(2025), 18), IsOk());
  const auto north = Compare("north", "CRIMINAL");
  ASSERT_THAT(north, IsOk());
  EXPECT_EQ(north->base(), 25);
  EXPECT_EQ(north->text(), "-20.0%") << "not 20 against the 40 of the undivided community";
  const auto south = Compare("south", "CRIMINAL");
  ASSERT_THAT(south, IsOk());
  EXPECT_EQ(south->text(), "20.0%");
  const auto street = Compare("street", "CRIMINAL");
  ASSERT_THAT(street, IsOk());
  EXPECT_EQ(street->base(), 40);
  EXPECT_EQ(street->value(), 38);
  EXPECT_EQ(street->text(), "-5.0%");
  EXPECT_EQ(Cases("east", "CRIMINAL", 2024), 40) << "what was reported stays where it was reported";
  EXPECT_EQ(Cases("street", "CRIMINAL", 2024), 40);
}

TEST_F(CaseServiceTest, WorkedExample10AddsCountsBeforeDividing) {
  ASSERT_THAT(Report("e24", "east", "PUBLIC_SECURITY", YearText(2024), 100), IsOk());
  ASSERT_THAT(Report("e25", "east", "PUBLIC_SECURITY", YearText(2025), 95), IsOk());
  ASSERT_THAT(Report("w24", "west", "PUBLIC_SECURITY", YearText(2024), 900), IsOk());
  ASSERT_THAT(Report("w25", "west", "PUBLIC_SECURITY", YearText(2025), 450), IsOk());
  const auto answer = Compare("street", "PUBLIC_SECURITY");
  ASSERT_THAT(answer, IsOk());
  EXPECT_EQ(answer->change_bps(), -4550) << "54.5% of the base, not 72.5%";
}

TEST_F(CaseServiceTest, AQuarterIsNotComparedWithReportsOfAWholeYear) {
  ASSERT_THAT(Report("y24", "east", "CRIMINAL", YearText(2024), 40), IsOk());
  for (int month = 10; month <= 12; ++month) {
    ASSERT_THAT(Report(absl::StrCat("m", month), "east", "CRIMINAL", MonthsText(2025, month), 3), IsOk());
  }
  const auto quarters = [&](const std::string& base) {
    return Call<Comparison, v1::ComputeCaseComparisonRequest>(
        absl::StrCat("organization: 'organizations/street' kind: CASE_KIND_CRIMINAL period ", MonthsText(2025, 10, 3),
                     " base_period ", base));
  };
  const auto answer = quarters(MonthsText(2024, 10, 3));
  ASSERT_THAT(answer, IsOk());
  EXPECT_FALSE(answer->comparable()) << "9 against the 40 of the whole year would be a fall of 77.5%";
  EXPECT_EQ(answer->text(), "无可比");
  EXPECT_EQ(answer->value(), 9);
  EXPECT_EQ(answer->base(), 0);
  EXPECT_THAT(answer->base_gaps(), ::testing::ElementsAre("organizations/east"));
  EXPECT_EQ(answer->value_gaps_size(), 0);
  EXPECT_THAT(quarters(YearText(2024)), HasReason(reasons::kCasePeriodsUnlike));
  // The same year with three months of it is no year either.
  const auto years = Compare("street", "CRIMINAL");
  ASSERT_THAT(years, IsOk());
  EXPECT_FALSE(years->comparable());
  EXPECT_THAT(years->value_gaps(), ::testing::ElementsAre("organizations/east"));
}

TEST_F(CaseServiceTest, AWholeYearMayBeReportedInParts) {
  ASSERT_THAT(Report("y24", "east", "CRIMINAL", YearText(2024), 40), IsOk());
  ASSERT_THAT(Report("h1", "east", "CRIMINAL", MonthsText(2025, 1, 6), 20), IsOk());
  ASSERT_THAT(Report("q3", "east", "CRIMINAL", MonthsText(2025, 7, 3), 8), IsOk());
  for (int month = 10; month <= 12; ++month) {
    ASSERT_THAT(Report(absl::StrCat("m", month), "east", "CRIMINAL", MonthsText(2025, month), month == 12 ? 4 : 3),
                IsOk());
  }
  const auto answer = Compare("street", "CRIMINAL");
  ASSERT_THAT(answer, IsOk());
  EXPECT_EQ(answer->value(), 38);
  EXPECT_EQ(answer->value_reports(), 5);
  EXPECT_EQ(answer->text(), "-5.0%");
  EXPECT_EQ(Cases("street", "CRIMINAL", 2025), 38) << "a report of parts counts where the whole would";
}

TEST_F(CaseServiceTest, AStreetAndItsCommunitiesDoNotReportTheSameDays) {
  ASSERT_THAT(Report("east", "east", "CRIMINAL", MonthsText(2025, 3), 7), IsOk());
  ASSERT_THAT(Report("west", "west", "CRIMINAL", MonthsText(2025, 3), 5), IsOk()) << "beside it, not above or below";
  const int64_t before = LastRevision();
  EXPECT_THAT(Report("street", "street", "CRIMINAL", YearText(2025), 40),
              HasReason(reasons::kCaseReportedAboveOrBelow));
  EXPECT_THAT(Report("street", "street", "CRIMINAL", MonthsText(2025, 3), 12),
              HasReason(reasons::kCaseReportedAboveOrBelow));
  EXPECT_EQ(LastRevision(), before) << "something was stored";
  ASSERT_THAT(Report("other-kind", "street", "HOMICIDE", YearText(2025), 0), IsOk());
  ASSERT_THAT(Report("april", "street", "CRIMINAL", MonthsText(2025, 4), 9), IsOk()) << "other days";
  EXPECT_THAT(Report("late", "east", "CRIMINAL", MonthsText(2025, 4), 2),
              HasReason(reasons::kCaseReportedAboveOrBelow));
  EXPECT_THAT((Call<CaseReport, v1::UpdateCaseReportRequest>(
                  absl::StrCat("case_report { name: 'caseReports/east' period ", MonthsText(2025, 4, 3),
                               " } update_mask { paths: 'period' }"))),
              HasReason(reasons::kCaseReportedAboveOrBelow));
  EXPECT_EQ(Cases("street", "CRIMINAL", 2025), 21);
}

TEST_F(CaseServiceTest, AReportCountsOnTheLastDayOfItsPeriod) {
  const std::string march = "{ start_date { year: 2025 month: 3 day: 1 } end_date { year: 2025 month: 3 day: 31 } }";
  ASSERT_THAT(Report("m", "east", "CRIMINAL", march, 7), IsOk());
  EXPECT_EQ(Figure("cases", "street", DayRange{Day::Of(2025, 3, 1), Day::Of(2025, 3, 30)}), 0);
  EXPECT_EQ(Figure("cases", "street", DayRange{Day::Of(2025, 3, 31), Day::Of(2025, 3, 31)}), 7);
  ASSERT_THAT((Call<CaseReport, v1::UpdateCaseReportRequest>(
                  "case_report { name: 'caseReports/m' count: 9 } update_mask { paths: 'count' }")),
              IsOk());
  EXPECT_EQ(Cases("street", "CRIMINAL", 2025), 9);
  ASSERT_THAT((Call<google::protobuf::Empty, v1::DeleteCaseReportRequest>("name: 'caseReports/m'")), IsOk());
  EXPECT_EQ(Cases("street", "CRIMINAL", 2025), 0);
}

TEST_F(CaseServiceTest, RefusesOverlapsAndOddPeriods) {
  ASSERT_THAT(Report("y", "east", "CRIMINAL", YearText(2025), 38), IsOk());
  const std::string march = "{ start_date { year: 2025 month: 3 day: 1 } end_date { year: 2025 month: 3 day: 31 } }";
  EXPECT_THAT(Report("m", "east", "CRIMINAL", march, 7), HasReason(reasons::kCasePeriodOverlaps));
  EXPECT_THAT(Report("odd", "west", "CRIMINAL",
                     "{ start_date { year: 2025 month: 3 day: 1 } end_date { year: 2025 month: 3 day: 30 } }", 7),
              HasReason(reasons::kCasePeriodNotCalendar));
  EXPECT_THAT(Report("late", "west", "CRIMINAL", YearText(2026), 7), HasReason("DATE_IN_FUTURE"));
  EXPECT_THAT(Report("where", "nowhere", "CRIMINAL", YearText(2024), 7), HasReason("REFERENCE_NOT_FOUND"));
  EXPECT_EQ(Cases("street", "CRIMINAL", 2025), 38);
  EXPECT_THAT(Report("other-kind", "east", "HOMICIDE", march, 1), IsOk());
  ASSERT_THAT(Report("y24", "east", "CRIMINAL", YearText(2024), 1), IsOk());
  EXPECT_THAT(
      (Call<CaseReport, v1::UpdateCaseReportRequest>(absl::StrCat(
          "case_report { name: 'caseReports/y24' period ", YearText(2025), " } update_mask { paths: 'period' }"))),
      HasReason(reasons::kCasePeriodOverlaps));
  EXPECT_THAT(Compare("nowhere", "CRIMINAL"), HasReason("RECORD_NOT_FOUND"));
}

TEST_F(CaseServiceTest, ListsByOrganisation) {
  ASSERT_THAT(Report("y", "east", "CRIMINAL", YearText(2025), 38), IsOk());
  ASSERT_THAT(Report("w", "west", "CRIMINAL", YearText(2025), 38), IsOk());
  const auto list = Call<v1::ListCaseReportsResponse, v1::ListCaseReportsRequest>("organization: 'organizations/east'");
  ASSERT_THAT(list, IsOk());
  EXPECT_EQ(list->case_reports_size(), 1);
}

}  // namespace
}  // namespace dangjian::activity
