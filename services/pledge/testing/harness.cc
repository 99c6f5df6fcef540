#include "services/pledge/testing/harness.h"

#include "absl/strings/str_cat.h"
#include "dangjian/pledge/v1/campaign.pb.h"
#include "services/pledge/module.h"

namespace dangjian::pledge {

using testing::IsOk;

PledgeTest::PledgeTest() : StreetTest(std::make_unique<PledgeModule>()) {}

void PledgeTest::SetUp() {
  ASSERT_NO_FATAL_FAILURE(StreetTest::SetUp());
  ASSERT_THAT((Call<v1::Campaign, v1::CreateCampaignRequest>(
                  "campaign_id: 'sanshuang' campaign { display_name: '三双' programme: 'SANSHUANG' "
                  "organization: 'organizations/street' start_date { year: 2026 month: 1 day: 1 } "
                  "end_date { year: 2026 month: 12 day: 31 } }")),
              IsOk());
  ASSERT_THAT((Call<v1::Campaign, v1::StartCampaignRequest>(
                  "name: 'campaigns/sanshuang' occurred_on { year: 2026 month: 1 day: 5 }")),
              IsOk());
}

void PledgeTest::AddPledge(const std::string& id, const std::vector<std::string>& due_dates, const std::string& more) {
  std::string items;
  for (const std::string& due : due_dates) {
    absl::StrAppend(&items, " items { text: '每月清理楼道' due_date ", DateText(due), " }");
  }
  const std::string who = more.find("pledger") == std::string::npos
                              ? "pledger_kind: PLEDGER_KIND_MEMBER pledger: 'members/wang' "
                                "organization: 'organizations/east' "
                              : "";
  ASSERT_THAT((Call<v1::Pledge, v1::CreatePledgeRequest>(
                  absl::StrCat("pledge_id: '", id, "' pledge { ", who, more, items, " }"))),
              IsOk());
}

void PledgeTest::AddPublished(const std::string& id, const std::string& published_on,
                              const std::vector<std::string>& due_dates, const std::string& more) {
  AddPledge(id, due_dates, more);
  const std::string step = absl::StrCat("name: 'pledges/", id, "' occurred_on ", DateText(published_on));
  ASSERT_THAT((Call<v1::Pledge, v1::SubmitPledgeRequest>(step)), IsOk());
  ASSERT_THAT((Call<v1::Pledge, v1::ReviewPledgeRequest>(absl::StrCat(step, " reviewer: 'organizations/east-branch'"))),
              IsOk());
  ASSERT_THAT((Call<v1::Pledge, v1::PublishPledgeRequest>(
                  absl::StrCat("name: 'pledges/", id, "' published_on ", DateText(published_on)))),
              IsOk());
}

}  // namespace dangjian::pledge
