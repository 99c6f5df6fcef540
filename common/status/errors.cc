#include "common/status/errors.h"

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <set>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "common/base/strings.h"
#include "common/status/details.h"
#include "dangjian/common/v1/problems.pb.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace dangjian {
namespace {

// Trailers larger than 8 KiB are refused by every gRPC client's default, and the details travel as base64 beside the
// message: what does not fit is left out and counted.
constexpr size_t kMaxDetailBytes = 4992;
constexpr size_t kMaxMessageBytes = 384;
constexpr size_t kMaxLocalizedBytes = 640;
constexpr size_t kMaxMetadataBytes = 256;
constexpr size_t kMaxInfoBytes = 896;  // of an ErrorInfo of violations: its reason and a few entries of metadata
constexpr size_t kMaxViolationBytes = kMaxDetailBytes - kMaxLocalizedBytes - kMaxMessageBytes - kMaxInfoBytes;

constexpr std::string_view kReasonsKey = "reasons";
constexpr std::string_view kOmittedKey = "omitted";
constexpr int kReasonField = 3;

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

template <class Detail>
std::optional<Detail> Find(const google::rpc::Status& details) {
  Detail detail;
  for (const auto& any : details.details()) {
    if (any.Is<Detail>() && any.UnpackTo(&detail)) return detail;
  }
  return std::nullopt;
}

}  // namespace

absl::Status Error(const Reason& reason, std::string_view message, const ErrorMetadata& metadata) {
  google::rpc::Status details;
  google::rpc::ErrorInfo info;
  info.set_reason(std::string(reason.name));
  info.set_domain(std::string(kErrorDomain));
  for (const auto& [key, value] : metadata) (*info.mutable_metadata())[key] = Shorten(value, kMaxMetadataBytes);
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
  const auto delay = Find<google::rpc::RetryInfo>(*details).value_or(google::rpc::RetryInfo()).retry_delay();
  return delay.seconds() * 1000 + delay.nanos() / 1'000'000;
}

std::string ReasonOf(const absl::Status& status) {
  const std::optional<google::rpc::Status> details = DetailsOf(status);
  if (!details.has_value()) return "";
  return Find<google::rpc::ErrorInfo>(*details).value_or(google::rpc::ErrorInfo()).reason();
}

std::string MetadataOf(const absl::Status& status, std::string_view key) {
  const std::optional<google::rpc::Status> details = DetailsOf(status);
  if (!details.has_value()) return "";
  const auto info = Find<google::rpc::ErrorInfo>(*details).value_or(google::rpc::ErrorInfo());
  const auto found = info.metadata().find(std::string(key));
  return found == info.metadata().end() ? "" : found->second;
}

void Violations::Add(std::string_view field, const Reason& reason, std::string_view message) {
  entries_.push_back({.field = std::string(field),
                      .reason = std::string(reason.name),
                      .zh = std::string(reason.zh),
                      .code = reason.code,
                      .message = std::string(message),
                      .metadata = {}});
}

void Violations::AddRefusal(std::string_view prefix, const absl::Status& refusal) {
  const google::rpc::Status details = DetailsOf(refusal).value_or(google::rpc::Status());
  const auto info = Find<google::rpc::ErrorInfo>(details).value_or(google::rpc::ErrorInfo());
  Entry entry{.field = std::string(prefix),
              .reason = info.reason(),
              .zh = Find<google::rpc::LocalizedMessage>(details).value_or(google::rpc::LocalizedMessage()).message(),
              .code = refusal.code(),
              .message = std::string(refusal.message()),
              .metadata = {}};
  for (const auto& [key, value] : info.metadata()) {
    if (key == kOmittedKey) omitted_ += static_cast<size_t>(std::atoll(value.c_str()));
    if (key != kOmittedKey && key != kReasonsKey) entry.metadata.emplace_back(key, value);
  }
  const auto bad = Find<google::rpc::BadRequest>(details);
  const auto problems = Find<common::v1::FieldProblems>(details);
  if (!bad.has_value() || !problems.has_value()) return entries_.push_back(std::move(entry));
  for (int i = 0; i < problems->problems_size(); ++i) {
    const common::v1::FieldProblem& problem = problems->problems(i);
    const bool joined = !prefix.empty() && !problem.field().empty();
    entries_.push_back({.field = absl::StrCat(ToAbsl(prefix), joined ? "." : "", problem.field()),
                        .reason = problem.reason(),
                        .zh = problem.message_zh(),
                        .code = refusal.code(),
                        .message = bad->field_violations(i).description(),
                        .metadata = entry.metadata});
  }
}

void Violations::Append(const Violations& more) {
  entries_.insert(entries_.end(), more.entries_.begin(), more.entries_.end());
  omitted_ += more.omitted_;
}

std::vector<std::string_view> Violations::Fields() const {
  std::vector<std::string_view> fields;
  for (const Entry& entry : entries_) fields.push_back(entry.field);
  return fields;
}

const Violations::Entry& Violations::Leading() const {
  const auto invalid = std::find_if(entries_.begin(), entries_.end(), [](const Entry& entry) {
    return entry.code == absl::StatusCode::kInvalidArgument;
  });
  return invalid == entries_.end() ? entries_.front() : *invalid;
}

absl::Status Violations::ToStatus(const ErrorMetadata& more) const {
  if (entries_.empty()) return absl::OkStatus();
  const Entry& leading = Leading();
  google::rpc::BadRequest bad;
  common::v1::FieldProblems problems;
  std::string localized;
  for (const Entry& entry : entries_) {
    google::rpc::BadRequest::FieldViolation& violation = *bad.add_field_violations();
    violation.set_field(entry.field);
    violation.set_description(Shorten(entry.message, kMaxMessageBytes));
    // FieldViolation.reason of newer editions of google/rpc/error_details.proto.
    violation.GetReflection()->MutableUnknownFields(&violation)->AddLengthDelimited(kReasonField, entry.reason);
    common::v1::FieldProblem& problem = *problems.add_problems();
    problem.set_field(entry.field);
    problem.set_reason(entry.reason);
    problem.set_message_zh(entry.zh);
    if (bad.ByteSizeLong() + problems.ByteSizeLong() > kMaxViolationBytes && bad.field_violations_size() > 1) {
      bad.mutable_field_violations()->RemoveLast();
      problems.mutable_problems()->RemoveLast();
      break;
    }
    absl::StrAppend(&localized, localized.empty() ? "" : ";", entry.field, entry.field.empty() ? "" : ":", entry.zh);
  }
  google::rpc::ErrorInfo info;
  info.set_reason(leading.reason);
  info.set_domain(std::string(kErrorDomain));
  auto& metadata = *info.mutable_metadata();
  for (const auto& [key, value] : leading.metadata) metadata[key] = Shorten(value, kMaxMetadataBytes);
  for (const auto& [key, value] : more) metadata[key] = Shorten(value, kMaxMetadataBytes);
  metadata[std::string(kReasonsKey)] = Shorten(ReasonNames(), kMaxMetadataBytes);
  const size_t omitted = omitted_ + entries_.size() - static_cast<size_t>(bad.field_violations_size());
  if (omitted > 0) metadata[std::string(kOmittedKey)] = absl::StrCat(omitted);

  google::rpc::Status details;
  details.add_details()->PackFrom(info);
  details.add_details()->PackFrom(bad);
  details.add_details()->PackFrom(problems);
  AddLocalized(std::move(localized), details);
  const std::string message = absl::StrCat(leading.field, leading.field.empty() ? "" : ": ", leading.message,
                                           entries_.size() > 1 ? " (and others: see the details)" : "");
  return Attach(leading.code, Shorten(message, kMaxMessageBytes), details);
}

std::string Violations::ReasonNames() const {
  std::set<std::string_view> seen;
  std::string joined;
  for (const Entry& entry : entries_) {
    if (seen.insert(entry.reason).second) absl::StrAppend(&joined, joined.empty() ? "" : ",", entry.reason);
  }
  return joined;
}

absl::Status MapFields(const absl::Status& error, const std::function<std::string(std::string_view)>& change) {
  const std::optional<google::rpc::Status> details = DetailsOf(error);
  if (!details.has_value() || !Find<google::rpc::BadRequest>(*details).has_value()) return error;
  Violations violations;
  violations.AddRefusal("", error);
  for (Violations::Entry& entry : violations.entries_) entry.field = change(entry.field);
  return violations.ToStatus();
}

}  // namespace dangjian
