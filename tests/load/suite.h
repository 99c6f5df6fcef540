#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "common/rpc/client.h"
#include "tests/load/child_process.h"

namespace dangjian::load {

// Where the programs and the data of a benchmark are.
struct SuitePaths {
  std::string build;               // folder of the build, with the programs in their places
  std::vector<std::string> seeds;  // folders, loaded in this order
  std::string templates;           // services/gateway/templates
  std::string work;                // empty folder for stores and logs
  // Writes records straight into the new store of the welfare service before it starts; may be empty.
  std::function<void(const std::string& data)> prepare_welfare = {};
};

// One service process with its store.
class Service {
 public:
  // `name` is that of the service, e.g. `registry`; `arguments` are flags beyond the common ones. Creates the store
  // when `has_store`, lets `prepare` write into it, starts the process and waits until it answers.
  Service(const SuitePaths& paths, std::string name, bool has_store, std::vector<std::string> arguments,
          const std::function<void(const std::string& data)>& prepare = {});

  const std::string& name() const { return name_; }
  const std::string& address() const { return address_; }
  rpc::Client& client() { return *client_; }
  ChildProcess& process() { return *process_; }

  // Starts the process again after Stop or Kill; returns the seconds until it answers a call.
  double Restart();

 private:
  double Start();

  const SuitePaths paths_;
  const std::string name_;
  const std::vector<std::string> arguments_;
  const bool has_store_;
  std::string address_;
  std::unique_ptr<ChildProcess> process_;
  std::unique_ptr<rpc::Client> client_;
};

// Every service, with the seeds loaded through the gateway.
struct Suite {
  explicit Suite(const SuitePaths& paths);
  std::unique_ptr<Service> registry;
  std::unique_ptr<Service> pledge;
  std::unique_ptr<Service> welfare;
  std::unique_ptr<Service> activity;
  std::unique_ptr<Service> gateway;
};

}  // namespace dangjian::load
