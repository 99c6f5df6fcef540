#pragma once

#include <memory>
#include <string>

#include "common/auth/tls_stager.h"
#include "grpcpp/security/credentials.h"
#include "grpcpp/security/server_credentials.h"

namespace dangjian::rpc {

// Mutual TLS 1.2 and 1.3 with staged files, which are read again about once a second. Both sides show a certificate of
// the authorities before anything else is said; a peer whose certificate is on the revocation list is refused.
// `stager` must outlive everything made with the credentials.
std::shared_ptr<grpc::ServerCredentials> MakeServerCredentials(const auth::TlsStager& stager);

// For calls to a server that must show the identity `uri`, e.g. `spiffe://dangjian/service/registry`; with an empty
// one, a certificate for the host name that is called.
std::shared_ptr<grpc::ChannelCredentials> MakeChannelCredentials(const auth::TlsStager& stager, const std::string& uri);

}  // namespace dangjian::rpc
