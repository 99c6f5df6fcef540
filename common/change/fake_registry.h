#pragma once

#include <unistd.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "common/auth/verifier.h"
#include "common/base/mutex.h"
#include "common/base/status_macros.h"
#include "common/change/change_service.h"
#include "common/change/directory.h"
#include "common/rpc/client.h"
#include "common/rpc/dispatcher.h"
#include "common/testing/test_database.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/server_builder.h"
#include "gtest/gtest.h"

// For the tests of this folder.

namespace dangjian::change {

// What the directory needs of a registry, on a unix socket: a store with what the directory copies, its batch reads
// and the change feed, behind the real pipeline. Another one on the same path has another epoch.
class FakeRegistry {
 public:
  // `session` ends a watch of its changes.
  explicit FakeRegistry(std::string path, std::chrono::milliseconds session = std::chrono::milliseconds(60'000))
      : path_(std::move(path)), tables_(*db_), changes_(*db_, metrics_, Limits(session)) {
    db_.Open();
    using google::protobuf::MessageFactory;
    for (const auto* service : {ServiceOf<registry::v1::Organization>(), ServiceOf<registry::v1::Member>(),
                                ServiceOf<registry::v1::Household>(), ServiceOf<registry::v1::Resident>(),
                                ServiceOf<registry::v1::ResidentUnit>(), &ChangeService::Descriptor()}) {
      EXPECT_TRUE(methods_.AddService(*service).ok());
    }
    changes_.Register(router_);
    router_.Unary(this, &FakeRegistry::BatchGetOrganizations);
    router_.Unary(this, &FakeRegistry::BatchGetMembers);
    router_.Unary(this, &FakeRegistry::BatchGetHouseholds);
    router_.Unary(this, &FakeRegistry::BatchGetResidents);
    router_.Unary(this, &FakeRegistry::BatchGetResidentUnits);
    for (const rpc::MethodInfo* method : methods_.All()) {  // the others, which nobody calls here
      if (router_.Find(method->path) != nullptr) continue;
      rpc::Router::Entry entry;
      entry.method = method;
      entry.request = MessageFactory::generated_factory()->GetPrototype(method->descriptor->input_type());
      entry.unary = [](rpc::CallContext&, const google::protobuf::Message&) {
        return absl::StatusOr<std::unique_ptr<google::protobuf::Message>>(absl::UnimplementedError("not here"));
      };
      router_.Register(std::move(entry));
    }
    Serve();
  }
  ~FakeRegistry() {
    changes_.Shutdown();
    StopServing();
  }

  void Serve() {
    dispatcher_ = *rpc::Dispatcher::Create(
        {.router = router_, .verifier = *verifier_, .clock = db_.clock(), .executor = executor_, .database = &*db_});
    grpc::ServerBuilder builder;
    builder.RegisterCallbackGenericService(dispatcher_.get());
    builder.AddListeningPort("unix:" + path_, grpc::InsecureServerCredentials());
    server_ = builder.BuildAndStart();
  }
  // The store stays.
  void StopServing() {
    if (server_ != nullptr) server_->Shutdown(std::chrono::system_clock::now());
    server_.reset();
    dispatcher_.reset();
  }

  int64_t Put(registry::v1::Organization row) { return Put(tables_.organizations(), std::move(row)); }
  int64_t Put(registry::v1::Member row) { return Put(tables_.members(), std::move(row)); }
  int64_t Put(registry::v1::Household row) { return Put(tables_.households(), std::move(row)); }
  int64_t Put(registry::v1::Resident row) { return Put(tables_.residents(), std::move(row)); }
  int64_t Put(registry::v1::ResidentUnit row) { return Put(tables_.resident_units(), std::move(row)); }
  int64_t DeleteMember(const std::string& name) {
    return db_.Write([&](storage::Transaction& txn) { return tables_.members().Delete(txn, name); }).value();
  }
  std::string epoch() { return db_.kv().epoch(); }
  // Batch reads answer after this time.
  void set_answer_delay(std::chrono::milliseconds delay) { answer_delay_ = delay; }

  // A client of the registry at `path`, whether it runs or not; comes back soon after it was away.
  static rpc::Client Connect(const std::string& path) {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 20);
    arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 20);
    arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 50);
    return rpc::Client(std::make_shared<rpc::ClientChannel>(std::vector<std::shared_ptr<grpc::Channel>>{
        grpc::CreateCustomChannel("unix:" + path, grpc::InsecureChannelCredentials(), arguments)}));
  }

 private:
  // Counts. Its lock also orders the set-up before the calls for ThreadSanitizer, which cannot see the locks of gRPC.
  class CallCounter final : public rpc::CallObserver {
   public:
    void Started(const rpc::MethodInfo*) override {
      MutexLock lock(mutex_);
      ++started_;
    }
    void MessageReceived(const rpc::MethodInfo&) override {}
    void MessageSent(const rpc::MethodInfo&) override {}
    void Finished(const rpc::CallOutcome&) override {}

   private:
    Mutex mutex_;
    int64_t started_ ABSL_GUARDED_BY(mutex_) = 0;
  };

  static FeedLimits Limits(std::chrono::milliseconds session) {
    return {.checkpoint_interval = std::chrono::milliseconds(5), .events = 4, .session = session};
  }
  // The one service in the file of a resource.
  template <class M>
  static const google::protobuf::ServiceDescriptor* ServiceOf() {
    return M::descriptor()->file()->service(0);
  }

  absl::StatusOr<registry::v1::BatchGetOrganizationsResponse> BatchGetOrganizations(
      rpc::CallContext& context, const registry::v1::BatchGetOrganizationsRequest& request) {
    std::this_thread::sleep_for(answer_delay_.load());
    registry::v1::BatchGetOrganizationsResponse response;
    RETURN_IF_ERROR(Read(tables_.organizations(), context, request, *response.mutable_organizations()));
    return response;
  }
  absl::StatusOr<registry::v1::BatchGetMembersResponse> BatchGetMembers(
      rpc::CallContext& context, const registry::v1::BatchGetMembersRequest& request) {
    registry::v1::BatchGetMembersResponse response;
    RETURN_IF_ERROR(Read(tables_.members(), context, request, *response.mutable_members()));
    return response;
  }
  absl::StatusOr<registry::v1::BatchGetHouseholdsResponse> BatchGetHouseholds(
      rpc::CallContext& context, const registry::v1::BatchGetHouseholdsRequest& request) {
    registry::v1::BatchGetHouseholdsResponse response;
    RETURN_IF_ERROR(Read(tables_.households(), context, request, *response.mutable_households()));
    return response;
  }
  absl::StatusOr<registry::v1::BatchGetResidentsResponse> BatchGetResidents(
      rpc::CallContext& context, const registry::v1::BatchGetResidentsRequest& request) {
    registry::v1::BatchGetResidentsResponse response;
    RETURN_IF_ERROR(Read(tables_.residents(), context, request, *response.mutable_residents()));
    return response;
  }
  absl::StatusOr<registry::v1::BatchGetResidentUnitsResponse> BatchGetResidentUnits(
      rpc::CallContext& context, const registry::v1::BatchGetResidentUnitsRequest& request) {
    registry::v1::BatchGetResidentUnitsResponse response;
    RETURN_IF_ERROR(Read(tables_.resident_units(), context, request, *response.mutable_resident_units()));
    return response;
  }

  template <class M, class Request, class Rows>
  static absl::Status Read(const storage::Table<M>& table, rpc::CallContext& context, const Request& request,
                           Rows& rows) {
    for (const std::string& name : request.names()) {
      ASSIGN_OR_RETURN(*rows.Add(), table.Get(context.reader(), name));
    }
    return absl::OkStatus();
  }

  template <class M>
  int64_t Put(const storage::Table<M>& table, M row) {
    return db_
        .Write([&](storage::Transaction& txn) {
          M copy = row;
          return table.Exists(txn.reader(), row.name()).value() ? table.Update(txn, copy) : table.Insert(txn, copy);
        })
        .value();
  }

  const std::string path_;
  std::atomic<std::chrono::milliseconds> answer_delay_{std::chrono::milliseconds(0)};
  testing::TestDatabase db_;
  Directory tables_;
  obs::Metrics metrics_{"1"};
  ChangeService changes_;
  rpc::MethodTable methods_;
  rpc::Router router_{methods_};
  std::unique_ptr<auth::Verifier> verifier_ = auth::NewDevelopmentVerifier();
  rpc::Executor executor_{4, 64};
  CallCounter calls_;
  std::unique_ptr<rpc::Dispatcher> dispatcher_;
  std::unique_ptr<grpc::Server> server_;
};

// `organizations/<id>` under `organizations/<parent>`, unless that is empty.
inline registry::v1::Organization MakeOrganization(const std::string& id, const std::string& parent = "",
                                                   const std::string& display_name = "") {
  registry::v1::Organization row;
  row.set_name("organizations/" + id);
  row.set_display_name(display_name);
  if (!parent.empty()) row.add_parents()->set_parent("organizations/" + parent);
  return row;
}

// `members/<id>` in `organizations/<organization>`, unless that is empty.
inline registry::v1::Member MakeMember(const std::string& id, const std::string& organization = "") {
  registry::v1::Member row;
  row.set_name("members/" + id);
  if (!organization.empty()) row.add_relations()->set_organization("organizations/" + organization);
  return row;
}

// `households/<id>` in `organizations/<organization>`.
inline registry::v1::Household MakeHousehold(const std::string& id, const std::string& organization) {
  registry::v1::Household row;
  row.set_name("households/" + id);
  row.set_organization("organizations/" + organization);
  return row;
}

// `residents/<id>` who lives in `organizations/<organization>`, in `households/<household>`.
inline registry::v1::Resident MakeResident(const std::string& id, const std::string& organization,
                                           const std::string& household) {
  registry::v1::Resident row;
  row.set_name("residents/" + id);
  row.add_residences()->set_organization("organizations/" + organization);
  row.add_memberships()->set_household("households/" + household);
  return row;
}

// `residentUnits/<id>` in `organizations/<organization>`.
inline registry::v1::ResidentUnit MakeResidentUnit(const std::string& id, const std::string& organization) {
  registry::v1::ResidentUnit row;
  row.set_name("residentUnits/" + id);
  row.set_organization("organizations/" + organization);
  return row;
}

// A folder of its own for each test, for sockets.
class SocketFolder {
 public:
  SocketFolder() : path_(::testing::TempDir() + "/dj_" + std::to_string(::getpid())) {
    std::filesystem::remove_all(path_);
    std::filesystem::create_directory(path_);
  }
  ~SocketFolder() { std::filesystem::remove_all(path_); }
  std::string socket() const { return path_ + "/registry"; }

 private:
  std::string path_;
};

}  // namespace dangjian::change
