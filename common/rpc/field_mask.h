#pragma once

#include <string>

#include "absl/status/status.h"
#include "google/protobuf/field_mask.pb.h"
#include "google/protobuf/message.h"

namespace dangjian::rpc {

// True for an empty mask and for `*`: every field that a caller may change.
bool IsWholeMask(const google::protobuf::FieldMask& mask);

// Copies into `target` the fields of `source` that the mask names; a named field that is unset in `source` is cleared.
// A whole mask copies every field that is neither immutable nor output-only, and refuses an immutable one that is set
// to another value. All violations at once: UNKNOWN_FIELD, IMMUTABLE_FIELD (also for output-only fields).
absl::Status ApplyFieldMask(const google::protobuf::FieldMask& mask, const google::protobuf::Message& source,
                            google::protobuf::Message& target);

}  // namespace dangjian::rpc
