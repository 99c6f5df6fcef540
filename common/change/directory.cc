#include "common/change/directory.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
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
constexpr uint16_t kResidentByCountedAsTag = storage::keyspace::kDirectoryFirst + 7;

storage::TableSchema<registry::v1::Organization> OrganizationSchema() {
  return {.tag = kOrganizationTag, .collection = "organizations", .parents = &TreeEdgesOf};
}

storage::TableSchema<registry::v1::Member> MemberSchema() { return {.tag = kMemberTag, .collection = "members"}; }

storage::TableSchema<registry::v1::Household> HouseholdSchema() {
  return {.tag = kHouseholdTag, .collection = "households"};
}

// The record that stays decides: it has the duplicate's member, or has lost it since.
const std::string& CountedAs(const registry::v1::Resident& resident) {
  return resident.merged_into().empty() ? resident.member() : resident.merged_into();
}

const std::string& CountedAs(const registry::v1::Household& household) { return household.merged_into(); }

bool ByCountedAs(const registry::v1::Resident& resident, storage::KeyWriter& key) {
  key.Text(CountedAs(resident));
  return !CountedAs(resident).empty();
}

storage::TableSchema<registry::v1::Resident> ResidentSchema() {
  return {.tag = kResidentTag,
          .collection = "residents",
          .indexes = {{.tag = kResidentByCountedAsTag, .name = "by_counted_as", .columns = &ByCountedAs}}};
}

storage::TableSchema<registry::v1::ResidentUnit> ResidentUnitSchema() {
  return {.tag = kResidentUnitTag, .collection = "residentUnits"};
}

storage::TableSchema<registry::v1::Unit> UnitSchema() { return {.tag = kUnitTag, .collection = "units"}; }

storage::TableSchema<registry::v1::Calendar> CalendarSchema() {
  return {.tag = kCalendarTag, .collection = "calendars"};
}

// Records of one person or household: far more than a registry with duplicates has; keeps a bad copy from hanging a
// call.
constexpr size_t kMaxNamesOfSame = 1000;

// A reference that leads nowhere is the fault of the referring record, hence another reason than RECORD_NOT_FOUND.
template <class M>
absl::StatusOr<M> Find(const storage::Table<M>& table, const storage::Reader& reader, std::string_view name) {
  absl::StatusOr<M> row = table.Get(reader, name);
  if (row.ok() || !absl::IsNotFound(row.status())) return row;
  return Error(reasons::kReferenceNotFound, absl::StrCat(ToAbsl(name), " does not exist: check the name"),
               {{"resource", std::string(name)}});
}

// What a record says of the person; nothing for records that are no persons, or not there.
struct PersonFacts {
  std::optional<Day> birth;
  registry::v1::Sex sex = registry::v1::SEX_UNSPECIFIED;
  bool operator==(const PersonFacts&) const = default;
};

template <class M>
absl::StatusOr<PersonFacts> ReadFacts(const storage::Table<M>& table, const storage::Reader& reader,
                                      std::string_view name) {
  const absl::StatusOr<M> row = table.Get(reader, name);
  if (absl::IsNotFound(row.status())) return PersonFacts();
  RETURN_IF_ERROR(row.status());
  return PersonFacts{DayFromProto(row->birth_date()), row->sex()};
}

absl::StatusOr<PersonFacts> FactsOf(const Directory& directory, const storage::Reader& reader, std::string_view name) {
  if (name.starts_with("residents/")) return ReadFacts(directory.residents(), reader, name);
  if (name.starts_with("members/")) return ReadFacts(directory.members(), reader, name);
  return PersonFacts();
}

// The name that the record `name` gives as the one to count it under; its own when it gives none or is not there.
template <class M>
absl::StatusOr<std::string> Follow(const storage::Table<M>& table, const storage::Reader& reader, std::string name) {
  const absl::StatusOr<M> row = table.Get(reader, name);
  if (absl::IsNotFound(row.status())) return name;
  RETURN_IF_ERROR(row.status());
  const std::string& other = CountedAs(*row);
  return other.empty() ? name : other;
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

absl::StatusOr<std::string> Directory::CanonicalName(const storage::Reader& reader, std::string_view name) const {
  // Merges of merges. The registry keeps them free of cycles, but a copy that is brought to newer versions record by
  // record may hold one meanwhile: all its names then stand for the first of them.
  constexpr size_t kMaxMerges = 32;
  std::vector<std::string> passed = {std::string(name)};
  while (passed.size() < kMaxMerges) {
    const std::string& current = passed.back();
    std::string next = current;
    if (current.starts_with("residents/")) {
      ASSIGN_OR_RETURN(next, Follow(residents_, reader, current));
    } else if (current.starts_with("households/")) {
      ASSIGN_OR_RETURN(next, Follow(households_, reader, current));
    }
    if (next == current) break;
    const auto cycle = std::find(passed.begin(), passed.end(), next);
    if (cycle != passed.end()) return *std::min_element(cycle, passed.end());
    passed.push_back(std::move(next));
  }
  return passed.back();
}

absl::StatusOr<std::vector<std::string>> Directory::NamesOfSame(const storage::Reader& reader,
                                                                std::string_view name) const {
  ASSIGN_OR_RETURN(std::string canonical, CanonicalName(reader, name));
  std::vector<std::string> names = {std::move(canonical)};
  for (size_t i = 0; i < names.size() && names.size() < kMaxNamesOfSame; ++i) {
    ASSIGN_OR_RETURN(
        const auto rows,
        residents_.Find(reader, storage::KeyWriter(kResidentByCountedAsTag).Text(names[i]), kMaxNamesOfSame));
    for (const registry::v1::Resident& row : rows) names.push_back(row.name());
  }
  return names;
}

absl::StatusOr<std::optional<Day>> Directory::BirthOf(const storage::Reader& reader, std::string_view name) const {
  ASSIGN_OR_RETURN(const PersonFacts own, FactsOf(*this, reader, name));
  if (own.birth.has_value()) return own.birth;
  ASSIGN_OR_RETURN(const std::vector<std::string> names, NamesOfSame(reader, name));
  for (const std::string& other : names) {
    ASSIGN_OR_RETURN(const PersonFacts facts, FactsOf(*this, reader, other));
    if (facts.birth.has_value()) return facts.birth;
  }
  return std::optional<Day>();
}

absl::Status Directory::Write(storage::Transaction& txn, std::string_view name,
                              absl::FunctionRef<absl::Status()> write) const {
  ASSIGN_OR_RETURN(const std::string before, CanonicalName(txn.reader(), name));
  ASSIGN_OR_RETURN(const PersonFacts facts_before, FactsOf(*this, txn.reader(), name));
  RETURN_IF_ERROR(write());
  ASSIGN_OR_RETURN(const std::string after, CanonicalName(txn.reader(), name));
  if (before != after) {
    for (const Follower& follower : followers_) RETURN_IF_ERROR(follower(txn, before));
  }
  ASSIGN_OR_RETURN(const PersonFacts facts_after, FactsOf(*this, txn.reader(), name));
  if (before == after && facts_before == facts_after) return absl::OkStatus();
  for (const Follower& follower : fact_followers_) {
    RETURN_IF_ERROR(follower(txn, after));
    if (before != after) RETURN_IF_ERROR(follower(txn, before));
  }
  return absl::OkStatus();
}

}  // namespace dangjian::change
