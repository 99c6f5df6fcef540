// dangjian-seed: loads a folder of seed files through a gateway; seeds/README.md tells how.
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/base/clock.h"
#include "common/base/status_macros.h"
#include "common/rpc/caller_connection.h"
#include "common/rpc/client.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "seeds/loader/runner.h"
#include "seeds/loader/seed_reader.h"

namespace dangjian::seeds {
namespace {

constexpr int64_t kCallTimeoutMicros = 30'000'000;
constexpr char kLoader[] = "seed-loader";

// Calls through a gateway; repeating is the runner's business.
class GatewayCaller final : public Caller {
 public:
  // `tokens`: a folder with a file `<caller>.jwt` for each caller; empty: callers are named, for development.
  GatewayCaller(const rpc::CallerConnection& connection, std::string tokens)
      : client_(connection.channel()), tokens_(std::move(tokens)) {}

  absl::StatusOr<bool> Call(const google::protobuf::Message& request, const std::string& caller) override {
    const google::protobuf::MethodDescriptor* method = rpc::MethodOf(*request.GetDescriptor());
    const auto* prototype = google::protobuf::MessageFactory::generated_factory()->GetPrototype(method->output_type());
    const std::unique_ptr<google::protobuf::Message> response(prototype->New());
    bool replayed = false;
    ASSIGN_OR_RETURN(auto metadata, ProofOf(caller.empty() ? kLoader : caller));
    const rpc::CallOptions options{.timeout_micros = kCallTimeoutMicros,
                                   .metadata = {std::move(metadata)},
                                   .wait_for_ready = false,
                                   .max_attempts = 1,
                                   .replayed = &replayed};
    RETURN_IF_ERROR(client_.CallRaw(request, response.get(), options));
    return replayed;
  }

  absl::Status Read(const google::protobuf::Message& request,
                    const std::function<void(const google::protobuf::Message&)>& receive) override {
    const google::protobuf::MethodDescriptor* method = rpc::MethodOf(*request.GetDescriptor());
    const auto* prototype = google::protobuf::MessageFactory::generated_factory()->GetPrototype(method->output_type());
    const std::unique_ptr<google::protobuf::Message> response(prototype->New());
    ASSIGN_OR_RETURN(auto metadata, ProofOf(kLoader));
    const rpc::CallOptions options{.timeout_micros = kCallTimeoutMicros, .metadata = {std::move(metadata)}};
    if (method->server_streaming()) {
      return client_.ReadAll(request, response.get(), options, [&] { receive(*response); });
    }
    RETURN_IF_ERROR(client_.CallRaw(request, response.get(), options));
    receive(*response);
    return absl::OkStatus();
  }

 private:
  // The metadata by which a caller is known.
  absl::StatusOr<std::pair<std::string, std::string>> ProofOf(const std::string& caller) const {
    if (tokens_.empty()) return std::pair<std::string, std::string>("dangjian-caller", caller);
    ASSIGN_OR_RETURN(std::string bearer, rpc::BearerOf(absl::StrCat(tokens_, "/", caller, ".jwt")));
    return std::pair<std::string, std::string>("authorization", std::move(bearer));
  }

  rpc::Client client_;
  const std::string tokens_;
};

// One line for each stage; on a terminal it counts up in place.
void ShowProgress(const Stage& stage, size_t finished) {
  const size_t total = stage.chains.size();
  const bool terminal = isatty(STDERR_FILENO) != 0;
  if (terminal && (finished % 16 == 0 || finished == total)) {
    absl::FPrintF(stderr, "\r  %s %d/%d", stage.title, finished, total);
  }
  if (finished != total) return;
  if (terminal) {
    absl::FPrintF(stderr, "\n");
  } else {
    absl::FPrintF(stderr, "  %s %d/%d\n", stage.title, finished, total);
  }
}

int Load(const rpc::CallerOptions& to, const std::string& tokens, const std::string& folder, RunnerOptions options) {
  absl::StatusOr<std::vector<Stage>> stages = ReadSeeds(folder);
  if (!stages.ok()) {
    absl::FPrintF(stderr, "dangjian-seed: %s\n", stages.status().message());
    return 2;
  }
  options.sleep = [](int64_t micros) { std::this_thread::sleep_for(std::chrono::microseconds(micros)); };
  options.progress = ShowProgress;
  const absl::StatusOr<rpc::CallerConnection> connection = rpc::CallerConnection::Make(to);
  if (!connection.ok()) {
    absl::FPrintF(stderr, "dangjian-seed: %s\n", connection.status().message());
    return 2;
  }
  GatewayCaller caller(*connection, tokens);
  const absl::StatusOr<RunnerResult> result = Run(*stages, caller, SystemClock(), options);
  if (!result.ok()) {
    absl::FPrintF(stderr, "\ndangjian-seed: %s\n", result.status().message());
    return 1;
  }
  absl::PrintF("%d records written, %d already there\n", result->written, result->already_there);
  return 0;
}

}  // namespace
}  // namespace dangjian::seeds

int main(int argc, char** argv) {
  CLI::App app("Loads a folder of seed files through a gateway. Loading again changes nothing.", "dangjian-seed");
  dangjian::rpc::CallerOptions to;
  std::string tokens;
  std::string folder;
  dangjian::seeds::RunnerOptions options;
  double retry_seconds = 60;
  app.add_option("--gateway", to.address, "Address of the gateway")->capture_default_str();
  app.add_option("--tls-certificate", to.tls.certificate, "Own certificate, PEM");
  app.add_option("--tls-key", to.tls.key, "Its private key, PEM");
  app.add_option("--tls-authorities", to.tls.authorities, "Whose certificates are believed, PEM");
  app.add_option("--tokens", tokens, "Folder with the tokens of those who call: seed-loader.jwt and so on");
  app.add_option("--dir", folder, "Folder with the seed files")->required();
  app.add_option("--concurrency", options.concurrency, "Records under way at once")
      ->capture_default_str()
      ->check(CLI::Range(1, 256));
  app.add_option("--retry-seconds", retry_seconds, "How long to repeat a call while a service is away")
      ->capture_default_str()
      ->check(CLI::Range(0.0, 3600.0));
  CLI11_PARSE(app, argc, argv);
  options.retry_micros = static_cast<int64_t>(retry_seconds * 1e6);
  return dangjian::seeds::Load(to, tokens, folder, options);
}
