#include "services/gateway/report/report_service.h"

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/status/errors.h"
#include "common/types/date.h"
#include "services/gateway/reasons.h"
#include "services/gateway/report/figure_handle.h"
#include "services/gateway/report/report_plan.h"

namespace dangjian::gateway {
namespace {

absl::StatusOr<DayRange> ReadPeriod(const common::v1::Period& period, std::string_view field) {
  if (const std::optional<DayRange> days = DaysFromProto(period)) return *days;
  Violations violations;
  violations.Add(field, reasons::kInvalidPeriod, "two full dates are needed, the last not before the first");
  return violations.ToStatus();
}

absl::Status Incomplete(const std::vector<v1::UnreachableService>& unreachable) {
  const std::string names = absl::StrJoin(unreachable, ", ", [](std::string* out, const v1::UnreachableService& entry) {
    absl::StrAppend(out, entry.service());
  });
  return Error(reasons::kReportIncomplete, absl::StrCat("no answer from: ", names, "; try again later"),
               {{"services", names}});
}

// Names the figures whose windows a period does not hold, when there are any.
absl::Status AllInside(const std::vector<FigureSlots>& figures, std::string_view field) {
  std::vector<std::string> outside;
  for (const FigureSlots& slots : figures) {
    if (!slots.outside.empty()) outside.push_back(slots.figure->figure_id());
  }
  if (outside.empty()) return absl::OkStatus();
  const std::string names = absl::StrJoin(outside, ", ");
  return Error(reasons::kFigureOutsidePeriod,
               absl::StrCat(ToAbsl(field), ": does not hold the windows of the figures ", names),
               {{"field", std::string(field)}, {"figures", names}});
}

v1::CompileReportResponse Header(const v1::ReportTemplate& report, const v1::CompileReportRequest& request) {
  v1::CompileReportResponse response;
  response.set_template_(report.id());
  response.set_template_version(report.version());
  response.set_title_zh(report.title_zh());
  response.set_title_en(report.title_en());
  response.set_organization(request.organization());
  *response.mutable_period() = request.period();
  if (request.has_compare_to()) *response.mutable_compare_to() = request.compare_to();
  return response;
}

}  // namespace

void ReportService::Register(rpc::Router& router) {
  router.Unary(this, &ReportService::CompileReport);
  router.Unary(this, &ReportService::ExplainFigure);
  router.Unary(this, &ReportService::ListTemplates, rpc::Run::kInline);
  router.Unary(this, &ReportService::ListMeasures);
}

absl::StatusOr<v1::CompileReportResponse> ReportService::CompileReport(rpc::CallContext& context,
                                                                       const v1::CompileReportRequest& request) {
  ASSIGN_OR_RETURN(const DayRange period, ReadPeriod(request.period(), "period"));
  std::optional<DayRange> compare_to;
  if (request.has_compare_to()) {
    ASSIGN_OR_RETURN(compare_to, ReadPeriod(request.compare_to(), "compare_to"));
  }
  ASSIGN_OR_RETURN(const v1::ReportTemplate* report, templates_.Find(request.template_(), request.template_version()));
  const ReportPlan plan = PlanReport(*report, request.organization(), period, compare_to);
  if (request.require_complete()) {
    RETURN_IF_ERROR(AllInside(plan.current, "period"));
    RETURN_IF_ERROR(AllInside(plan.previous, "compare_to"));
  }
  const Answers answers = questioner_.Ask(context, plan.queries);
  RETURN_IF_ERROR(JudgeAnswers(answers, request.organization()));

  v1::CompileReportResponse response = Header(*report, request);
  const std::vector<v1::UnreachableService> unreachable = UnreachableOf(answers);
  if (request.require_complete() && !unreachable.empty()) return Incomplete(unreachable);
  response.mutable_unreachable()->Assign(unreachable.begin(), unreachable.end());
  for (size_t i = 0; i < plan.current.size(); ++i) {
    const v1::FigureDefinition& figure = *plan.current[i].figure;
    const Outcome current = Evaluate(plan.current[i], answers);
    std::optional<Outcome> previous;
    if (compare_to) previous = Evaluate(plan.previous[i], answers);
    v1::Figure& line = *response.add_figures();
    line = MakeFigure(figure, current, previous ? &*previous : nullptr);
    line.set_handle(EncodeHandle(*report, figure, request.organization(), period));
  }
  return response;
}

absl::StatusOr<v1::ExplainFigureResponse> ReportService::ExplainFigure(rpc::CallContext& context,
                                                                       const v1::ExplainFigureRequest& request) {
  return explainer_.Explain(context, request);
}

absl::StatusOr<v1::ListTemplatesResponse> ReportService::ListTemplates(rpc::CallContext&,
                                                                       const v1::ListTemplatesRequest&) {
  v1::ListTemplatesResponse response;
  for (const v1::ReportTemplate* report : templates_.All()) *response.add_templates() = *report;
  return response;
}

absl::StatusOr<v1::ListMeasuresResponse> ReportService::ListMeasures(rpc::CallContext& context,
                                                                     const v1::ListMeasuresRequest&) {
  v1::ListMeasuresResponse response;
  for (const auto& [service, measures] : questioner_.AskMeasures(context)) {
    if (!measures.ok()) {
      v1::UnreachableService& entry = *response.add_unreachable();
      entry.set_service(service);
      entry.set_reason(ReasonText(measures.status()));
      continue;
    }
    for (const auto& measure : measures->measures()) {
      v1::ServiceMeasure& entry = *response.add_measures();
      entry.set_service(service);
      *entry.mutable_measure() = measure;
    }
  }
  return response;
}

}  // namespace dangjian::gateway
