#pragma once

#include <memory>
#include <string>
#include <vector>

#include "common/server/module.h"

namespace dangjian::gateway {

// The gateway: reports compiled from the services behind it, and one door to all their methods.
class GatewayModule final : public server::Module {
 public:
  // `backends` as Backends::Parse reads it; `templates` is the folder of the report templates. Both are read by
  // Register.
  GatewayModule(std::string backends, std::string templates);
  ~GatewayModule() override;

  std::vector<const google::protobuf::ServiceDescriptor*> Services() const override;
  std::vector<const google::protobuf::ServiceDescriptor*> ForwardedServices() const override;
  // INVALID_ARGUMENT or NOT_FOUND when a flag or a template is wrong.
  absl::Status Register(server::ModuleContext& context) override;
  void ReportTo(rpc::HealthService& health) override;
  rpc::Passthrough* passthrough() override;

 private:
  struct Parts;

  const std::string backends_;
  const std::string templates_;
  std::unique_ptr<Parts> parts_;
};

}  // namespace dangjian::gateway
