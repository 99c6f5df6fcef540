#pragma once

#include <string>
#include <string_view>

#include "common/auth/verifier.h"
#include "common/rpc/peer_certificate.h"
#include "grpcpp/generic/async_generic_service.h"

namespace dangjian::gateway {

// Who made a call that is handed on. The context outlives this.
class Caller final : public auth::Credentials {
 public:
  explicit Caller(const grpc::GenericCallbackServerContext& context) : context_(context), peer_(context.peer()) {}

  std::string_view Metadata(std::string_view key) const override {
    const auto& metadata = context_.client_metadata();
    const auto found = metadata.find({key.data(), key.size()});
    if (found == metadata.end()) return {};
    return {found->second.data(), found->second.size()};
  }
  std::string_view peer() const override { return peer_; }
  std::string_view certificate() const override { return rpc::CertificateOf(context_); }

 private:
  const grpc::GenericCallbackServerContext& context_;
  const std::string peer_;
};

}  // namespace dangjian::gateway
