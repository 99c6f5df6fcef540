#include "common/status/errors.h"

#include <algorithm>
#include <optional>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "common/base/strings.h"
#include "common/status/details.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace dangjian {
namespace {

// Trailers larger than 8 KiB are refused by every gRPC client's default, and the details travel as base64: what does
// not fit is left out and counted.
constexpr size_t kMaxDetailBytes = 4096;
constexpr size_t kMaxMessageBytes = 512;
constexpr size_t kMaxLocalizedBytes = 1024;

// Cuts at a character, never inside one.
std::string Shorten(std::string_view text, size_t limit) {
  if (text.size() <= limit) return std::string(text);
  size_t end = limit;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return absl::StrCat(ToAbsl(text.substr(0, end)), "…");
}

absl::Status Attach(absl::StatusCode code, std::string_view message, google::rpc::Status& details) {
  details.set_code(static_cast<int>(code));
  details.set_message(std::string(message));
  absl::Status status(code, ToAbsl(message));
  status.SetPayload(ToAbsl(kDetailsUrl), absl::Cord(details.SerializeAsString()));
  return status;
}

void AddLocalized(std::string text, google::rpc::Status& details) {
  google::rpc::LocalizedMessage localized;
  localized.set_locale("zh-CN");
  localized.set_message(Shorten(text, kMaxLocalizedBytes));
  details.add_details()->PackFrom(localized);
}

constexpr int64_t kRetryMillis = 1000;

void SetRetry(int64_t delay_millis, google::rpc::Status& details) {
  google::rpc::RetryInfo retry;
  retry.mutable_retry_delay()->set_seconds(delay_millis / 1000);
  retry.mutable_retry_delay()->set_nanos(static_cast<int32_t>(delay_millis % 1000) * 1'000'000);
  for (auto& detail : *details.mutable_details()) {
    if (!detail.Is<google::rpc::RetryInfo>()) continue;
    detail.PackFrom(retry);
    return;
  }
  details.add_details()->PackFrom(retry);
}

std::optional<google::rpc::Status> DetailsOf(const absl::Status& status) {
  const auto payload = status.GetPayload(ToAbsl(kDetailsUrl));
  google::rpc::Status details;
  if (!payload.has_value() || !details.ParseFromString(std::string(*payload))) return std::nullopt;
  return details;
}

}  // namespace

absl::Status Error(const Reason& reason, std::string_view message, const ErrorMetadata& metadata) {
  google::rpc::Status details;
  google::rpc::ErrorInfo info;
  info.set_reason(std::string(reason.name));
  info.set_domain(std::string(kErrorDomain));
  for (const auto& [key, value] : metadata) (*info.mutable_metadata())[key] = Shorten(value, kMaxMessageBytes);
  details.add_details()->PackFrom(info);
  AddLocalized(std::string(reason.zh), details);
  if (reason.code == absl::StatusCode::kUnavailable) SetRetry(kRetryMillis, details);
  return Attach(reason.code, Shorten(message, kMaxMessageBytes), details);
}

absl::Status WithRetryDelay(absl::Status status, int64_t delay_millis) {
  std::optional<google::rpc::Status> details = DetailsOf(status);
  if (!details.has_value()) return status;
  SetRetry(delay_millis, *details);
  return Attach(status.code(), ToStd(status.message()), *details);
}

int64_t RetryMillisOf(const absl::Status& status) {
  const std::optional<google::rpc::Status> details = DetailsOf(status);
  if (!details.has_value()) return 0;
  google::rpc::RetryInfo retry;
  for (const auto& detail : details->details()) {
    if (!detail.Is<google::rpc::RetryInfo>() || !detail.UnpackTo(&retry)) continue;
    return retry.retry_delay().seconds() * 1000 + retry.retry_delay().nanos() / 1'000'000;
  }
  return 0;
}

std::string ReasonOf(const absl::Status& status) {
  const std::optional<google::rpc::Status> details = DetailsOf(status);
  if (!details.has_value()) return "";
  google::rpc::ErrorInfo info;
  for (const auto& detail : details->details()) {
    if (detail.Is<google::rpc::ErrorInfo>() && detail.UnpackTo(&info)) return info.reason();
  }
  return "";
}

void Violations::Add(std::string_view field, const Reason& reason, std::string_view message) {
  entries_.push_back({std::string(field), reason, std::string(message)});
}

absl::Status Violations::ToStatus() const {
  if (entries_.empty()) return absl::OkStatus();
  auto leading = std::find_if(entries_.begin(), entries_.end(), [](const Entry& entry) {
    return entry.reason.code == absl::StatusCode::kInvalidArgument;
  });
  if (leading == entries_.end()) leading = entries_.begin();

  google::rpc::BadRequest bad;
  std::string localized;
  size_t bytes = 0;
  for (const Entry& entry : entries_) {
    const std::string description =
        Shorten(absl::StrCat(ToAbsl(entry.reason.name), ": ", entry.message), kMaxMessageBytes);
    bytes += entry.field.size() + description.size() + 8;
    if (bytes > kMaxDetailBytes - kMaxMessageBytes - kMaxLocalizedBytes && bad.field_violations_size() > 0) continue;
    auto* violation = bad.add_field_violations();
    violation->set_field(entry.field);
    violation->set_description(description);
    absl::StrAppend(&localized, localized.empty() ? "" : ";", entry.field, entry.field.empty() ? "" : ":",
                    ToAbsl(entry.reason.zh));
  }
  google::rpc::ErrorInfo info;
  info.set_reason(std::string(leading->reason.name));
  info.set_domain(std::string(kErrorDomain));
  (*info.mutable_metadata())["reasons"] = Shorten(ReasonNames(), kMaxMessageBytes);
  const size_t omitted = entries_.size() - static_cast<size_t>(bad.field_violations_size());
  if (omitted > 0) (*info.mutable_metadata())["omitted"] = absl::StrCat(omitted);

  google::rpc::Status details;
  details.add_details()->PackFrom(info);
  details.add_details()->PackFrom(bad);
  AddLocalized(std::move(localized), details);
  const std::string message = absl::StrCat(leading->field, leading->field.empty() ? "" : ": ", leading->message,
                                           entries_.size() > 1 ? " (and others: see the details)" : "");
  return Attach(leading->reason.code, Shorten(message, kMaxMessageBytes), details);
}

std::string Violations::ReasonNames() const {
  std::vector<std::string_view> names;
  std::string joined;
  for (const Entry& entry : entries_) {
    if (std::find(names.begin(), names.end(), entry.reason.name) != names.end()) continue;
    names.push_back(entry.reason.name);
    absl::StrAppend(&joined, joined.empty() ? "" : ",", ToAbsl(entry.reason.name));
  }
  return joined;
}

}  // namespace dangjian
