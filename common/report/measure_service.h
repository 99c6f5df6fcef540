#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "common/rpc/call_context.h"
#include "common/rpc/page_tokens.h"
#include "common/rpc/replica_age.h"
#include "common/rpc/router.h"
#include "common/status/errors.h"
#include "common/status/reason.h"
#include "common/storage/database.h"
#include "dangjian/measure/v1/measure_service.pb.h"

namespace dangjian::report {

inline constexpr Reason kUnknownMeasure{"UNKNOWN_MEASURE", absl::StatusCode::kInvalidArgument,
                                        "没有此指标,请核对指标编号"};
inline constexpr Reason kUnknownDimension{"UNKNOWN_DIMENSION", absl::StatusCode::kInvalidArgument,
                                          "该指标没有此分类维度"};
inline constexpr Reason kEmptyPeriod{"EMPTY_PERIOD", absl::StatusCode::kInvalidArgument,
                                     "统计期间为空:结束日期早于开始日期"};
inline constexpr Reason kGroupingNotAdditive{"GROUPING_NOT_ADDITIVE", absl::StatusCode::kInvalidArgument,
                                             "人数、户数不能按维度分组相加,请分别查询"};
inline constexpr Reason kGroupingNotExplained{"GROUPING_NOT_EXPLAINED", absl::StatusCode::kInvalidArgument,
                                              "查看明细时不能分组,请用筛选条件代替"};

// A dimension of this name holds the unit of each amount of a measure: a query must select one unit or group by it.
inline constexpr std::string_view kUnitDimension = "unit";

// dangjian.measure.v1.MeasureService over the measures of a database: the one report API, written once. Thread-safe.
class MeasureService {
 public:
  // All must outlive the service. `directory` tells the age of the copy that the organisations come from; nullptr in
  // the registry, whose they are.
  MeasureService(storage::Database& database, rpc::PageTokens& tokens, const rpc::ReplicaAge* directory = nullptr)
      : database_(database), tokens_(tokens), directory_(directory) {}

  void Register(rpc::Router& router);

  absl::StatusOr<measure::v1::ListMeasuresResponse> ListMeasures(rpc::CallContext& context,
                                                                 const measure::v1::ListMeasuresRequest& request);
  absl::StatusOr<measure::v1::QueryMeasuresResponse> QueryMeasures(rpc::CallContext& context,
                                                                   const measure::v1::QueryMeasuresRequest& request);
  absl::StatusOr<measure::v1::ListContributionsResponse> ListContributions(
      rpc::CallContext& context, const measure::v1::ListContributionsRequest& request);

 private:
  absl::StatusOr<measure::v1::QueryMeasuresResponse> Query(rpc::CallContext& context,
                                                           const measure::v1::QueryMeasuresRequest& request);
  // Adds what is wrong with the selector at `path` to `violations`; the query is whole only when nothing was.
  storage::MeasureQuery Resolve(const measure::v1::MeasureSelector& selector, const storage::OrgTree& tree,
                                const std::string& path, Violations& violations) const;

  storage::Database& database_;
  rpc::PageTokens& tokens_;
  const rpc::ReplicaAge* const directory_;
};

}  // namespace dangjian::report
