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
// Beyond the rules: text is at most 200 characters, and brought into the form of text_form.h first; dates exist; enum
// values are known; `request_id` is 1 to 64 of `A-Za-z0-9_.:-`; `page_size` is not negative. Output-only fields are
// cleared, except `name` and `etag`, by which a caller says which record it means. Of the resource of an Update only
// what its `update_mask` names is checked; what that becomes part of is checked by CheckChanged.
class Validator {
 public:
  Validator();
  ~Validator();

  // Makes the plans of a request message and of all that it holds. FAILED_PRECONDITION for a pattern that does not
  // compile.
  absl::Status Add(const google::protobuf::Descriptor& request);

  // Appends every violation, and the references to check in the transaction. The type must have been added.
  void Check(google::protobuf::Message& request, Violations& violations, std::vector<Reference>& references) const;

  // Checks what a write is about to leave of a record that stood as `before`: every field in which `record` differs, as
  // a whole, by the rules for a field that a caller creates. So a mask that names a part of a date or of a message, or
  // a verb that appends to a list, leaves nothing that a Create would refuse. Violations are named below `path`, which
  // is empty when the request carries no record. What only the server sets and what no Update changes is left alone.
  // Does nothing for a type that no request holds.
  void CheckChanged(const google::protobuf::Message& before, google::protobuf::Message& record, std::string_view path,
                    Violations& violations) const;

  // What Check walks; defined in validate.cc.
  struct MessagePlan;

 private:
  absl::StatusOr<const MessagePlan*> PlanFor(const google::protobuf::Descriptor& type);

  absl::flat_hash_map<const google::protobuf::Descriptor*, std::unique_ptr<MessagePlan>> plans_;
};

}  // namespace dangjian::rpc
