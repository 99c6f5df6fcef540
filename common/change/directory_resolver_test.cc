#include "common/change/directory_resolver.h"

#include <chrono>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/change/fake_registry.h"
#include "common/testing/matchers.h"
#include "common/testing/test_database.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace dangjian::change {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;
using ::dangjian::testing::TestDatabase;

class DirectoryResolverTest : public ::testing::Test {
 protected:
  DirectoryResolverTest()
      : registry_(std::make_unique<FakeRegistry>(folder_.socket())), directory_(*db_), writer_(*db_, directory_) {
    db_.Open();
  }
  absl::Status Fetch(std::vector<std::string> names) { return resolver_.Fetch(std::move(names), {.max_attempts = 1}); }
  bool Has(const std::string& name) const {
    return writer_.Table(name.substr(0, name.find('/')))->Exists(*db_.Read(), name).value();
  }

  SocketFolder folder_;
  std::unique_ptr<FakeRegistry> registry_;
  rpc::Client client_ = FakeRegistry::Connect(folder_.socket());
  TestDatabase db_;
  Directory directory_;
  DirectoryWriter writer_;
  obs::Metrics metrics_{"1"};
  DirectoryResolver resolver_{*db_, writer_, client_, metrics_};
};

TEST_F(DirectoryResolverTest, BringsAMemberWithAllThatItStandsUnder) {
  registry_->Put(MakeOrganization("street"));
  registry_->Put(MakeOrganization("community", "street"));
  registry_->Put(MakeOrganization("branch", "community"));
  registry_->Put(MakeMember("m-1", "branch"));
  registry_->Put(MakeMember("m-2", "branch"));
  ASSERT_THAT(Fetch({"members/m-1"}), IsOk());
  EXPECT_TRUE(Has("members/m-1"));
  EXPECT_FALSE(Has("members/m-2"));
  EXPECT_TRUE(db_->tree()->IsWithin("organizations/branch", "organizations/street", Day::Of(2024, 1, 1)));
  EXPECT_EQ(1, db_.kv().LastRevision()) << "one transaction";
}

TEST_F(DirectoryResolverTest, BringsAResidentWithHouseholdMemberAndOrganizations) {
  registry_->Put(MakeOrganization("street"));
  registry_->Put(MakeOrganization("committee", "street"));
  registry_->Put(MakeOrganization("branch", "street"));
  registry_->Put(MakeMember("m-1", "branch"));
  registry_->Put(MakeHousehold("h-1", "committee"));
  registry::v1::Resident resident = MakeResident("r-1", "committee", "h-1");
  resident.set_member("members/m-1");
  registry_->Put(resident);
  ASSERT_THAT(Fetch({"residents/r-1"}), IsOk());
  EXPECT_TRUE(Has("residents/r-1") && Has("households/h-1") && Has("members/m-1") && Has("organizations/branch"));
  EXPECT_TRUE(db_->tree()->IsWithin("organizations/committee", "organizations/street", Day::Of(2024, 1, 1)));
  EXPECT_EQ(1, db_.kv().LastRevision()) << "one transaction";
}

TEST_F(DirectoryResolverTest, BringsAResidentUnitWithBothItsOrganizations) {
  registry_->Put(MakeOrganization("community"));
  registry_->Put(MakeOrganization("unit-branch"));
  registry::v1::ResidentUnit unit = MakeResidentUnit("u-1", "community");
  unit.set_party_organization("organizations/unit-branch");
  registry_->Put(unit);
  ASSERT_THAT(Fetch({"residentUnits/u-1", "residentUnits/no"}), IsOk());
  EXPECT_TRUE(Has("residentUnits/u-1") && Has("organizations/community") && Has("organizations/unit-branch"));
  EXPECT_FALSE(Has("residentUnits/no"));
}

TEST_F(DirectoryResolverTest, BringsWhatExistsOfManyNames) {
  registry_->Put(MakeOrganization("a"));
  registry_->Put(MakeOrganization("b"));
  registry_->Put(MakeOrganization("c"));
  ASSERT_THAT(
      Fetch({"organizations/a", "organizations/no-1", "organizations/b", "organizations/no-2", "organizations/c"}),
      IsOk());
  EXPECT_TRUE(Has("organizations/a") && Has("organizations/b") && Has("organizations/c"));
  EXPECT_FALSE(Has("organizations/no-1"));
}

TEST_F(DirectoryResolverTest, NeverRemembersThatARecordDoesNotExist) {
  ASSERT_THAT(Fetch({"members/m-1"}), IsOk());
  EXPECT_EQ(0, db_.kv().LastRevision());
  registry_->Put(MakeMember("m-1"));
  ASSERT_THAT(Fetch({"members/m-1"}), IsOk());
  EXPECT_TRUE(Has("members/m-1"));
}

TEST_F(DirectoryResolverTest, AsksOnlyForParentsThatAreNotHere) {
  registry_->Put(MakeOrganization("street", "", "at the registry"));
  registry_->Put(MakeOrganization("community", "street"));
  const registry::v1::Organization here = MakeOrganization("street", "", "here");
  ASSERT_THAT(writer_.StoreFetched({&here}), IsOk());
  ASSERT_THAT(Fetch({"organizations/community"}), IsOk());
  EXPECT_EQ("here", directory_.Organization(*db_.Read(), "organizations/street")->display_name());
  EXPECT_THAT(metrics_.Expose(), ::testing::HasSubstr("dangjian_directory_fetched_total 1\n"));
}

TEST_F(DirectoryResolverTest, ParentsInACircleEnd) {
  registry_->Put(MakeOrganization("a", "b"));
  registry_->Put(MakeOrganization("b", "a"));
  EXPECT_THAT(Fetch({"organizations/a"}), IsOk());
  EXPECT_TRUE(Has("organizations/a") && Has("organizations/b"));
}

TEST_F(DirectoryResolverTest, ARegistryThatIsAwayIsNamed) {
  registry_.reset();
  EXPECT_THAT(Fetch({"members/m-1"}), HasReason("BACKEND_UNAVAILABLE"));
}

TEST_F(DirectoryResolverTest, TheWholeWalkEndsWithTheCallersDeadline) {
  // A tree so deep that each level costs a call; every answer is late.
  for (int i = 0; i < 40; ++i) {
    registry_->Put(MakeOrganization(absl::StrCat("o-", i), i == 0 ? "" : absl::StrCat("o-", i - 1)));
  }
  registry_->set_answer_delay(std::chrono::milliseconds(50));
  const auto start = std::chrono::steady_clock::now();
  EXPECT_THAT(resolver_.Fetch({"organizations/o-39"}, {.timeout_micros = 300'000, .max_attempts = 1}),
              HasReason("DEADLINE_EXCEEDED"));
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::milliseconds(1000));
}

TEST_F(DirectoryResolverTest, ReplicatesWhatTheRegistryCanBeAskedFor) {
  EXPECT_TRUE(resolver_.Replicates("organizations"));
  EXPECT_TRUE(resolver_.Replicates("members"));
  EXPECT_TRUE(resolver_.Replicates("households"));
  EXPECT_TRUE(resolver_.Replicates("residents"));
  EXPECT_TRUE(resolver_.Replicates("residentUnits"));
  EXPECT_FALSE(resolver_.Replicates("units"));
  EXPECT_FALSE(resolver_.Replicates("pledges"));
}

}  // namespace
}  // namespace dangjian::change
