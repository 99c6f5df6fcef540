#pragma once

#include "common/status/reason.h"

// Reasons that the gateway raises itself.

namespace dangjian::gateway::reasons {

inline constexpr Reason kTemplateNotFound{"TEMPLATE_NOT_FOUND", absl::StatusCode::kNotFound,
                                          "没有此报表模板或版本,请先查询模板列表"};
inline constexpr Reason kOrganizationNotFound{"ORGANIZATION_NOT_FOUND", absl::StatusCode::kNotFound,
                                              "组织不存在或无权查看"};
inline constexpr Reason kInvalidPeriod{"INVALID_PERIOD", absl::StatusCode::kInvalidArgument,
                                       "报告期不正确:结束日期早于开始日期"};
inline constexpr Reason kReportIncomplete{"REPORT_INCOMPLETE", absl::StatusCode::kUnavailable,
                                          "有服务未报数,报表不完整,请稍后重试"};
inline constexpr Reason kFigureOutsidePeriod{"FIGURE_OUTSIDE_PERIOD", absl::StatusCode::kInvalidArgument,
                                             "指标的统计期不在报告期内,没有数值,请改用包含该统计期的报告期"};
inline constexpr Reason kHandleInvalid{"HANDLE_INVALID", absl::StatusCode::kInvalidArgument,
                                       "数字编号无效,请从报表中重新取得"};
inline constexpr Reason kHandleOutdated{"HANDLE_OUTDATED", absl::StatusCode::kFailedPrecondition,
                                        "该数字所属的模板已变更,请重新生成报表"};
inline constexpr Reason kFigureChanged{"FIGURE_CHANGED", absl::StatusCode::kAborted,
                                       "数据在翻页期间已变更,请从第一页重新查询"};
inline constexpr Reason kServiceRequired{"SERVICE_REQUIRED", absl::StatusCode::kInvalidArgument,
                                         "每个服务都有此方法,请用元数据 dangjian-service 指明服务"};
inline constexpr Reason kServiceUnknown{"SERVICE_UNKNOWN", absl::StatusCode::kInvalidArgument, "没有此服务"};

}  // namespace dangjian::gateway::reasons
