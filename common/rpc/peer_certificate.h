#pragma once

#include <string_view>
#include <vector>

#include "grpcpp/server_context.h"

namespace dangjian::rpc {

// The certificate that the other end of a call's connection proved to hold, in PEM; empty without TLS. Lives as long as
// `context`.
inline std::string_view CertificateOf(const grpc::ServerContextBase& context) {
  const std::vector<grpc::string_ref> found = context.auth_context()->FindPropertyValues("x509_pem_cert");
  return found.empty() ? std::string_view() : std::string_view(found.front().data(), found.front().size());
}

}  // namespace dangjian::rpc
