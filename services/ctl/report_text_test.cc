#include "services/ctl/report_text.h"

#include <string>

#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace dangjian::ctl {
namespace {

template <class M>
M Parse(const std::string& text) {
  M message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

gateway::v1::CompileReportResponse Report() {
  return Parse<gateway::v1::CompileReportResponse>(R"(
    title_zh: "半年报" organization: "organizations/dongfenglu"
    period { start_date { year: 2024 month: 1 day: 1 } end_date { year: 2024 month: 6 day: 30 } }
    compare_to { start_date { year: 2023 month: 1 day: 1 } end_date { year: 2023 month: 6 day: 30 } }
    figures { figure_id: "D01" label_zh: "辖区社区" value: "12" unit: "community" unit_zh: "个"
              state: FIGURE_STATE_EXACT state_zh: "确数" previous: "10" change: "2" change_percent: "20.00" }
    figures { figure_id: "D06" label_zh: "经费" value: "2950.00" unit: "yuan" unit_zh: "元"
              state: FIGURE_STATE_BOUNDED state_zh: "概数" change: "-50.00" change_percent: "-1.67" }
    figures { figure_id: "D12" label_zh: "按期践诺率" unit: "percent" unit_zh: "%"
              state: FIGURE_STATE_MISSING state_zh: "未报" }
    unreachable { service: "pledge" reason: "DEADLINE_EXCEEDED" })");
}

TEST(ReportTextTest, PrintsAnAlignedTable) {
  EXPECT_EQ(ReportTable(Report()),
            "半年报\n"
            "organizations/dongfenglu  2024-01-01 至 2024-06-30  (比较期 2023-01-01 至 2023-06-30)\n"
            "\n"
            "编号  指标           数值  单位  状态             变化\n"
            "D01   辖区社区         12  个    确数     +2 (+20.00%)\n"
            "D06   经费        2950.00  元    概数  -50.00 (-1.67%)\n"
            "D12   按期践诺率        -  %     未报\n");
}

TEST(ReportTextTest, SaysOnceWhyFiguresHaveNoValue) {
  auto report = Report();
  report.mutable_figures(2)->set_reason_zh("服务 pledge 未报,请稍后重新汇总");
  for (const char* id : {"D13", "D14"}) {
    auto& figure = *report.add_figures();
    figure.set_figure_id(id);
    figure.set_state_zh("期外");
    figure.set_reason_zh("该指标统计期为2024-07-01至2024-12-31,不在报告期2024-01-01至2024-06-30内");
  }
  report.mutable_figures(3)->set_previous_reason_zh("比较基数为零,不能计算百分比");
  const std::string text = ReportTable(report);
  EXPECT_NE(text.find("\n\nD12: 服务 pledge 未报,请稍后重新汇总\n"
                      "D13 D14: 该指标统计期为2024-07-01至2024-12-31,不在报告期2024-01-01至2024-06-30内\n"
                      "D13比较期: 比较基数为零,不能计算百分比\n"),
            std::string::npos)
      << text;
}

TEST(ReportTextTest, NoChangeHasNoSign) {
  auto report = Report();
  report.mutable_figures(1)->set_change("0.00");
  report.mutable_figures(1)->set_change_percent("0.00");
  EXPECT_NE(ReportTable(report).find("  0.00 (0.00%)\n"), std::string::npos) << ReportTable(report);
}

TEST(ReportTextTest, WritesFigureLines) {
  EXPECT_EQ(FigureLines(Report()),
            "D01\t12\tcommunity\tEXACT\n"
            "D06\t2950.00\tyuan\tBOUNDED\n"
            "D12\t\tpercent\tMISSING\n");
}

TEST(ReportTextTest, NamesWhatIsMissing) {
  EXPECT_EQ(MissingWords(Report()), "服务 pledge 未报: DEADLINE_EXCEEDED\n");
  EXPECT_EQ(MissingWords({}), "");
}

TEST(ReportTextTest, PrintsAnExplanation) {
  const auto page = Parse<gateway::v1::ExplainFigureResponse>(R"(
    figure { figure_id: "D13" label_zh: "最低完成率" value: "52.00" unit_zh: "%" group: "targets/t2" }
    formula: "lowest by target of target_progress / targets x 1"
    parts { part: FIGURE_PART_NUMERATOR service: "pledge" measure: "target_progress" label_zh: "完成率" unit: "percent"
            total: "52" }
    parts { part: FIGURE_PART_DENOMINATOR service: "pledge" measure: "targets" label_zh: "目标" unit: "target" total: "1" }
    records { part: FIGURE_PART_NUMERATOR record: "targets/t2" organization: "organizations/a" amount: "52"
              date { year: 2024 month: 6 day: 1 } }
    records { part: FIGURE_PART_DENOMINATOR record: "targets/t2" organization: "organizations/a" amount: "1"
              date { year: 2024 month: 1 day: 1 } subject: "members/m1" })");
  EXPECT_EQ(ExplanationSummary(page),
            "D13 最低完成率: 52.00 % (targets/t2)\n"
            "= lowest by target of target_progress / targets x 1\n"
            "分子合计 52 percent  (pledge target_progress 完成率)\n"
            "分母合计 1 target  (pledge targets 目标)\n");
  EXPECT_EQ(RecordTable(page),
            "部分  日期        数量  组织             记录        对象\n"
            "分子  2024-06-01    52  organizations/a  targets/t2\n"
            "分母  2024-01-01     1  organizations/a  targets/t2  members/m1\n");
}

}  // namespace
}  // namespace dangjian::ctl
