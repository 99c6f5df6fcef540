#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/change/directory_writer.h"
#include "common/obs/metrics.h"
#include "common/rpc/client.h"
#include "common/rpc/executor.h"
#include "common/rpc/reference_resolver.h"

namespace dangjian::change {

// Read-through of a directory: asks the registry for records that the feed has not brought yet, and stores them after
// all that they refer to (a resident after the households, a household after the organisation, an organisation after
// those that it stands under). That a record does not exist is never remembered. Reference data (units, calendars) is
// not asked for. Thread-safe.
class DirectoryResolver final : public rpc::ReferenceResolver {
 public:
  // All must outlive the resolver.
  DirectoryResolver(const storage::Database& database, DirectoryWriter& writer, rpc::Client& registry,
                    obs::Metrics& metrics);

  bool Replicates(std::string_view collection) const override;
  void Resolve(const rpc::CallContext& context, std::vector<std::string> names,
               std::function<void(absl::Status)> done) override;

  void CatchUp(const rpc::CallContext& context, std::function<void(absl::Status)> done) override;

  // How the directory is brought up to date, within a time: DirectoryFeed::CatchUp. Before the first call.
  using CatchUpFn = std::function<absl::Status(std::chrono::microseconds timeout)>;
  void set_catch_up(CatchUpFn catch_up) { catch_up_ = std::move(catch_up); }

  // The same as Resolve, waiting, at most for the timeout of `options` with all calls that it takes.
  // BACKEND_UNAVAILABLE when the registry does not answer, DEADLINE_EXCEEDED. Not on a gRPC or committing thread.
  absl::Status Fetch(std::vector<std::string> names, const rpc::CallOptions& options);

 private:
  absl::Status FetchAndStore(std::vector<std::string> names, const rpc::CallOptions& options);
  // Those of `names` that can be asked for and that this store lacks.
  absl::StatusOr<std::vector<std::string>> Unknown(const std::vector<std::string>& names) const;

  const storage::Database& database_;
  DirectoryWriter& writer_;
  rpc::Client& registry_;
  const obs::Counter fetched_;
  CatchUpFn catch_up_;
  rpc::Executor threads_;  // last: ends before what its tasks use
};

}  // namespace dangjian::change
