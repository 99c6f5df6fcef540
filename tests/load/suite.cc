#include "tests/load/suite.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "grpc/health/v1/health.pb.h"

namespace dangjian::load {
namespace {

std::string Program(const SuitePaths& paths, const std::string& service) {
  return paths.build + "/services/" + service + "/dangjian-" + service;
}

[[noreturn]] void Fail(const std::string& what) {
  std::fprintf(stderr, "benchmark: %s\n", what.c_str());
  std::exit(1);
}

// The gRPC address in a ports file of lines `<what> <address>`.
std::string WaitForAddress(const std::string& ports_file) {
  for (int attempt = 0; attempt < 6000; ++attempt) {
    std::ifstream in(ports_file);
    std::string what;
    std::string address;
    while (in >> what >> address) {
      if (what == "listen") return address;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  Fail("no address in " + ports_file);
}

}  // namespace

Service::Service(const SuitePaths& paths, std::string name, bool has_store, std::vector<std::string> arguments,
                 const std::function<void(const std::string& data)>& prepare)
    : paths_(paths), name_(std::move(name)), arguments_(std::move(arguments)), has_store_(has_store) {
  const std::string data = paths_.work + "/" + name_;
  if (has_store_ && RunToEnd({Program(paths_, name_), "init", "--data", data}, paths_.work + "/log") != 0) {
    Fail("cannot initialise the store of " + name_);
  }
  if (prepare) prepare(data);
  Start();
}

double Service::Start() {
  const std::string ports_file = paths_.work + "/" + name_ + ".ports";
  std::filesystem::remove(ports_file);
  std::vector<std::string> argv = {Program(paths_, name_), "--auth=development",        "--ports-file", ports_file,
                                   "--drain-seconds=0",    "--admin-listen=127.0.0.1:0"};
  // The same port after a restart, so that the other processes find it again.
  argv.push_back("--listen=" + (address_.empty() ? "127.0.0.1:0" : address_));
  if (has_store_) {
    argv.push_back("--data");
    argv.push_back(paths_.work + "/" + name_);
  }
  argv.insert(argv.end(), arguments_.begin(), arguments_.end());
  const auto begin = std::chrono::steady_clock::now();
  process_ = std::make_unique<ChildProcess>(std::move(argv), paths_.work + "/log");
  address_ = WaitForAddress(ports_file);
  client_ = std::make_unique<rpc::Client>(rpc::ClientChannel::Make(address_));
  rpc::CallOptions options;
  options.wait_for_ready = true;
  options.timeout_micros = 60'000'000;
  const auto health =
      client_->Call<grpc::health::v1::HealthCheckResponse>(grpc::health::v1::HealthCheckRequest(), options);
  if (!health.ok()) Fail(name_ + " does not answer: " + health.status().ToString());
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

double Service::Restart() { return Start(); }

Suite::Suite(const SuitePaths& paths) {
  registry = std::make_unique<Service>(paths, "registry", true, std::vector<std::string>{});
  std::string backends = "--backend=registry=" + registry->address();
  const auto with_directory = [&](const std::string& name,
                                  const std::function<void(const std::string&)>& prepare = {}) {
    auto service = std::make_unique<Service>(
        paths, name, true, std::vector<std::string>{"--registry-address=" + registry->address()}, prepare);
    backends += "," + name + "=" + service->address();
    return service;
  };
  pledge = with_directory("pledge");
  welfare = with_directory("welfare", paths.prepare_welfare);
  activity = with_directory("activity");
  gateway = std::make_unique<Service>(paths, "gateway", false,
                                      std::vector<std::string>{backends, "--templates=" + paths.templates});
  for (const std::string& folder : paths.seeds) {
    if (RunToEnd({paths.build + "/seeds/loader/dangjian-seed", "--gateway", gateway->address(), "--dir", folder},
                 paths.work + "/log") != 0) {
      Fail("cannot load the seeds; see " + paths.work + "/log");
    }
  }
}

}  // namespace dangjian::load
