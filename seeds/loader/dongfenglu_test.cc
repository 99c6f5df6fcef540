// The shipped street, counted before anything is sent: whoever edits a seed file sees here which figure moves.
#include <map>
#include <set>
#include <string>

#include "common/types/date.h"
#include "dangjian/pledge/v1/campaign_fund.pb.h"
#include "dangjian/pledge/v1/demonstration_site.pb.h"
#include "dangjian/pledge/v1/evaluation_round.pb.h"
#include "dangjian/pledge/v1/pledge.pb.h"
#include "dangjian/registry/v1/assignment.pb.h"
#include "dangjian/registry/v1/member.pb.h"
#include "dangjian/registry/v1/organization.pb.h"
#include "dangjian/registry/v1/report_in.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "seeds/loader/runner.h"
#include "seeds/loader/seed_reader.h"

namespace dangjian::seeds {
namespace {

using ::testing::AllOf;
using ::testing::Each;
using ::testing::Ge;
using ::testing::Le;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

class DongfengluTest : public ::testing::Test {
 protected:
  void SetUp() override {
    absl::StatusOr<std::vector<Stage>> stages = ReadSeeds(std::string(DANGJIAN_SEEDS_DIR) + "/dongfenglu");
    ASSERT_TRUE(stages.ok()) << stages.status();
    stages_ = *std::move(stages);
  }

  // Calls `visit` with every request of type `Request`.
  template <class Request, class Visit>
  void ForEach(const Visit& visit) const {
    for (const Stage& stage : stages_) {
      for (const Chain& chain : stage.chains) {
        for (const Call& call : chain.calls()) {
          if (const auto* request = dynamic_cast<const Request*>(call.request.get())) visit(*request);
        }
      }
    }
  }

  std::vector<Stage> stages_;
};

TEST_F(DongfengluTest, HasTwelveCommunitiesAndThirteenBranches) {
  std::map<int, int> kinds;
  ForEach<registry::v1::CreateOrganizationRequest>([&](const auto& r) { ++kinds[r.organization().kind()]; });
  EXPECT_EQ(kinds[registry::v1::ORGANIZATION_KIND_COMMUNITY], 12);
  EXPECT_EQ(kinds[registry::v1::ORGANIZATION_KIND_RESIDENTS_COMMITTEE], 12);
  EXPECT_EQ(kinds[registry::v1::ORGANIZATION_KIND_BRANCH], 13);
  EXPECT_EQ(kinds[registry::v1::ORGANIZATION_KIND_SUB_DISTRICT], 1);
}

TEST_F(DongfengluTest, HasFourHundredSixtySixMembersWithUniqueIds) {
  std::set<std::string> ids;
  ForEach<registry::v1::CreateMemberRequest>([&](const auto& r) {
    ids.insert(r.member_id());
    EXPECT_LE(DayOr(r.member().admitted_on(), Day::Max()), Day::Of(2024, 6, 30)) << r.member_id();
  });
  EXPECT_EQ(ids.size(), 466);
}

TEST_F(DongfengluTest, PledgesAddUpByKindOfPledger) {
  std::map<int, int> items;
  ForEach<pledge::v1::CreatePledgeRequest>([&](const auto& r) {
    items[r.pledge().pledger_kind()] += r.pledge().items_size();
    std::set<std::string> texts;
    for (const auto& item : r.pledge().items()) texts.insert(item.text());
    EXPECT_EQ(texts.size(), r.pledge().items_size()) << r.pledge_id() << " promises something twice";
  });
  EXPECT_THAT(items, UnorderedElementsAre(Pair(pledge::v1::PLEDGER_KIND_ORGANIZATION, 117),
                                          Pair(pledge::v1::PLEDGER_KIND_MEMBER, 1165),
                                          Pair(pledge::v1::PLEDGER_KIND_OFFICE_MEMBER, 86)));
}

TEST_F(DongfengluTest, NoItemIsOverdueOnTheLastOfJune) {
  std::map<std::string, Day> due;
  std::set<std::string> verified;
  ForEach<pledge::v1::CreatePledgeRequest>([&](const auto& r) {
    for (const auto& item : r.pledge().items()) {
      due[r.pledge_id() + "/" + item.item_id()] = DayOr(item.due_date(), Day::Min());
    }
  });
  ForEach<pledge::v1::VerifyPledgeItemRequest>([&](const auto& r) {
    EXPECT_LE(DayOr(r.verified_on(), Day::Max()), Day::Of(2024, 6, 30));
    verified.insert(r.name().substr(std::string("pledges/").size()) + "/" + r.item_id());
  });
  int settled = 0;
  for (const auto& [item, day] : due) {
    EXPECT_TRUE(day > Day::Of(2024, 6, 30) || verified.contains(item)) << item;
    settled += verified.contains(item);
  }
  EXPECT_GT(settled, 500);
  EXPECT_LT(settled, 800);
}

TEST_F(DongfengluTest, FundFollowsFromTheReportIns) {
  std::map<std::string, int> heads;
  ForEach<registry::v1::CreateCommunityReportInRequest>([&](const auto& r) {
    ++heads[r.community_report_in().organization()];
    EXPECT_LE(DayOr(r.community_report_in().reported_on(), Day::Max()), Day::Of(2024, 3, 1));
  });
  int64_t total_fen = 0;
  ForEach<pledge::v1::CreateCampaignFundRequest>([&](const auto& r) {
    EXPECT_EQ(r.campaign_fund().allotments_size(), 13);
    for (const auto& allotment : r.campaign_fund().allotments()) {
      EXPECT_EQ(allotment.headcount(), heads[allotment.organization()]) << allotment.organization();
      total_fen += allotment.headcount() * r.campaign_fund().rate_fen();
    }
  });
  EXPECT_EQ(total_fen, 295000);
  int64_t transferred_fen = 0;
  ForEach<pledge::v1::RecordTransferRequest>([&](const auto& r) { transferred_fen += r.transfer().amount_fen(); });
  EXPECT_EQ(transferred_fen, total_fen);
}

TEST_F(DongfengluTest, PostsAreFilledAsTheStreetReports) {
  std::map<int, int> posts;
  std::map<std::string, int> liaisons;
  std::set<std::string> cared_for;
  ForEach<registry::v1::CreateAssignmentRequest>([&](const auto& r) {
    ++posts[r.assignment().kind()];
    if (r.assignment().kind() != registry::v1::ASSIGNMENT_KIND_COMMITTEE_LIAISON) return;
    ++liaisons[r.assignment().member()];
    cared_for.insert(r.assignment().organization());
  });
  EXPECT_EQ(posts[registry::v1::ASSIGNMENT_KIND_SECRETARY], 14);
  EXPECT_EQ(posts[registry::v1::ASSIGNMENT_KIND_LEADING_GROUP_CHAIR], 14);
  EXPECT_EQ(posts[registry::v1::ASSIGNMENT_KIND_PARTY_BUILDING_INSTRUCTOR], 12);
  EXPECT_EQ(cared_for.size(), 12);
  for (const auto& [member, communities] : liaisons) EXPECT_THAT(communities, AllOf(Ge(2), Le(3))) << member;
}

TEST_F(DongfengluTest, EveryMemberIsEvaluatedOnceAndSheetsAddUp) {
  std::multiset<std::string> members;
  int committee_rounds = 0;
  ForEach<pledge::v1::CreateEvaluationRoundRequest>([&](const auto& r) {
    if (r.evaluation_round().direction() == pledge::v1::EVALUATION_DIRECTION_COMMITTEES) {
      ++committee_rounds;
    } else {
      members.insert(r.evaluation_round().ratees().begin(), r.evaluation_round().ratees().end());
    }
  });
  EXPECT_EQ(committee_rounds, 12);
  EXPECT_EQ(members.size(), 466);
  EXPECT_EQ(std::set<std::string>(members.begin(), members.end()).size(), 466);
  ForEach<pledge::v1::RecordTallySheetsRequest>([](const auto& r) {
    for (const auto& sheet : r.tally_sheets()) {
      EXPECT_GE(sheet.issued(), sheet.returned()) << r.name();
      EXPECT_EQ(sheet.returned(), sheet.valid() + sheet.blank() + sheet.spoiled()) << r.name();
      int graded = 0;
      for (const auto& grade : sheet.grades()) {
        EXPECT_GE(grade.ballots(), 0) << r.name();
        graded += grade.ballots();
      }
      EXPECT_EQ(graded, sheet.valid()) << r.name();
    }
  });
}

TEST_F(DongfengluTest, ReadingAgainGivesTheSameRequests) {
  const absl::StatusOr<std::vector<Stage>> again = ReadSeeds(std::string(DANGJIAN_SEEDS_DIR) + "/dongfenglu");
  ASSERT_TRUE(again.ok());
  std::set<std::string> ids;
  size_t calls = 0;
  for (size_t s = 0; s < stages_.size(); ++s) {
    ASSERT_EQ(stages_[s].chains.size(), (*again)[s].chains.size());
    for (size_t c = 0; c < stages_[s].chains.size(); ++c) {
      const auto& first = stages_[s].chains[c].calls();
      const auto& second = (*again)[s].chains[c].calls();
      ASSERT_EQ(first.size(), second.size());
      for (size_t i = 0; i < first.size(); ++i) {
        EXPECT_EQ(RequestId(*first[i].request), RequestId(*second[i].request)) << first[i].source;
        ids.insert(RequestId(*first[i].request));
        ++calls;
      }
    }
  }
  EXPECT_EQ(ids.size(), calls) << "two requests share a request_id";
}

}  // namespace
}  // namespace dangjian::seeds
