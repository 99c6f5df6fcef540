#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "common/status/reason.h"
#include "dangjian/registry/v1/unit.pb.h"

// The rules of the unit table. Pure: no storage, no gRPC.

namespace dangjian::registry {

namespace reasons {
inline constexpr Reason kUnitIdMismatch{"UNIT_ID_MISMATCH", absl::StatusCode::kInvalidArgument,
                                        "计量单位编号应与代码一致(下划线改为连字符)"};
inline constexpr Reason kUnitDimensionMismatch{"UNIT_DIMENSION_MISMATCH", absl::StatusCode::kInvalidArgument,
                                               "基准单位的量纲不同,不能换算"};
inline constexpr Reason kUnitBaseNotBase{"UNIT_BASE_NOT_BASE", absl::StatusCode::kInvalidArgument,
                                         "所引用的单位本身还要换算,请改为最终的基准单位"};
inline constexpr Reason kUnitFactorInvalid{"UNIT_FACTOR_INVALID", absl::StatusCode::kInvalidArgument,
                                           "有基准单位时换算分子、分母应为正数,否则都不填"};
}  // namespace reasons

// UNIT_ID_MISMATCH, UNIT_FACTOR_INVALID; all at once.
absl::Status CheckUnit(const v1::Unit& created);
// UNIT_DIMENSION_MISMATCH, UNIT_BASE_NOT_BASE; all at once.
absl::Status CheckBase(const v1::Unit& created, const v1::Unit& base);

}  // namespace dangjian::registry
