#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "common/base/day.h"
#include "dangjian/gateway/v1/handle.pb.h"
#include "dangjian/gateway/v1/report_template.pb.h"

// The opaque texts that the gateway hands out: `<version>.<base64url of checksum and content>`. They hold all that is
// needed to answer, so every gateway with the same templates can. The checksum finds damage; it is no secret, because a
// handle grants nothing that a caller could not ask for directly.

namespace dangjian::gateway {

std::string EncodeHandle(const v1::ReportTemplate& report, const v1::FigureDefinition& figure,
                         std::string_view organization, DayRange period);
// INVALID_ARGUMENT with reason HANDLE_INVALID for any text that EncodeHandle did not make.
absl::StatusOr<v1::FigureHandleContent> DecodeHandle(std::string_view handle);

// Position within the explanation of `handle`.
std::string EncodePosition(std::string_view handle, v1::ExplainPosition position);
// PAGE_TOKEN_FOREIGN unless EncodePosition made it for this handle.
absl::StatusOr<v1::ExplainPosition> DecodePosition(std::string_view handle, std::string_view token);

}  // namespace dangjian::gateway
