#pragma once

#include <memory>

#include "absl/status/status.h"
#include "common/rpc/client.h"
#include "common/storage/database.h"
#include "google/protobuf/message.h"

namespace dangjian::server {

// Makes the calls of a test and checks around each of them what every method promises:
// - A rehearsal (`validate_only`) of a write stores nothing and is answered as the write is.
// - An Update that is repeated with the same values keeps the version of the record.
// - A violation names a field of the request.
// Failures are those of the running test. Not thread-safe.
class MethodPromises {
 public:
  // `client` calls a service over `database`; both outlive the object.
  MethodPromises(rpc::Client& client, storage::Database& database) : client_(client), database_(database) {}

  // As rpc::Client::CallRaw.
  absl::Status Call(const google::protobuf::Message& request, google::protobuf::Message* response,
                    const rpc::CallOptions& options = {});

 private:
  using MessagePtr = std::unique_ptr<google::protobuf::Message>;

  // The answer to a rehearsal of the call; `response` has its content.
  absl::Status Rehearse(const google::protobuf::Message& request, google::protobuf::Message* response,
                        const rpc::CallOptions& options);
  void RepeatUpdate(const google::protobuf::Message& request, const google::protobuf::Message& updated,
                    const rpc::CallOptions& options);

  rpc::Client& client_;
  storage::Database& database_;
};

}  // namespace dangjian::server
