#include "common/report/measure_service.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/rpc/answer_limits.h"
#include "common/storage/measure_store_keys.h"
#include "common/types/date.h"
#include "common/types/quantity_reasons.h"

namespace dangjian::report {
namespace {

using storage::ContributionLine;
using storage::ContributionPage;
using storage::MeasureDef;
using storage::MeasureQuery;
using storage::MeasureResult;

measure::v1::Measure ToProto(const MeasureDef& definition) {
  measure::v1::Measure measure;
  measure.set_id(std::string(definition.id));
  measure.set_label_zh(std::string(definition.label_zh));
  measure.set_label_en(std::string(definition.label_en));
  measure.set_unit(std::string(definition.unit));
  measure.set_scale(definition.scale);
  measure.set_kind(definition.kind);
  measure.set_time(definition.time);
  for (const std::string_view dimension : definition.dimensions) measure.add_dimensions(std::string(dimension));
  return measure;
}

measure::v1::MeasureValue ToProto(const MeasureResult& result) {
  measure::v1::MeasureValue value;
  value.set_value(result.total.value);
  value.set_qualifier(result.total.qualifier);
  value.set_scanned(result.scanned);
  for (const auto& [key, sum] : result.groups) {
    measure::v1::MeasureGroup& group = *value.add_groups();
    group.set_key(key);
    group.set_value(sum.value);
    group.set_qualifier(sum.qualifier);
  }
  return value;
}

measure::v1::MeasureContribution ToProto(const ContributionLine& line) {
  measure::v1::MeasureContribution contribution;
  contribution.set_record(line.record);
  contribution.set_organization(line.organization);
  *contribution.mutable_date() = DayToProto(line.day);
  contribution.set_amount(line.amount);
  contribution.set_qualifier(line.qualifier);
  contribution.set_subject(line.subject);
  for (const std::string& dimension : line.dimensions) contribution.add_dimensions(dimension);
  return contribution;
}

std::optional<size_t> DimensionPosition(const MeasureDef& measure, const std::string& dimension) {
  const auto it = std::find(measure.dimensions.begin(), measure.dimensions.end(), dimension);
  if (it == measure.dimensions.end()) return std::nullopt;
  return static_cast<size_t>(it - measure.dimensions.begin());
}

void ResolvePeriod(const common::v1::Period& period, const std::string& path, MeasureQuery& query,
                   Violations& violations) {
  const std::optional<Day> first = DayFromProto(period.start_date());
  const std::optional<Day> last = DayFromProto(period.end_date());
  if (!first.has_value()) violations.Add(path + ".start_date", reasons::kInvalidDate, "not a full, existing date");
  if (!last.has_value()) violations.Add(path + ".end_date", reasons::kInvalidDate, "not a full, existing date");
  if (!first.has_value() || !last.has_value()) return;
  if (*last < *first) violations.Add(path, kEmptyPeriod, "the last day is before the first");
  query.days = {*first, *last};
}

constexpr int64_t kRetryMillis = 100;

measure::v1::DirectoryState ToProto(const rpc::ReplicaAge::State& state) {
  measure::v1::DirectoryState directory;
  directory.set_revision(state.revision);
  directory.set_epoch(state.epoch);
  directory.set_stale(state.stale);
  if (!state.age.has_value()) return directory;
  const int64_t micros = state.age->count();
  directory.mutable_age()->set_seconds(micros / 1'000'000);
  directory.mutable_age()->set_nanos(static_cast<int32_t>(micros % 1'000'000 * 1000));
  return directory;
}

absl::Status Behind(std::string_view what) {
  return WithRetryDelay(
      Error(rpc::kDirectoryBehind, absl::StrCat("the directory of this service ", ToAbsl(what), "; try again")),
      kRetryMillis);
}

// Whether the amounts that a selector adds are of one unit.
bool FixesUnit(const measure::v1::MeasureSelector& selector) {
  return selector.group_by() == kUnitDimension ||
         std::any_of(selector.filters().begin(), selector.filters().end(),
                     [](const measure::v1::DimensionFilter& filter) {
                       return filter.dimension() == kUnitDimension && filter.values_size() == 1;
                     });
}

void ResolveDimensions(const measure::v1::MeasureSelector& selector, const MeasureDef& measure, const std::string& path,
                       MeasureQuery& query, Violations& violations) {
  for (int i = 0; i < selector.filters_size(); ++i) {
    const measure::v1::DimensionFilter& filter = selector.filters(i);
    const std::optional<size_t> position = DimensionPosition(measure, filter.dimension());
    if (!position.has_value()) {
      violations.Add(absl::StrCat(path, ".filters[", i, "].dimension"), kUnknownDimension,
                     "the measure has no such dimension: see ListMeasures");
      continue;
    }
    query.filters.emplace_back(*position, std::vector<std::string>(filter.values().begin(), filter.values().end()));
  }
  if (DimensionPosition(measure, std::string(kUnitDimension)).has_value() && !FixesUnit(selector)) {
    violations.Add(path, reasons::kUnlikeUnits,
                   "amounts of unlike units are not added: filter by one unit or group by unit");
  }
  if (selector.group_by().empty()) return;
  if (storage::IsDistinct(measure)) {
    violations.Add(path + ".group_by", kGroupingNotAdditive, "distinct counts are not split into groups that add up");
    return;
  }
  query.group_by = DimensionPosition(measure, selector.group_by());
  if (!query.group_by.has_value()) {
    violations.Add(path + ".group_by", kUnknownDimension, "the measure has no such dimension: see ListMeasures");
  }
}

}  // namespace

void MeasureService::Register(rpc::Router& router) {
  router.Unary(this, &MeasureService::ListMeasures, rpc::Run::kInline);
  router.Unary(this, &MeasureService::QueryMeasures);
  router.Unary(this, &MeasureService::ListContributions);
}

absl::StatusOr<measure::v1::ListMeasuresResponse> MeasureService::ListMeasures(
    rpc::CallContext&, const measure::v1::ListMeasuresRequest&) {
  measure::v1::ListMeasuresResponse response;
  for (const MeasureDef* measure : database_.measures().All()) *response.add_measures() = ToProto(*measure);
  response.set_revision(database_.kv().LastRevision());
  response.set_epoch(database_.kv().epoch());
  return response;
}

absl::StatusOr<measure::v1::QueryMeasuresResponse> MeasureService::QueryMeasures(
    rpc::CallContext& context, const measure::v1::QueryMeasuresRequest& request) {
  if (directory_ == nullptr) return Query(context, request);
  // Asked before the snapshot is taken, which then holds at least as much.
  const rpc::ReplicaAge::State directory = directory_->Now();
  if (directory.revision < request.min_directory_revision()) {
    return Behind(absl::StrCat("has reached revision ", directory.revision, " of the registry, not yet ",
                               request.min_directory_revision()));
  }
  absl::StatusOr<measure::v1::QueryMeasuresResponse> response = Query(context, request);
  if (response.ok()) *response->mutable_directory() = ToProto(directory);
  // Nobody knows whether the registry has what a stale copy lacks.
  if (directory.stale && ReasonOf(response.status()) == reasons::kRecordNotFound.name) {
    return Behind("is behind the registry and does not know the organization");
  }
  return response;
}

absl::StatusOr<measure::v1::QueryMeasuresResponse> MeasureService::Query(
    rpc::CallContext& context, const measure::v1::QueryMeasuresRequest& request) {
  ASSIGN_OR_RETURN(const auto tree, database_.TreeAt(context.reader(), context.revision()));
  Violations violations;
  std::vector<MeasureQuery> queries;
  queries.reserve(static_cast<size_t>(request.selectors_size()));
  for (int i = 0; i < request.selectors_size(); ++i) {
    queries.push_back(Resolve(request.selectors(i), *tree, absl::StrCat("selectors[", i, "]"), violations));
  }
  RETURN_IF_ERROR(violations.ToStatus());
  measure::v1::QueryMeasuresResponse response;
  for (MeasureQuery& query : queries) {
    RETURN_IF_ERROR(context.CheckAlive());
    query.check_alive = [&context] { return context.CheckAlive(); };
    ASSIGN_OR_RETURN(const MeasureResult result, database_.measures().Query(context.reader(), query));
    *response.add_values() = ToProto(result);
  }
  response.set_revision(context.revision());
  response.set_epoch(database_.kv().epoch());
  return response;
}

absl::StatusOr<measure::v1::ListContributionsResponse> MeasureService::ListContributions(
    rpc::CallContext& context, const measure::v1::ListContributionsRequest& request) {
  ASSIGN_OR_RETURN(const rpc::PageTokens::Position position,
                   tokens_.Begin(request, context.principal().subject, [this] { return database_.GetSnapshot(); }));
  const storage::Snapshot& snapshot = *position.snapshot;
  ASSIGN_OR_RETURN(const auto tree, database_.TreeAt(snapshot, snapshot.revision()));
  Violations violations;
  MeasureQuery query = Resolve(request.selector(), *tree, "selector", violations);
  if (!request.selector().group_by().empty()) {
    violations.Add("selector.group_by", kGroupingNotExplained, "must be empty: filter by the dimension instead");
  }
  RETURN_IF_ERROR(violations.ToStatus());
  query.check_alive = [&context] { return context.CheckAlive(); };
  const storage::MeasureStore& measures = database_.measures();
  ASSIGN_OR_RETURN(const MeasureResult whole, measures.Query(snapshot, query));
  ASSIGN_OR_RETURN(const ContributionPage page,
                   measures.Explain(snapshot, *tree, query, position.last_key, {position.limit, rpc::kPageBytes}));
  measure::v1::ListContributionsResponse response;
  for (const ContributionLine& line : page.lines) *response.add_contributions() = ToProto(line);
  response.set_next_page_token(tokens_.Next(request, position, page.last_key));
  response.set_total(whole.total.value);
  response.set_revision(snapshot.revision());
  return response;
}

MeasureQuery MeasureService::Resolve(const measure::v1::MeasureSelector& selector, const storage::OrgTree& tree,
                                     const std::string& path, Violations& violations) const {
  MeasureQuery query{
      .measure = database_.measures().Find(selector.measure()), .organization = selector.organization(), .days = {}};
  if (query.measure == nullptr) {
    violations.Add(path + ".measure", kUnknownMeasure, "this service keeps no such measure: see ListMeasures");
  }
  // A value for an organisation that is not there would look like a true zero.
  if (!tree.Contains(selector.organization())) {
    violations.Add(path + ".organization", reasons::kRecordNotFound, "no such organization");
  }
  ResolvePeriod(selector.period(), path + ".period", query, violations);
  if (query.measure != nullptr) ResolveDimensions(selector, *query.measure, path, query, violations);
  return query;
}

}  // namespace dangjian::report
