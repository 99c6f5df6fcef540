#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "common/auth/tls_stager.h"

// The flags of every process. Precedence: flag, then environment (`DANGJIAN_<FLAG>` in capitals with underscores), then
// the file of --config (lines `flag=value`), then the default.

namespace dangjian::server {

// The values of --auth.
inline constexpr std::string_view kDevelopment = "development";
inline constexpr std::string_view kTokens = "tokens";

// A flag that only one kind of process has, e.g. the gateway's `backend`. Given several times, its values are joined by
// commas.
struct ExtraFlag {
  std::string_view name;  // without dashes
  std::string_view help;
  std::string_view default_value;
};

// What may be asked of a kind of process.
struct OptionsSpec {
  std::string_view name;            // `dangjian-registry`
  std::string_view default_listen;  // `127.0.0.1:7401`
  std::string_view default_admin;   // `127.0.0.1:9401`
  bool has_store = true;
  bool uses_directory = false;
  int32_t default_pool_threads = 8;  // more where handlers wait for other services
  std::vector<ExtraFlag> extra_flags = {};
};

struct ServerOptions {
  enum class Command { kServe, kInit };
  Command command = Command::kServe;
  std::vector<std::string> listen;  // `host:port` or `unix:path`; port 0 takes a free one
  std::string admin_listen;         // `host:port`
  std::string data;                 // folder of the store
  std::string auth;                 // `development` or `tokens`; empty: none chosen
  auth::TlsFiles tls;               // with `tokens`, as the next three
  std::string token_keys;           // file with the key set (RFC 7517) of who issues tokens
  std::string token_issuer;         // their `iss`
  std::string token_audience;       // their `aud`
  std::string registry_address;     // where the directory is fed from
  double directory_max_age = 10;    // seconds for which a directory may be without proof that it is complete
  int32_t block_cache_mb = 256;
  int32_t reconcile_minutes = 60;  // pause between two checks of the measures; 0 for no check
  int32_t queue = 4096;            // calls and transactions that may wait
  int32_t pool_threads = 8;        // threads for reads that take their time
  int32_t max_connections = 0;     // open at once; 0: as many as the limit of open files allows, at most 4,096
  double drain_seconds = 5;
  std::string log_level = "info";
  int32_t log_sample = 0;  // one in this many successful calls is logged; 0 for none
  std::string ports_file;  // where to write the bound addresses; empty for none
  std::map<std::string, std::string, std::less<>> extra = {};  // by ExtraFlag::name
};

// The outcome of reading the command line.
struct ParsedOptions {
  ServerOptions options;
  // True when there is nothing to run: --help, --version, --print-config, or a mistake in the usage.
  bool exit = false;
  int exit_code = 0;
  std::string out = {};  // for stdout
  std::string err = {};  // for stderr
};

// Reads flags, environment and file. Prints nothing and does not exit.
ParsedOptions ParseOptions(int argc, const char* const* argv, const OptionsSpec& spec);

// True for `unix:…` and for hosts that only this machine reaches: 127.0.0.0/8, ::1, localhost.
bool IsLocalAddress(std::string_view address);

// INVALID_ARGUMENT saying what to do: a listener that is no address, no --data, no --auth, development auth on a
// listener that other machines reach or beside files of TLS, tokens without what they need, no --registry-address where
// there is a directory.
absl::Status CheckOptions(const ServerOptions& options, const OptionsSpec& spec);

}  // namespace dangjian::server
