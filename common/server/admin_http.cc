#include "common/server/admin_http.h"

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <thread>
#include <utility>

#include "CivetServer.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/base/strings.h"
#include "common/obs/json_text.h"

namespace dangjian::server {
namespace {

struct Answer {
  int status;
  std::string content_type;
  std::string body;
};

// Answers GET of one path with what a function gives.
class Page final : public CivetHandler {
 public:
  explicit Page(std::function<Answer(const mg_request_info&)> make) : make_(std::move(make)) {}

  bool handleGet(CivetServer*, mg_connection* connection) override {
    const Answer answer = make_(*mg_get_request_info(connection));
    mg_printf(connection,
              "HTTP/1.1 %d %s\r\nContent-Type: %s\r\nContent-Length: %zu\r\nCache-Control: no-store\r\n\r\n",
              answer.status, answer.status == 200 ? "OK" : "Service Unavailable", answer.content_type.c_str(),
              answer.body.size());
    mg_write(connection, answer.body.data(), answer.body.size());
    return true;
  }

 private:
  std::function<Answer(const mg_request_info&)> make_;
};

constexpr char kText[] = "text/plain; charset=utf-8";

Answer Readiness(const std::vector<ReadyCheck>& checks, bool verbose) {
  bool ready = true;
  std::string body;
  for (const ReadyCheck& check : checks) {
    const bool ok = check.status.ok();
    ready = ready && ok;
    if (ok && !verbose) continue;
    absl::StrAppend(&body, ok ? "[+] " : "[-] ", check.name, ok ? "" : ": ", check.status.message(), "\n");
  }
  absl::StrAppend(&body, ready ? "ready\n" : "not ready\n");
  return {ready ? 200 : 503, kText, std::move(body)};
}

std::string VersionJson(const std::string& name, const std::string& version) {
  std::string json = "{\"name\":";
  obs::AppendJsonText(json, name);
  json += ",\"version\":";
  obs::AppendJsonText(json, version);
  json += "}\n";
  return json;
}

}  // namespace

struct AdminHttp::Server {
  explicit Server(Sources sources)
      : metrics([read = std::move(sources.metrics)](const mg_request_info&) {
          return Answer{200, "text/plain; version=0.0.4; charset=utf-8", read()};
        }),
        livez([](const mg_request_info&) {
          return Answer{200, kText, "ok\n"};
        }),
        readyz([read = std::move(sources.readiness)](const mg_request_info& request) {
          const bool verbose = request.query_string != nullptr && absl::StartsWith(request.query_string, "verbose");
          return Readiness(read(), verbose);
        }),
        version([json = VersionJson(sources.name, sources.version)](const mg_request_info&) {
          return Answer{200, "application/json", json};
        }) {}

  Page metrics;
  Page livez;
  Page readyz;
  Page version;
  std::unique_ptr<CivetServer> civet;  // last: stopped before the pages go
};

AdminHttp::AdminHttp(std::unique_ptr<Server> server, std::string address)
    : server_(std::move(server)), address_(std::move(address)) {}

AdminHttp::~AdminHttp() {
  // Civetweb looks for the end only when a connection comes or two seconds have passed: so one comes.
  std::atomic<bool> closed{false};
  std::thread close([this, &closed] {
    server_->civet->close();
    closed = true;
  });
  const size_t colon = address_.rfind(':');
  const std::string host(absl::StripSuffix(absl::StripPrefix(address_.substr(0, colon), "["), "]"));
  const int port = std::atoi(address_.c_str() + colon + 1);
  while (!closed) {
    mg_connection* connection = mg_connect_client(host.c_str(), port, 0, nullptr, 0);
    if (connection != nullptr) mg_close_connection(connection);
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  close.join();
}

absl::StatusOr<std::unique_ptr<AdminHttp>> AdminHttp::Start(const std::string& address, Sources sources) {
  auto server = std::make_unique<Server>(std::move(sources));
  const std::vector<std::string> options = {"listening_ports",    address, "num_threads",       "4",
                                            "request_timeout_ms", "10000", "enable_keep_alive", "no"};
  try {
    server->civet = std::make_unique<CivetServer>(options);
  } catch (const CivetException&) {
    return absl::UnavailableError(absl::StrCat("cannot listen on ", address,
                                               ": the port is taken or not permitted; choose another --admin-listen"));
  }
  server->civet->addHandler("/metrics$", server->metrics);
  server->civet->addHandler("/livez$", server->livez);
  server->civet->addHandler("/readyz$", server->readyz);
  server->civet->addHandler("/version$", server->version);
  const std::vector<int> ports = server->civet->getListeningPorts();
  std::string bound = address.substr(0, address.rfind(':') + 1);
  absl::StrAppend(&bound, ports.empty() ? 0 : ports[0]);
  return std::unique_ptr<AdminHttp>(new AdminHttp(std::move(server), std::move(bound)));
}

}  // namespace dangjian::server
