#include "common/server/testing/service_fixture.h"

#include "absl/strings/str_cat.h"
#include "common/rpc/client_channel.h"
#include "common/storage/reconcile.h"
#include "grpcpp/server_builder.h"

namespace dangjian::server {

using testing::IsOk;

ServiceTest::ServiceTest(std::unique_ptr<Module> module, rpc::ReferenceResolver* resolver)
    : resolver_(resolver), module_(std::move(module)) {}
ServiceTest::~ServiceTest() = default;

void ServiceTest::SetUp() {
  database_.clock().SetToday(Day::Of(2026, 11, 20));
  for (const auto* service : module_->Services()) ASSERT_THAT(methods_.AddService(*service), IsOk());
  if (resolver_ != nullptr) directory_ = std::make_unique<change::Directory>(*database_);
  ModuleContext context{.database = &*database_,
                        .directory = directory_.get(),
                        .router = router_,
                        .page_tokens = page_tokens_,
                        .clock = database_.clock(),
                        .metrics = metrics_};
  ASSERT_THAT(module_->Register(context), IsOk());
  ASSERT_THAT(router_.Check(), IsOk());
  database_.Open();
  absl::StatusOr<std::unique_ptr<rpc::Dispatcher>> dispatcher = rpc::Dispatcher::Create({.router = router_,
                                                                                         .verifier = *verifier_,
                                                                                         .clock = database_.clock(),
                                                                                         .executor = executor_,
                                                                                         .database = &*database_,
                                                                                         .resolver = resolver_});
  ASSERT_THAT(dispatcher, IsOk());
  dispatcher_ = *std::move(dispatcher);
  grpc::ServerBuilder builder;
  builder.RegisterCallbackGenericService(dispatcher_.get());
  // Not Server::InProcessChannel: gRPC 1.51 now and then loses the last message of a stream on it.
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  server_ = builder.BuildAndStart();
  ASSERT_NE(server_, nullptr);
  client_ = std::make_unique<rpc::Client>(rpc::ClientChannel::Make(absl::StrCat("127.0.0.1:", port)));
}

void ServiceTest::TearDown() {
  EXPECT_EQ(Drift(), 0);
  client_.reset();
  if (server_ != nullptr) server_->Shutdown();
  server_.reset();
}

int64_t ServiceTest::Drift() {
  const absl::StatusOr<storage::Drift> drift = storage::Reconciler(*database_).Check();
  EXPECT_THAT(drift, IsOk());
  if (!drift.ok()) return -1;
  EXPECT_EQ(drift->drifted, 0) << ::testing::PrintToString(drift->measures);
  return drift->drifted;
}

int64_t ServiceTest::Figure(const std::string& measure, const std::string& id, DayRange days, const Filters& filters) {
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

}  // namespace dangjian::server
