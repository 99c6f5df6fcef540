#pragma once

#include <string_view>

#include "common/status/errors.h"
#include "google/protobuf/field_mask.pb.h"
#include "google/protobuf/message.h"

namespace dangjian::rpc {

// True for an empty mask and for `*`: every field that a caller may change.
bool IsWholeMask(const google::protobuf::FieldMask& mask);

// True for a field that no Update changes: immutable, set by the server, or the server's bookkeeping by its name.
bool IsFixed(const google::protobuf::FieldDescriptor& field);

// Whether two messages of one type have the same in a field.
bool SameField(const google::protobuf::Message& a, const google::protobuf::Message& b,
               const google::protobuf::FieldDescriptor* field);

// Copies into `target` the fields of `source` that the mask names; a named field that is unset in `source` is cleared.
// A whole mask copies every field that is neither immutable nor output-only, and refuses an immutable one that is set
// to another value. Appends all violations: UNKNOWN_FIELD, IMMUTABLE_FIELD (also for output-only fields), at
// `update_mask.paths[i]` or, of a whole mask, at the field below `path`, the source's own.
void ApplyFieldMask(const google::protobuf::FieldMask& mask, const google::protobuf::Message& source,
                    std::string_view path, google::protobuf::Message& target, Violations& violations);

}  // namespace dangjian::rpc
