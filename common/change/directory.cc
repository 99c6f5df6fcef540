#include "common/change/directory.h"

#include "absl/strings/str_cat.h"
#include "common/base/strings.h"
#include "common/status/errors.h"
#include "common/storage/keyspace.h"
#include "common/types/date.h"

namespace dangjian::change {
namespace {

constexpr uint16_t kOrganizationTag = storage::keyspace::kDirectoryFirst;
constexpr uint16_t kMemberTag = storage::keyspace::kDirectoryFirst + 1;
constexpr uint16_t kUnitTag = storage::keyspace::kDirectoryFirst + 2;
constexpr uint16_t kCalendarTag = storage::keyspace::kDirectoryFirst + 3;
constexpr uint16_t kHouseholdTag = storage::keyspace::kDirectoryFirst + 4;
constexpr uint16_t kResidentTag = storage::keyspace::kDirectoryFirst + 5;
constexpr uint16_t kResidentUnitTag = storage::keyspace::kDirectoryFirst + 6;

storage::TableSchema<registry::v1::Organization> OrganizationSchema() {
  return {.tag = kOrganizationTag, .collection = "organizations", .parents = &TreeEdgesOf};
}

storage::TableSchema<registry::v1::Member> MemberSchema() { return {.tag = kMemberTag, .collection = "members"}; }

storage::TableSchema<registry::v1::Household> HouseholdSchema() {
  return {.tag = kHouseholdTag, .collection = "households"};
}

storage::TableSchema<registry::v1::Resident> ResidentSchema() {
  return {.tag = kResidentTag, .collection = "residents"};
}

storage::TableSchema<registry::v1::ResidentUnit> ResidentUnitSchema() {
  return {.tag = kResidentUnitTag, .collection = "residentUnits"};
}

storage::TableSchema<registry::v1::Unit> UnitSchema() { return {.tag = kUnitTag, .collection = "units"}; }

storage::TableSchema<registry::v1::Calendar> CalendarSchema() {
  return {.tag = kCalendarTag, .collection = "calendars"};
}

// A reference that leads nowhere is the fault of the referring record, hence another reason than RECORD_NOT_FOUND.
template <class M>
absl::StatusOr<M> Find(const storage::Table<M>& table, const storage::Reader& reader, std::string_view name) {
  absl::StatusOr<M> row = table.Get(reader, name);
  if (row.ok() || !absl::IsNotFound(row.status())) return row;
  return Error(reasons::kReferenceNotFound, absl::StrCat(ToAbsl(name), " does not exist: check the name"),
               {{"resource", std::string(name)}});
}

}  // namespace

std::vector<storage::TreeEdge> TreeEdgesOf(const registry::v1::Organization& organization) {
  std::vector<storage::TreeEdge> edges;
  for (const registry::v1::ParentEdge& edge : organization.parents()) {
    edges.push_back(
        {.parent = edge.parent(),
         .valid = {.first = DayOr(edge.start_date(), Day::Min()), .last = DayOr(edge.end_date(), Day::Max())}});
  }
  return edges;
}

Directory::Directory(storage::Database& database)
    : organizations_(database.AddTable(OrganizationSchema())),
      members_(database.AddTable(MemberSchema())),
      households_(database.AddTable(HouseholdSchema())),
      residents_(database.AddTable(ResidentSchema())),
      resident_units_(database.AddTable(ResidentUnitSchema())),
      units_(database.AddTable(UnitSchema())),
      calendars_(database.AddTable(CalendarSchema())) {}

std::vector<const storage::TableCore*> Directory::tables() const {
  return {&organizations_.core(),  &members_.core(), &households_.core(), &residents_.core(),
          &resident_units_.core(), &units_.core(),   &calendars_.core()};
}

absl::StatusOr<registry::v1::Organization> Directory::Organization(const storage::Reader& reader,
                                                                   std::string_view name) const {
  return Find(organizations_, reader, name);
}

absl::StatusOr<registry::v1::Member> Directory::Member(const storage::Reader& reader, std::string_view name) const {
  return Find(members_, reader, name);
}

absl::StatusOr<registry::v1::Household> Directory::Household(const storage::Reader& reader,
                                                             std::string_view name) const {
  return Find(households_, reader, name);
}

absl::StatusOr<registry::v1::Resident> Directory::Resident(const storage::Reader& reader, std::string_view name) const {
  return Find(residents_, reader, name);
}

}  // namespace dangjian::change
