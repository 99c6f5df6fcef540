#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "common/auth/verifier.h"
#include "common/change/directory.h"
#include "common/obs/metrics.h"
#include "common/rpc/call_observer.h"
#include "common/rpc/client_channel.h"
#include "common/rpc/health_service.h"
#include "common/rpc/page_tokens.h"
#include "common/rpc/passthrough.h"
#include "common/rpc/router.h"
#include "common/storage/database.h"
#include "google/protobuf/descriptor.h"

namespace dangjian::server {

// What the bootstrap hands to a module. Everything outlives the module.
struct ModuleContext {
  storage::Database* database;   // nullptr in the gateway
  change::Directory* directory;  // nullptr in the registry and the gateway
  rpc::Router& router;
  rpc::PageTokens& page_tokens;
  const Clock& clock;
  obs::Metrics& metrics;
  // For a module that hands calls on: the methods, those of its ForwardedServices included, who is told of calls to
  // them, how many may be under way, and who knows the callers.
  const rpc::MethodTable* forwarded_methods = nullptr;
  rpc::CallObserver* forwarded_observer = nullptr;
  int32_t max_forwarded = 4096;
  const auth::Verifier* verifier = nullptr;
  // For a module that calls the other services.
  rpc::CredentialsFor to_call = [](std::string_view) { return grpc::InsecureChannelCredentials(); };
};

// What one process hosts: its tables and its services. Made before the store is opened, destroyed after the last call.
class Module {
 public:
  virtual ~Module() = default;
  // The gRPC services, added to the method table before Register.
  virtual std::vector<const google::protobuf::ServiceDescriptor*> Services() const = 0;
  // Adds tables to the database and handlers to the router. The database is opened afterwards.
  virtual absl::Status Register(ModuleContext& context) = 0;

  // Services that other processes serve and this one hands on: listed by reflection, measured and logged like its own.
  virtual std::vector<const google::protobuf::ServiceDescriptor*> ForwardedServices() const { return {}; }
  // Where the module tells which of those services can be reached at present. Called once, after Register; `health`
  // outlives the module.
  virtual void ReportTo(rpc::HealthService& /*health*/) {}
  // Takes the calls that no handler is registered for; asked for once, after Register. nullptr: there are none.
  virtual rpc::Passthrough* passthrough() { return nullptr; }
};

}  // namespace dangjian::server
