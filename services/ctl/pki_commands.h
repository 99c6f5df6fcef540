#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>
#include <vector>

#include "absl/status/status.h"

// A certificate authority and a token issuer for small installations, in folders of the one who runs the commands. No
// command calls a service.

namespace dangjian::ctl {

struct PkiCommand {
  std::string folder;              // of the authority
  std::string name;                // whom a certificate is for
  bool service = false;            // one of the suite's services; else a caller from outside
  std::vector<std::string> hosts;  // DNS names and addresses at which a service is reached
  std::string out;                 // folder for `<name>.pem` and `<name>.key`
  int32_t days = 365;              // for which the certificate is good
  std::string certificate;         // file of the one to revoke
};

struct TokenCommand {
  std::string key;          // file with the private signing key, a secret
  std::string keys;         // file with the public key set
  std::string key_id;       // names the key
  std::string issuer;       // `iss`
  std::string audience;     // `aud`
  std::string subject;      // `sub`: who is the bearer
  std::string certificate;  // file of the certificate that the token is bound to; empty: to none
  double hours = 8;
  std::string out;  // file for the token
};

// ALREADY_EXISTS when the folder holds an authority.
absl::Status RunPkiInit(const PkiCommand& command, std::ostream& out);
absl::Status RunPkiIssue(const PkiCommand& command, std::ostream& out);
absl::Status RunPkiRevoke(const PkiCommand& command, std::ostream& out);
// One line for each certificate: serial, identity, last day, and whether it is revoked.
absl::Status RunPkiList(const PkiCommand& command, std::ostream& out);
// ALREADY_EXISTS when there is a signing key: tokens that it signed would be worthless.
absl::Status RunTokenKeys(const TokenCommand& command, std::ostream& out);
absl::Status RunTokenIssue(const TokenCommand& command, std::ostream& out);

}  // namespace dangjian::ctl
