#pragma once

#include <memory>
#include <vector>

#include "common/server/module.h"

namespace dangjian::activity {

// The activity service: teams, activities and attendance, civic posts, patrols, agreements, joint meetings, case
// indicators.
class ActivityModule final : public server::Module {
 public:
  ActivityModule();
  ~ActivityModule() override;

  std::vector<const google::protobuf::ServiceDescriptor*> Services() const override;
  absl::Status Register(server::ModuleContext& context) override;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace dangjian::activity
