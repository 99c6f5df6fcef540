#include "services/pledge/testing/harness.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/types/date.h"
#include "dangjian/pledge/v1/campaign.pb.h"
#include "services/pledge/module.h"

namespace dangjian::pledge {

using testing::IsOk;

void LateRegistry::Resolve(const rpc::CallContext&, std::vector<std::string> names,
                           std::function<void(absl::Status)> done) {
  ++asked_;
  for (const std::string& name : names) {
    for (const auto& [promised, store] : promised_) {
      if (promised != name) continue;
      if (const absl::Status stored = store(name); !stored.ok()) return done(stored);
    }
  }
  done(absl::OkStatus());
}

PledgeTest::PledgeTest() : ServiceTest(std::make_unique<PledgeModule>(), &late_registry_) {}

void PledgeTest::SetUp() {
  ASSERT_NO_FATAL_FAILURE(ServiceTest::SetUp());
  ASSERT_THAT(AddOrganization("street", "SUB_DISTRICT"), IsOk());
  ASSERT_THAT(AddOrganization("east", "COMMUNITY", "street"), IsOk());
  ASSERT_THAT(AddOrganization("west", "COMMUNITY", "street"), IsOk());
  ASSERT_THAT(AddOrganization("east-branch", "BRANCH", "east"), IsOk());
  ASSERT_THAT(AddOrganization("east-committee", "RESIDENTS_COMMITTEE", "east"), IsOk());
  ASSERT_THAT(AddOrganization("discipline", "DISCIPLINE_COMMISSION", "street"), IsOk());
  ASSERT_THAT(AddMember("wang", "east-branch"), IsOk());
  ASSERT_THAT(AddMember("li", "east-branch"), IsOk());
  ASSERT_THAT(AddMember("zhao", "west"), IsOk());
  for (const char* code : {"percent", "ge", "square_metre"}) ASSERT_THAT(AddUnit(code), IsOk());
  auto calendar = testing::Proto<registry::v1::Calendar>("name: 'calendars/2026' year: 2026 source_notice: '通知'");
  for (int day = 1; day <= 7; ++day) *calendar.add_holidays() = DayToProto(Day::Of(2026, 10, day));
  *calendar.add_make_up_days() = DayToProto(Day::Of(2026, 10, 10));
  ASSERT_THAT(database_.Write([&](storage::Transaction& txn) { return directory().calendars().Insert(txn, calendar); }),
              IsOk());
  ASSERT_THAT((Call<v1::Campaign, v1::CreateCampaignRequest>(
                  "campaign_id: 'sanshuang' campaign { display_name: '三双' programme: 'SANSHUANG' "
                  "organization: 'organizations/street' start_date { year: 2026 month: 1 day: 1 } "
                  "end_date { year: 2026 month: 12 day: 31 } }")),
              IsOk());
  ASSERT_THAT((Call<v1::Campaign, v1::StartCampaignRequest>(
                  "name: 'campaigns/sanshuang' occurred_on { year: 2026 month: 1 day: 5 }")),
              IsOk());
}

absl::Status PledgeTest::AddOrganization(const std::string& id, const std::string& kind, const std::string& parent) {
  auto organization = testing::Proto<registry::v1::Organization>(
      absl::StrCat("name: 'organizations/", id, "' kind: ORGANIZATION_KIND_", kind, " display_name: '", id, "'"));
  if (!parent.empty()) {
    registry::v1::ParentEdge& edge = *organization.add_parents();
    edge.set_parent(absl::StrCat("organizations/", parent));
    edge.set_kind(registry::v1::EDGE_KIND_ADMINISTRATIVE);
  }
  return database_
      .Write([&](storage::Transaction& txn) { return directory().organizations().Insert(txn, organization); })
      .status();
}

absl::Status PledgeTest::AddMember(const std::string& id, const std::string& organization) {
  auto member = testing::Proto<registry::v1::Member>(
      absl::StrCat("name: 'members/", id, "' display_name: '党员' relations { organization: 'organizations/",
                   organization, "' start_date { year: 2010 month: 1 day: 1 } }"));
  return database_.Write([&](storage::Transaction& txn) { return directory().members().Insert(txn, member); }).status();
}

absl::Status PledgeTest::AddUnit(const std::string& code) {
  auto unit = testing::Proto<registry::v1::Unit>(
      absl::StrCat("name: 'units/", absl::StrReplaceAll(code, {{"_", "-"}}), "' code: '", code, "' label_zh: '个'"));
  return database_.Write([&](storage::Transaction& txn) { return directory().units().Insert(txn, unit); }).status();
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

std::string DateText(const std::string& day) {
  return absl::StrCat("{ ", DayToProto(testing::ValueOrDie(ParseDay(day))).ShortDebugString(), " }");
}

}  // namespace dangjian::pledge
