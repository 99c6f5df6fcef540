#pragma once

#include <string>

#include "google/protobuf/message.h"

namespace dangjian::obs {

// A message on one line for logs. Fields with the option `sensitive` are masked: text becomes `***`, anything else is
// left out. So are unknown fields and the contents of google.protobuf.Any, of which nothing is known. Cut at 2,048
// bytes.
std::string RedactedForLog(const google::protobuf::Message& message);

}  // namespace dangjian::obs
