#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "common/server/testing/service_fixture.h"
#include "dangjian/pledge/v1/pledge.pb.h"

namespace dangjian::pledge {

// Plays the registry for misses of the directory: holds records that the feed has not brought.
class LateRegistry final : public rpc::ReferenceResolver {
 public:
  using Store = std::function<absl::Status(const std::string& name)>;
  void Promise(const std::string& name, Store store) { promised_.emplace_back(name, std::move(store)); }
  bool Replicates(std::string_view collection) const override {
    return collection == "organizations" || collection == "members";
  }
  void Resolve(const rpc::CallContext& context, std::vector<std::string> names,
               std::function<void(absl::Status)> done) override;
  int asked() const { return asked_; }

 private:
  std::vector<std::pair<std::string, Store>> promised_;
  std::atomic<int> asked_ = 0;
};

// The pledge service, served as server::ServiceTest says. The directory holds a small street:
//   organizations/street (SUB_DISTRICT) over organizations/east and organizations/west (COMMUNITY);
//   organizations/east-branch (BRANCH) with its residents' committee organizations/east-committee under east;
//   organizations/discipline (DISCIPLINE_COMMISSION) under the street;
//   members/wang and members/li in east-branch since 2010, members/zhao in west; units percent, ge, square_metre;
//   calendars/2026. A running campaign campaigns/sanshuang of the street.
class PledgeTest : public server::ServiceTest {
 protected:
  PledgeTest();
  void SetUp() override;

  // Writes into the directory, as the feed would.
  absl::Status AddOrganization(const std::string& id, const std::string& kind, const std::string& parent = "");
  absl::Status AddMember(const std::string& id, const std::string& organization);
  absl::Status AddUnit(const std::string& code);
  LateRegistry& late_registry() { return late_registry_; }

  // `pledges/<id>` of members/wang for organizations/east, in DRAFT; items due on the days given, named 1, 2, ….
  void AddPledge(const std::string& id, const std::vector<std::string>& due_dates = {"2026-12-31"},
                 const std::string& more = "");
  // The same, PUBLISHED on a day.
  void AddPublished(const std::string& id, const std::string& published_on,
                    const std::vector<std::string>& due_dates = {"2026-12-31"}, const std::string& more = "");

 private:
  LateRegistry late_registry_;
};

// `2026-03-01` as the text form of a google.type.Date: `{ year: 2026 month: 3 day: 1 }`.
std::string DateText(const std::string& day);

}  // namespace dangjian::pledge
