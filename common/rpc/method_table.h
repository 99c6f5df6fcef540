#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "google/protobuf/descriptor.h"

namespace dangjian::rpc {

// What the proto options say of a method, read once at start.
struct MethodInfo {
  std::string path;     // `/dangjian.pledge.v1.PledgeService/CreatePledge`
  std::string service;  // `dangjian.pledge.v1.PledgeService`
  std::string name;     // `CreatePledge`
  size_t ordinal = 0;   // position in MethodTable::All(), for arrays of per-method state
  const google::protobuf::MethodDescriptor* descriptor = nullptr;
  std::string permission;
  int64_t deadline_micros = 0;
  size_t max_request_bytes = 0;
  bool read_only = false;  // idempotency_level = NO_SIDE_EFFECTS
  bool is_public = false;
  bool asks_registry = false;  // the replicas are brought up to date first
  bool client_streaming = false;
  bool server_streaming = false;
  bool forwarded = false;  // served by another process; this one hands the call on
};

// The methods of the linked contracts. Immutable after loading.
class MethodTable {
 public:
  // Adds every method of a service. FAILED_PRECONDITION naming the method when one has no policy, an empty permission
  // without `public`, or a deadline outside 1 to 600,000 ms; or when two methods share a request message.
  absl::Status AddService(const google::protobuf::ServiceDescriptor& service);

  // Adds a service whose contract is not ours and carries no policy (health, reflection): every method is public, takes
  // at most 64 KiB and lasts at most 5 seconds, a stream 5 minutes. Its methods are registered by path, not by
  // request.
  absl::Status AddPublicService(const google::protobuf::ServiceDescriptor& service);

  // The same for a service that another process serves: listed and counted here, without handlers; its policy is the
  // other's to enforce.
  absl::Status AddForwardedService(const google::protobuf::ServiceDescriptor& service);

  // nullptr when there is no such path.
  const MethodInfo* FindByPath(std::string_view path) const;
  // The method that takes this request message: requests are unique to their method.
  const MethodInfo* FindByRequest(const google::protobuf::Descriptor& request) const;
  // In the order of addition; a method's place is its ordinal.
  const std::vector<const MethodInfo*>& All() const { return all_; }
  std::vector<std::string> Services() const;  // full names, sorted

 private:
  absl::Status AddWithPolicy(const google::protobuf::ServiceDescriptor& service, bool forwarded);
  absl::Status Add(std::unique_ptr<MethodInfo> info);

  absl::flat_hash_map<std::string, std::unique_ptr<MethodInfo>> by_path_;
  absl::flat_hash_map<const google::protobuf::Descriptor*, const MethodInfo*> by_request_;
  std::vector<const MethodInfo*> all_;
};

}  // namespace dangjian::rpc
