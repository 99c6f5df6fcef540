#include "seeds/loader/runner.h"

#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "common/base/mutex.h"
#include "common/status/errors.h"
#include "dangjian/registry/v1/organization.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace dangjian::seeds {
namespace {

using registry::v1::CreateOrganizationRequest;
using registry::v1::GetOrganizationRequest;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// Answers as a gateway would: a request_id that was seen is a replay. Fails where a test says so.
class FakeGateway final : public Caller {
 public:
  absl::StatusOr<bool> Call(const google::protobuf::Message& request, const std::string& caller) override {
    const auto& create = static_cast<const CreateOrganizationRequest&>(request);
    MutexLock lock(mutex_);
    if (int& left = outages_[create.organization_id()]; left > 0) {
      --left;
      return Error(reasons::kBackendUnavailable, "down");
    }
    if (create.organization_id() == refused_) return Error(reasons::kReferenceNotFound, "no such parent");
    order_.push_back(create.organization_id());
    callers_.push_back(caller);
    return !seen_.insert(create.request_id()).second;
  }

  // Tells how many calls have come so far.
  absl::Status Read(const google::protobuf::Message&,
                    const std::function<void(const google::protobuf::Message&)>& receive) override {
    registry::v1::Organization told;
    told.set_short_name(absl::StrCat("after ", order().size()));
    receive(told);
    return absl::OkStatus();
  }

  void FailFirst(const std::string& id, int times) { outages_[id] = times; }
  void Refuse(const std::string& id) { refused_ = id; }
  std::vector<std::string> order() {
    MutexLock lock(mutex_);
    return order_;
  }
  std::vector<std::string> callers() {
    MutexLock lock(mutex_);
    return callers_;
  }

 private:
  Mutex mutex_;
  std::map<std::string, int> outages_;
  std::string refused_;
  std::vector<std::string> order_;
  std::vector<std::string> callers_;
  std::set<std::string> seen_;
};

using registry::v1::Organization;

class RunnerTest : public ::testing::Test {
 protected:
  static Chain MakeChain(const std::vector<std::string>& ids) {
    Chain chain("10_x.csv:3");
    for (const std::string& id : ids) chain.Add<CreateOrganizationRequest>().set_organization_id(id);
    return chain;
  }
  static std::vector<Stage> TwoStages() {
    std::vector<Stage> stages(2);
    stages[0].title = "10_x.csv";
    stages[0].chains.push_back(MakeChain({"a", "b", "c"}));
    stages[1].title = "20_y.csv";
    stages[1].chains.push_back(MakeChain({"d"}));
    return stages;
  }
  absl::StatusOr<RunnerResult> RunStages(std::vector<Stage> stages) {
    return seeds::Run(stages, gateway_, clock_, options_);
  }

  FakeClock clock_{0};
  FakeGateway gateway_;
  RunnerOptions options_{.concurrency = 4,
                         .retry_micros = 1'000'000,
                         .sleep = [this](int64_t micros) { clock_.AdvanceMicros(micros); },
                         .progress = nullptr};
};

TEST_F(RunnerTest, KeepsTheOrderOfAChainAndOfStages) {
  const auto result = RunStages(TwoStages());
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->written, 4);
  EXPECT_EQ(result->already_there, 0);
  EXPECT_THAT(gateway_.order(), ElementsAre("a", "b", "c", "d"));
}

TEST_F(RunnerTest, SecondRunFindsEverythingThere) {
  ASSERT_TRUE(RunStages(TwoStages()).ok());
  const auto again = RunStages(TwoStages());
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->written, 0);
  EXPECT_EQ(again->already_there, 4);
}

TEST_F(RunnerTest, RunsEveryChainOfAStageOnce) {
  std::vector<Stage> stages(1);
  for (int i = 0; i < 200; ++i) stages[0].chains.push_back(MakeChain({absl::StrCat("o", i)}));
  size_t last = 0;
  options_.progress = [&last](const Stage&, size_t finished) { last = finished; };
  const auto result = RunStages(std::move(stages));
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->written, 200);
  EXPECT_EQ(last, 200);
}

TEST_F(RunnerTest, RepeatsWhileAServiceIsAway) {
  gateway_.FailFirst("b", 3);
  const auto result = RunStages(TwoStages());
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->written, 4);
  EXPECT_THAT(gateway_.order(), ElementsAre("a", "b", "c", "d"));
}

TEST_F(RunnerTest, GivesUpAfterTheBoundAndSaysWhere) {
  gateway_.FailFirst("b", 1000);
  const auto result = RunStages(TwoStages());
  EXPECT_TRUE(absl::IsUnavailable(result.status()));
  EXPECT_THAT(std::string(result.status().message()),
              HasSubstr("10_x.csv:3: CreateOrganizationRequest: BACKEND_UNAVAILABLE: down"));
  EXPECT_THAT(gateway_.order(), ElementsAre("a"));
  EXPECT_LE(clock_.NowMicros(), 1'000'000);
}

TEST_F(RunnerTest, StopsAtARefusalWithoutStartingTheNextStage) {
  gateway_.Refuse("b");
  const auto result = RunStages(TwoStages());
  EXPECT_THAT(std::string(result.status().message()), HasSubstr("REFERENCE_NOT_FOUND: no such parent"));
  EXPECT_THAT(gateway_.order(), ElementsAre("a"));
}

TEST_F(RunnerTest, RefusesReads) {
  std::vector<Stage> stages(1);
  Chain chain("10_x.csv:3");
  chain.Add<GetOrganizationRequest>();
  stages[0].chains.push_back(std::move(chain));
  EXPECT_THAT(std::string(RunStages(std::move(stages)).status().message()), HasSubstr("has no request_id"));
}

TEST(RequestIdTest, FollowsTypeAndContent) {
  CreateOrganizationRequest a;
  a.set_organization_id("a");
  CreateOrganizationRequest b;
  b.set_organization_id("b");
  EXPECT_EQ(RequestId(a), RequestId(a));
  EXPECT_NE(RequestId(a), RequestId(b));
  EXPECT_EQ(RequestId(a).size(), 37);
}

TEST_F(RunnerTest, ARequestIsCompletedFromAnAnswerJustBeforeItIsSent) {
  std::vector<Stage> stages(1);
  Chain chain("10_x.csv:3");
  chain.Add<CreateOrganizationRequest>().set_organization_id("first");
  chain.AddOpen<CreateOrganizationRequest>([](Caller& caller, CreateOrganizationRequest& request) {
    return caller.Read(GetOrganizationRequest(), [&](const google::protobuf::Message& told) {
      request.set_organization_id(static_cast<const Organization&>(told).short_name());
    });
  });
  stages[0].chains.push_back(std::move(chain));
  const auto result = RunStages(std::move(stages));
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_THAT(gateway_.order(), ElementsAre("first", "after 1"));
}

TEST_F(RunnerTest, ACallIsSentByItsCaller) {
  std::vector<Stage> stages(1);
  Chain chain("10_x.csv:3");
  chain.Add<CreateOrganizationRequest>().set_organization_id("first");
  chain.Add<CreateOrganizationRequest>().set_organization_id("second");
  chain.CallAs("reviewer");
  chain.AddOpen<CreateOrganizationRequest>([](Caller&, CreateOrganizationRequest& request) {
    request.set_organization_id("third");
    return absl::OkStatus();
  });
  chain.CallAs("approver");
  stages[0].chains.push_back(std::move(chain));
  ASSERT_TRUE(RunStages(std::move(stages)).ok());
  EXPECT_THAT(gateway_.callers(), ElementsAre("", "reviewer", "approver"));
}

}  // namespace
}  // namespace dangjian::seeds
