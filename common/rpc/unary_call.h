#pragma once

#include "common/rpc/pipeline.h"

namespace dangjian::rpc {

// Reads the one message of a unary call, runs the pipeline, writes the answer. Deletes itself.
class UnaryCall final : public grpc::ServerGenericBidiReactor, private UnaryAnswer {
 public:
  UnaryCall(Dispatcher& dispatcher, grpc::GenericCallbackServerContext& transport, const Router::Entry& entry);

 private:
  void OnReadDone(bool ok) override;
  void OnDone() override { delete this; }
  void Answer(const absl::Status& outcome) override;

  CallState state_;
  grpc::ByteBuffer buffer_;  // the request, then the response
};

}  // namespace dangjian::rpc
