#pragma once

#include <string>
#include <string_view>

#include "google/protobuf/descriptor.h"

namespace dangjian::rpc {

// The path of a violation as one of the request. The rules of an entity name fields by their record, as the request of
// a Create has them (`home_visit.occurred_on`); the request of a verb has the same field at its top (`occurred_on`), or
// names the record whose stored field is the matter (`name`). Empty when the request has nothing of the kind.
std::string RequestPath(const google::protobuf::Descriptor& request, std::string_view path);

}  // namespace dangjian::rpc
