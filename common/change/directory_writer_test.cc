#include "common/change/directory_writer.h"

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/strings.h"
#include "common/change/fake_registry.h"
#include "common/testing/matchers.h"
#include "common/testing/test_database.h"
#include "common/types/date.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace dangjian::change {
namespace {

using ::dangjian::registry::v1::Organization;
using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;
using ::dangjian::testing::Proto;
using ::dangjian::testing::StatusIs;
using ::dangjian::testing::TestDatabase;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

v1::ChangeEvent Event(int64_t revision, v1::ChangeOperation operation, const google::protobuf::Message& row) {
  v1::ChangeEvent event;
  event.set_revision(revision);
  event.set_operation(operation);
  event.set_name(row.GetReflection()->GetString(row, row.GetDescriptor()->FindFieldByName("name")));
  event.set_collection(event.name().substr(0, event.name().find('/')));
  if (operation != v1::CHANGE_OPERATION_DELETE) event.mutable_after()->PackFrom(row);
  return event;
}

v1::ChangeEvent Created(int64_t revision, const google::protobuf::Message& row) {
  return Event(revision, v1::CHANGE_OPERATION_CREATE, row);
}

storage::v1::FeedPosition At(int64_t revision) {
  storage::v1::FeedPosition position;
  position.set_revision(revision);
  position.set_epoch("e-1");
  return position;
}

class DirectoryWriterTest : public ::testing::Test {
 protected:
  DirectoryWriterTest() : directory_(*db_), writer_(*db_, directory_) { db_.Open(); }

  std::string TitleOf(const std::string& name) const {
    const auto row = directory_.Organization(*db_.Read(), name);
    return row.ok() ? row->display_name() : "<absent>";
  }

  TestDatabase db_;
  Directory directory_;
  DirectoryWriter writer_;
};

TEST_F(DirectoryWriterTest, AppliesEventsTogetherWithThePosition) {
  const storage::v1::FeedPosition position = At(7);
  const std::vector<v1::ChangeEvent> events = {Created(5, MakeOrganization("street")),
                                               Created(6, MakeOrganization("community", "street")),
                                               Created(7, MakeMember("m-1"))};
  ASSERT_THAT(writer_.Apply(events, &position), IsOk());
  EXPECT_THAT(directory_.Member(*db_.Read(), "members/m-1"), IsOk());
  EXPECT_EQ(7, writer_.Position()->revision());
  EXPECT_EQ("e-1", writer_.Position()->epoch());
  EXPECT_EQ(1, db_.kv().LastRevision()) << "one transaction";
}

TEST_F(DirectoryWriterTest, TheOrganizationsAreTheTreeOfTheStore) {
  Organization community = MakeOrganization("community");
  *community.add_parents() = Proto<registry::v1::ParentEdge>(
      "parent: 'organizations/street' start_date { year: 2024 month: 3 day: 1 } end_date { year: 2024 month: 3 day: 31 "
      "}");
  ASSERT_THAT(writer_.Apply(std::vector{Created(1, MakeOrganization("street")), Created(2, community)}, nullptr),
              IsOk());
  const auto tree = db_->tree();
  EXPECT_TRUE(tree->IsWithin("organizations/community", "organizations/street", Day::Of(2024, 3, 31)));
  EXPECT_FALSE(tree->IsWithin("organizations/community", "organizations/street", Day::Of(2024, 4, 1)));
  EXPECT_FALSE(tree->IsWithin("organizations/community", "organizations/street", Day::Of(2024, 2, 29)));
}

TEST_F(DirectoryWriterTest, ApplyingAgainChangesNothing) {
  const std::vector<v1::ChangeEvent> events = {Created(1, MakeOrganization("a", "", "A")),
                                               Created(2, MakeMember("m-1"))};
  ASSERT_THAT(writer_.Apply(events, nullptr), IsOk());
  ASSERT_THAT(writer_.Apply(events, nullptr), IsOk());
  EXPECT_EQ(1, db_.kv().LastRevision());
  EXPECT_EQ("A", TitleOf("organizations/a"));
}

TEST_F(DirectoryWriterTest, UpdatesAndDeletes) {
  ASSERT_THAT(writer_.Apply(std::vector{Created(1, MakeOrganization("a", "", "A"))}, nullptr), IsOk());
  ASSERT_THAT(
      writer_.Apply(std::vector{Event(2, v1::CHANGE_OPERATION_UPDATE, MakeOrganization("a", "", "A2"))}, nullptr),
      IsOk());
  EXPECT_EQ("A2", TitleOf("organizations/a"));
  const std::vector<v1::ChangeEvent> deletion = {Event(3, v1::CHANGE_OPERATION_DELETE, MakeOrganization("a"))};
  ASSERT_THAT(writer_.Apply(deletion, nullptr), IsOk());
  ASSERT_THAT(writer_.Apply(deletion, nullptr), IsOk()) << "what is gone may be deleted again";
  EXPECT_THAT(directory_.Organization(*db_.Read(), "organizations/a"), HasReason("REFERENCE_NOT_FOUND"));
}

TEST_F(DirectoryWriterTest, ALongBatchIsWrittenInPortionsAndItsPositionLast) {
  std::vector<v1::ChangeEvent> events;
  for (int i = 0; i < 70; ++i) events.push_back(Created(i + 1, MakeMember(absl::StrCat("m-", i))));
  events.push_back(Created(71, MakeMember("no/good")));  // stops the last portion
  const storage::v1::FeedPosition position = At(71);
  EXPECT_FALSE(writer_.Apply(events, &position).ok());
  EXPECT_THAT(directory_.Member(*db_.Read(), "members/m-63"), IsOk());
  EXPECT_THAT(directory_.Member(*db_.Read(), "members/m-64"), HasReason("REFERENCE_NOT_FOUND"));
  EXPECT_EQ("", writer_.Position()->epoch());
}

TEST_F(DirectoryWriterTest, PassesOverCollectionsThatItDoesNotKeep) {
  v1::ChangeEvent event = Created(1, MakeMember("m-1"));
  event.set_collection("assignments");
  EXPECT_THAT(writer_.Apply(std::vector{event}, nullptr), IsOk());
}

TEST_F(DirectoryWriterTest, AnEventWithTheWrongRecordIsRefused) {
  v1::ChangeEvent event = Created(1, MakeMember("m-1"));
  event.set_collection("organizations");
  EXPECT_THAT(writer_.Apply(std::vector{event}, nullptr), StatusIs(absl::StatusCode::kDataLoss));
}

TEST_F(DirectoryWriterTest, WhatWasFetchedIsNotOverwrittenByOlderVersions) {
  Organization fetched = MakeOrganization("a", "", "new");
  fetched.set_etag("100");
  ASSERT_THAT(writer_.StoreFetched({&fetched}), IsOk());
  ASSERT_THAT(writer_.Apply(std::vector{Created(95, MakeOrganization("a", "", "old"))}, nullptr), IsOk());
  EXPECT_EQ("new", TitleOf("organizations/a"));
  ASSERT_THAT(writer_.Apply(std::vector{Created(100, MakeOrganization("a", "", "new"))}, nullptr), IsOk());
  ASSERT_THAT(writer_.Apply(std::vector{Created(101, MakeOrganization("a", "", "newest"))}, nullptr), IsOk());
  EXPECT_EQ("newest", TitleOf("organizations/a"));
}

TEST_F(DirectoryWriterTest, FetchingDoesNotReplaceWhatIsHere) {
  ASSERT_THAT(writer_.Apply(std::vector{Created(100, MakeOrganization("a", "", "new"))}, nullptr), IsOk());
  Organization fetched = MakeOrganization("a", "", "old");
  fetched.set_etag("95");
  const registry::v1::Member member = MakeMember("m-1");
  ASSERT_THAT(writer_.StoreFetched({&fetched, &member}), IsOk());
  EXPECT_EQ("new", TitleOf("organizations/a"));
  EXPECT_THAT(directory_.Member(*db_.Read(), "members/m-1"), IsOk());
}

TEST_F(DirectoryWriterTest, StoresFetchedRecordsOfEveryCollectionThatItKeeps) {
  const auto organization = MakeOrganization("a");
  const auto household = MakeHousehold("h-1", "a");
  const auto resident = MakeResident("r-1", "a", "h-1");
  const auto unit = MakeResidentUnit("u-1", "a");
  ASSERT_THAT(writer_.StoreFetched({&organization, &household, &resident, &unit}), IsOk());
  EXPECT_THAT(directory_.Household(*db_.Read(), "households/h-1"), IsOk());
  EXPECT_THAT(directory_.Resident(*db_.Read(), "residents/r-1"), IsOk());
  EXPECT_TRUE(directory_.resident_units().Exists(*db_.Read(), "residentUnits/u-1").value());
  Organization foreign = MakeOrganization("b");
  foreign.set_name("pledges/b");
  EXPECT_THAT(writer_.StoreFetched({&foreign}), StatusIs(absl::StatusCode::kInternal));
}

TEST_F(DirectoryWriterTest, TellsWhoIsCountedUnderAnotherNameInTheSameTransaction) {
  std::vector<std::string> told;
  directory_.AddFollower([&](storage::Transaction& txn, std::string_view name) -> absl::Status {
    told.push_back(absl::StrCat(ToAbsl(name), " ", *directory_.CanonicalName(txn.reader(), "residents/r-3")));
    return absl::OkStatus();
  });
  auto first = MakeResident("r-1", "a", "h-1");
  auto second = MakeResident("r-2", "a", "h-1");
  auto third = MakeResident("r-3", "a", "h-1");
  ASSERT_THAT(writer_.Apply(std::vector{Created(1, first), Created(2, second), Created(3, third)}, nullptr), IsOk());
  EXPECT_THAT(told, IsEmpty());
  third.set_merged_into("residents/r-2");
  ASSERT_THAT(writer_.Apply(std::vector{Created(4, third)}, nullptr), IsOk());
  second.set_merged_into("residents/r-1");
  ASSERT_THAT(writer_.Apply(std::vector{Created(5, second)}, nullptr), IsOk());
  first.set_member("members/m-1");
  first.set_display_name("改名");
  ASSERT_THAT(writer_.Apply(std::vector{Created(6, first), Created(7, first)}, nullptr), IsOk());
  second.clear_merged_into();
  ASSERT_THAT(writer_.Apply(std::vector{Created(8, second)}, nullptr), IsOk());
  EXPECT_THAT(told, ElementsAre("residents/r-3 residents/r-2", "residents/r-2 residents/r-1",
                                "residents/r-1 members/m-1", "members/m-1 residents/r-2"));
}

TEST_F(DirectoryWriterTest, ADuplicateFollowsTheRecordThatStaysWhenThatLosesItsMember) {
  auto stays = MakeResident("r-1", "a", "h-1");
  auto duplicate = MakeResident("r-2", "a", "h-1");
  stays.set_member("members/m-1");
  duplicate.set_member("members/m-1");
  duplicate.set_merged_into("residents/r-1");
  ASSERT_THAT(writer_.Apply(std::vector{Created(1, stays), Created(2, duplicate)}, nullptr), IsOk());
  EXPECT_EQ("members/m-1", *directory_.CanonicalName(*db_.Read(), "residents/r-2"));
  EXPECT_THAT(*directory_.NamesOfSame(*db_.Read(), "residents/r-2"),
              ElementsAre("members/m-1", "residents/r-1", "residents/r-2"));
  stays.clear_member();
  ASSERT_THAT(writer_.Apply(std::vector{Created(3, stays)}, nullptr), IsOk());
  EXPECT_EQ("residents/r-1", *directory_.CanonicalName(*db_.Read(), "residents/r-2"));
}

TEST_F(DirectoryWriterTest, ANameThatIsNotHereStandsForItself) {
  EXPECT_EQ("residents/r-9", *directory_.CanonicalName(*db_.Read(), "residents/r-9"));
  EXPECT_EQ("communityReportIns/c-1", *directory_.CanonicalName(*db_.Read(), "communityReportIns/c-1"));
  auto merged = MakeHousehold("h-2", "a");
  merged.set_merged_into("households/h-1");
  ASSERT_THAT(writer_.Apply(std::vector{Created(1, merged)}, nullptr), IsOk());
  EXPECT_EQ("households/h-1", *directory_.CanonicalName(*db_.Read(), "households/h-2"));
}

TEST_F(DirectoryWriterTest, AMergeThatWasTurnedRoundIsTold) {
  std::vector<std::string> told;
  directory_.AddFollower([&](storage::Transaction&, std::string_view name) {
    told.emplace_back(name);
    return absl::OkStatus();
  });
  auto first = MakeHousehold("h-1", "a");
  auto second = MakeHousehold("h-2", "a");
  second.set_merged_into("households/h-1");
  ASSERT_THAT(writer_.Apply(std::vector{Created(1, first), Created(2, second)}, nullptr), IsOk());
  told.clear();
  first.set_merged_into("households/h-2");
  second.clear_merged_into();
  ASSERT_THAT(writer_.Apply(std::vector{Created(3, first), Created(4, second)}, nullptr), IsOk());
  EXPECT_EQ("households/h-2", *directory_.CanonicalName(*db_.Read(), "households/h-1"));
  EXPECT_THAT(told, ElementsAre("households/h-1")) << "between the two, both stand for the first name";
}

TEST_F(DirectoryWriterTest, TellsWhenTheRegisterSaysSomethingElseOfAPerson) {
  std::vector<std::string> told;
  directory_.AddFactFollower([&](storage::Transaction& txn, std::string_view name) -> absl::Status {
    const std::optional<Day> birth = *directory_.BirthOf(txn.reader(), name);
    told.push_back(absl::StrCat(ToAbsl(name), " ", birth.has_value() ? FormatDay(*birth) : "unknown"));
    return absl::OkStatus();
  });
  auto resident = MakeResident("r-1", "a", "h-1");
  ASSERT_THAT(writer_.Apply(std::vector{Created(1, resident)}, nullptr), IsOk());
  resident.set_display_name("改名");
  ASSERT_THAT(writer_.Apply(std::vector{Created(2, resident)}, nullptr), IsOk());
  EXPECT_THAT(told, IsEmpty());
  *resident.mutable_birth_date() = DayToProto(Day::Of(2015, 5, 1));
  ASSERT_THAT(writer_.Apply(std::vector{Created(3, resident)}, nullptr), IsOk());
  EXPECT_THAT(told, ElementsAre("residents/r-1 2015-05-01"));
  told.clear();

  // Another record of the same person knows it: through a merge, and no more when that is taken back.
  auto duplicate = MakeResident("r-2", "a", "h-1");
  duplicate.set_merged_into("residents/r-1");
  ASSERT_THAT(writer_.Apply(std::vector{Created(4, duplicate)}, nullptr), IsOk());
  EXPECT_THAT(told, ElementsAre("residents/r-1 2015-05-01", "residents/r-2 2015-05-01"));
  told.clear();
  duplicate.clear_merged_into();
  ASSERT_THAT(writer_.Apply(std::vector{Created(5, duplicate)}, nullptr), IsOk());
  EXPECT_THAT(told, ElementsAre("residents/r-2 unknown", "residents/r-1 2015-05-01"));
  told.clear();
  resident.set_sex(registry::v1::SEX_FEMALE);
  ASSERT_THAT(writer_.Apply(std::vector{Created(6, resident)}, nullptr), IsOk());
  EXPECT_THAT(told, ElementsAre("residents/r-1 2015-05-01"));
}

TEST_F(DirectoryWriterTest, TheBirthDateIsThatOfTheRecordOrOfAnotherOfThePerson) {
  auto resident = MakeResident("r-1", "a", "h-1");
  resident.set_member("members/m-1");
  auto member = MakeMember("m-1", "a");
  *member.mutable_birth_date() = DayToProto(Day::Of(1980, 1, 2));
  ASSERT_THAT(writer_.Apply(std::vector{Created(1, resident), Created(2, member)}, nullptr), IsOk());
  EXPECT_EQ(*directory_.BirthOf(*db_.Read(), "residents/r-1"), Day::Of(1980, 1, 2));
  *resident.mutable_birth_date() = DayToProto(Day::Of(1981, 1, 2));
  ASSERT_THAT(writer_.Apply(std::vector{Created(3, resident)}, nullptr), IsOk());
  EXPECT_EQ(*directory_.BirthOf(*db_.Read(), "residents/r-1"), Day::Of(1981, 1, 2));
  EXPECT_EQ(*directory_.BirthOf(*db_.Read(), "members/m-1"), Day::Of(1980, 1, 2));
  EXPECT_EQ(*directory_.BirthOf(*db_.Read(), "residents/nobody"), std::nullopt);
}

TEST_F(DirectoryWriterTest, AFollowerThatFailsStopsTheTransaction) {
  directory_.AddFollower([](storage::Transaction&, std::string_view) { return absl::DataLossError("damaged"); });
  auto resident = MakeResident("r-1", "a", "h-1");
  ASSERT_THAT(writer_.Apply(std::vector{Created(1, resident)}, nullptr), IsOk());
  resident.set_member("members/m-1");
  EXPECT_THAT(writer_.Apply(std::vector{Created(2, resident)}, nullptr), StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_EQ("residents/r-1", *directory_.CanonicalName(*db_.Read(), "residents/r-1"));
}

TEST_F(DirectoryWriterTest, KeepsTheCollectionsThatOthersReferToFirst) {
  EXPECT_THAT(writer_.Collections(), ElementsAre("organizations", "members", "households", "residents", "residentUnits",
                                                 "units", "calendars"));
}

TEST_F(DirectoryWriterTest, RemovesWhatANewCopyDoesNotHold) {
  ASSERT_THAT(writer_.Apply(std::vector{Created(1, MakeOrganization("a")), Created(2, MakeOrganization("b")),
                                        Created(3, MakeMember("m-1")), Created(4, MakeMember("m-2"))},
                            nullptr),
              IsOk());
  ASSERT_THAT(writer_.RemoveOthers({"organizations/a", "members/m-2"}, At(9)), IsOk());
  EXPECT_THAT(db_->tree()->Organizations(), UnorderedElementsAre("organizations/a"));
  EXPECT_THAT(directory_.Member(*db_.Read(), "members/m-1"), HasReason("REFERENCE_NOT_FOUND"));
  EXPECT_THAT(directory_.Member(*db_.Read(), "members/m-2"), IsOk());
  EXPECT_EQ(9, writer_.Position()->revision());
}

}  // namespace
}  // namespace dangjian::change
