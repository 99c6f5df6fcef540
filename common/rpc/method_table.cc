#include "common/rpc/method_table.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "dangjian/options/v1/options.pb.h"

namespace dangjian::rpc {
namespace {

constexpr int64_t kMicrosPerMilli = 1000;
constexpr int32_t kMaxDeadlineMillis = 600'000;
constexpr int32_t kPublicDeadlineMillis = 5'000;
constexpr int32_t kPublicStreamMillis = 300'000;
constexpr size_t kDefaultRequestBytes = 65'536;

std::unique_ptr<MethodInfo> Describe(const google::protobuf::MethodDescriptor& method) {
  auto info = std::make_unique<MethodInfo>();
  info->service = method.service()->full_name();
  info->name = method.name();
  info->path = absl::StrCat("/", info->service, "/", info->name);
  info->descriptor = &method;
  info->max_request_bytes = kDefaultRequestBytes;
  info->read_only = method.options().idempotency_level() == google::protobuf::MethodOptions::NO_SIDE_EFFECTS;
  info->client_streaming = method.client_streaming();
  info->server_streaming = method.server_streaming();
  return info;
}

absl::Status Refuse(const MethodInfo& method, std::string_view why) {
  return absl::FailedPreconditionError(absl::StrCat(method.path, ": ", ToAbsl(why)));
}

}  // namespace

absl::Status MethodTable::AddService(const google::protobuf::ServiceDescriptor& service) {
  return AddWithPolicy(service, false);
}

absl::Status MethodTable::AddForwardedService(const google::protobuf::ServiceDescriptor& service) {
  return AddWithPolicy(service, true);
}

absl::Status MethodTable::AddWithPolicy(const google::protobuf::ServiceDescriptor& service, bool forwarded) {
  for (int i = 0; i < service.method_count(); ++i) {
    const google::protobuf::MethodDescriptor& method = *service.method(i);
    std::unique_ptr<MethodInfo> info = Describe(method);
    if (!method.options().HasExtension(options::v1::policy)) return Refuse(*info, "the method has no policy");
    const options::v1::MethodPolicy& policy = method.options().GetExtension(options::v1::policy);
    if (policy.permission().empty() && !policy.public_()) return Refuse(*info, "the policy names no permission");
    if (policy.deadline_ms() < 1 || policy.deadline_ms() > kMaxDeadlineMillis) {
      return Refuse(*info, "the policy's deadline_ms is outside 1 to 600,000");
    }
    if (policy.max_request_bytes() < 0) return Refuse(*info, "the policy's max_request_bytes is negative");
    info->forwarded = forwarded;
    info->permission = policy.permission();
    info->is_public = policy.public_();
    info->asks_registry = policy.asks_registry();
    info->deadline_micros = policy.deadline_ms() * kMicrosPerMilli;
    if (policy.max_request_bytes() > 0) info->max_request_bytes = static_cast<size_t>(policy.max_request_bytes());
    const auto [known, added] = by_request_.try_emplace(method.input_type(), info.get());
    if (!added) return Refuse(*info, absl::StrCat("its request message already belongs to ", known->second->path));
    RETURN_IF_ERROR(Add(std::move(info)));
  }
  return absl::OkStatus();
}

absl::Status MethodTable::AddPublicService(const google::protobuf::ServiceDescriptor& service) {
  for (int i = 0; i < service.method_count(); ++i) {
    std::unique_ptr<MethodInfo> info = Describe(*service.method(i));
    info->is_public = true;
    info->read_only = true;
    const bool streams = info->client_streaming || info->server_streaming;
    info->deadline_micros = (streams ? kPublicStreamMillis : kPublicDeadlineMillis) * kMicrosPerMilli;
    RETURN_IF_ERROR(Add(std::move(info)));
  }
  return absl::OkStatus();
}

absl::Status MethodTable::Add(std::unique_ptr<MethodInfo> info) {
  info->ordinal = all_.size();
  const MethodInfo* method = info.get();
  if (by_path_.contains(method->path)) return Refuse(*method, "the service was added twice");
  by_path_.emplace(method->path, std::move(info));
  all_.push_back(method);
  return absl::OkStatus();
}

const MethodInfo* MethodTable::FindByPath(std::string_view path) const {
  const auto found = by_path_.find(ToAbsl(path));
  return found == by_path_.end() ? nullptr : found->second.get();
}

const MethodInfo* MethodTable::FindByRequest(const google::protobuf::Descriptor& request) const {
  const auto found = by_request_.find(&request);
  return found == by_request_.end() ? nullptr : found->second;
}

std::vector<std::string> MethodTable::Services() const {
  std::vector<std::string> services;
  for (const MethodInfo* method : all_) services.push_back(method->service);
  std::sort(services.begin(), services.end());
  services.erase(std::unique(services.begin(), services.end()), services.end());
  return services;
}

}  // namespace dangjian::rpc
