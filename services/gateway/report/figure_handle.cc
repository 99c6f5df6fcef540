#include "services/gateway/report/figure_handle.h"

#include <optional>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/strings.h"
#include "common/rpc/digest.h"
#include "common/status/errors.h"
#include "services/gateway/reasons.h"
#include "services/gateway/report/template_store.h"

namespace dangjian::gateway {
namespace {

constexpr std::string_view kHandleVersion = "f1.";
constexpr std::string_view kPositionVersion = "p1.";
constexpr size_t kChecksumBytes = 8;

std::string Checksum(std::string_view version, std::string_view content) {
  return rpc::Sha256(absl::StrCat(ToAbsl(version), ToAbsl(content))).substr(0, kChecksumBytes);
}

std::string Seal(std::string_view version, std::string_view content) {
  const std::string sealed = absl::StrCat(Checksum(version, content), ToAbsl(content));
  return absl::StrCat(ToAbsl(version), absl::WebSafeBase64Escape(sealed));
}

std::optional<std::string> Unseal(std::string_view version, std::string_view text) {
  std::string bytes;
  if (!text.starts_with(version)) return std::nullopt;
  text.remove_prefix(version.size());
  if (!absl::WebSafeBase64Unescape(ToAbsl(text), &bytes)) return std::nullopt;
  // Base64 has several spellings of the same bytes: only the one that Seal writes is accepted.
  if (bytes.size() < kChecksumBytes || absl::WebSafeBase64Escape(bytes) != text) return std::nullopt;
  std::string content = bytes.substr(kChecksumBytes);
  if (bytes.substr(0, kChecksumBytes) != Checksum(version, content)) return std::nullopt;
  return content;
}

}  // namespace

std::string EncodeHandle(const v1::ReportTemplate& report, const v1::FigureDefinition& figure,
                         std::string_view organization, DayRange period) {
  v1::FigureHandleContent content;
  content.set_template_(report.id());
  content.set_template_version(report.version());
  content.set_figure_id(figure.figure_id());
  content.set_definition_digest(DefinitionDigest(figure));
  content.set_organization(std::string(organization));
  content.set_first_day(period.first.number());
  content.set_last_day(period.last.number());
  return Seal(kHandleVersion, content.SerializeAsString());
}

absl::StatusOr<v1::FigureHandleContent> DecodeHandle(std::string_view handle) {
  v1::FigureHandleContent content;
  const std::optional<std::string> bytes = Unseal(kHandleVersion, handle);
  if (!bytes || !content.ParseFromString(*bytes) || content.last_day() < content.first_day()) {
    return Error(reasons::kHandleInvalid, "handle: not a handle of a figure; take it from a compiled report");
  }
  return content;
}

std::string EncodePosition(std::string_view handle, v1::ExplainPosition position) {
  position.set_handle_digest(Checksum(kPositionVersion, handle));
  return Seal(kPositionVersion, position.SerializeAsString());
}

absl::StatusOr<v1::ExplainPosition> DecodePosition(std::string_view handle, std::string_view token) {
  v1::ExplainPosition position;
  const std::optional<std::string> bytes = Unseal(kPositionVersion, token);
  if (!bytes || !position.ParseFromString(*bytes) || position.handle_digest() != Checksum(kPositionVersion, handle)) {
    return Error(dangjian::reasons::kPageTokenForeign, "page_token: not a token of this figure's explanation");
  }
  return position;
}

}  // namespace dangjian::gateway
