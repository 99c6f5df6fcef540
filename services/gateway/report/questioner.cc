#include "services/gateway/report/questioner.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/base/steady.h"
#include "common/base/strings.h"
#include "common/rpc/fan_out.h"
#include "common/rpc/replica_age.h"
#include "common/status/errors.h"
#include "services/gateway/backend/backend_error.h"
#include "services/gateway/reasons.h"

namespace dangjian::gateway {
namespace {

using measure::v1::ListMeasuresResponse;

constexpr int64_t kLeastMarginMicros = 10'000;
constexpr int64_t kMostMarginMicros = 500'000;
constexpr int64_t kMarginShare = 10;
constexpr std::string_view kRegistry = "registry";
constexpr int64_t kLongestCatchUpMicros = 2'000'000;
constexpr int64_t kFirstPauseMicros = 10'000;
constexpr int64_t kLongestPauseMicros = 100'000;
constexpr int64_t kRetryMillis = 500;

// Whether the caller may not ask, or has left, as opposed to a service that cannot answer. Organisation and period have
// been checked here: what a service still finds wrong with a question is the template's or its version's fault, not the
// caller's.
bool IsRefusal(const absl::Status& status) {
  return absl::IsPermissionDenied(status) || absl::IsUnauthenticated(status) || absl::IsCancelled(status);
}

bool SaysNoSuchOrganization(const absl::Status& status) {
  return absl::IsNotFound(status) || ReasonOf(status) == dangjian::reasons::kRecordNotFound.name;
}

absl::Status DirectoryBehind(const std::string& service) {
  return WithRetryDelay(Error(rpc::kDirectoryBehind,
                              absl::StrCat("service ", service, " does not know the registry's newest records yet"),
                              {{"service", service}}),
                        kRetryMillis);
}

bool KnowsAll(const std::shared_ptr<const Measures>& measures, const measure::v1::QueryMeasuresRequest& query) {
  return measures != nullptr &&
         std::all_of(query.selectors().begin(), query.selectors().end(),
                     [&](const auto& selector) { return measures->contains(selector.measure()); });
}

}  // namespace

rpc::CallOptions OutgoingOptions(const rpc::CallContext& context) {
  rpc::CallOptions options = rpc::FromContext(context);
  const int64_t margin = std::clamp(options.timeout_micros / kMarginShare, kLeastMarginMicros, kMostMarginMicros);
  options.timeout_micros = std::max<int64_t>(1, options.timeout_micros - margin);
  return options;
}

absl::StatusOr<const Backend*> Questioner::Find(std::string_view service) const {
  const Backend* backend = backends_.Find(service);
  if (backend != nullptr) return backend;
  return Error(dangjian::reasons::kBackendUnavailable,
               absl::StrCat("service ", ToAbsl(service), " has no address at this gateway"),
               {{"service", std::string(service)}});
}

// One whose directory is stale is cut off and will not catch up soon.
bool Questioner::IsBehind(const ServiceAnswer& answer, const RegistryState& registry) {
  if (SaysNoSuchOrganization(answer.status)) return true;
  const measure::v1::DirectoryState& directory = answer.response.directory();
  if (!answer.status.ok() || !answer.response.has_directory() || directory.stale()) return false;
  return directory.revision() < registry.revision || directory.epoch() != registry.epoch;
}

Answers Questioner::Ask(rpc::CallContext& context, const Queries& queries) {
  RegistryState registry;
  Answers answers = AskOnce(context, queries, &registry);
  if (registry.revision > 0) AwaitDirectories(context, queries, registry, answers);
  for (auto& [service, answer] : answers) answer.stale = answer.stale || answer.response.directory().stale();
  return answers;
}

Answers Questioner::AskOnce(rpc::CallContext& context, const Queries& queries, RegistryState* registry) {
  const measure::v1::ListMeasuresRequest list;
  Answers answers;
  std::map<std::string, ListMeasuresResponse, std::less<>> heard;
  std::vector<std::string> services;  // of the calls
  std::vector<rpc::FanOutCall> calls;
  std::vector<google::protobuf::Message*> responses;
  const auto add = [&](const Backend& backend, const google::protobuf::Message& request,
                       google::protobuf::Message& response) {
    services.push_back(backend.name);
    calls.push_back({backend.client.get(), &request});
    responses.push_back(&response);
  };
  for (const auto& [service, query] : queries) {
    ServiceAnswer& answer = answers[service];
    const absl::StatusOr<const Backend*> backend = Find(service);
    answer.status = backend.status();
    if (!backend.ok()) continue;
    add(**backend, query, answer.response);
    if (catalog_.IsStale(service) || !KnowsAll(catalog_.Get(service), query)) add(**backend, list, heard[service]);
  }
  // A report without figures of the registry still has to know how far the registry is.
  const Backend* backend = backends_.Find(kRegistry);
  if (registry != nullptr && backend != nullptr && !answers.contains(kRegistry))
    add(*backend, list, heard[backend->name]);
  const std::vector<absl::Status> statuses = rpc::FanOutRaw(calls, responses, OutgoingOptions(context));
  for (size_t i = 0; i < calls.size(); ++i) {
    const std::string& service = services[i];
    if (calls[i].request != &list) {
      answers[service].status = NameBackendError(statuses[i], service);
    } else if (statuses[i].ok()) {
      catalog_.Put(service, heard[service]);
    }
  }
  for (auto& [service, answer] : answers) Complete(service, queries.at(service), answer);
  if (registry == nullptr) return answers;
  const auto own = answers.find(kRegistry);
  if (own == answers.end()) {
    const ListMeasuresResponse& list_response = heard[std::string(kRegistry)];
    *registry = {list_response.revision(), list_response.epoch()};
  } else {
    *registry = {own->second.response.revision(), own->second.response.epoch()};
  }
  return answers;
}

void Questioner::AwaitDirectories(rpc::CallContext& context, const Queries& queries, const RegistryState& registry,
                                  Answers& answers) {
  Queries behind;
  for (const auto& [service, answer] : answers) {
    if (service == kRegistry || !IsBehind(answer, registry)) continue;
    behind[service] = queries.at(service);
    behind[service].set_min_directory_revision(registry.revision);
  }
  const int64_t end = SteadyMicros() + std::min(kLongestCatchUpMicros, OutgoingOptions(context).timeout_micros);
  int64_t pause = kFirstPauseMicros;
  while (!behind.empty() && SteadyMicros() + pause < end && context.CheckAlive().ok()) {
    std::this_thread::sleep_for(std::chrono::microseconds(pause));
    pause = std::min(2 * pause, kLongestPauseMicros);
    for (auto& [service, answer] : AskOnce(context, behind, nullptr)) {
      if (ReasonOf(answer.status) == rpc::kDirectoryBehind.name) continue;
      const bool another = answer.status.ok() && IsBehind(answer, registry);  // a copy of the store that was replaced
      answers[service] = std::move(answer);
      if (!another) behind.erase(service);
    }
  }
  for (const auto& [service, query] : behind) {
    ServiceAnswer& answer = answers[service];
    answer.stale = true;
    if (!answer.status.ok()) answer.status = DirectoryBehind(service);
  }
}

void Questioner::Complete(const std::string& service, const measure::v1::QueryMeasuresRequest& query,
                          ServiceAnswer& answer) const {
  answer.measures = catalog_.Get(service);
  if (!answer.status.ok()) return;
  // Values without units and scales are no figures.
  if (KnowsAll(answer.measures, query) && answer.response.values_size() == query.selectors_size()) return;
  answer.status =
      Error(dangjian::reasons::kBackendUnavailable,
            absl::StrCat("service ", service, " answered in part; try again later"), {{"service", service}});
}

std::map<std::string, absl::StatusOr<ListMeasuresResponse>> Questioner::AskMeasures(rpc::CallContext& context) {
  const measure::v1::ListMeasuresRequest request;
  std::vector<rpc::FanOutCall> calls;
  for (const auto& [name, backend] : backends_.all()) calls.push_back({backend.client.get(), &request});
  auto responses = rpc::FanOut<ListMeasuresResponse>(calls, OutgoingOptions(context));
  std::map<std::string, absl::StatusOr<ListMeasuresResponse>> by_service;
  size_t i = 0;
  for (const auto& [name, backend] : backends_.all()) {
    auto& response = responses[i++];
    if (response.ok()) {
      catalog_.Put(name, *response);
      by_service.emplace(name, std::move(response));
    } else {
      by_service.emplace(name, NameBackendError(response.status(), name));
    }
  }
  return by_service;
}

absl::StatusOr<std::shared_ptr<const Measures>> Questioner::MeasuresOf(rpc::CallContext& context,
                                                                       std::string_view service) {
  if (std::shared_ptr<const Measures> known = catalog_.Get(service)) return known;
  ASSIGN_OR_RETURN(const Backend* backend, Find(service));
  const auto response =
      backend->client->Call<ListMeasuresResponse>(measure::v1::ListMeasuresRequest(), OutgoingOptions(context));
  if (!response.ok()) return NameBackendError(response.status(), service);
  catalog_.Put(service, *response);
  return catalog_.Get(service);
}

absl::StatusOr<measure::v1::ListContributionsResponse> Questioner::AskContributions(
    rpc::CallContext& context, std::string_view service, const measure::v1::ListContributionsRequest& request) {
  ASSIGN_OR_RETURN(const Backend* backend, Find(service));
  auto response = backend->client->Call<measure::v1::ListContributionsResponse>(request, OutgoingOptions(context));
  if (!response.ok()) return NameBackendError(response.status(), service);
  return response;
}

absl::Status JudgeAnswers(const Answers& answers, std::string_view organization) {
  bool all_say_unknown = !answers.empty();
  for (const auto& [service, answer] : answers) {
    if (!answer.status.ok() && IsRefusal(answer.status)) return answer.status;
    all_say_unknown = all_say_unknown && SaysNoSuchOrganization(answer.status);
  }
  if (!all_say_unknown) return absl::OkStatus();
  return Error(reasons::kOrganizationNotFound,
               absl::StrCat(ToAbsl(organization), ": no service knows this organization, or you may not see it"),
               {{"organization", std::string(organization)}});
}

std::vector<v1::UnreachableService> UnreachableOf(const Answers& answers) {
  std::vector<v1::UnreachableService> unreachable;
  for (const auto& [service, answer] : answers) {
    if (answer.status.ok()) continue;
    v1::UnreachableService& entry = unreachable.emplace_back();
    entry.set_service(service);
    entry.set_reason(ReasonText(answer.status));
  }
  return unreachable;
}

std::string ReasonText(const absl::Status& status) {
  const std::string reason = ReasonOf(status);
  return reason.empty() ? absl::StatusCodeToString(status.code()) : reason;
}

}  // namespace dangjian::gateway
