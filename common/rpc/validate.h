#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/status/errors.h"
#include "google/protobuf/message.h"

namespace dangjian::rpc {

// A resource name in a request that must point to an existing record.
struct Reference {
  std::string field;  // path in the request
  std::string name;   // `members/m-17`
};

// Checks requests against the field rules of their protos: one plan for each message type, made at start. Immutable
// after the last Add, then thread-safe.
//
// Beyond the rules: text is at most 200 characters of valid UTF-8 without control characters, U+FFFE, U+FFFF and
// overrides of writing direction; dates exist; enum values are known; `request_id` is 1 to 64 of `A-Za-z0-9_.:-`;
// `page_size` is not negative. Output-only fields are cleared, except `name` and `etag`, by which a caller says which
// record it means. Of the resource of an Update only the fields that its `update_mask` names are checked.
class Validator {
 public:
  Validator();
  ~Validator();

  // Makes the plans of a request message and of all that it holds. FAILED_PRECONDITION for a pattern that does not
  // compile.
  absl::Status Add(const google::protobuf::Descriptor& request);

  // Appends every violation, and the references to check in the transaction. The type must have been added.
  void Check(google::protobuf::Message& request, Violations& violations, std::vector<Reference>& references) const;

  // What Check walks; defined in validate.cc.
  struct MessagePlan;

 private:
  absl::StatusOr<const MessagePlan*> PlanFor(const google::protobuf::Descriptor& type);

  absl::flat_hash_map<const google::protobuf::Descriptor*, std::unique_ptr<MessagePlan>> plans_;
};

}  // namespace dangjian::rpc
