#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/auth/verifier.h"
#include "common/base/clock.h"
#include "common/base/mutex.h"
#include "common/rpc/client.h"
#include "common/rpc/dispatcher.h"
#include "common/rpc/executor.h"
#include "common/rpc/method_table.h"
#include "common/rpc/replica_age.h"
#include "common/rpc/router.h"
#include "common/rpc/server_transport.h"
#include "common/status/errors.h"
#include "common/types/date.h"
#include "dangjian/gateway/v1/report_service.pb.h"
#include "dangjian/measure/v1/measure_service.pb.h"
#include "grpcpp/security/server_credentials.h"
#include "grpcpp/server.h"
#include "grpcpp/server_builder.h"
#include "services/gateway/report/report_service.h"

// Servers in this process for tests of reports: services that answer from a list of contributions, and a gateway before
// them.

namespace dangjian::gateway {

// A gRPC server on a free port: a router's handlers behind the whole pipeline.
class TestServer {
 public:
  // `register_handlers` fills the router with the handlers of the service that is declared beside the message
  // `Request`.
  TestServer(const google::protobuf::ServiceDescriptor& service,
             const std::function<void(rpc::Router&)>& register_handlers)
      : verifier_(auth::NewDevelopmentVerifier()), router_(methods_), executor_(8, 64) {
    Check(methods_.AddService(service));
    register_handlers(router_);
    auto dispatcher =
        rpc::Dispatcher::Create({.router = router_, .verifier = *verifier_, .clock = clock_, .executor = executor_});
    Check(dispatcher.status());
    dispatcher_ = *std::move(dispatcher);
    grpc::ServerBuilder builder;
    rpc::ApplyTransportLimits(builder);
    builder.RegisterCallbackGenericService(dispatcher_.get());
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
    server_ = builder.BuildAndStart();
  }
  ~TestServer() { Stop(); }

  void Stop() {
    if (server_ == nullptr) return;
    server_->Shutdown(std::chrono::system_clock::now());
    server_->Wait();
    server_ = nullptr;
  }

  std::shared_ptr<rpc::ClientChannel> Channel() const {
    return rpc::ClientChannel::Make(absl::StrCat("127.0.0.1:", port_));
  }

 private:
  static void Check(const absl::Status& status) {
    if (!status.ok()) {
      std::fprintf(stderr, "%s\n", status.ToString().c_str());
      std::abort();
    }
  }

  SystemClock clock_;
  std::unique_ptr<auth::Verifier> verifier_;
  rpc::MethodTable methods_;
  rpc::Router router_;
  rpc::Executor executor_;
  std::unique_ptr<rpc::Dispatcher> dispatcher_;
  std::unique_ptr<grpc::Server> server_;
  int port_ = 0;
};

// A service that keeps measures as plain lists of contributions. Knows one organisation. Thread-safe.
class FakeService {
 public:
  static constexpr char kOrganization[] = "organizations/street";
  static constexpr char kEpoch[] = "epoch";

  FakeService()
      : server_(*measure::v1::ListMeasuresRequest::descriptor()->file()->FindServiceByName("MeasureService"),
                [this](rpc::Router& router) {
                  router.Unary(this, &FakeService::ListMeasures);
                  router.Unary(this, &FakeService::QueryMeasures);
                  router.Unary(this, &FakeService::ListContributions);
                }) {}
  ~FakeService() { Unblock(); }

  void Declare(const measure::v1::Measure& measure) {
    MutexLock lock(mutex_);
    measures_[measure.id()] = measure;
  }
  // Adds a record of `amount` on a day.
  void Add(const std::string& measure, Day day, int64_t amount, std::vector<std::string> dimensions = {},
           common::v1::Qualifier qualifier = common::v1::QUALIFIER_EXACT) {
    MutexLock lock(mutex_);
    measure::v1::MeasureContribution contribution;
    contribution.set_record(absl::StrCat("records/", ++revision_));
    contribution.set_organization(kOrganization);
    *contribution.mutable_date() = DayToProto(day);
    contribution.set_amount(amount);
    contribution.set_qualifier(qualifier);
    for (std::string& dimension : dimensions) contribution.add_dimensions(std::move(dimension));
    contributions_[measure].push_back(contribution);
  }
  // Every later question gets this error; OK: answers again.
  void Fail(absl::Status status) {
    MutexLock lock(mutex_);
    failure_ = std::move(status);
  }
  // From now on the service answers from a directory that holds the registry up to `revision`; it catches up with what
  // is asked of it once it has refused `refusals` times for being behind.
  void SetDirectory(int64_t revision, bool stale, int refusals, const std::string& epoch = kEpoch) {
    MutexLock lock(mutex_);
    directory_.emplace();
    directory_->set_epoch(epoch);
    directory_->set_revision(revision);
    directory_->set_stale(stale);
    refusals_ = refusals;
  }
  // Questions wait until Unblock.
  void Block() {
    MutexLock lock(mutex_);
    blocked_ = true;
  }
  void Unblock() {
    MutexLock lock(mutex_);
    blocked_ = false;
    unblocked_.NotifyAll();
  }
  void Stop() { server_.Stop(); }
  // Runs once, just before the next page of contributions is read.
  void BeforeNextPage(std::function<void()> action) {
    MutexLock lock(mutex_);
    before_page_ = std::move(action);
  }
  int query_calls() {
    MutexLock lock(mutex_);
    return query_calls_;
  }
  int list_calls() {
    MutexLock lock(mutex_);
    return list_calls_;
  }
  std::string last_caller() {
    MutexLock lock(mutex_);
    return last_caller_;
  }
  std::shared_ptr<rpc::ClientChannel> Channel() { return server_.Channel(); }

 private:
  using Contribution = measure::v1::MeasureContribution;

  absl::StatusOr<measure::v1::ListMeasuresResponse> ListMeasures(rpc::CallContext& context,
                                                                 const measure::v1::ListMeasuresRequest&) {
    MutexLock lock(mutex_);
    ++list_calls_;
    if (absl::Status status = Enter(context); !status.ok()) return status;
    measure::v1::ListMeasuresResponse response;
    for (const auto& [id, measure] : measures_) *response.add_measures() = measure;
    response.set_revision(revision_);
    response.set_epoch(kEpoch);
    return response;
  }

  absl::StatusOr<measure::v1::QueryMeasuresResponse> QueryMeasures(rpc::CallContext& context,
                                                                   const measure::v1::QueryMeasuresRequest& request) {
    MutexLock lock(mutex_);
    ++query_calls_;
    if (absl::Status status = Enter(context); !status.ok()) return status;
    measure::v1::QueryMeasuresResponse response;
    response.set_revision(revision_);
    response.set_epoch(kEpoch);
    if (directory_.has_value()) {
      if (request.min_directory_revision() > directory_->revision()) {
        if (refusals_-- > 0) return WithRetryDelay(Error(rpc::kDirectoryBehind, "not yet"), 1);
        directory_->set_revision(request.min_directory_revision());
      }
      *response.mutable_directory() = *directory_;
    }
    for (const auto& selector : request.selectors()) {
      if (selector.organization() != kOrganization) return Error(reasons::kRecordNotFound, "no such organization");
      measure::v1::MeasureValue& value = *response.add_values();
      std::map<std::string, int64_t> groups;
      for (const Contribution& contribution : Select(selector)) {
        value.set_value(value.value() + contribution.amount());
        value.set_qualifier(std::max(value.qualifier(), contribution.qualifier()));
        if (selector.group_by().empty()) continue;
        groups[contribution.dimensions(Position(selector.measure(), selector.group_by()))] += contribution.amount();
      }
      for (const auto& [key, amount] : groups) {
        auto& group = *value.add_groups();
        group.set_key(key);
        group.set_value(amount);
      }
    }
    return response;
  }

  absl::StatusOr<measure::v1::ListContributionsResponse> ListContributions(
      rpc::CallContext& context, const measure::v1::ListContributionsRequest& request) {
    std::function<void()> before;
    {
      MutexLock lock(mutex_);
      before.swap(before_page_);
    }
    if (before) before();
    MutexLock lock(mutex_);
    if (absl::Status status = Enter(context); !status.ok()) return status;
    int begin = 0;
    if (!request.page_token().empty() && !absl::SimpleAtoi(request.page_token(), &begin)) {
      return Error(reasons::kPageTokenForeign, "foreign");
    }
    measure::v1::ListContributionsResponse response;
    response.set_revision(revision_);
    const std::vector<Contribution> all = Select(request.selector());
    for (const Contribution& contribution : all) response.set_total(response.total() + contribution.amount());
    const int end = std::min(static_cast<int>(all.size()), begin + request.page_size());
    for (int i = begin; i < end; ++i) *response.add_contributions() = all[static_cast<size_t>(i)];
    if (end < static_cast<int>(all.size())) response.set_next_page_token(absl::StrCat(end));
    return response;
  }

  absl::Status Enter(rpc::CallContext& context) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    last_caller_ = context.principal().subject;
    while (blocked_) unblocked_.Wait(mutex_);
    return failure_;
  }

  int Position(const std::string& measure, const std::string& dimension) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    const auto& names = measures_[measure].dimensions();
    return static_cast<int>(std::find(names.begin(), names.end(), dimension) - names.begin());
  }

  std::vector<Contribution> Select(const measure::v1::MeasureSelector& selector) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    const DayRange days = *DaysFromProto(selector.period());
    const bool stock = measures_[selector.measure()].time() == measure::v1::MEASURE_TIME_STOCK;
    std::vector<Contribution> selected;
    for (const Contribution& contribution : contributions_[selector.measure()]) {
      const Day day = *DayFromProto(contribution.date());
      if (day > days.last || (!stock && day < days.first)) continue;
      const bool fits = std::all_of(selector.filters().begin(), selector.filters().end(), [&](const auto& filter) {
        const auto& value = contribution.dimensions(Position(selector.measure(), filter.dimension()));
        return std::find(filter.values().begin(), filter.values().end(), value) != filter.values().end();
      });
      if (fits) selected.push_back(contribution);
    }
    return selected;
  }

  Mutex mutex_;
  CondVar unblocked_;
  std::map<std::string, measure::v1::Measure> measures_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, std::vector<Contribution>> contributions_ ABSL_GUARDED_BY(mutex_);
  absl::Status failure_ ABSL_GUARDED_BY(mutex_);
  std::function<void()> before_page_ ABSL_GUARDED_BY(mutex_);
  std::string last_caller_ ABSL_GUARDED_BY(mutex_);
  int64_t revision_ ABSL_GUARDED_BY(mutex_) = 0;
  std::optional<measure::v1::DirectoryState> directory_ ABSL_GUARDED_BY(mutex_);
  int refusals_ ABSL_GUARDED_BY(mutex_) = 0;
  int query_calls_ ABSL_GUARDED_BY(mutex_) = 0;
  int list_calls_ ABSL_GUARDED_BY(mutex_) = 0;
  bool blocked_ ABSL_GUARDED_BY(mutex_) = false;
  TestServer server_;  // last: stopped first
};

// A gateway before some services, called like any other.
class FakeGateway {
 public:
  FakeGateway(Backends backends, TemplateStore templates)
      : backends_(std::move(backends)),
        templates_(std::move(templates)),
        questioner_(backends_, clock_),
        reports_(templates_, questioner_),
        server_(*v1::CompileReportRequest::descriptor()->file()->FindServiceByName("ReportService"),
                [this](rpc::Router& router) { reports_.Register(router); }),
        client_(server_.Channel()) {}

  rpc::Client& client() { return client_; }

 private:
  const SystemClock clock_;
  const Backends backends_;
  const TemplateStore templates_;
  Questioner questioner_;
  ReportService reports_;
  TestServer server_;
  rpc::Client client_;
};

}  // namespace dangjian::gateway
