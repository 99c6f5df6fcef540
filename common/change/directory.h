#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/day.h"
#include "common/storage/database.h"
#include "dangjian/registry/v1/calendar.pb.h"
#include "dangjian/registry/v1/household.pb.h"
#include "dangjian/registry/v1/member.pb.h"
#include "dangjian/registry/v1/organization.pb.h"
#include "dangjian/registry/v1/resident.pb.h"
#include "dangjian/registry/v1/resident_unit.pb.h"
#include "dangjian/registry/v1/unit.pb.h"

namespace dangjian::change {

// A service's own copy of the registry's organisations, members, households, residents, resident units, units and
// working-day calendars, kept in its own store and fed by the registry's change feed. Inside a transaction the copy is
// read like any table; a miss has been resolved against the registry before the transaction started (pipeline stage
// `resolve`). The organisation table of the copy is the store's organisation tree. Its rows carry the etags and times
// of this store, not the registry's. Thread-safe.
class Directory {
 public:
  // Adds the tables; before Database::Open.
  explicit Directory(storage::Database& database);

  // The local copy; FAILED_PRECONDITION with reason REFERENCE_NOT_FOUND.
  absl::StatusOr<registry::v1::Organization> Organization(const storage::Reader& reader, std::string_view name) const;
  absl::StatusOr<registry::v1::Member> Member(const storage::Reader& reader, std::string_view name) const;
  absl::StatusOr<registry::v1::Household> Household(const storage::Reader& reader, std::string_view name) const;
  absl::StatusOr<registry::v1::Resident> Resident(const storage::Reader& reader, std::string_view name) const;

  // The name under which a resident or household is counted, as the copy stands: a resident with a member record under
  // the member's name, a duplicate under that of the record that stays. Every other name, and one that the copy does
  // not hold, stands for itself. The one place where this is decided.
  absl::StatusOr<std::string> CanonicalName(const storage::Reader& reader, std::string_view name) const;

  // Every name of a person that is counted under the same name as `name`, that one first.
  absl::StatusOr<std::vector<std::string>> NamesOfSame(const storage::Reader& reader, std::string_view name) const;

  // The date of birth of a member or resident by the register: that of the record itself or, where it has none, of
  // another record of the same person; nullopt when none tells it.
  absl::StatusOr<std::optional<Day>> BirthOf(const storage::Reader& reader, std::string_view name) const;

  // Told, in the transaction of the change, that what was counted under `name` may now be counted under another: the
  // follower rewrites its rows that are counted under `name` (RenameRows). An error fails the transaction.
  using Follower = std::function<absl::Status(storage::Transaction& txn, std::string_view name)>;
  // Before Database::Open.
  void AddFollower(Follower follower) { followers_.push_back(std::move(follower)); }
  // Told, in the same way and after those, that the register now says something else of the person counted under
  // `name`: the date of birth or the sex. The follower brings its rows that rest on these up to date.
  void AddFactFollower(Follower follower) { fact_followers_.push_back(std::move(follower)); }
  // Runs `write`, which stores or removes the record `name` of the copy, and tells the followers when that changes the
  // name under which it is counted (a merge, its reversal, a link to a member) or what it says of the person. All in
  // one transaction, since between two of them a person would be counted twice; the rows of one person or household are
  // few.
  absl::Status Write(storage::Transaction& txn, std::string_view name, absl::FunctionRef<absl::Status()> write) const;

  const storage::Table<registry::v1::Organization>& organizations() const { return organizations_; }
  const storage::Table<registry::v1::Member>& members() const { return members_; }
  const storage::Table<registry::v1::Household>& households() const { return households_; }
  const storage::Table<registry::v1::Resident>& residents() const { return residents_; }
  const storage::Table<registry::v1::ResidentUnit>& resident_units() const { return resident_units_; }
  // Reference data: small, and not asked for on a miss.
  const storage::Table<registry::v1::Unit>& units() const { return units_; }
  const storage::Table<registry::v1::Calendar>& calendars() const { return calendars_; }
  // All of them, those first that others refer to.
  std::vector<const storage::TableCore*> tables() const;

 private:
  storage::Table<registry::v1::Organization>& organizations_;
  storage::Table<registry::v1::Member>& members_;
  storage::Table<registry::v1::Household>& households_;
  storage::Table<registry::v1::Resident>& residents_;
  storage::Table<registry::v1::ResidentUnit>& resident_units_;
  storage::Table<registry::v1::Unit>& units_;
  storage::Table<registry::v1::Calendar>& calendars_;
  std::vector<Follower> followers_;
  std::vector<Follower> fact_followers_;
};

// The edges of an organisation as the tree of a store takes them.
std::vector<storage::TreeEdge> TreeEdgesOf(const registry::v1::Organization& organization);

}  // namespace dangjian::change
