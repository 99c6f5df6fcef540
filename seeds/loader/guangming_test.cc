// The shipped community, counted before anything is sent: whoever edits a seed file sees here which figure moves.
#include <map>
#include <set>
#include <string>
#include <type_traits>

#include "common/types/date.h"
#include "dangjian/activity/v1/activity.pb.h"
#include "dangjian/activity/v1/attendance.pb.h"
#include "dangjian/activity/v1/team_membership.pb.h"
#include "dangjian/registry/v1/household.pb.h"
#include "dangjian/registry/v1/resident.pb.h"
#include "dangjian/welfare/v1/home_visit.pb.h"
#include "dangjian/welfare/v1/mls_case.pb.h"
#include "dangjian/welfare/v1/mls_rule_set.pb.h"
#include "gtest/gtest.h"
#include "seeds/loader/seed_reader.h"

namespace dangjian::seeds {
namespace {

class GuangmingTest : public ::testing::Test {
 protected:
  void SetUp() override {
    absl::StatusOr<std::vector<Stage>> stages = ReadSeeds(std::string(DANGJIAN_SEEDS_DIR) + "/guangming");
    ASSERT_TRUE(stages.ok()) << stages.status();
    stages_ = *std::move(stages);
  }

  // Calls `visit` with every request of a type.
  template <class Request, class Visit>
  void ForEach(const Visit& visit) const {
    ForEach<Request, NoBatch>(visit);
  }
  // The same for those that may also come in a `Batch`.
  template <class Create, class Batch, class Visit>
  void ForEach(const Visit& visit) const {
    for (const Stage& stage : stages_) {
      for (const Chain& chain : stage.chains) {
        for (const Call& call : chain.calls()) {
          if (const auto* request = dynamic_cast<const Create*>(call.request.get())) visit(*request);
          if constexpr (!std::is_same_v<Batch, NoBatch>) {
            const auto* batch = dynamic_cast<const Batch*>(call.request.get());
            if (batch == nullptr) continue;
            for (const Create& request : batch->requests()) visit(request);
          }
        }
      }
    }
  }

  struct NoBatch {};
  std::vector<Stage> stages_;
};

TEST_F(GuangmingTest, EveryResidentLivesInAHouseholdOfTheRegister) {
  std::set<std::string> households;
  ForEach<registry::v1::CreateHouseholdRequest, registry::v1::BatchCreateHouseholdsRequest>(
      [&](const auto& r) { households.insert("households/" + r.household_id()); });
  EXPECT_EQ(households.size(), 7971);
  std::set<std::string> residents;
  ForEach<registry::v1::CreateResidentRequest, registry::v1::BatchCreateResidentsRequest>([&](const auto& r) {
    residents.insert(r.resident_id());
    EXPECT_TRUE(households.contains(r.resident().memberships(0).household())) << r.resident_id();
  });
  EXPECT_EQ(residents.size(), 20839);
}

// What the rules make of the families sums to the year's 1,415,312.00 yuan: 12 months, 8 for the one that was granted
// in April.
TEST_F(GuangmingTest, TheAllowancesOfTheYearAddUp) {
  int64_t standard = 0;
  ForEach<welfare::v1::CreateMlsRuleSetRequest, welfare::v1::BatchCreateMlsRuleSetsRequest>(
      [&](const auto& r) { standard = r.mls_rule_set().standard_fen(); });
  std::map<std::string, int64_t> months;
  ForEach<welfare::v1::ConfirmMlsCaseRequest>([&](const auto& r) {
    const Day decided = DayOr(r.note().decided_on(), Day());
    months[r.name()] = decided.year() < 2006 ? 12 : 12 - decided.month();
  });
  int64_t total = 0;
  std::set<std::string> persons;
  ForEach<welfare::v1::CreateMlsCaseRequest, welfare::v1::BatchCreateMlsCasesRequest>([&](const auto& r) {
    const auto& inputs = r.mls_case().inputs();
    for (const auto& member : inputs.family()) persons.insert(member.resident());
    ASSERT_EQ(inputs.incomes(0).amount_fen() % inputs.incomes(0).months(), 0);
    const int64_t income = inputs.incomes(0).amount_fen() / inputs.incomes(0).months();
    total += months.at("mlsCases/" + r.mls_case_id()) * (standard * inputs.family_size() - income);
  });
  EXPECT_EQ(months.size(), 998);
  EXPECT_EQ(persons.size(), 2193);
  EXPECT_EQ(total, 141'531'200);
}

TEST_F(GuangmingTest, PeopleAreCountedOnceHoweverOftenTheyTakePart) {
  std::set<std::string> dancers;
  std::set<std::string> volunteers;
  std::set<std::string> visited;
  int times = 0;
  ForEach<activity::v1::CreateTeamMembershipRequest, activity::v1::BatchCreateTeamMembershipsRequest>(
      [&](const auto& r) {
        if (r.team_membership().team().starts_with("teams/culture")) dancers.insert(r.team_membership().person());
      });
  ForEach<activity::v1::CreateAttendanceRequest, activity::v1::BatchCreateAttendancesRequest>([&](const auto& r) {
    volunteers.insert(r.attendance().person());
    ++times;
  });
  ForEach<welfare::v1::CreateHomeVisitRequest, welfare::v1::BatchCreateHomeVisitsRequest>(
      [&](const auto& r) { visited.insert(r.home_visit().household()); });
  EXPECT_EQ(dancers.size(), 451);
  EXPECT_EQ(volunteers.size(), 386);
  EXPECT_EQ(times, 506);
  EXPECT_EQ(visited.size(), 7512);
}

}  // namespace
}  // namespace dangjian::seeds
