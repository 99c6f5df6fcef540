#include "services/pledge/duty_fulfilment/fulfilment_service.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/rpc/standard_methods.h"
#include "common/status/errors.h"
#include "common/storage/key_codec.h"
#include "common/types/date.h"
#include "services/pledge/tags.h"

namespace dangjian::pledge {
namespace {

// Members of one page: each may have 366 periods to be read.
constexpr size_t kMaxMembers = 100;

storage::KeyWriter PeriodsOf(const std::string& duty, const std::string& member) {
  storage::KeyWriter prefix(tags::kDutyFulfilmentOfPeriod);
  prefix.Text(duty).Text(member);
  return prefix;
}

absl::StatusOr<DayRange> SpanOf(const common::v1::Period& period) {
  const std::optional<DayRange> span = DaysFromProto(period);
  Violations violations;
  if (!span.has_value()) {
    violations.Add("period.end_date", dangjian::reasons::kDatesOutOfOrder, "the span would end before it starts");
  } else if (span->last - span->first >= fulfilment_rules::kMaxSpanDays) {
    violations.Add("period", reasons::kDutySpanTooLong,
                   absl::StrCat("a span has at most ", fulfilment_rules::kMaxSpanDays, " days"));
  }
  RETURN_IF_ERROR(violations.ToStatus());
  return *span;
}

}  // namespace

absl::Status DutyFulfilmentService::Complete(rpc::CallContext& call, v1::DutyFulfilment& created) const {
  ASSIGN_OR_RETURN(const v1::RecurringDuty duty, duties_.Get(call.reader(), created.duty()));
  RETURN_IF_ERROR(fulfilment_rules::Complete(created, duty, call.today()));
  storage::KeyWriter key = PeriodsOf(created.duty(), created.member());
  key.Int64Descending(DayOr(created.period_start(), Day()).number());
  ASSIGN_OR_RETURN(const auto present, fulfilments_.Find(call.reader(), key, 1));
  if (present.empty()) return absl::OkStatus();
  return Error(reasons::kDutyPeriodFulfilled,
               absl::StrCat(created.member(), " fulfilled the duty in the period from ",
                            FormatDay(DayOr(created.period_start(), Day()))),
               {{"duty", created.duty()}, {"member", created.member()}, {"fulfilment", present[0].name()}});
}

void DutyFulfilmentService::Register(rpc::Router& router, rpc::PageTokens& tokens) {
  tokens_ = &tokens;
  rpc::StandardOptions<v1::DutyFulfilment> options;
  options.on_create = [this](rpc::CallContext& call, v1::DutyFulfilment& created) { return Complete(call, created); };
  options.list_filters = {{.field = "duty", .index_tag = tags::kDutyFulfilmentByDuty},
                          {.field = "member", .index_tag = tags::kDutyFulfilmentByMember}};
  rpc::RegisterStandardMethods(router,
                               *v1::DutyFulfilment::descriptor()->file()->FindServiceByName("DutyFulfilmentService"),
                               fulfilments_, tokens, std::move(options));
  router.Unary(this, &DutyFulfilmentService::ComputeRate);
}

absl::StatusOr<int32_t> DutyFulfilmentService::CountFulfilled(const storage::Reader& reader, const std::string& duty,
                                                              const fulfilment_rules::DuePeriods& due) const {
  if (due.starts.empty()) return 0;
  int32_t fulfilled = 0;
  // The keys tell all: newest period first.
  auto cursor = storage::ScanPrefix(reader, PeriodsOf(duty, due.member).str());
  for (; cursor->Valid(); cursor->Next()) {
    storage::KeyReader key(cursor->key());
    key.Text();
    key.Text();
    const Day start(static_cast<int32_t>(key.Int64Descending()));
    RETURN_IF_ERROR(key.status());
    if (start < due.starts.front()) break;
    if (std::binary_search(due.starts.begin(), due.starts.end(), start)) ++fulfilled;
  }
  RETURN_IF_ERROR(cursor->status());
  return fulfilled;
}

absl::StatusOr<v1::ComputeDutyFulfilmentRateResponse> DutyFulfilmentService::ComputeRate(
    rpc::CallContext& call, const v1::ComputeDutyFulfilmentRateRequest& request) {
  ASSIGN_OR_RETURN(const DayRange span, SpanOf(request.period()));
  ASSIGN_OR_RETURN(const rpc::PageTokens::Position position,
                   tokens_->Begin(request, call.principal().subject, [&] { return call.database()->GetSnapshot(); }));
  const storage::Reader& reader = *position.snapshot;
  ASSIGN_OR_RETURN(const v1::RecurringDuty duty, duties_.Get(reader, request.duty()));
  const std::vector<fulfilment_rules::DuePeriods> all = fulfilment_rules::DueIn(duty, span, call.today());
  auto next = std::find_if(all.begin(), all.end(),
                           [&](const fulfilment_rules::DuePeriods& due) { return due.member > position.last_key; });
  v1::ComputeDutyFulfilmentRateResponse response;
  const int limit = static_cast<int>(std::min(position.limit, kMaxMembers));
  for (; next != all.end() && response.members_size() < limit; ++next) {
    RETURN_IF_ERROR(call.CheckAlive());
    ASSIGN_OR_RETURN(const int32_t fulfilled, CountFulfilled(reader, duty.name(), *next));
    v1::MemberFulfilmentRate& rate = *response.add_members();
    rate.set_member(next->member);
    rate.set_due_periods(static_cast<int32_t>(next->starts.size()));
    rate.set_fulfilled_periods(fulfilled);
  }
  const std::string last = next == all.end() ? "" : response.members(response.members_size() - 1).member();
  response.set_next_page_token(tokens_->Next(request, position, last));
  return response;
}

}  // namespace dangjian::pledge
