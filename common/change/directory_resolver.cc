#include "common/change/directory_resolver.h"

#include <algorithm>
#include <span>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "common/base/status_macros.h"
#include "common/status/errors.h"
#include "dangjian/registry/v1/member.pb.h"
#include "dangjian/registry/v1/organization.pb.h"

namespace dangjian::change {
namespace {

using registry::v1::Member;
using registry::v1::Organization;

// Misses are rare: they end as soon as the feed has caught up.
constexpr size_t kThreads = 4;
constexpr size_t kQueue = 1024;
// Deeper than any tree of organisations; ends a walk over edges that go in a circle.
constexpr int kMaxLevels = 64;
constexpr size_t kMaxBatch = 1000;  // of the contract

std::vector<Organization> Take(registry::v1::BatchGetOrganizationsResponse&& response) {
  return {std::make_move_iterator(response.mutable_organizations()->begin()),
          std::make_move_iterator(response.mutable_organizations()->end())};
}

std::vector<Member> Take(registry::v1::BatchGetMembersResponse&& response) {
  return {std::make_move_iterator(response.mutable_members()->begin()),
          std::make_move_iterator(response.mutable_members()->end())};
}

// Reads the records that exist. A batch is refused as a whole when one name is unknown: then each half is asked for.
template <class Req, class Resp, class M>
absl::Status BatchGet(rpc::Client& client, std::span<const std::string> names, const rpc::CallOptions& options,
                      std::vector<M>* rows) {
  if (names.empty()) return absl::OkStatus();
  absl::Status status = absl::NotFoundError("");
  if (names.size() <= kMaxBatch) {
    Req request;
    request.mutable_names()->Assign(names.begin(), names.end());
    absl::StatusOr<Resp> response = client.Call<Resp>(request, options);
    status = response.status();
    if (response.ok()) {
      for (M& row : Take(*std::move(response))) rows->push_back(std::move(row));
    }
  }
  if (!absl::IsNotFound(status)) return status;
  if (names.size() == 1) return absl::OkStatus();
  const size_t half = names.size() / 2;
  RETURN_IF_ERROR((BatchGet<Req, Resp>(client, names.first(half), options, rows)));
  return BatchGet<Req, Resp>(client, names.subspan(half), options, rows);
}

}  // namespace

DirectoryResolver::DirectoryResolver(const storage::Database& database, DirectoryWriter& writer, rpc::Client& registry,
                                     obs::Metrics& metrics)
    : database_(database),
      writer_(writer),
      registry_(registry),
      fetched_(metrics.AddCounter("dangjian_directory_fetched_total",
                                  "Records that were asked of the registry because the feed had not brought them.")),
      threads_(kThreads, kQueue) {}

bool DirectoryResolver::Replicates(std::string_view collection) const {
  return collection == "organizations" || collection == "members";
}

void DirectoryResolver::Resolve(const rpc::CallContext& context, std::vector<std::string> names,
                                std::function<void(absl::Status)> done) {
  rpc::CallOptions options = rpc::FromContext(context);
  const bool taken = threads_.TrySubmit([this, names = std::move(names), options = std::move(options), done]() mutable {
    done(Fetch(std::move(names), options));
  });
  if (!taken) done(WithRetryDelay(Error(reasons::kOverloaded, "too many lookups wait for the registry"), 1000));
}

absl::Status DirectoryResolver::Fetch(std::vector<std::string> names, const rpc::CallOptions& options) {
  absl::Status status = FetchAndStore(std::move(names), options);
  // A registry that does not answer is named to the caller; its own refusals keep their reason.
  if (!absl::IsUnavailable(status) || !ReasonOf(status).empty()) return status;
  return WithRetryDelay(Error(reasons::kBackendUnavailable, "the registry does not answer: try again later"), 1000);
}

absl::Status DirectoryResolver::FetchAndStore(std::vector<std::string> names, const rpc::CallOptions& options) {
  std::vector<std::string> level;
  std::vector<std::string> member_names;
  for (std::string& name : names) (name.starts_with("members/") ? member_names : level).push_back(std::move(name));
  std::vector<Member> members;
  RETURN_IF_ERROR((BatchGet<registry::v1::BatchGetMembersRequest, registry::v1::BatchGetMembersResponse>(
      registry_, member_names, options, &members)));
  for (const Member& member : members) {
    for (const auto& relation : member.relations()) level.push_back(relation.organization());
  }
  std::vector<Organization> organizations;
  absl::flat_hash_set<std::string> asked;
  for (int depth = 0; depth < kMaxLevels; ++depth) {
    std::erase_if(level, [&asked](const std::string& name) { return !asked.insert(name).second; });
    ASSIGN_OR_RETURN(const std::vector<std::string> unknown, Unknown(level));
    if (unknown.empty()) break;
    const size_t known = organizations.size();
    RETURN_IF_ERROR((BatchGet<registry::v1::BatchGetOrganizationsRequest, registry::v1::BatchGetOrganizationsResponse>(
        registry_, unknown, options, &organizations)));
    level.clear();
    for (size_t i = known; i < organizations.size(); ++i) {
      for (const auto& edge : organizations[i].parents()) level.push_back(edge.parent());
    }
  }
  if (organizations.empty() && members.empty()) return absl::OkStatus();
  std::reverse(organizations.begin(), organizations.end());  // parents were found after their children
  fetched_.Increment(static_cast<double>(organizations.size() + members.size()));
  return writer_.StoreFetched(organizations, members);
}

absl::StatusOr<std::vector<std::string>> DirectoryResolver::Unknown(const std::vector<std::string>& names) const {
  const auto snapshot = database_.GetSnapshot();
  const storage::TableCore& table = *writer_.Table("organizations");
  std::vector<std::string> unknown;
  for (const std::string& name : names) {
    ASSIGN_OR_RETURN(const bool exists, table.Exists(*snapshot, name));
    if (!exists) unknown.push_back(name);
  }
  return unknown;
}

}  // namespace dangjian::change
