#include "common/rpc/caller_connection.h"

#include <fstream>
#include <sstream>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/auth/authority.h"
#include "common/base/status_macros.h"
#include "common/rpc/tls_credentials.h"

namespace dangjian::rpc {

absl::StatusOr<CallerConnection> CallerConnection::Make(const CallerOptions& options) {
  CallerConnection connection;
  const auth::TlsFiles& files = options.tls;
  if (files.certificate.empty() && files.key.empty() && files.authorities.empty()) {
    connection.channel_ = ClientChannel::Make(options.address);
    return connection;
  }
  if (files.certificate.empty() || files.key.empty() || files.authorities.empty()) {
    return absl::InvalidArgumentError("--tls-certificate, --tls-key and --tls-authorities belong together");
  }
  ASSIGN_OR_RETURN(connection.tls_, auth::TlsStager::Start(files, *connection.clock_, {}));
  connection.channel_ = ClientChannel::Make(
      options.address, MakeChannelCredentials(*connection.tls_, auth::IdentityUri(/*service=*/true, options.service)));
  return connection;
}

absl::StatusOr<std::string> BearerOf(const std::string& token_file) {
  std::ifstream file(token_file, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) return absl::UnavailableError(absl::StrCat("cannot read the token in ", token_file));
  return absl::StrCat("Bearer ", absl::StripAsciiWhitespace(text.str()));
}

}  // namespace dangjian::rpc
