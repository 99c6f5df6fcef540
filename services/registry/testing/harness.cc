#include "services/registry/testing/harness.h"

#include "absl/strings/str_cat.h"
#include "dangjian/registry/v1/member.pb.h"
#include "dangjian/registry/v1/organization.pb.h"
#include "services/registry/module.h"

namespace dangjian::registry {

RegistryTest::RegistryTest() : ServiceTest(std::make_unique<RegistryModule>()) {}

void RegistryTest::AddOrganization(const std::string& id, const std::string& kind, const std::string& more) {
  const auto added = Call<v1::Organization, v1::CreateOrganizationRequest>(
      absl::StrCat("organization_id: '", id, "' organization { kind: ORGANIZATION_KIND_", kind, " display_name: '", id,
                   "' activated_on { year: 2000 month: 1 day: 1 } ", more, " }"));
  ASSERT_THAT(added, testing::IsOk());
}

void RegistryTest::AddMember(const std::string& id, const std::string& organization) {
  const auto added = Call<v1::Member, v1::CreateMemberRequest>(absl::StrCat(
      "member_id: '", id, "' member { display_name: '党员' admitted_on { year: 2009 month: 1 day: 1 } ",
      "full_on { year: 2010 month: 1 day: 1 } relations { organization: 'organizations/", organization, "' } }"));
  ASSERT_THAT(added, testing::IsOk());
}

}  // namespace dangjian::registry
