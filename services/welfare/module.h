#pragma once

#include <memory>
#include <vector>

#include "common/server/module.h"

namespace dangjian::welfare {

// The welfare service: minimum living security and its payments, re-employment, charity store, pairings, home visits,
// facilities.
class WelfareModule final : public server::Module {
 public:
  WelfareModule();
  ~WelfareModule() override;

  std::vector<const google::protobuf::ServiceDescriptor*> Services() const override;
  absl::Status Register(server::ModuleContext& context) override;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace dangjian::welfare
