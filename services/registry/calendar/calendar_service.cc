#include "services/registry/calendar/calendar_service.h"

#include "common/base/status_macros.h"
#include "common/rpc/standard_methods.h"
#include "common/types/date.h"
#include "common/types/working_days.h"
#include "services/registry/calendar/calendar_rules.h"
#include "services/registry/calendar/calendar_schema.h"

namespace dangjian::registry {

using rpc::CallContext;
using v1::Calendar;

void CalendarService::Register(rpc::Router& router, rpc::PageTokens& tokens) {
  router.Unary(this, &CalendarService::ComputeDueDate);
  rpc::StandardOptions<Calendar> options;
  options.on_create = [](CallContext&, Calendar& created) { return CheckCalendar(created); };
  options.on_update = [](CallContext&, const Calendar&, Calendar& updated) { return CheckCalendar(updated); };
  rpc::RegisterStandardMethods(router, *Calendar::descriptor()->file()->FindServiceByName("CalendarService"),
                               tables_.calendars, tokens, std::move(options));
}

absl::StatusOr<v1::ComputeDueDateResponse> CalendarService::ComputeDueDate(CallContext& context,
                                                                           const v1::ComputeDueDateRequest& request) {
  WorkingDays working_days;
  RETURN_IF_ERROR(tables_.calendars.core().ForEach(context.reader(), [&](const google::protobuf::Message& row) {
    working_days.Add(static_cast<const Calendar&>(row));
    return absl::OkStatus();
  }));
  const Day start = DayOr(request.start_date(), context.today());
  const StartDay start_day = request.start_day_counts() ? StartDay::kCounted : StartDay::kNotCounted;
  const DueDay due = request.count() == v1::DAY_COUNT_WORKING
                         ? working_days.AfterWorkingDays(start, request.days(), start_day)
                         : working_days.AfterNaturalDays(start, request.days(), start_day);
  v1::ComputeDueDateResponse response;
  *response.mutable_due_date() = DayToProto(due.day);
  response.set_provisional(due.provisional);
  return response;
}

}  // namespace dangjian::registry
