#include "services/gateway/report/explainer.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/day.h"
#include "common/base/status_macros.h"
#include "common/rpc/answer_limits.h"
#include "common/rpc/page_tokens.h"
#include "common/status/errors.h"
#include "services/gateway/reasons.h"
#include "services/gateway/report/figure_handle.h"
#include "services/gateway/report/report_plan.h"

namespace dangjian::gateway {
namespace {

// How often a first page starts again when records changed between the totals and the list.
constexpr int kFirstPageAttempts = 3;

absl::StatusOr<int32_t> PageSize(int32_t asked) {
  if (asked < 0) return Error(dangjian::reasons::kNegativePageSize, "page_size: must not be negative");
  return std::min(asked == 0 ? rpc::kDefaultPageSize : asked, rpc::kMaxPageSize);
}

v1::FigurePart PartAt(size_t terms, int index) {
  if (terms == 1) return v1::FIGURE_PART_VALUE;
  return index == 0 ? v1::FIGURE_PART_NUMERATOR : v1::FIGURE_PART_DENOMINATOR;
}

// The unit in which a part is printed: money in yuan; amounts of several units in the one that the term selects.
std::string UnitOf(const measure::v1::Measure& measure, const v1::MeasureTerm& term) {
  if (measure.unit() == "fen") return "yuan";
  for (const auto& filter : term.filters()) {
    if (filter.dimension() == "unit" && filter.values_size() == 1) return filter.values(0);
  }
  return measure.unit();
}

absl::Status Outdated(const v1::FigureHandleContent& content) {
  return Error(reasons::kHandleOutdated,
               absl::StrCat("figure ", content.figure_id(), " of template ", content.template_(), " version ",
                            content.template_version(), " is not defined here as it was; compile the report again"),
               {{"template", content.template_()}, {"figure", content.figure_id()}});
}

absl::Status Outside(const v1::FigureHandleContent& content, DayRange period) {
  return Error(reasons::kFigureOutsidePeriod,
               absl::StrCat("figure ", content.figure_id(), " has no value in a report from ", FormatDay(period.first),
                            " to ", FormatDay(period.last), ", which does not hold its window"),
               {{"template", content.template_()}, {"figure", content.figure_id()}});
}

absl::Status Changed() {
  return Error(reasons::kFigureChanged, "page_token: records changed since the first page; start again");
}

v1::FigureRecord RecordOf(const measure::v1::MeasureContribution& contribution, const measure::v1::Measure& measure,
                          v1::FigurePart part) {
  v1::FigureRecord record;
  record.set_part(part);
  record.set_record(contribution.record());
  record.set_organization(contribution.organization());
  *record.mutable_date() = contribution.date();
  record.set_amount(PrintedAmount(measure, contribution.amount()));
  record.set_qualifier(contribution.qualifier());
  record.set_subject(contribution.subject());
  *record.mutable_dimensions() = contribution.dimensions();
  return record;
}

}  // namespace

absl::StatusOr<v1::ExplainFigureResponse> Explainer::Explain(rpc::CallContext& context,
                                                             const v1::ExplainFigureRequest& request) {
  ASSIGN_OR_RETURN(const int32_t page_size, PageSize(request.page_size()));
  ASSIGN_OR_RETURN(const Subject subject, Resolve(request.handle()));
  const bool first = request.page_token().empty();
  absl::StatusOr<v1::ExplainFigureResponse> response;
  v1::ExplainPosition position;
  for (int attempt = 1; attempt <= kFirstPageAttempts; ++attempt) {
    if (first) {
      ASSIGN_OR_RETURN(position, Begin(context, subject));
    } else {
      ASSIGN_OR_RETURN(position, DecodePosition(request.handle(), request.page_token()));
      // The seal finds damage, not malice: what indexes anything is checked.
      if (position.parts_size() != static_cast<int>(subject.terms.size()) || position.part() < 0) {
        return Error(dangjian::reasons::kPageTokenForeign, "page_token: not a token of this figure's explanation");
      }
    }
    response = Page(context, subject, page_size, position);
    if (!first || ReasonOf(response.status()) != reasons::kFigureChanged.name) break;
  }
  RETURN_IF_ERROR(response.status());
  if (position.part() < position.parts_size()) {
    response->set_next_page_token(EncodePosition(request.handle(), std::move(position)));
  }
  return response;
}

absl::StatusOr<Explainer::Subject> Explainer::Resolve(const std::string& handle) const {
  ASSIGN_OR_RETURN(const v1::FigureHandleContent content, DecodeHandle(handle));
  const auto report = templates_.Find(content.template_(), content.template_version());
  if (!report.ok()) return Outdated(content);
  for (const v1::FigureDefinition& figure : (*report)->figures()) {
    if (figure.figure_id() != content.figure_id()) continue;
    if (DefinitionDigest(figure) != content.definition_digest()) break;
    const DayRange period{Day(content.first_day()), Day(content.last_day())};
    if (!OutsideText(figure, period).empty()) return Outside(content, period);
    return Subject{&figure, TermsOf(figure), content.organization(), period};
  }
  return Outdated(content);
}

absl::StatusOr<v1::ExplainPosition> Explainer::Begin(rpc::CallContext& context, const Subject& subject) {
  const ReportPlan plan = PlanFigure(*subject.figure, subject.organization, subject.period);
  const Answers answers = questioner_.Ask(context, plan.queries);
  RETURN_IF_ERROR(JudgeAnswers(answers, subject.organization));
  for (const auto& [service, answer] : answers) RETURN_IF_ERROR(answer.status);
  const Outcome outcome = Evaluate(plan.current[0], answers);
  v1::ExplainPosition position;
  position.set_group(outcome.groups.lowest);
  position.set_groups(outcome.groups.count);
  for (const TermTotal& total : outcome.totals) {
    v1::ExplainPart& part = *position.add_parts();
    part.set_total(total.value);
    part.set_revision(total.revision);
    part.set_qualifier(total.qualifier);
    part.set_stale(total.stale);
  }
  // The lowest of no groups has no records.
  if (subject.figure->has_lowest_ratio() && outcome.groups.lowest.empty()) position.set_part(position.parts_size());
  return position;
}

absl::StatusOr<v1::ExplainFigureResponse> Explainer::Page(rpc::CallContext& context, const Subject& subject,
                                                          int32_t page_size, v1::ExplainPosition& position) {
  ASSIGN_OR_RETURN(v1::ExplainFigureResponse response, Head(context, subject, position));
  while (position.part() < position.parts_size() && response.records_size() < page_size &&
         response.ByteSizeLong() < rpc::kPageBytes) {
    RETURN_IF_ERROR(context.CheckAlive());
    RETURN_IF_ERROR(AddRecords(context, subject, page_size - response.records_size(), position, response));
  }
  return response;
}

absl::StatusOr<v1::ExplainFigureResponse> Explainer::Head(rpc::CallContext& context, const Subject& subject,
                                                          const v1::ExplainPosition& position) {
  v1::ExplainFigureResponse response;
  std::vector<TermTotal> totals;
  std::vector<std::shared_ptr<const Measures>> kept;  // own the measures that `totals` point to
  for (int i = 0; i < position.parts_size(); ++i) {
    const v1::MeasureTerm& term = *subject.terms[static_cast<size_t>(i)];
    ASSIGN_OR_RETURN(kept.emplace_back(), questioner_.MeasuresOf(context, term.service()));
    const auto measure = kept.back()->find(term.measure());
    if (measure == kept.back()->end()) return Changed();
    const v1::ExplainPart& given = position.parts(i);
    totals.push_back({&measure->second, given.total(), static_cast<common::v1::Qualifier>(given.qualifier()),
                      given.revision(), given.stale()});
    v1::FigurePartTotal& part = *response.add_parts();
    part.set_part(PartAt(subject.terms.size(), i));
    part.set_service(term.service());
    part.set_measure(term.measure());
    part.set_label_zh(measure->second.label_zh());
    part.set_unit(UnitOf(measure->second, term));
    part.set_total(PrintedAmount(measure->second, given.total()));
  }
  *response.mutable_figure() = MakeFigure(
      *subject.figure, FromTotals(*subject.figure, std::move(totals), {position.group(), position.groups()}), nullptr);
  response.set_formula(FormulaText(*subject.figure));
  return response;
}

absl::Status Explainer::AddRecords(rpc::CallContext& context, const Subject& subject, int32_t limit,
                                   v1::ExplainPosition& position, v1::ExplainFigureResponse& response) {
  const v1::MeasureTerm& term = *subject.terms[static_cast<size_t>(position.part())];
  measure::v1::ListContributionsRequest request;
  *request.mutable_selector() = SelectorOf(*subject.figure, static_cast<size_t>(position.part()), subject.organization,
                                           subject.period, position.group());
  request.set_page_size(limit);
  request.set_page_token(position.part_token());
  ASSIGN_OR_RETURN(const auto page, questioner_.AskContributions(context, term.service(), request));
  if (page.total() != position.parts(position.part()).total()) return Changed();
  ASSIGN_OR_RETURN(const std::shared_ptr<const Measures> measures, questioner_.MeasuresOf(context, term.service()));
  const auto measure = measures->find(term.measure());
  if (measure == measures->end()) return Changed();
  for (const auto& contribution : page.contributions()) {
    *response.add_records() = RecordOf(contribution, measure->second, PartAt(subject.terms.size(), position.part()));
  }
  position.set_part_token(page.next_page_token());
  if (page.next_page_token().empty()) position.set_part(position.part() + 1);
  return absl::OkStatus();
}

}  // namespace dangjian::gateway
