#include "common/rpc/method_table.h"

#include <memory>

#include "common/rpc/health_service.h"
#include "common/rpc/router.h"
#include "common/rpc/testing/note.pb.h"
#include "dangjian/options/v1/options.pb.h"
#include "gmock/gmock.h"
#include "google/protobuf/descriptor.pb.h"
#include "gtest/gtest.h"

namespace dangjian::rpc {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

// Builds a service of one or more methods in a pool of its own.
class ToyService {
 public:
  google::protobuf::MethodOptions& AddMethod(const std::string& name, const std::string& request) {
    auto* method = service_->add_method();
    method->set_name(name);
    method->set_input_type("toy." + request);
    method->set_output_type("toy.Answer");
    return *method->mutable_options();
  }
  options::v1::MethodPolicy& AddPolicy(const std::string& name, const std::string& request) {
    return *AddMethod(name, request).MutableExtension(options::v1::policy);
  }
  const google::protobuf::ServiceDescriptor& Build() {
    file_.set_name("toy.proto");
    file_.set_package("toy");
    file_.set_syntax("proto3");
    for (const char* message : {"Answer", "First", "Second"}) file_.add_message_type()->set_name(message);
    return *pool_.BuildFile(file_)->service(0);
  }

  ToyService() : service_(file_.add_service()) { service_->set_name("ToyService"); }

 private:
  google::protobuf::FileDescriptorProto file_;
  google::protobuf::ServiceDescriptorProto* const service_;
  google::protobuf::DescriptorPool pool_{google::protobuf::DescriptorPool::generated_pool()};
};

TEST(MethodTableTest, ReadsThePolicies) {
  MethodTable table;
  ASSERT_TRUE(table.AddService(*testing::Note::descriptor()->file()->service(0)).ok());
  const MethodInfo* create = table.FindByPath("/dangjian.rpc.testing.NoteService/CreateNote");
  ASSERT_NE(create, nullptr);
  EXPECT_EQ(create, table.FindByRequest(*testing::CreateNoteRequest::descriptor()));
  EXPECT_EQ(create->permission, "notes.create");
  EXPECT_EQ(create->deadline_micros, 5'000'000);
  EXPECT_EQ(create->max_request_bytes, 65'536u);
  EXPECT_FALSE(create->read_only);
  EXPECT_FALSE(create->is_public);
  EXPECT_EQ(table.All()[create->ordinal], create);
  EXPECT_TRUE(table.FindByPath("/dangjian.rpc.testing.NoteService/GetNote")->read_only);
  EXPECT_EQ(table.FindByPath("/dangjian.rpc.testing.NoteService/BatchCreateNotes")->max_request_bytes, 262'144u);
  EXPECT_TRUE(table.FindByPath("/dangjian.rpc.testing.NoteService/StreamNotes")->server_streaming);
  EXPECT_TRUE(table.FindByPath("/dangjian.rpc.testing.NoteService/ImportNotes")->client_streaming);
  EXPECT_EQ(table.FindByPath("/dangjian.rpc.testing.NoteService/Nothing"), nullptr);
  EXPECT_EQ(table.FindByRequest(*testing::Note::descriptor()), nullptr);
}

TEST(MethodTableTest, RefusesAMethodWithoutAPolicyByName) {
  ToyService toy;
  toy.AddMethod("Open", "First");
  MethodTable table;
  const absl::Status status = table.AddService(toy.Build());
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), AllOf(HasSubstr("/toy.ToyService/Open"), HasSubstr("no policy")));
}

TEST(MethodTableTest, RefusesAPolicyWithoutPermissionUnlessPublic) {
  ToyService closed;
  closed.AddPolicy("Open", "First").set_deadline_ms(1000);
  MethodTable table;
  EXPECT_FALSE(table.AddService(closed.Build()).ok());

  ToyService open;
  auto& policy = open.AddPolicy("Open", "First");
  policy.set_deadline_ms(1000);
  policy.set_public_(true);
  EXPECT_TRUE(table.AddService(open.Build()).ok());
}

TEST(MethodTableTest, RefusesADeadlineOutsideItsRange) {
  for (const int32_t millis : {-1, 0, 600'001}) {
    ToyService toy;
    auto& policy = toy.AddPolicy("Open", "First");
    policy.set_permission("toys.open");
    policy.set_deadline_ms(millis);
    MethodTable table;
    EXPECT_EQ(table.AddService(toy.Build()).code(), absl::StatusCode::kFailedPrecondition) << millis;
  }
}

TEST(MethodTableTest, RefusesASharedRequestMessage) {
  ToyService toy;
  for (const char* name : {"Open", "Close"}) {
    auto& policy = toy.AddPolicy(name, "First");
    policy.set_permission("toys.open");
    policy.set_deadline_ms(1000);
  }
  MethodTable table;
  const absl::Status status = table.AddService(toy.Build());
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), AllOf(HasSubstr("ToyService/Close"), HasSubstr("ToyService/Open")));
}

TEST(MethodTableTest, GivesBorrowedServicesAPublicPolicy) {
  MethodTable table;
  ASSERT_TRUE(table.AddPublicService(HealthService::Descriptor()).ok());
  const MethodInfo* check = table.FindByPath("/grpc.health.v1.Health/Check");
  ASSERT_NE(check, nullptr);
  EXPECT_TRUE(check->is_public);
  EXPECT_TRUE(check->read_only);
  EXPECT_GT(table.FindByPath("/grpc.health.v1.Health/Watch")->deadline_micros, check->deadline_micros);
  EXPECT_THAT(table.Services(), ::testing::ElementsAre("grpc.health.v1.Health"));
  EXPECT_FALSE(table.AddPublicService(HealthService::Descriptor()).ok());
}

TEST(RouterTest, NamesEveryMethodWithoutAHandler) {
  MethodTable table;
  ASSERT_TRUE(table.AddPublicService(HealthService::Descriptor()).ok());
  Router router(table);
  const absl::Status status = router.Check();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), AllOf(HasSubstr("Health/Check"), HasSubstr("Health/Watch")));
  HealthService health(table.Services());
  health.Register(router);
  EXPECT_TRUE(router.Check().ok());
  EXPECT_NE(router.Find("/grpc.health.v1.Health/Check"), nullptr);
  EXPECT_EQ(router.Find("/grpc.health.v1.Health/Other"), nullptr);
}

TEST(RouterDeathTest, AbortsOnAWrongRegistration) {
  MethodTable table;
  ASSERT_TRUE(table.AddPublicService(HealthService::Descriptor()).ok());
  Router router(table);
  HealthService health(table.Services());
  health.Register(router);
  EXPECT_DEATH(health.Register(router), "two handlers");
  Router::Entry stray;
  stray.request = &testing::Note::default_instance();
  EXPECT_DEATH(router.Register(stray), "no method of the table takes the request dangjian.rpc.testing.Note");
}

}  // namespace
}  // namespace dangjian::rpc
