#include "common/change/directory_resolver.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <memory>
#include <span>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "common/base/status_macros.h"
#include "common/base/steady.h"
#include "common/rpc/field_access.h"
#include "common/rpc/references.h"
#include "common/status/errors.h"
#include "dangjian/options/v1/options.pb.h"
#include "dangjian/registry/v1/household.pb.h"
#include "dangjian/registry/v1/member.pb.h"
#include "dangjian/registry/v1/organization.pb.h"
#include "dangjian/registry/v1/resident.pb.h"
#include "dangjian/registry/v1/resident_unit.pb.h"

namespace dangjian::change {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
using Rows = std::vector<std::unique_ptr<Message>>;

// Misses are rare: they end as soon as the feed has caught up.
constexpr size_t kThreads = 4;
constexpr size_t kQueue = 1024;
constexpr int64_t kLongestWaitMicros = 500'000;
// A feed that has not brought in this time what the registry has is broken, or far behind.
constexpr std::chrono::microseconds kLongestCatchUp = std::chrono::seconds(5);
// Deeper than any tree of organisations; ends a walk over edges that go in a circle.
constexpr int kMaxLevels = 64;
constexpr size_t kMaxBatch = 1000;  // of the contract

// How the registry is asked for the records of a collection: `names` go out, the only repeated field comes back.
struct Source {
  std::string_view collection;
  const Message& request;
  const Message& response;
};

template <class Request, class Response>
Source SourceOf(std::string_view collection) {
  return {collection, Request::default_instance(), Response::default_instance()};
}

// Those first that others refer to.
const std::vector<Source>& Sources() {
  namespace v1 = registry::v1;
  static const auto& sources = *new std::vector<Source>{
      SourceOf<v1::BatchGetOrganizationsRequest, v1::BatchGetOrganizationsResponse>("organizations"),
      SourceOf<v1::BatchGetMembersRequest, v1::BatchGetMembersResponse>("members"),
      SourceOf<v1::BatchGetHouseholdsRequest, v1::BatchGetHouseholdsResponse>("households"),
      SourceOf<v1::BatchGetResidentsRequest, v1::BatchGetResidentsResponse>("residents"),
      SourceOf<v1::BatchGetResidentUnitsRequest, v1::BatchGetResidentUnitsResponse>("residentUnits")};
  return sources;
}

const Source* FindSource(std::string_view collection) {
  for (const Source& source : Sources()) {
    if (source.collection == collection) return &source;
  }
  return nullptr;
}

// Moves the rows of a batch out of its response.
void TakeRows(Message& response, Rows* rows) {
  const FieldDescriptor* field = response.GetDescriptor()->field(0);
  const Reflection* reflection = response.GetReflection();
  for (int i = 0; i < reflection->FieldSize(response, field); ++i) {
    Message* row = reflection->MutableRepeatedMessage(&response, field, i);
    rows->emplace_back(row->New())->GetReflection()->Swap(rows->back().get(), row);
  }
}

// `options` for one call of several that have to end together.
rpc::CallOptions WhatIsLeft(rpc::CallOptions options, int64_t end_micros) {
  options.timeout_micros = end_micros - SteadyMicros();
  return options;
}

// Reads the records that exist. A batch is refused as a whole when one name is unknown: then each half is asked for.
absl::Status BatchGet(rpc::Client& client, const Source& source, std::span<const std::string> names,
                      const rpc::CallOptions& options, int64_t end_micros, Rows* rows) {
  if (names.empty()) return absl::OkStatus();
  if (SteadyMicros() >= end_micros) {
    return Error(reasons::kDeadlineExceeded, "the deadline passed while records were asked of the registry");
  }
  absl::Status status = absl::NotFoundError("");
  if (names.size() <= kMaxBatch) {
    const std::unique_ptr<Message> request(source.request.New());
    const FieldDescriptor* field = request->GetDescriptor()->FindFieldByName("names");
    for (const std::string& name : names) request->GetReflection()->AddString(request.get(), field, name);
    const std::unique_ptr<Message> response(source.response.New());
    status = client.CallRaw(*request, response.get(), WhatIsLeft(options, end_micros));
    if (status.ok()) TakeRows(*response, rows);
  }
  if (!absl::IsNotFound(status)) return status;
  if (names.size() == 1) return absl::OkStatus();
  const size_t half = names.size() / 2;
  RETURN_IF_ERROR(BatchGet(client, source, names.first(half), options, end_micros, rows));
  return BatchGet(client, source, names.subspan(half), options, end_micros, rows);
}

bool IsReference(const FieldDescriptor& field) {
  return field.cpp_type() == FieldDescriptor::CPPTYPE_STRING &&
         field.options().GetExtension(options::v1::rules).reference_size() > 0;
}

// The names in all fields of a record that its contract declares as references.
void CollectReferences(const Message& message, std::vector<std::string>* names) {
  const Reflection* reflection = message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection->ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    const bool is_message = field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
    if (!is_message && !IsReference(*field)) continue;
    const int count = field->is_repeated() ? reflection->FieldSize(message, field) : 1;
    for (int i = 0; i < count; ++i) {
      if (is_message) {
        CollectReferences(field->is_repeated() ? reflection->GetRepeatedMessage(message, field, i)
                                               : reflection->GetMessage(message, field),
                          names);
      } else {
        names->push_back(field->is_repeated() ? reflection->GetRepeatedString(message, field, i)
                                              : reflection->GetString(message, field));
      }
    }
  }
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

bool DirectoryResolver::Replicates(std::string_view collection) const { return FindSource(collection) != nullptr; }

void DirectoryResolver::Resolve(const rpc::CallContext& context, std::vector<std::string> names,
                                std::function<void(absl::Status)> done) {
  rpc::CallOptions options = rpc::FromContext(context);
  // The call's time runs while the lookup waits for a thread.
  const int64_t end_micros = SteadyMicros() + options.timeout_micros;
  const auto fetch = [this, names = std::move(names), options = std::move(options), end_micros, done]() mutable {
    done(Fetch(std::move(names), WhatIsLeft(options, end_micros)));
  };
  const bool taken = threads_.ExpectedWaitMicros() <= kLongestWaitMicros && threads_.TrySubmit(fetch);
  if (!taken) done(WithRetryDelay(Error(reasons::kOverloaded, "too many lookups wait for the registry"), 1000));
}

void DirectoryResolver::CatchUp(const rpc::CallContext& context, std::function<void(absl::Status)> done) {
  const auto timeout = std::min(std::chrono::microseconds(context.remaining_micros()), kLongestCatchUp);
  const auto catch_up = [this, timeout, done] { done(catch_up_(timeout)); };
  const bool taken = threads_.ExpectedWaitMicros() <= kLongestWaitMicros && threads_.TrySubmit(catch_up);
  if (!taken) done(WithRetryDelay(Error(reasons::kOverloaded, "too many lookups wait for the registry"), 1000));
}

absl::Status DirectoryResolver::Fetch(std::vector<std::string> names, const rpc::CallOptions& options) {
  absl::Status status = FetchAndStore(std::move(names), options);
  // A registry that does not answer is named to the caller; its own refusals keep their reason.
  if (!ReasonOf(status).empty()) return status;
  if (absl::IsDeadlineExceeded(status)) {
    return Error(reasons::kDeadlineExceeded, "the registry did not answer within the deadline");
  }
  if (!absl::IsUnavailable(status)) return status;
  return Error(reasons::kBackendUnavailable, "the registry does not answer: try again later");
}

absl::Status DirectoryResolver::FetchAndStore(std::vector<std::string> names, const rpc::CallOptions& options) {
  const int64_t end_micros = SteadyMicros() + options.timeout_micros;
  std::map<std::string_view, Rows> fetched;  // by collection, in the order of finding
  std::vector<std::string> level = std::move(names);
  absl::flat_hash_set<std::string> asked;
  for (int depth = 0; depth < kMaxLevels; ++depth) {
    std::erase_if(level, [&asked](const std::string& name) { return !asked.insert(name).second; });
    ASSIGN_OR_RETURN(const std::vector<std::string> unknown, Unknown(level));
    if (unknown.empty()) break;
    level.clear();
    for (const Source& source : Sources()) {
      std::vector<std::string> wanted;
      std::copy_if(unknown.begin(), unknown.end(), std::back_inserter(wanted),
                   [&source](const std::string& name) { return rpc::CollectionOf(name) == source.collection; });
      Rows& rows = fetched[source.collection];
      const size_t before = rows.size();
      RETURN_IF_ERROR(BatchGet(registry_, source, wanted, options, end_micros, &rows));
      for (size_t i = before; i < rows.size(); ++i) CollectReferences(*rows[i], &level);
    }
  }
  std::vector<const Message*> records;
  for (const Source& source : Sources()) {
    const Rows& rows = fetched[source.collection];
    // Backwards: parents were found after their children.
    for (auto row = rows.rbegin(); row != rows.rend(); ++row) records.push_back(row->get());
  }
  if (records.empty()) return absl::OkStatus();
  fetched_.Increment(static_cast<double>(records.size()));
  return writer_.StoreFetched(records);
}

absl::StatusOr<std::vector<std::string>> DirectoryResolver::Unknown(const std::vector<std::string>& names) const {
  const auto snapshot = database_.GetSnapshot();
  std::vector<std::string> unknown;
  for (const std::string& name : names) {
    const std::string_view collection = rpc::CollectionOf(name);
    const storage::TableCore* table = writer_.Table(collection);
    if (table == nullptr || !Replicates(collection)) continue;
    ASSIGN_OR_RETURN(const bool exists, table->Exists(*snapshot, name));
    if (!exists) unknown.push_back(name);
  }
  return unknown;
}

}  // namespace dangjian::change
