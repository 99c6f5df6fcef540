#include "absl/strings/str_cat.h"
#include "dangjian/welfare/v1/stop_list_entry.pb.h"
#include "services/welfare/stop_list/stop_list_rules.h"
#include "services/welfare/testing/harness.h"

namespace dangjian::welfare {
namespace {

using testing::HasReason;
using testing::IsOk;
using v1::StopListEntry;

class StopListServiceTest : public WelfareTest {
 protected:
  absl::StatusOr<StopListEntry> Create(const std::string& subject, const std::string& end = "") {
    return Call<StopListEntry, v1::CreateStopListEntryRequest>(
        absl::StrCat("stop_list_entry_id: 's' stop_list_entry { ", subject,
                     " reason: STOP_LIST_REASON_IN_CUSTODY source: "
                     "'公安比对' start_date ",
                     DateText("2026-04-01"), end.empty() ? "" : absl::StrCat(" end_date ", DateText(end)), " }"));
  }
  absl::StatusOr<StopListEntry> End(const std::string& day) {
    return Call<StopListEntry, v1::EndStopListEntryRequest>(
        absl::StrCat("name: 'stopListEntries/s' end_date ", DateText(day)));
  }
};

TEST_F(StopListServiceTest, AnEntryNamesOneSubject) {
  EXPECT_THAT(Create(""), HasReason(reasons::kStopListSubjectUnclear));
  EXPECT_THAT(Create("resident: 'residents/zhang-1' payee_reference: 'acct'"),
              HasReason(reasons::kStopListSubjectUnclear));
  EXPECT_THAT(Create("resident: 'residents/nobody'"), HasReason("REFERENCE_NOT_FOUND"));
  EXPECT_THAT(Create("mls_case: 'mlsCases/c'", "2026-03-31"), HasReason("DATES_OUT_OF_ORDER"));
  EXPECT_THAT(End("2026-05-01"), HasReason("RECORD_NOT_FOUND")) << "nothing was stored";
  EXPECT_THAT(Create("resident: 'residents/zhang-1'"), IsOk());
}

TEST_F(StopListServiceTest, AnEntryIsEndedOnce) {
  ASSERT_THAT(Create("payee_reference: 'acct'"), IsOk());
  EXPECT_THAT(End("2026-03-31"), HasReason("DATES_OUT_OF_ORDER"));
  const auto ended = End("2026-04-30");
  ASSERT_THAT(ended, IsOk());
  EXPECT_TRUE(stop_list_rules::HoldsOn(*ended, Day::Of(2026, 4, 30)));
  EXPECT_FALSE(stop_list_rules::HoldsOn(*ended, Day::Of(2026, 5, 1)));
  EXPECT_FALSE(stop_list_rules::HoldsOn(*ended, Day::Of(2026, 3, 31)));
  EXPECT_THAT(End("2026-05-30"), HasReason(reasons::kStopListEntryEnded));
  const auto page = Call<v1::ListStopListEntriesResponse, v1::ListStopListEntriesRequest>("");
  ASSERT_THAT(page, IsOk());
  EXPECT_EQ(page->stop_list_entries_size(), 1);
}

}  // namespace
}  // namespace dangjian::welfare
