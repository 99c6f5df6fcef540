#include "common/rpc/tls_credentials.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "common/auth/certificate.h"
#include "grpcpp/security/tls_certificate_provider.h"
#include "grpcpp/security/tls_certificate_verifier.h"
#include "grpcpp/security/tls_credentials_options.h"

namespace dangjian::rpc {
namespace {

namespace tls = grpc::experimental;

constexpr unsigned int kReloadSeconds = 1;

// What is asked of a peer beyond a certificate of the authorities: that it is not revoked and, of a server, that it is
// the one that was meant.
class PeerVerifier final : public tls::ExternalCertificateVerifier {
 public:
  PeerVerifier(const auth::TlsStager& stager, std::string uri) : stager_(stager), uri_(std::move(uri)) {}

  bool Verify(tls::TlsCustomVerificationCheckRequest* request, std::function<void(grpc::Status)>,
              grpc::Status* outcome) override {
    *outcome = Check(*request);
    return true;  // done already
  }
  void Cancel(tls::TlsCustomVerificationCheckRequest*) override {}

 private:
  grpc::Status Check(const tls::TlsCustomVerificationCheckRequest& request) const {
    const grpc::string_ref pem = request.peer_cert();
    const auto certificate = auth::ParseCertificate({pem.data(), pem.size()});
    if (!certificate.ok()) return Refuse("the peer showed no certificate");
    if (stager_.IsRevoked(certificate->serial)) return Refuse("the peer's certificate is revoked");
    if (!uri_.empty() && certificate->uri != uri_) return Refuse("the peer is not who was called");
    return grpc::Status::OK;
  }
  static grpc::Status Refuse(const char* why) { return {grpc::StatusCode::UNAUTHENTICATED, why}; }

  const auth::TlsStager& stager_;
  const std::string uri_;
};

std::shared_ptr<tls::CertificateProviderInterface> Provider(const auth::TlsFiles& files) {
  return std::make_shared<tls::FileWatcherCertificateProvider>(files.key, files.certificate, files.authorities,
                                                               kReloadSeconds);
}

// Both sides show a certificate and believe those of the authorities.
void WatchBoth(tls::TlsCredentialsOptions& options) {
  options.watch_identity_key_cert_pairs();
  options.watch_root_certs();
}

}  // namespace

std::shared_ptr<grpc::ServerCredentials> MakeServerCredentials(const auth::TlsStager& stager) {
  tls::TlsServerCredentialsOptions options(Provider(stager.staged()));
  WatchBoth(options);
  options.set_cert_request_type(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  options.set_certificate_verifier(tls::ExternalCertificateVerifier::Create<PeerVerifier>(stager, ""));
  return tls::TlsServerCredentials(options);
}

std::shared_ptr<grpc::ChannelCredentials> MakeChannelCredentials(const auth::TlsStager& stager,
                                                                 const std::string& uri) {
  tls::TlsChannelCredentialsOptions options;
  options.set_certificate_provider(Provider(stager.staged()));
  WatchBoth(options);
  options.set_verify_server_certs(true);
  if (uri.empty()) {
    options.set_certificate_verifier(std::make_shared<tls::HostNameCertificateVerifier>());
  } else {
    options.set_certificate_verifier(tls::ExternalCertificateVerifier::Create<PeerVerifier>(stager, uri));
    options.set_check_call_host(false);
  }
  return tls::TlsCredentials(options);
}

}  // namespace dangjian::rpc
