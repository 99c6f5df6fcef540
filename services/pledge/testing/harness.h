#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "common/auth/verifier.h"
#include "common/change/directory.h"
#include "common/obs/metrics.h"
#include "common/rpc/client.h"
#include "common/rpc/dispatcher.h"
#include "common/rpc/executor.h"
#include "common/rpc/method_table.h"
#include "common/rpc/page_tokens.h"
#include "common/rpc/router.h"
#include "common/testing/matchers.h"
#include "common/testing/test_database.h"
#include "dangjian/pledge/v1/pledge.pb.h"
#include "google/protobuf/message.h"
#include "grpcpp/server.h"
#include "gtest/gtest.h"
#include "services/pledge/module.h"

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

// The pledge service as a process has it, over a store in memory and a channel inside the process: calls go through the whole
// pipeline. Today is 2026-11-20. The directory holds a small street:
//   organizations/street (SUB_DISTRICT) over organizations/east and organizations/west (COMMUNITY);
//   organizations/east-branch (BRANCH) with its residents' committee organizations/east-committee under east;
//   organizations/discipline (DISCIPLINE_COMMISSION) under the street;
//   members/wang and members/li in east-branch since 2010, members/zhao in west; units percent, ge, square_metre;
//   calendars/2026. A running campaign campaigns/sanshuang of the street.
// When a test ends, every figure is recounted from the records.
class PledgeTest : public ::testing::Test {
 protected:
  PledgeTest();
  ~PledgeTest() override;
  void SetUp() override;
  void TearDown() override;

  template <class Resp>
  absl::StatusOr<Resp> Call(const google::protobuf::Message& request) {
    return client_->Call<Resp>(request);
  }
  // One call whose request is given as text.
  template <class Resp, class Req>
  absl::StatusOr<Resp> Call(const std::string& request) {
    return Call<Resp>(testing::Proto<Req>(request));
  }
  rpc::Client& client() { return *client_; }

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

  using Filters = std::vector<std::pair<size_t, std::vector<std::string>>>;
  // The value of a measure for `organizations/<id>` over the days of a flow.
  int64_t Figure(const std::string& measure, const std::string& id, DayRange days, const Filters& filters = {});
  // A stock as at a day.
  int64_t Figure(const std::string& measure, const std::string& id, Day day, const Filters& filters = {}) {
    return Figure(measure, id, DayRange{day, day}, filters);
  }
  int64_t LastRevision() { return database_.kv().LastRevision(); }
  // Keys whose kept figure differs from a recount.
  int64_t Drift();

  testing::TestDatabase database_;

 private:
  rpc::MethodTable methods_;
  rpc::Router router_{methods_};
  rpc::PageTokens page_tokens_{database_.clock()};
  obs::Metrics metrics_{"test"};
  rpc::Executor executor_{2, 64};
  std::unique_ptr<auth::Verifier> verifier_ = auth::NewDevelopmentVerifier();
  LateRegistry late_registry_;
  std::unique_ptr<change::Directory> directory_;
  PledgeModule module_;
  std::unique_ptr<rpc::Dispatcher> dispatcher_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<rpc::Client> client_;
};

// `2026-03-01` as the text form of a google.type.Date: `{ year: 2026 month: 3 day: 1 }`.
std::string DateText(const std::string& day);

}  // namespace dangjian::pledge
