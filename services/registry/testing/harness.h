#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "common/auth/verifier.h"
#include "common/obs/metrics.h"
#include "common/rpc/client.h"
#include "common/rpc/dispatcher.h"
#include "common/rpc/executor.h"
#include "common/rpc/method_table.h"
#include "common/rpc/page_tokens.h"
#include "common/rpc/router.h"
#include "common/testing/matchers.h"
#include "common/testing/test_database.h"
#include "google/protobuf/message.h"
#include "grpcpp/server.h"
#include "gtest/gtest.h"
#include "services/registry/module.h"

namespace dangjian::registry {

// The registry as a process has it, over a store in memory and a loopback port of its own: calls go through the whole
// pipeline. Today is 2026-11-20. When a test ends, every figure is recounted from the records.
class RegistryTest : public ::testing::Test {
 protected:
  void SetUp() override;
  void TearDown() override;

  // One call by a clerk.
  template <class Resp>
  absl::StatusOr<Resp> Call(const google::protobuf::Message& request) {
    return client_->Call<Resp>(request);
  }
  // One call whose request is given as text.
  template <class Resp, class Req>
  absl::StatusOr<Resp> Call(const std::string& request) {
    return Call<Resp>(testing::Proto<Req>(request));
  }

  // An active organisation, since 2000-01-01; `more` are further fields in text form.
  void AddOrganization(const std::string& id, const std::string& kind, const std::string& more = "");
  // A full member of `organization` since 2010-01-01, admitted a year before.
  void AddMember(const std::string& id, const std::string& organization);

  using Filters = std::vector<std::pair<size_t, std::vector<std::string>>>;
  // The value of a measure for `organizations/<id>` on a day, or over the days of a flow.
  int64_t Figure(const std::string& measure, const std::string& id, DayRange days, const Filters& filters = {});
  int64_t Figure(const std::string& measure, const std::string& id, Day day, const Filters& filters = {}) {
    return Figure(measure, id, DayRange{day, day}, filters);
  }
  int64_t LastRevision() { return database_.kv().LastRevision(); }

  testing::TestDatabase database_;

 private:
  rpc::MethodTable methods_;
  rpc::Router router_{methods_};
  rpc::PageTokens page_tokens_{database_.clock()};
  obs::Metrics metrics_{"test"};
  rpc::Executor executor_{2, 64};
  std::unique_ptr<auth::Verifier> verifier_ = auth::NewDevelopmentVerifier();
  RegistryModule module_;
  std::unique_ptr<rpc::Dispatcher> dispatcher_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<rpc::Client> client_;
};

}  // namespace dangjian::registry
