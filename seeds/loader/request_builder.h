#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "google/protobuf/message.h"

namespace dangjian::seeds {

// Sets one field of a request from text.
//   path   field names with dots, an index for a repeated field: `organization.parents[0].parent`. Indexes grow by one.
//   text   numbers and true/false as they are; enum values with or without their prefix (`COMMUNITY`); a
//   google.type.Date as
//          `2024-06-30`; a repeated scalar as `a|b|c`
// INVALID_ARGUMENT when there is no such field or the text does not fit it.
absl::Status SetField(google::protobuf::Message& message, std::string_view path, std::string_view text);

}  // namespace dangjian::seeds
