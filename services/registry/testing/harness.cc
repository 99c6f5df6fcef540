#include "services/registry/testing/harness.h"

#include "absl/strings/str_cat.h"
#include "common/rpc/client_channel.h"
#include "common/rpc/server_transport.h"
#include "common/storage/reconcile.h"
#include "dangjian/registry/v1/member.pb.h"
#include "dangjian/registry/v1/organization.pb.h"
#include "grpcpp/server_builder.h"

namespace dangjian::registry {
void RegistryTest::SetUp() {
  database_.clock().SetToday(Day::Of(2026, 11, 20));
  for (const auto* service : module_.Services()) ASSERT_THAT(methods_.AddService(*service), testing::IsOk());
  server::ModuleContext context{.database = &*database_,
                                .directory = nullptr,
                                .router = router_,
                                .page_tokens = page_tokens_,
                                .clock = database_.clock(),
                                .metrics = metrics_};
  ASSERT_THAT(module_.Register(context), testing::IsOk());
  ASSERT_THAT(router_.Check(), testing::IsOk());
  database_.Open();
  absl::StatusOr<std::unique_ptr<rpc::Dispatcher>> dispatcher = rpc::Dispatcher::Create({.router = router_,
                                                                                         .verifier = *verifier_,
                                                                                         .clock = database_.clock(),
                                                                                         .executor = executor_,
                                                                                         .database = &*database_});
  ASSERT_THAT(dispatcher, testing::IsOk());
  dispatcher_ = *std::move(dispatcher);
  grpc::ServerBuilder builder;
  rpc::ApplyTransportLimits(builder);
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterCallbackGenericService(dispatcher_.get());
  server_ = builder.BuildAndStart();
  ASSERT_NE(server_, nullptr);
  client_ = std::make_unique<rpc::Client>(rpc::ClientChannel::Make(absl::StrCat("127.0.0.1:", port)));
}

void RegistryTest::TearDown() {
  const absl::StatusOr<storage::Drift> drift = storage::Reconciler(*database_).Check();
  ASSERT_THAT(drift, testing::IsOk());
  EXPECT_EQ(drift->drifted, 0) << ::testing::PrintToString(drift->measures);
  client_.reset();
  if (server_ != nullptr) {
    server_->Shutdown();
    server_->Wait();
  }
  server_.reset();
}

void RegistryTest::AddOrganization(const std::string& id, const std::string& kind, const std::string& more) {
  const auto added = Call<v1::Organization, v1::CreateOrganizationRequest>(
      absl::StrCat("organization_id: '", id, "' organization { kind: ORGANIZATION_KIND_", kind, " display_name: '", id,
                   "' activated_on { year: 2000 month: 1 day: 1 } ", more, " }"));
  ASSERT_THAT(added, testing::IsOk());
}

void RegistryTest::AddMember(const std::string& id, const std::string& organization) {
  const auto added = Call<v1::Member, v1::CreateMemberRequest>(absl::StrCat(
      "member_id: '", id, "' member { display_name: '党员' admitted_on { year: 2009 month: 1 day: 1 } ",
      "full_on { year: 2010 month: 1 day: 1 } relations { organization: 'organizations/", organization, "' } }"));
  ASSERT_THAT(added, testing::IsOk());
}

int64_t RegistryTest::Figure(const std::string& measure, const std::string& id, DayRange days, const Filters& filters) {
  const storage::MeasureStore& measures = database_->measures();
  const auto snapshot = database_.Read();
  const absl::StatusOr<storage::MeasureResult> result =
      measures.Query(*snapshot, {.measure = measures.Find(measure),
                                 .organization = absl::StrCat("organizations/", id),
                                 .days = days,
                                 .filters = filters});
  EXPECT_THAT(result, testing::IsOk());
  return result.ok() ? result->total.value : -1;
}

}  // namespace dangjian::registry
