#include "services/gateway/forward/linked_services.h"

#include <algorithm>
#include <string>

#include "google/protobuf/descriptor_database.h"

namespace dangjian::gateway {
namespace {

constexpr std::string_view kSuite = "dangjian.";
constexpr std::string_view kOwn = "gateway";

}  // namespace

std::vector<const google::protobuf::ServiceDescriptor*> LinkedServices() {
  using google::protobuf::DescriptorPool;
  std::vector<std::string> files;
  DescriptorPool::internal_generated_database()->FindAllFileNames(&files);
  std::vector<const google::protobuf::ServiceDescriptor*> services;
  for (const std::string& name : files) {
    const auto* file = DescriptorPool::generated_pool()->FindFileByName(name);
    const std::string_view owner = OwnerOf(file->package());
    if (owner.empty() || owner == kOwn) continue;
    for (int i = 0; i < file->service_count(); ++i) services.push_back(file->service(i));
  }
  std::sort(services.begin(), services.end(),
            [](const auto* a, const auto* b) { return a->full_name() < b->full_name(); });
  return services;
}

bool IsEverywhere(std::string_view owner) { return owner == "measure" || owner == "change" || owner == "store"; }

std::string_view OwnerOf(std::string_view package_or_path) {
  if (package_or_path.starts_with('/')) package_or_path.remove_prefix(1);
  if (!package_or_path.starts_with(kSuite)) return {};
  package_or_path.remove_prefix(kSuite.size());
  return package_or_path.substr(0, package_or_path.find('.'));
}

}  // namespace dangjian::gateway
