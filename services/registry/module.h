#pragma once

#include <memory>
#include <vector>

#include "common/server/module.h"

namespace dangjian::registry {

// The registry: organisations, members and what relates them, and reference data.
class RegistryModule final : public server::Module {
 public:
  RegistryModule();
  ~RegistryModule() override;

  std::vector<const google::protobuf::ServiceDescriptor*> Services() const override;
  absl::Status Register(server::ModuleContext& context) override;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace dangjian::registry
