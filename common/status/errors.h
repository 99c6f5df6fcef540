#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "common/status/reason.h"

// Errors with google.rpc details. The details travel as one payload of the absl::Status and reach the caller through
// grpc_status.h. Messages carry no engine text and no personal data.

namespace dangjian {

using ErrorMetadata = std::vector<std::pair<std::string, std::string>>;

// An error with ErrorInfo {reason, domain, metadata} and LocalizedMessage zh-CN; one that passes (UNAVAILABLE) also
// with RetryInfo of a second. `message` is English: what failed, on which resource, what to do.
absl::Status Error(const Reason& reason, std::string_view message, const ErrorMetadata& metadata = {});

// Sets google.rpc.RetryInfo of an error made by Error().
absl::Status WithRetryDelay(absl::Status status, int64_t delay_millis);

// The delay of the error's RetryInfo; 0 when it has none.
int64_t RetryMillisOf(const absl::Status& status);

// The reason of an error made by Error() or Violations; empty when there is none.
std::string ReasonOf(const absl::Status& status);

// The metadata of ErrorInfo under `key`; empty when there is none.
std::string MetadataOf(const absl::Status& status, std::string_view key);

// Collects every bad field of a request, so that the caller sees them all at once.
class Violations {
 public:
  // `field` is the path in the request, e.g. `pledge.items[2].due_date`. `message` is English.
  void Add(std::string_view field, const Reason& reason, std::string_view message);
  // Takes over what an error made here says of a part of the request: its violations with `prefix` before their paths,
  // or, when it names no field, the error as a violation of `prefix`.
  void AddRefusal(std::string_view prefix, const absl::Status& refusal);
  void Append(const Violations& more);
  bool empty() const { return entries_.empty(); }
  // The path of each violation, as long as no other is added.
  std::vector<std::string_view> Fields() const;
  // OK when empty; else the code of the first violation (INVALID_ARGUMENT wins), with BadRequest and
  // dangjian.common.v1.FieldProblems, which list all violations, and ErrorInfo with that violation's reason and
  // metadata, all reasons under `reasons` and `more`. Details stay below 5,000 bytes, because clients refuse larger
  // trailers: violations that do not fit are counted in the metadata `omitted`.
  absl::Status ToStatus(const ErrorMetadata& more = {}) const;

 private:
  friend absl::Status MapFields(const absl::Status&, const std::function<std::string(std::string_view)>&);
  struct Entry {
    std::string field;
    std::string reason;
    std::string zh;
    absl::StatusCode code;
    std::string message;
    ErrorMetadata metadata;
  };
  const Entry& Leading() const;
  // Each reason once, joined by commas.
  std::string ReasonNames() const;

  std::vector<Entry> entries_;
  size_t omitted_ = 0;  // of refusals that were taken over
};

// The error with every path of its violations changed by `change`; an error without violations as it is.
absl::Status MapFields(const absl::Status& error, const std::function<std::string(std::string_view)>& change);

// Reasons raised by the foundation itself.
namespace reasons {
inline constexpr Reason kRecordNotFound{"RECORD_NOT_FOUND", absl::StatusCode::kNotFound, "记录不存在或无权查看"};
inline constexpr Reason kRecordExists{"RECORD_EXISTS", absl::StatusCode::kAlreadyExists, "同名记录已存在"};
inline constexpr Reason kUniqueViolation{"UNIQUE_VIOLATION", absl::StatusCode::kAlreadyExists, "已有相同的有效记录"};
inline constexpr Reason kReferenceNotFound{"REFERENCE_NOT_FOUND", absl::StatusCode::kFailedPrecondition,
                                           "所引用的记录不存在,请核对编号"};
inline constexpr Reason kRequestIdReused{"REQUEST_ID_REUSED", absl::StatusCode::kInvalidArgument,
                                         "请求编号已用于另一内容的请求,请更换编号"};
inline constexpr Reason kStaleEtag{"STALE_ETAG", absl::StatusCode::kAborted, "记录已被他人修改,请重新读取后再提交"};
inline constexpr Reason kIllegalTransition{"ILLEGAL_TRANSITION", absl::StatusCode::kFailedPrecondition,
                                           "当前状态不允许此操作"};
inline constexpr Reason kRequired{"FIELD_REQUIRED", absl::StatusCode::kInvalidArgument, "必填项为空"};
inline constexpr Reason kTooLong{"TEXT_TOO_LONG", absl::StatusCode::kInvalidArgument, "文字过长"};
inline constexpr Reason kMalformedText{"MALFORMED_TEXT", absl::StatusCode::kInvalidArgument,
                                       "文字含有非法字符(空字符、控制字符或非规范编码)"};
inline constexpr Reason kMalformedMessage{"MALFORMED_MESSAGE", absl::StatusCode::kInvalidArgument,
                                          "请求无法解析:不是有效的消息或文字不是 UTF-8"};
inline constexpr Reason kPatternMismatch{"PATTERN_MISMATCH", absl::StatusCode::kInvalidArgument, "格式不正确"};
inline constexpr Reason kOutOfBounds{"OUT_OF_BOUNDS", absl::StatusCode::kInvalidArgument, "数值超出允许范围"};
inline constexpr Reason kTooManyItems{"TOO_MANY_ITEMS", absl::StatusCode::kInvalidArgument, "条目过多"};
inline constexpr Reason kInvalidDate{"INVALID_DATE", absl::StatusCode::kInvalidArgument, "日期不存在或不完整"};
inline constexpr Reason kInvalidName{"INVALID_NAME", absl::StatusCode::kInvalidArgument, "资源名称格式不正确"};
inline constexpr Reason kUnknownEnumValue{"UNKNOWN_ENUM_VALUE", absl::StatusCode::kInvalidArgument, "未知的选项值"};
inline constexpr Reason kImmutableField{"IMMUTABLE_FIELD", absl::StatusCode::kInvalidArgument, "该字段创建后不可修改"};
inline constexpr Reason kSensitiveFieldNotAccepted{"SENSITIVE_FIELD_NOT_ACCEPTED", absl::StatusCode::kInvalidArgument,
                                                   "该项属敏感个人信息,系统加密存储启用前不予接收,请勿填写"};
inline constexpr Reason kUnknownField{"UNKNOWN_FIELD", absl::StatusCode::kInvalidArgument, "未知的字段"};
inline constexpr Reason kNegativePageSize{"NEGATIVE_PAGE_SIZE", absl::StatusCode::kInvalidArgument, "每页条数不能为负"};
inline constexpr Reason kPageTokenForeign{"PAGE_TOKEN_FOREIGN", absl::StatusCode::kInvalidArgument,
                                          "翻页标记不属于此查询"};
inline constexpr Reason kPageTokenExpired{"PAGE_TOKEN_EXPIRED", absl::StatusCode::kOutOfRange,
                                          "翻页标记已过期,请从第一页重新查询"};
inline constexpr Reason kDuplicateInBatch{"DUPLICATE_ID_IN_BATCH", absl::StatusCode::kInvalidArgument,
                                          "同一批次中有两条记录使用了同一编号,请逐条使用不同编号"};
inline constexpr Reason kAnswerTooLarge{"ANSWER_TOO_LARGE", absl::StatusCode::kFailedPrecondition,
                                        "结果超过一次应答的上限,请减少一次查询的条数或分页查询"};
inline constexpr Reason kRecordTooLarge{"RECORD_TOO_LARGE", absl::StatusCode::kFailedPrecondition,
                                        "记录过大,无法保存,请减少条目或文字"};
inline constexpr Reason kMessageTooLarge{"MESSAGE_TOO_LARGE", absl::StatusCode::kInvalidArgument,
                                         "请求过大,请分批提交"};
inline constexpr Reason kOverloaded{"OVERLOADED", absl::StatusCode::kResourceExhausted, "系统繁忙,请稍后重试"};
inline constexpr Reason kUnauthenticated{"UNAUTHENTICATED", absl::StatusCode::kUnauthenticated, "身份未验证"};
inline constexpr Reason kPermissionDenied{"PERMISSION_DENIED", absl::StatusCode::kPermissionDenied, "无权执行此操作"};
inline constexpr Reason kDeadlineExceeded{"DEADLINE_EXCEEDED", absl::StatusCode::kDeadlineExceeded, "处理超时"};
inline constexpr Reason kCancelled{"CANCELLED", absl::StatusCode::kCancelled, "调用方已取消请求"};
inline constexpr Reason kConflictingFilters{"CONFLICTING_FILTERS", absl::StatusCode::kInvalidArgument,
                                            "一次查询只能使用一个筛选条件"};
inline constexpr Reason kBackendUnavailable{"BACKEND_UNAVAILABLE", absl::StatusCode::kUnavailable, "服务暂不可用"};
inline constexpr Reason kInternal{"INTERNAL", absl::StatusCode::kInternal, "系统内部错误,请联系管理员"};
inline constexpr Reason kUnknownMethod{"UNKNOWN_METHOD", absl::StatusCode::kUnimplemented, "没有此方法"};
}  // namespace reasons

}  // namespace dangjian
