#pragma once

#include <functional>
#include <memory>
#include <string>

#include "common/base/status_macros.h"
#include "common/server/testing/late_registry.h"
#include "common/server/testing/service_fixture.h"

namespace dangjian::server {

// A module over a directory that holds a small street:
//   organizations/street (SUB_DISTRICT) over organizations/east and organizations/west (COMMUNITY);
//   organizations/east-branch (BRANCH) with its residents' committee organizations/east-committee under east;
//   organizations/discipline (DISCIPLINE_COMMISSION) under the street;
//   members/wang and members/li in east-branch since 2010, members/zhao in west;
//   households/h-1 and h-2 in east-committee, h-3 in west, all since 2000;
//   residents/zhang-1 (head) and residents/zhang-2 (son) in h-1, residents/chen-1 (head) in h-2, residents/gao-1 (head)
//   in h-3; residentUnits/school in east; units percent, ge, square_metre; calendars/2026.
class StreetTest : public ServiceTest {
 protected:
  explicit StreetTest(std::unique_ptr<Module> module) : ServiceTest(std::move(module), &late_registry_) {}
  void SetUp() override;

  // Each writes into the directory, as the feed would.
  absl::Status AddOrganization(const std::string& id, const std::string& kind, const std::string& parent = "");
  // Puts an organisation that has a parent under another one from a day on.
  absl::Status MoveOrganization(const std::string& id, const std::string& parent, Day from);
  absl::Status AddMember(const std::string& id, const std::string& organization);
  absl::Status AddUnit(const std::string& code);
  absl::Status AddHousehold(const std::string& id, const std::string& organization);
  // `relation_code` by GB/T 4761: `01` is the head.
  absl::Status AddResident(const std::string& id, const std::string& organization, const std::string& household,
                           const std::string& relation_code);
  // `residents/<id>`, or the household, was entered twice and is merged into another, and back when `into` is empty.
  absl::Status MergeResident(const std::string& id, const std::string& into);
  absl::Status MergeHousehold(const std::string& id, const std::string& into);
  // Any other change that the registry makes.
  absl::Status ChangeResident(const std::string& id, const std::function<void(registry::v1::Resident&)>& change);
  absl::Status ChangeHousehold(const std::string& id, const std::function<void(registry::v1::Household&)>& change);
  absl::Status ChangeMember(const std::string& id, const std::function<void(registry::v1::Member&)>& change);
  // The member record of a resident, and none when `member` is empty.
  absl::Status LinkToMember(const std::string& resident, const std::string& member);
  absl::Status AddResidentUnit(const std::string& id, const std::string& organization);
  LateRegistry& late_registry() { return late_registry_; }

 private:
  template <class M>
  absl::Status Add(const storage::Table<M>& table, M row) {
    return database_.Write([&](storage::Transaction& txn) { return table.Insert(txn, row); }).status();
  }

  // The record, changed.
  template <class M>
  absl::Status Change(const storage::Table<M>& table, const std::string& name, const std::function<void(M&)>& change) {
    const auto write = [&](storage::Transaction& txn) -> absl::Status {
      ASSIGN_OR_RETURN(M row, table.Get(txn.reader(), name));
      change(row);
      return directory().Write(txn, name, [&] { return table.Update(txn, row); });
    };
    return database_.Write(write).status();
  }

  LateRegistry late_registry_;
};

// `2026-03-01` as the text form of a google.type.Date: `{ year: 2026 month: 3 day: 1 }`.
std::string DateText(const std::string& day);

}  // namespace dangjian::server
