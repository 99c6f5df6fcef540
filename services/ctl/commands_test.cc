#include "services/ctl/commands.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

#include "common/status/errors.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "services/ctl/cli.h"
#include "services/ctl/error_text.h"

namespace dangjian::ctl {
namespace {

using ::testing::HasSubstr;

ReportChoice Choice() {
  return {.report_template = "half-year", .organization = "dongfenglu", .from = "2024-01-01", .to = "2024-06-30"};
}

struct Result {
  int code;
  std::string out;
  std::string err;
};

Result RunCli(const std::vector<std::string>& arguments) {
  std::vector<const char*> argv = {"dangjianctl"};
  for (const std::string& argument : arguments) argv.push_back(argument.c_str());
  std::ostringstream out;
  std::ostringstream err;
  const int code = Run(static_cast<int>(argv.size()), argv.data(), out, err);
  return {code, out.str(), err.str()};
}

TEST(RequestOfTest, CompletesTheOrganizationsName) {
  const auto request = RequestOf(Choice());
  ASSERT_TRUE(request.ok()) << request.status();
  EXPECT_EQ(request->organization(), "organizations/dongfenglu");
  EXPECT_EQ(request->period().end_date().month(), 6);
  EXPECT_FALSE(request->has_compare_to());
  ReportChoice full = Choice();
  full.organization = "organizations/other";
  full.compare_from = "2023-01-01";
  full.compare_to = "2023-06-30";
  EXPECT_EQ(RequestOf(full)->organization(), "organizations/other");
  EXPECT_EQ(RequestOf(full)->compare_to().start_date().year(), 2023);
}

TEST(RequestOfTest, RefusesWrongDates) {
  ReportChoice choice = Choice();
  choice.to = "2024-06-31";
  EXPECT_TRUE(absl::IsInvalidArgument(RequestOf(choice).status()));
}

TEST(WriteFileTest, ReplacesAFileAtOnce) {
  const std::string path = testing::TempDir() + "/ctl_figures.tsv";
  ASSERT_TRUE(WriteFile(path, "old\n").ok());
  ASSERT_TRUE(WriteFile(path, "D01\t12\n").ok());
  std::ifstream file(path);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), "D01\t12\n");
  EXPECT_FALSE(std::filesystem::exists(path + ".tmp"));
  std::filesystem::remove(path);
}

TEST(WriteFileTest, SaysWhichFileCannotBeWritten) {
  const absl::Status status = WriteFile(testing::TempDir() + "/no/such/folder/f", "x");
  EXPECT_THAT(std::string(status.message()), HasSubstr("/no/such/folder/f: cannot be written"));
}

TEST(RecordSumTest, ComparesEachPartExactly) {
  gateway::v1::ExplainFigureResponse page;
  ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(R"(
    parts { part: FIGURE_PART_NUMERATOR measure: "kept" total: "2950.00" }
    parts { part: FIGURE_PART_DENOMINATOR measure: "made" total: "0" }
    records { part: FIGURE_PART_NUMERATOR amount: "2000.00" } records { part: FIGURE_PART_NUMERATOR amount: "950" })",
                                                            &page));
  RecordSum sum;
  ASSERT_TRUE(sum.Add(page).ok());
  EXPECT_TRUE(sum.Compare(page).ok());
  EXPECT_EQ(sum.records(), 2);
  page.mutable_records(1)->set_amount("0.01");
  ASSERT_TRUE(sum.Add(page).ok());
  const absl::Status wrong = sum.Compare(page);
  EXPECT_TRUE(absl::IsDataLoss(wrong));
  EXPECT_THAT(std::string(wrong.message()), HasSubstr("kept"));
}

TEST(ErrorTextTest, ShowsReasonAndFields) {
  Violations violations;
  violations.Add("period", dangjian::reasons::kInvalidDate, "no such day");
  const std::string text = ErrorText(violations.ToStatus());
  EXPECT_THAT(text, HasSubstr("INVALID_DATE"));
  EXPECT_THAT(text, HasSubstr("日期不存在"));
  EXPECT_THAT(text, HasSubstr("\n  period: "));
  EXPECT_EQ(ErrorText(absl::NotFoundError("no figure")), "(NOT_FOUND: no figure)\n");
}

TEST(CliTest, WrongUsageIsTwo) {
  EXPECT_EQ(RunCli({}).code, 2);
  EXPECT_EQ(RunCli({"report"}).code, 2);
  EXPECT_EQ(RunCli({"report", "--template", "t", "--organization", "o", "--from", "2024-01-01", "--to", "2024-06-30",
                    "--compare-from", "2023-01-01"})
                .code,
            2);
  const Result unknown = RunCli({"no-such-command"});
  EXPECT_EQ(unknown.code, 2);
  EXPECT_EQ(unknown.out, "");
  EXPECT_NE(unknown.err, "");
}

TEST(CliTest, AWrongDateIsNamedWithItsOption) {
  const Result result =
      RunCli({"report", "--template", "t", "--organization", "o", "--from", "2024-01-01", "--to", "2024-06-31"});
  EXPECT_EQ(result.code, 2);
  EXPECT_THAT(result.err, HasSubstr("--to"));
  EXPECT_THAT(result.err, HasSubstr("YYYY-MM-DD"));
}

TEST(CliTest, HelpIsNoFailure) {
  const Result help = RunCli({"report", "--help"});
  EXPECT_EQ(help.code, 0);
  EXPECT_THAT(help.out, HasSubstr("--require-complete"));
}

TEST(CliTest, AGatewayThatIsNotThereIsAFailure) {
  const Result result =
      RunCli({"report", "--gateway", "unix:" + testing::TempDir() + "/nobody.sock", "--timeout", "2", "--template", "t",
              "--organization", "o", "--from", "2024-01-01", "--to", "2024-06-30"});
  EXPECT_EQ(result.code, 1);
  EXPECT_EQ(result.out, "");
  EXPECT_THAT(result.err, HasSubstr("dangjianctl: 连接不上网关 unix:"));
  EXPECT_THAT(result.err, HasSubstr("--gateway"));
}

TEST(CliTest, CallRefusesWhatIsNoMethod) {
  EXPECT_EQ(RunCli({"call", "dangjian.gateway.v1.ReportService/NoSuch"}).code, 1);
  const Result wrong = RunCli({"call", "dangjian.gateway.v1.ReportService/CompileReport", "{\"no\": 1}"});
  EXPECT_EQ(wrong.code, 1);
  EXPECT_THAT(wrong.err, HasSubstr("the request is wrong"));
}

}  // namespace
}  // namespace dangjian::ctl
