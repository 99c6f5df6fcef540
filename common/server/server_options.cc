#include "common/server/server_options.h"

#include <arpa/inet.h>

#include <cstdlib>
#include <set>
#include <utility>

#include "CLI/CLI.hpp"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/server/version.h"

namespace dangjian::server {
namespace {

constexpr int kUsageError = 2;

// `admin-listen` → `DANGJIAN_ADMIN_LISTEN`.
std::string EnvironmentName(std::string_view flag) {
  return absl::StrCat("DANGJIAN_", absl::AsciiStrToUpper(absl::StrReplaceAll(ToAbsl(flag), {{"-", "_"}})));
}

bool IsInEnvironment(std::string_view flag) {
  const char* value = std::getenv(EnvironmentName(flag).c_str());
  return value != nullptr && *value != '\0';
}

// CLI11 asks the file before the environment; here the environment wins, so its flags are dropped from the file.
class EnvironmentWins final : public CLI::ConfigTOML {
 public:
  explicit EnvironmentWins(std::set<std::string> flags) : flags_(std::move(flags)) {}
  std::vector<CLI::ConfigItem> from_config(std::istream& input) const override {
    std::vector<CLI::ConfigItem> read = CLI::ConfigTOML::from_config(input);
    std::erase_if(read, [this](const CLI::ConfigItem& item) {
      return item.parents.empty() && flags_.contains(item.name) && IsInEnvironment(item.name);
    });
    return read;
  }

 private:
  std::set<std::string> flags_;
};

// The flags as CLI11 sees them. Points into `options`.
class Parser {
 public:
  Parser(const OptionsSpec& spec, ServerOptions& options)
      : spec_(spec), options_(options), app_(std::string(spec.name) + ": a service of the dangjian suite") {
    app_.name(std::string(spec.name));
    app_.option_defaults()->always_capture_default();
    AddCommands();
    AddListeners();
    if (spec.has_store) AddStore();
    if (spec.uses_directory) {
      Add("registry-address", options.registry_address, "Address of the registry, which feeds the directory");
      Add("directory-max-age", options.directory_max_age,
          "Seconds after which a directory that has not been known to be complete is stale: not ready, figures STALE")
          ->check(CLI::Range(3.0, 86400.0));
    }
    AddLimits();
    AddLog();
    for (const ExtraFlag& flag : spec.extra_flags) {
      std::string& value = options.extra[std::string(flag.name)];
      value = flag.default_value;
      Add(flag.name, value, flag.help)->join(',');
    }
    AddConfig();
  }

  void Parse(int argc, const char* const* argv) { app_.parse(argc, argv); }
  bool print_config() const { return print_config_; }
  std::string Config() const { return app_.config_to_str(true, true); }
  std::string Help() const { return app_.help(); }
  ServerOptions::Command command() const {
    return init_ != nullptr && init_->parsed() ? ServerOptions::Command::kInit : ServerOptions::Command::kServe;
  }

 private:
  template <class T>
  CLI::Option* Add(std::string_view flag, T& value, std::string_view help) {
    flags_.insert(std::string(flag));
    return app_.add_option(absl::StrCat("--", ToAbsl(flag)), value, std::string(help))->envname(EnvironmentName(flag));
  }

  void AddCommands() {
    const auto add = [this](const char* name, const char* help) {
      CLI::App* command = app_.add_subcommand(name, help);
      command->fallthrough();
      return command;
    };
    add("serve", "Serve until SIGTERM or SIGINT (the default)");
    if (spec_.has_store) init_ = add("init", "Create an empty store in --data");
    app_.require_subcommand(0, 1);
  }

  void AddListeners() {
    options_.listen = {std::string(spec_.default_listen)};
    options_.admin_listen = spec_.default_admin;
    Add("listen", options_.listen, "Where to serve gRPC: host:port or unix:path; may be given several times")
        ->delimiter(',');
    Add("admin-listen", options_.admin_listen, "Where to serve /metrics /livez /readyz /version: host:port");
    AddIdentity();
    Add("ports-file", options_.ports_file, "File to write the bound addresses to, one `<what> <address>` a line");
  }

  void AddIdentity() {
    Add("auth", options_.auth,
        "How callers are known: tokens (mutual TLS and a token for each call) or development (loopback only, everyone "
        "may do everything)")
        ->check([](const std::string& value) {  // empty, as printed by --print-config, is as good as not given
          return value.empty() || value == kDevelopment || value == kTokens ? "" : "it is tokens or development";
        });
    Add("tls-certificate", options_.tls.certificate, "Own certificate, for every connection, with its chain: PEM");
    Add("tls-key", options_.tls.key, "Its private key: PEM");
    Add("tls-authorities", options_.tls.authorities, "Whose certificates are believed: PEM");
    Add("tls-revocations", options_.tls.revocations, "Revocation lists of the authorities: PEM; empty for none");
    Add("token-keys", options_.token_keys, "Public keys of who issues tokens: a JSON Web Key Set");
    Add("token-issuer", options_.token_issuer, "Who must have issued a token (iss)");
    Add("token-audience", options_.token_audience, "For whom a token must be (aud)");
  }

  void AddStore() {
    Add("data", options_.data, "Folder of the store");
    Add("block-cache-mb", options_.block_cache_mb, "Memory for cached blocks of the store, MiB")
        ->check(CLI::Range(8, 1 << 20));
    Add("reconcile-minutes", options_.reconcile_minutes,
        "Pause between two background checks of the measures against the records; 0 for no check")
        ->check(CLI::Range(0, 60 * 24 * 7));
  }

  void AddLimits() {
    Add("queue", options_.queue, "Calls and transactions that may wait; more are refused")
        ->check(CLI::Range(1, 1 << 20));
    options_.pool_threads = spec_.default_pool_threads;
    Add("pool-threads", options_.pool_threads, "Threads for reads that take their time")->check(CLI::Range(1, 256));
    Add("max-connections", options_.max_connections,
        "Connections open at once; 0 for half of the limit of open files, at most 4,096. One address gets half of them")
        ->check(CLI::Range(0, 1 << 20));
    Add("drain-seconds", options_.drain_seconds, "How long to be NOT_SERVING before the calls in flight are finished")
        ->check(CLI::Range(0.0, 600.0));
  }

  void AddLog() {
    Add("log-level", options_.log_level, "debug, info, warning or error")
        ->check(CLI::IsMember({"debug", "info", "warning", "error"}));
    Add("log-sample", options_.log_sample, "Log one in this many successful calls; 0 for none")
        ->check(CLI::Range(0, 1 << 30));
  }

  void AddConfig() {
    const char* file = std::getenv("DANGJIAN_CONFIG");
    const bool in_environment = file != nullptr && *file != '\0';
    app_.set_config("--config", in_environment ? file : "", "File with lines `flag=value`", in_environment);
    app_.config_formatter(std::make_shared<EnvironmentWins>(flags_));
    app_.allow_config_extras(CLI::config_extras_mode::error);
    app_.add_flag("--print-config", print_config_, "Print the settings in the form of --config, and leave")
        ->configurable(false);
    app_.set_version_flag("--version", absl::StrCat(ToAbsl(spec_.name), " ", ToAbsl(Version())))->configurable(false);
  }

  const OptionsSpec& spec_;
  ServerOptions& options_;
  CLI::App app_;
  CLI::App* init_ = nullptr;
  bool print_config_ = false;
  std::set<std::string> flags_;
};

// Splits `host:port` and `[v6]:port`; false when it is neither.
bool SplitAddress(std::string_view address, std::string* host, int* port) {
  const size_t colon = address.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return false;
  std::string_view name = address.substr(0, colon);
  if (name.front() == '[' && name.back() == ']') {
    name = name.substr(1, name.size() - 2);
  } else if (name.find(':') != std::string_view::npos) {
    return false;
  }
  *host = name;
  return absl::SimpleAtoi(ToAbsl(address.substr(colon + 1)), port) && *port >= 0 && *port <= 65535 && !name.empty();
}

bool IsAddress(std::string_view address) {
  std::string host;
  int port = 0;
  return (address.starts_with("unix:") && address.size() > 5) || SplitAddress(address, &host, &port);
}

absl::Status CheckTokens(const ServerOptions& options) {
  const std::pair<std::string_view, const std::string*> needed[] = {
      {"--tls-certificate", &options.tls.certificate}, {"--tls-key", &options.tls.key},
      {"--tls-authorities", &options.tls.authorities}, {"--token-keys", &options.token_keys},
      {"--token-issuer", &options.token_issuer},       {"--token-audience", &options.token_audience}};
  std::vector<std::string> missing;
  for (const auto& [flag, value] : needed) {
    if (value->empty()) missing.emplace_back(flag);
  }
  if (missing.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("--auth=tokens needs ", absl::StrJoin(missing, ", "),
                                                 ": `dangjianctl pki` and `dangjianctl token` make them for a small "
                                                 "installation"));
}

absl::Status CheckAuth(const ServerOptions& options) {
  if (options.auth.empty()) {
    return absl::InvalidArgumentError(
        "--auth is missing: say --auth=tokens, with its files; or, on a machine of your own with every --listen on "
        "loopback or unix:, --auth=development");
  }
  if (options.auth == kTokens) return CheckTokens(options);
  if (!options.tls.certificate.empty() || !options.token_keys.empty()) {
    return absl::InvalidArgumentError(
        "--auth=development proves nobody's identity and uses no certificate or key: leave --tls-… and --token-… out, "
        "or say --auth=tokens");
  }
  for (const std::string& address : options.listen) {
    if (!IsLocalAddress(address)) {
      return absl::InvalidArgumentError(absl::StrCat(
          "--auth=development lets every caller do everything, and other machines reach --listen=", address,
          ": listen on 127.0.0.1, [::1] or unix:"));
    }
  }
  return absl::OkStatus();
}

}  // namespace

ParsedOptions ParseOptions(int argc, const char* const* argv, const OptionsSpec& spec) {
  ParsedOptions parsed;
  Parser parser(spec, parsed.options);
  try {
    parser.Parse(argc, argv);
    parsed.options.command = parser.command();
    if (parser.print_config()) {
      parsed.exit = true;
      parsed.out = parser.Config();
    }
  } catch (const CLI::CallForHelp&) {
    parsed.exit = true;
    parsed.out = parser.Help();
  } catch (const CLI::CallForVersion& version) {
    parsed.exit = true;
    parsed.out = absl::StrCat(version.what(), "\n");
  } catch (const CLI::Error& error) {
    parsed.exit = true;
    parsed.exit_code = kUsageError;
    parsed.err = absl::StrCat(ToAbsl(spec.name), ": ", error.what(), "; see --help\n");
  }
  return parsed;
}

bool IsLocalAddress(std::string_view address) {
  if (address.starts_with("unix:")) return true;
  std::string host;
  int port = 0;
  if (!SplitAddress(address, &host, &port)) return false;
  if (host == "localhost") return true;
  in_addr v4{};
  if (inet_pton(AF_INET, host.c_str(), &v4) == 1) return (ntohl(v4.s_addr) >> 24) == 127;
  in6_addr v6{};
  return inet_pton(AF_INET6, host.c_str(), &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

absl::Status CheckOptions(const ServerOptions& options, const OptionsSpec& spec) {
  if (spec.has_store && options.data.empty()) {
    return absl::InvalidArgumentError("--data is missing: the folder of the store; `init` creates it");
  }
  if (options.command == ServerOptions::Command::kInit) return absl::OkStatus();
  for (const std::string& address : options.listen) {
    if (!IsAddress(address)) {
      return absl::InvalidArgumentError(
          absl::StrCat("--listen=", address, " is neither host:port ([…]:port for IPv6) nor unix:path"));
    }
  }
  if (!IsAddress(options.admin_listen) || absl::StartsWith(options.admin_listen, "unix:")) {
    return absl::InvalidArgumentError(absl::StrCat("--admin-listen=", options.admin_listen, " is not host:port"));
  }
  if (spec.uses_directory && options.registry_address.empty()) {
    return absl::InvalidArgumentError("--registry-address is missing: the registry feeds this service's directory");
  }
  return CheckAuth(options);
}

}  // namespace dangjian::server
