#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "common/auth/verifier.h"
#include "common/base/status_macros.h"
#include "common/change/directory.h"
#include "common/obs/metrics.h"
#include "common/rpc/client.h"
#include "common/rpc/dispatcher.h"
#include "common/rpc/executor.h"
#include "common/server/module.h"
#include "common/server/testing/method_promises.h"
#include "common/testing/matchers.h"
#include "common/testing/test_database.h"
#include "google/protobuf/message.h"
#include "grpcpp/server.h"
#include "gtest/gtest.h"

namespace dangjian::server {

// A fixture that serves one module as a process does, over a store in memory and a connection of this machine: calls go
// through the whole pipeline. Today is 2026-11-20. When a test ends, every figure is recounted from the records.
class ServiceTest : public ::testing::Test {
 protected:
  // With `resolver` the store has a directory, and its misses are asked of the resolver, which must outlive the
  // fixture.
  explicit ServiceTest(std::unique_ptr<Module> module, rpc::ReferenceResolver* resolver = nullptr);
  ~ServiceTest() override;
  void SetUp() override;
  void TearDown() override;

  // One call by a clerk, with what MethodPromises checks around it.
  template <class Resp>
  absl::StatusOr<Resp> Call(const google::protobuf::Message& request, const rpc::CallOptions& options = {}) {
    Resp response;
    RETURN_IF_ERROR(MethodPromises(*client_, *database_).Call(request, &response, options));
    return response;
  }
  // One call whose request is given as text.
  template <class Resp, class Req>
  absl::StatusOr<Resp> Call(const std::string& request) {
    return Call<Resp>(testing::Proto<Req>(request));
  }
  rpc::Client& client() { return *client_; }
  change::Directory& directory() { return *directory_; }

  // Filters by position of the dimension.
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
  rpc::ReferenceResolver* const resolver_;
  std::unique_ptr<change::Directory> directory_;
  std::unique_ptr<Module> module_;
  std::unique_ptr<rpc::Dispatcher> dispatcher_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<rpc::Client> client_;
};

}  // namespace dangjian::server
