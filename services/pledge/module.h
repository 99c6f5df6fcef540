#pragma once

#include <memory>
#include <vector>

#include "common/server/module.h"

namespace dangjian::pledge {

// The pledge service: campaigns, pledges, disclosures, evaluation rounds, targets, demonstration sites, campaign funds,
// honour awards, recurring duties and their fulfilments, annual assessments.
class PledgeModule final : public server::Module {
 public:
  PledgeModule();
  ~PledgeModule() override;

  std::vector<const google::protobuf::ServiceDescriptor*> Services() const override;
  absl::Status Register(server::ModuleContext& context) override;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace dangjian::pledge
