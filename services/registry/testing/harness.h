#pragma once

#include <string>

#include "common/server/testing/service_fixture.h"

namespace dangjian::registry {

// The registry, served as server::ServiceTest says.
class RegistryTest : public server::ServiceTest {
 protected:
  RegistryTest();

  // An active organisation, since 2000-01-01; `more` are further fields in text form.
  void AddOrganization(const std::string& id, const std::string& kind, const std::string& more = "");
  // A full member of `organization` since 2010-01-01, admitted a year before.
  void AddMember(const std::string& id, const std::string& organization);
};

}  // namespace dangjian::registry
