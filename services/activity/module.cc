#include "services/activity/module.h"

namespace dangjian::activity {

// The tables are the database's; the services live here.
struct ActivityModule::Parts {
  Parts(storage::Database&, const change::Directory&) {}
};

ActivityModule::ActivityModule() = default;
ActivityModule::~ActivityModule() = default;

std::vector<const google::protobuf::ServiceDescriptor*> ActivityModule::Services() const { return {}; }

absl::Status ActivityModule::Register(server::ModuleContext& context) {
  parts_ = std::make_unique<Parts>(*context.database, *context.directory);
  return absl::OkStatus();
}

}  // namespace dangjian::activity
