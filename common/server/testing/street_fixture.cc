#include "common/server/testing/street_fixture.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/base/status_macros.h"
#include "common/types/date.h"

namespace dangjian::server {

using testing::IsOk;
using testing::Proto;

void StreetTest::SetUp() {
  ASSERT_NO_FATAL_FAILURE(ServiceTest::SetUp());
  ASSERT_THAT(AddOrganization("street", "SUB_DISTRICT"), IsOk());
  ASSERT_THAT(AddOrganization("east", "COMMUNITY", "street"), IsOk());
  ASSERT_THAT(AddOrganization("west", "COMMUNITY", "street"), IsOk());
  ASSERT_THAT(AddOrganization("east-branch", "BRANCH", "east"), IsOk());
  ASSERT_THAT(AddOrganization("east-committee", "RESIDENTS_COMMITTEE", "east"), IsOk());
  ASSERT_THAT(AddOrganization("discipline", "DISCIPLINE_COMMISSION", "street"), IsOk());
  ASSERT_THAT(AddMember("wang", "east-branch"), IsOk());
  ASSERT_THAT(AddMember("li", "east-branch"), IsOk());
  ASSERT_THAT(AddMember("zhao", "west"), IsOk());
  ASSERT_THAT(AddHousehold("h-1", "east-committee"), IsOk());
  ASSERT_THAT(AddHousehold("h-2", "east-committee"), IsOk());
  ASSERT_THAT(AddHousehold("h-3", "west"), IsOk());
  ASSERT_THAT(AddResident("zhang-1", "east-committee", "h-1", "01"), IsOk());
  ASSERT_THAT(AddResident("zhang-2", "east-committee", "h-1", "20"), IsOk());
  ASSERT_THAT(AddResident("chen-1", "east-committee", "h-2", "01"), IsOk());
  ASSERT_THAT(AddResident("gao-1", "west", "h-3", "01"), IsOk());
  ASSERT_THAT(AddResidentUnit("school", "east"), IsOk());
  for (const char* code : {"percent", "ge", "square_metre"}) ASSERT_THAT(AddUnit(code), IsOk());
  auto calendar = Proto<registry::v1::Calendar>("name: 'calendars/2026' year: 2026 source_notice: '通知'");
  for (int day = 1; day <= 7; ++day) *calendar.add_holidays() = DayToProto(Day::Of(2026, 10, day));
  *calendar.add_make_up_days() = DayToProto(Day::Of(2026, 10, 10));
  ASSERT_THAT(Add(directory().calendars(), calendar), IsOk());
}

absl::Status StreetTest::AddOrganization(const std::string& id, const std::string& kind, const std::string& parent) {
  auto organization = Proto<registry::v1::Organization>(
      absl::StrCat("name: 'organizations/", id, "' kind: ORGANIZATION_KIND_", kind, " display_name: '", id, "'"));
  if (!parent.empty()) {
    registry::v1::ParentEdge& edge = *organization.add_parents();
    edge.set_parent(absl::StrCat("organizations/", parent));
    edge.set_kind(registry::v1::EDGE_KIND_ADMINISTRATIVE);
  }
  return Add(directory().organizations(), organization);
}

absl::Status StreetTest::MoveOrganization(const std::string& id, const std::string& parent, Day from) {
  return database_
      .Write([&](storage::Transaction& txn) -> absl::Status {
        registry::v1::Organization row;
        ASSIGN_OR_RETURN(row, directory().organizations().Get(txn.reader(), absl::StrCat("organizations/", id)));
        registry::v1::ParentEdge old = row.parents(row.parents_size() - 1);
        row.clear_parents();
        registry::v1::ParentEdge& edge = *row.add_parents();
        edge = old;
        edge.set_parent(absl::StrCat("organizations/", parent));
        *edge.mutable_start_date() = DayToProto(from);
        old.clear_start_date();
        *old.mutable_end_date() = DayToProto(from);
        if (old.parent() != edge.parent()) *row.add_parents() = old;
        return directory().organizations().Update(txn, row);
      })
      .status();
}

absl::Status StreetTest::AddMember(const std::string& id, const std::string& organization) {
  return Add(directory().members(),
             Proto<registry::v1::Member>(
                 absl::StrCat("name: 'members/", id, "' display_name: '党员' relations { organization: 'organizations/",
                              organization, "' start_date ", DateText("2010-01-01"), " }")));
}

absl::Status StreetTest::AddUnit(const std::string& code) {
  return Add(directory().units(),
             Proto<registry::v1::Unit>(absl::StrCat("name: 'units/", absl::StrReplaceAll(code, {{"_", "-"}}),
                                                    "' code: '", code, "' label_zh: '个'")));
}

absl::Status StreetTest::AddHousehold(const std::string& id, const std::string& organization) {
  return Add(directory().households(), Proto<registry::v1::Household>(absl::StrCat(
                                           "name: 'households/", id, "' organization: 'organizations/", organization,
                                           "' kind: HOUSEHOLD_KIND_REGISTERED state: HOUSEHOLD_STATE_REGISTERED "
                                           "registered_on ",
                                           DateText("2000-01-01"))));
}

absl::Status StreetTest::AddResident(const std::string& id, const std::string& organization,
                                     const std::string& household, const std::string& relation_code) {
  const std::string since = absl::StrCat(" start_date ", DateText("2000-01-01"));
  return Add(directory().residents(),
             Proto<registry::v1::Resident>(absl::StrCat(
                 "name: 'residents/", id, "' display_name: '居民' state: RESIDENT_STATE_REGISTERED residences { ",
                 "organization: 'organizations/", organization, "' kind: RESIDENCE_KIND_PERMANENT", since,
                 " } memberships { household: 'households/", household, "' relation_code: '", relation_code, "'", since,
                 " }")));
}

absl::Status StreetTest::ChangeResident(const std::string& id,
                                        const std::function<void(registry::v1::Resident&)>& change) {
  return Change(directory().residents(), absl::StrCat("residents/", id), change);
}

absl::Status StreetTest::ChangeHousehold(const std::string& id,
                                         const std::function<void(registry::v1::Household&)>& change) {
  return Change(directory().households(), absl::StrCat("households/", id), change);
}

absl::Status StreetTest::ChangeMember(const std::string& id, const std::function<void(registry::v1::Member&)>& change) {
  return Change(directory().members(), absl::StrCat("members/", id), change);
}

absl::Status StreetTest::MergeResident(const std::string& id, const std::string& into) {
  return ChangeResident(id, [&](registry::v1::Resident& row) {
    row.set_state(into.empty() ? registry::v1::RESIDENT_STATE_REGISTERED
                               : registry::v1::RESIDENT_STATE_MERGED_DUPLICATE);
    row.set_merged_into(into.empty() ? "" : absl::StrCat("residents/", into));
  });
}

absl::Status StreetTest::MergeHousehold(const std::string& id, const std::string& into) {
  return ChangeHousehold(id, [&](registry::v1::Household& row) {
    row.set_state(into.empty() ? registry::v1::HOUSEHOLD_STATE_REGISTERED
                               : registry::v1::HOUSEHOLD_STATE_MERGED_DUPLICATE);
    row.set_merged_into(into.empty() ? "" : absl::StrCat("households/", into));
  });
}

absl::Status StreetTest::LinkToMember(const std::string& resident, const std::string& member) {
  return ChangeResident(resident.substr(resident.find('/') + 1),
                        [&](registry::v1::Resident& row) { row.set_member(member); });
}

absl::Status StreetTest::AddResidentUnit(const std::string& id, const std::string& organization) {
  return Add(directory().resident_units(),
             Proto<registry::v1::ResidentUnit>(absl::StrCat(
                 "name: 'residentUnits/", id, "' display_name: '", id, "' organization: 'organizations/", organization,
                 "' kind: RESIDENT_UNIT_KIND_PUBLIC_INSTITUTION located_on ", DateText("2000-01-01"))));
}

std::string DateText(const std::string& day) {
  return absl::StrCat("{ ", DayToProto(testing::ValueOrDie(ParseDay(day))).ShortDebugString(), " }");
}

}  // namespace dangjian::server
