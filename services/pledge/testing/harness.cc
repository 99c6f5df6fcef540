#include "services/pledge/testing/harness.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/rpc/client_channel.h"
#include "common/storage/reconcile.h"
#include "common/types/date.h"
#include "dangjian/pledge/v1/campaign.pb.h"
#include "grpcpp/server_builder.h"

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

PledgeTest::PledgeTest() = default;
PledgeTest::~PledgeTest() = default;

void PledgeTest::SetUp() {
  database_.clock().SetToday(Day::Of(2026, 11, 20));
  for (const auto* service : module_.Services()) ASSERT_THAT(methods_.AddService(*service), IsOk());
  directory_ = std::make_unique<change::Directory>(*database_);
  server::ModuleContext context{.database = &*database_,
                                .directory = directory_.get(),
                                .router = router_,
                                .page_tokens = page_tokens_,
                                .clock = database_.clock(),
                                .metrics = metrics_};
  ASSERT_THAT(module_.Register(context), IsOk());
  ASSERT_THAT(router_.Check(), IsOk());
  database_.Open();
  absl::StatusOr<std::unique_ptr<rpc::Dispatcher>> dispatcher = rpc::Dispatcher::Create({.router = router_,
                                                                                         .verifier = *verifier_,
                                                                                         .clock = database_.clock(),
                                                                                         .executor = executor_,
                                                                                         .database = &*database_,
                                                                                         .resolver = &late_registry_});
  ASSERT_THAT(dispatcher, IsOk());
  dispatcher_ = *std::move(dispatcher);
  grpc::ServerBuilder builder;
  builder.RegisterCallbackGenericService(dispatcher_.get());
  server_ = builder.BuildAndStart();
  ASSERT_NE(server_, nullptr);
  client_ = std::make_unique<rpc::Client>(std::make_shared<rpc::ClientChannel>(
      std::vector<std::shared_ptr<grpc::Channel>>{server_->InProcessChannel(grpc::ChannelArguments())}));

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
  ASSERT_THAT(
      database_.Write([&](storage::Transaction& txn) { return directory_->calendars().Insert(txn, calendar); }), IsOk());
  ASSERT_THAT((Call<v1::Campaign, v1::CreateCampaignRequest>(
                  "campaign_id: 'sanshuang' campaign { display_name: '三双' programme: 'SANSHUANG' "
                  "organization: 'organizations/street' start_date { year: 2026 month: 1 day: 1 } "
                  "end_date { year: 2026 month: 12 day: 31 } }")),
              IsOk());
  ASSERT_THAT((Call<v1::Campaign, v1::StartCampaignRequest>(
                  "name: 'campaigns/sanshuang' occurred_on { year: 2026 month: 1 day: 5 }")),
              IsOk());
}

void PledgeTest::TearDown() {
  EXPECT_EQ(Drift(), 0);
  client_.reset();
  if (server_ != nullptr) server_->Shutdown();
  server_.reset();
}

int64_t PledgeTest::Drift() {
  const absl::StatusOr<storage::Drift> drift = storage::Reconciler(*database_).Check();
  EXPECT_THAT(drift, IsOk());
  if (!drift.ok()) return -1;
  EXPECT_EQ(drift->drifted, 0) << ::testing::PrintToString(drift->measures);
  return drift->drifted;
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
      .Write([&](storage::Transaction& txn) { return directory_->organizations().Insert(txn, organization); })
      .status();
}

absl::Status PledgeTest::AddMember(const std::string& id, const std::string& organization) {
  auto member = testing::Proto<registry::v1::Member>(
      absl::StrCat("name: 'members/", id, "' display_name: '党员' relations { organization: 'organizations/", organization,
                   "' start_date { year: 2010 month: 1 day: 1 } }"));
  return database_.Write([&](storage::Transaction& txn) { return directory_->members().Insert(txn, member); }).status();
}

absl::Status PledgeTest::AddUnit(const std::string& code) {
  auto unit = testing::Proto<registry::v1::Unit>(
      absl::StrCat("name: 'units/", absl::StrReplaceAll(code, {{"_", "-"}}), "' code: '", code, "' label_zh: '个'"));
  return database_.Write([&](storage::Transaction& txn) { return directory_->units().Insert(txn, unit); }).status();
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
  ASSERT_THAT((Call<v1::Pledge, v1::ReviewPledgeRequest>(
                  absl::StrCat(step, " reviewer: 'organizations/east-branch'"))),
              IsOk());
  ASSERT_THAT((Call<v1::Pledge, v1::PublishPledgeRequest>(
                  absl::StrCat("name: 'pledges/", id, "' published_on ", DateText(published_on)))),
              IsOk());
}

int64_t PledgeTest::Figure(const std::string& measure, const std::string& id, DayRange days, const Filters& filters) {
  const storage::MeasureStore& measures = database_->measures();
  const auto snapshot = database_.Read();
  const storage::MeasureDef* definition = measures.Find(measure);
  EXPECT_NE(definition, nullptr) << measure;
  if (definition == nullptr) return -1;
  const absl::StatusOr<storage::MeasureResult> result =
      measures.Query(*snapshot, {.measure = definition,
                                 .organization = absl::StrCat("organizations/", id),
                                 .days = days,
                                 .filters = filters});
  EXPECT_THAT(result, IsOk());
  return result.ok() ? result->total.value : -1;
}

std::string DateText(const std::string& day) {
  return absl::StrCat("{ ", DayToProto(testing::ValueOrDie(ParseDay(day))).ShortDebugString(), " }");
}

}  // namespace dangjian::pledge
