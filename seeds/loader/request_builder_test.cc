#include "seeds/loader/request_builder.h"

#include "dangjian/pledge/v1/pledge.pb.h"
#include "dangjian/registry/v1/calendar.pb.h"
#include "dangjian/registry/v1/organization.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace dangjian::seeds {
namespace {

using registry::v1::CreateOrganizationRequest;
using ::testing::HasSubstr;

TEST(RequestBuilderTest, SetsTextEnumDateAndNestedRepeatedFields) {
  CreateOrganizationRequest request;
  ASSERT_TRUE(SetField(request, "organization_id", "xi-branch").ok());
  ASSERT_TRUE(SetField(request, "organization.kind", "BRANCH").ok());
  ASSERT_TRUE(SetField(request, "organization.setting", "BRANCH_SETTING_OFFICE").ok());
  ASSERT_TRUE(SetField(request, "organization.activated_on", "2001-10-01").ok());
  ASSERT_TRUE(SetField(request, "organization.parents[0].parent", "organizations/a").ok());
  ASSERT_TRUE(SetField(request, "organization.parents[1].parent", "organizations/b").ok());
  ASSERT_TRUE(SetField(request, "organization.parents[0].kind", "PARTY").ok());
  EXPECT_EQ(request.organization_id(), "xi-branch");
  EXPECT_EQ(request.organization().kind(), registry::v1::ORGANIZATION_KIND_BRANCH);
  EXPECT_EQ(request.organization().setting(), registry::v1::BRANCH_SETTING_OFFICE);
  EXPECT_EQ(request.organization().activated_on().month(), 10);
  ASSERT_EQ(request.organization().parents_size(), 2);
  EXPECT_EQ(request.organization().parents(0).kind(), registry::v1::EDGE_KIND_PARTY);
  EXPECT_EQ(request.organization().parents(1).parent(), "organizations/b");
}

TEST(RequestBuilderTest, SplitsRepeatedScalarsEnumsAndDates) {
  registry::v1::CreateCalendarRequest calendar;
  ASSERT_TRUE(SetField(calendar, "calendar.holidays", "2024-01-01|2024-02-10").ok());
  ASSERT_EQ(calendar.calendar().holidays_size(), 2);
  EXPECT_EQ(calendar.calendar().holidays(1).day(), 10);
  pledge::v1::Pledge pledge;
  ASSERT_TRUE(SetField(pledge, "audiences", "RESIDENTS|MEMBERS").ok());
  EXPECT_EQ(pledge.audiences(1), pledge::v1::PLEDGE_AUDIENCE_MEMBERS);
}

TEST(RequestBuilderTest, RefusesWhatDoesNotFit) {
  CreateOrganizationRequest request;
  EXPECT_THAT(SetField(request, "organization.colour", "red").message(), HasSubstr("Organization has no field colour"));
  EXPECT_THAT(SetField(request, "organization.kind", "CASTLE").message(), HasSubstr("a value of OrganizationKind"));
  EXPECT_THAT(SetField(request, "organization.activated_on", "2001-02-30").message(), HasSubstr("2001-02-30"));
  EXPECT_THAT(SetField(request, "validate_only", "yes").message(), HasSubstr("true or false"));
  EXPECT_THAT(SetField(request, "organization.parents[1].parent", "x").message(), HasSubstr("leave a gap"));
  EXPECT_THAT(SetField(request, "organization.parents[-1].parent", "x").message(), HasSubstr("malformed index"));
  EXPECT_THAT(SetField(request, "organization", "x").message(), HasSubstr("a path into its fields"));
  EXPECT_THAT(SetField(request, "organization_id.x", "x").message(), HasSubstr("cannot pass through"));
}

}  // namespace
}  // namespace dangjian::seeds
