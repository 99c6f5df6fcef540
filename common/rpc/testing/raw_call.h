#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "google/protobuf/message.h"

namespace dangjian::rpc::testing {

// What came back from a call made without any of our client code.
struct RawAnswer {
  absl::Status status;
  std::string bytes;
  std::map<std::string, std::string> trailers;
};

struct RawOptions {
  std::vector<std::pair<std::string, std::string>> metadata = {};
  int64_t timeout_micros = 0;  // 0: no deadline
};

// Sends any bytes to any path and waits.
RawAnswer RawCall(const std::string& target, const std::string& path, std::string_view bytes,
                  const RawOptions& options = {});

// The same with a message of NoteService: the path of `method`.
RawAnswer RawCall(const std::string& target, std::string_view method, const google::protobuf::Message& request,
                  const RawOptions& options = {});

}  // namespace dangjian::rpc::testing
