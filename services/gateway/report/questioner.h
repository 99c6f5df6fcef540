#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/rpc/call_context.h"
#include "common/rpc/client.h"
#include "dangjian/gateway/v1/report_service.pb.h"
#include "services/gateway/backend/backends.h"
#include "services/gateway/report/measure_catalog.h"
#include "services/gateway/report/report_plan.h"

namespace dangjian::gateway {

// Asks the services for what a plan needs: all at once, under the identity of the caller and within the caller's
// deadline less a margin in which the answer is put together. The answers are a cut in time: what other services say
// rests on a directory that holds at least what the registry's own answer holds. A service whose directory is behind is
// asked again until it has caught up, for two seconds at most; what it says then is stale. Thread-safe.
class Questioner {
 public:
  // Both outlive this.
  Questioner(const Backends& backends, const Clock& clock) : backends_(backends), catalog_(clock) {}

  // One question to each service of the plan. Its measures are asked at the same time when they are not known. An
  // answer that is OK is whole.
  Answers Ask(rpc::CallContext& context, const std::map<std::string, measure::v1::QueryMeasuresRequest>& queries);

  // The measures of every service, or why it did not tell.
  std::map<std::string, absl::StatusOr<measure::v1::ListMeasuresResponse>> AskMeasures(rpc::CallContext& context);

  // The measures of one service, from memory when they are there. The error is that of the service.
  absl::StatusOr<std::shared_ptr<const Measures>> MeasuresOf(rpc::CallContext& context, std::string_view service);

  // One page of the records of a service.
  absl::StatusOr<measure::v1::ListContributionsResponse> AskContributions(
      rpc::CallContext& context, std::string_view service, const measure::v1::ListContributionsRequest& request);

 private:
  using Queries = std::map<std::string, measure::v1::QueryMeasuresRequest>;

  // What the registry's own answer shows; revision 0 when it gave none.
  struct RegistryState {
    int64_t revision = 0;
    std::string epoch;
  };
  // Asks once. `registry` is filled unless it is nullptr.
  Answers AskOnce(rpc::CallContext& context, const Queries& queries, RegistryState* registry);
  // Whether a service would say something else once its directory has caught up with the registry.
  static bool IsBehind(const ServiceAnswer& answer, const RegistryState& registry);
  // Asks those services again whose directories are behind.
  void AwaitDirectories(rpc::CallContext& context, const Queries& queries, const RegistryState& registry,
                        Answers& answers);
  absl::StatusOr<const Backend*> Find(std::string_view service) const;
  // Adds the measures of the service to its answer; an answer without them, or with fewer values than asked, is none.
  void Complete(const std::string& service, const measure::v1::QueryMeasuresRequest& query,
                ServiceAnswer& answer) const;

  const Backends& backends_;
  MeasureCatalog catalog_;
};

// How calls to services go out: the caller's identity, and its time less a tenth, at least 10 ms and at most 500 ms.
rpc::CallOptions OutgoingOptions(const rpc::CallContext& context);

// What the answers mean for the report as a whole. OK: compile it, with the figures of failed services MISSING. Else
// the error that the caller gets: it may not ask a service, it has left, or every service says that there is no such
// organisation.
absl::Status JudgeAnswers(const Answers& answers, std::string_view organization);

// The services that did not answer, sorted by name, with the reason of each.
std::vector<v1::UnreachableService> UnreachableOf(const Answers& answers);

// The reason of an error as callers read it: of ErrorInfo, else the name of the code.
std::string ReasonText(const absl::Status& status);

}  // namespace dangjian::gateway
