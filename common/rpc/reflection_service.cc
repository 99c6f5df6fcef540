#include "common/rpc/reflection_service.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/descriptor.pb.h"
#include "grpc/reflection/v1/reflection.pb.h"
#include "grpc/reflection/v1alpha/reflection.pb.h"

namespace dangjian::rpc {
namespace {

using google::protobuf::DescriptorPool;
using google::protobuf::FileDescriptor;
using google::protobuf::Message;

constexpr int32_t kNotFound = static_cast<int32_t>(absl::StatusCode::kNotFound);
constexpr int32_t kInvalidArgument = static_cast<int32_t>(absl::StatusCode::kInvalidArgument);

const DescriptorPool& Pool() { return *DescriptorPool::generated_pool(); }

// One reflection call of either version: their messages differ by package only.
template <class Request, class Response>
class Session {
 public:
  explicit Session(const std::vector<std::string>& services) : services_(services) {}

  absl::Status Serve(const Router::RawReader& read, const Router::RawWriter& write) {
    while (true) {
      Request request;
      ASSIGN_OR_RETURN(const bool more, read(&request));
      if (!more) return absl::OkStatus();
      Response response = Answer(request);
      response.set_valid_host(request.host());
      *response.mutable_original_request() = std::move(request);
      RETURN_IF_ERROR(write(response));
    }
  }

 private:
  Response Answer(const Request& request) {
    switch (request.message_request_case()) {
      case Request::kFileByFilename:
        return Files(Pool().FindFileByName(request.file_by_filename()), request.file_by_filename());
      case Request::kFileContainingSymbol:
        return Files(Pool().FindFileContainingSymbol(request.file_containing_symbol()),
                     request.file_containing_symbol());
      case Request::kFileContainingExtension:
        return FileOfExtension(request.file_containing_extension().containing_type(),
                               request.file_containing_extension().extension_number());
      case Request::kAllExtensionNumbersOfType:
        return ExtensionNumbers(request.all_extension_numbers_of_type());
      case Request::kListServices: {
        Response response;
        for (const std::string& service : services_) {
          response.mutable_list_services_response()->add_service()->set_name(service);
        }
        return response;
      }
      case Request::MESSAGE_REQUEST_NOT_SET:
        break;
    }
    return Failure(kInvalidArgument, "the request asks for nothing");
  }

  Response Failure(int32_t code, std::string message) {
    Response response;
    response.mutable_error_response()->set_error_code(code);
    response.mutable_error_response()->set_error_message(std::move(message));
    return response;
  }

  // A file with all that it imports, but for what this call has sent before.
  Response Files(const FileDescriptor* file, const std::string& wanted) {
    if (file == nullptr) return Failure(kNotFound, absl::StrCat(wanted, " is not known here"));
    Response response;
    sent_.erase(file->name());
    response.mutable_file_descriptor_response();
    AddFile(*file, response);
    return response;
  }

  void AddFile(const FileDescriptor& file, Response& response) {
    if (!sent_.insert(file.name()).second) return;
    google::protobuf::FileDescriptorProto proto;
    file.CopyTo(&proto);
    *response.mutable_file_descriptor_response()->add_file_descriptor_proto() = proto.SerializeAsString();
    for (int i = 0; i < file.dependency_count(); ++i) AddFile(*file.dependency(i), response);
  }

  Response FileOfExtension(const std::string& type, int32_t number) {
    const google::protobuf::Descriptor* extended = Pool().FindMessageTypeByName(type);
    const google::protobuf::FieldDescriptor* extension =
        extended == nullptr ? nullptr : Pool().FindExtensionByNumber(extended, number);
    return Files(extension == nullptr ? nullptr : extension->file(), absl::StrCat("extension ", number, " of ", type));
  }

  Response ExtensionNumbers(const std::string& type) {
    const google::protobuf::Descriptor* extended = Pool().FindMessageTypeByName(type);
    if (extended == nullptr) return Failure(kNotFound, absl::StrCat(type, " is not known here"));
    std::vector<const google::protobuf::FieldDescriptor*> extensions;
    Pool().FindAllExtensions(extended, &extensions);
    Response response;
    response.mutable_all_extension_numbers_response()->set_base_type_name(type);
    for (const auto* extension : extensions) {
      response.mutable_all_extension_numbers_response()->add_extension_number(extension->number());
    }
    return response;
  }

  const std::vector<std::string>& services_;
  std::set<std::string> sent_;
};

template <class Request, class Response>
void RegisterVersion(Router& router, std::string_view path, const std::vector<std::string>& services) {
  Router::Entry entry;
  entry.method = router.methods().FindByPath(path);
  entry.request = &Request::default_instance();
  entry.bidi_stream = [&services](CallContext&, const Router::RawReader& read, const Router::RawWriter& write) {
    return Session<Request, Response>(services).Serve(read, write);
  };
  router.Register(std::move(entry));
}

}  // namespace

ReflectionService::ReflectionService(std::vector<std::string> services) : services_(std::move(services)) {
  std::sort(services_.begin(), services_.end());
}

std::vector<const google::protobuf::ServiceDescriptor*> ReflectionService::Descriptors() {
  return {grpc::reflection::v1::ServerReflectionRequest::descriptor()->file()->service(0),
          grpc::reflection::v1alpha::ServerReflectionRequest::descriptor()->file()->service(0)};
}

void ReflectionService::Register(Router& router) {
  RegisterVersion<grpc::reflection::v1::ServerReflectionRequest, grpc::reflection::v1::ServerReflectionResponse>(
      router, "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo", services_);
  RegisterVersion<grpc::reflection::v1alpha::ServerReflectionRequest,
                  grpc::reflection::v1alpha::ServerReflectionResponse>(
      router, "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", services_);
}

}  // namespace dangjian::rpc
