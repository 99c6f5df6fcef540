#include "services/ctl/report_text.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/types/date.h"
#include "services/ctl/text_table.h"

namespace dangjian::ctl {
namespace {

using gateway::v1::CompileReportResponse;
using gateway::v1::ExplainFigureResponse;
using gateway::v1::Figure;

std::string PeriodText(const common::v1::Period& period) {
  return absl::StrCat(FormatDay(DayOr(period.start_date(), Day())), " 至 ", FormatDay(DayOr(period.end_date(), Day())));
}

// FIGURE_STATE_EXACT → EXACT
std::string StateName(gateway::v1::FigureState state) {
  constexpr std::string_view kPrefix = "FIGURE_STATE_";
  const std::string name = gateway::v1::FigureState_Name(state);
  return name.starts_with(kPrefix) ? name.substr(kPrefix.size()) : absl::StrCat(static_cast<int>(state));
}

std::string ChangeText(const Figure& figure) {
  if (figure.change().empty()) return "";
  const bool grew = !figure.change().starts_with('-') && figure.change().find_first_not_of("0.") != std::string::npos;
  const std::string sign = grew ? "+" : "";
  if (figure.change_percent().empty()) return sign + figure.change();
  return absl::StrCat(sign, figure.change(), " (", sign, figure.change_percent(), "%)");
}

// Under the table: why figures have no value, one line for all of the same reason.
std::string NotesOf(const CompileReportResponse& report) {
  std::vector<std::pair<std::string, std::vector<std::string>>> notes;  // reason, figures
  const auto add = [&notes](const std::string& figure, const std::string& reason) {
    if (reason.empty()) return;
    const auto same = std::find_if(notes.begin(), notes.end(), [&](const auto& note) { return note.first == reason; });
    if (same == notes.end()) {
      notes.push_back({reason, {figure}});
    } else {
      same->second.push_back(figure);
    }
  };
  for (const Figure& figure : report.figures()) {
    add(figure.figure_id(), figure.reason_zh());
    add(absl::StrCat(figure.figure_id(), "比较期"), figure.previous_reason_zh());
  }
  std::string text = notes.empty() ? "" : "\n";
  for (const auto& [reason, ids] : notes) absl::StrAppend(&text, absl::StrJoin(ids, " "), ": ", reason, "\n");
  return text;
}

std::string_view PartText(gateway::v1::FigurePart part) {
  switch (part) {
    case gateway::v1::FIGURE_PART_NUMERATOR:
      return "分子";
    case gateway::v1::FIGURE_PART_DENOMINATOR:
      return "分母";
    case gateway::v1::FIGURE_PART_VALUE:
      return "数值";
    case gateway::v1::FIGURE_PART_UNSPECIFIED:
    case gateway::v1::FigurePart_INT_MIN_SENTINEL_DO_NOT_USE_:
    case gateway::v1::FigurePart_INT_MAX_SENTINEL_DO_NOT_USE_:
      break;
  }
  return "";
}

}  // namespace

std::string ReportTable(const CompileReportResponse& report) {
  std::string text = absl::StrCat(report.title_zh(), "\n", report.organization(), "  ", PeriodText(report.period()));
  if (report.has_compare_to()) absl::StrAppend(&text, "  (比较期 ", PeriodText(report.compare_to()), ")");
  TextTable table({{"编号"}, {"指标"}, {"数值", Align::kRight}, {"单位"}, {"状态"}, {"变化", Align::kRight}});
  for (const Figure& figure : report.figures()) {
    table.AddRow({figure.figure_id(), figure.label_zh(), figure.value().empty() ? "-" : figure.value(),
                  figure.unit_zh(), figure.state_zh(), ChangeText(figure)});
  }
  return absl::StrCat(text, "\n\n", table.Render(), NotesOf(report));
}

std::string FigureLines(const CompileReportResponse& report) {
  std::string lines;
  for (const Figure& figure : report.figures()) {
    absl::StrAppend(&lines, figure.figure_id(), "\t", figure.value(), "\t", figure.unit(), "\t",
                    StateName(figure.state()), "\n");
  }
  return lines;
}

std::string MissingWords(const CompileReportResponse& report) {
  std::string words;
  for (const auto& service : report.unreachable()) {
    absl::StrAppend(&words, "服务 ", service.service(), " 未报: ", service.reason(), "\n");
  }
  return words;
}

std::string RecordTable(const ExplainFigureResponse& page) {
  TextTable table({{"部分"}, {"日期"}, {"数量", Align::kRight}, {"组织"}, {"记录"}, {"对象"}});
  for (const auto& record : page.records()) {
    table.AddRow({std::string(PartText(record.part())), FormatDay(DayOr(record.date(), Day())), record.amount(),
                  record.organization(), record.record(), record.subject()});
  }
  return table.Render();
}

std::string ExplanationSummary(const ExplainFigureResponse& page) {
  const Figure& figure = page.figure();
  std::string text = absl::StrCat(figure.figure_id(), " ", figure.label_zh(), ": ",
                                  figure.value().empty() ? figure.state_zh() : figure.value(), " ", figure.unit_zh());
  if (!figure.group().empty()) absl::StrAppend(&text, " (", figure.group(), ")");
  absl::StrAppend(&text, "\n= ", page.formula(), "\n");
  for (const auto& part : page.parts()) {
    const std::string_view name = PartText(part.part());
    absl::StrAppend(&text, std::string(name), "合计 ", part.total(), " ", part.unit(), "  (", part.service(), " ",
                    part.measure(), " ", part.label_zh(), ")\n");
  }
  return text;
}

}  // namespace dangjian::ctl
