#pragma once

#include <string_view>
#include <vector>

#include "google/protobuf/descriptor.h"

namespace dangjian::gateway {

// Every service of the suite whose contract is linked into this program, but for the gateway's own package, sorted by
// name. The gateway links all contracts, so a new service is known here without being named.
std::vector<const google::protobuf::ServiceDescriptor*> LinkedServices();

// The short name of the service that owns a package or method path: `registry` for `dangjian.registry.v1` and for
// `/dangjian.registry.v1.MemberService/GetMember`. Empty for everything that is not of the suite.
std::string_view OwnerOf(std::string_view package_or_path);

// Owners whose services every process with records serves: `measure`, `change` and `store`.
bool IsEverywhere(std::string_view owner);

}  // namespace dangjian::gateway
