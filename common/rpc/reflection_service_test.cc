#include "common/rpc/reflection_service.h"

#include <string>
#include <vector>

#include "common/rpc/client_stream.h"
#include "common/rpc/testing/note_server.h"
#include "common/testing/matchers.h"
#include "gmock/gmock.h"
#include "google/protobuf/descriptor.pb.h"
#include "grpc/reflection/v1/reflection.pb.h"
#include "grpc/reflection/v1alpha/reflection.pb.h"
#include "gtest/gtest.h"

namespace dangjian::rpc {
namespace {

using dangjian::testing::IsOk;
using ::testing::Contains;
using ::testing::ElementsAre;
using testing::NoteServer;

template <class Types>
class ReflectionTest : public ::testing::Test {
 protected:
  using Request = typename Types::Request;
  using Response = typename Types::Response;

  ReflectionTest()
      : stream_(NewClientStream(ClientChannel::Make(server_.target()),
                                *Request::descriptor()->file()->service(0)->method(0), {}, nullptr)) {}

  Response Ask(const Request& request) {
    Response response;
    EXPECT_THAT(stream_->Write(request), IsOk());
    const auto answered = stream_->Read(&response);
    EXPECT_TRUE(answered.ok() && *answered);
    return response;
  }
  static std::vector<std::string> Files(const Response& response) {
    std::vector<std::string> names;
    for (const std::string& bytes : response.file_descriptor_response().file_descriptor_proto()) {
      google::protobuf::FileDescriptorProto file;
      EXPECT_TRUE(file.ParseFromString(bytes));
      names.push_back(file.name());
    }
    return names;
  }

  NoteServer server_;
  const std::unique_ptr<Client::RawStream> stream_;
};

struct V1 {
  using Request = grpc::reflection::v1::ServerReflectionRequest;
  using Response = grpc::reflection::v1::ServerReflectionResponse;
};
struct V1Alpha {
  using Request = grpc::reflection::v1alpha::ServerReflectionRequest;
  using Response = grpc::reflection::v1alpha::ServerReflectionResponse;
};
using Versions = ::testing::Types<V1, V1Alpha>;
TYPED_TEST_SUITE(ReflectionTest, Versions);

TYPED_TEST(ReflectionTest, ListsTheServices) {
  typename TypeParam::Request request;
  request.set_list_services("*");
  std::vector<std::string> names;
  const auto response = this->Ask(request);
  for (const auto& service : response.list_services_response().service()) names.push_back(service.name());
  EXPECT_THAT(names, ElementsAre("dangjian.rpc.testing.NoteService", "grpc.health.v1.Health",
                                 "grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection"));
}

TYPED_TEST(ReflectionTest, GivesFilesWithTheirImportsOnce) {
  typename TypeParam::Request request;
  request.set_file_containing_symbol("dangjian.rpc.testing.NoteService.GetNote");
  const auto first = this->Files(this->Ask(request));
  EXPECT_EQ(first.at(0), "common/rpc/testing/note.proto");
  EXPECT_THAT(first, Contains("dangjian/options/v1/options.proto"));
  EXPECT_THAT(first, Contains("google/protobuf/descriptor.proto"));
  request.set_file_by_filename("common/rpc/testing/note.proto");
  EXPECT_THAT(this->Files(this->Ask(request)), ElementsAre("common/rpc/testing/note.proto"));
}

TYPED_TEST(ReflectionTest, FindsExtensions) {
  typename TypeParam::Request request;
  request.mutable_file_containing_extension()->set_containing_type("google.protobuf.MethodOptions");
  request.mutable_file_containing_extension()->set_extension_number(50100);
  EXPECT_EQ(this->Files(this->Ask(request)).at(0), "dangjian/options/v1/options.proto");
  request.set_all_extension_numbers_of_type("google.protobuf.FieldOptions");
  EXPECT_THAT(this->Ask(request).all_extension_numbers_response().extension_number(), Contains(50101));
}

TYPED_TEST(ReflectionTest, SaysWhatItDoesNotKnow) {
  typename TypeParam::Request request;
  for (int i = 0; i < 3; ++i) {
    if (i == 0) request.set_file_by_filename("none.proto");
    if (i == 1) request.set_file_containing_symbol("no.Symbol");
    if (i == 2) request.set_all_extension_numbers_of_type("no.Type");
    EXPECT_EQ(this->Ask(request).error_response().error_code(), 5);
  }
  EXPECT_EQ(this->Ask(typename TypeParam::Request()).error_response().error_code(), 3);
}

}  // namespace
}  // namespace dangjian::rpc
