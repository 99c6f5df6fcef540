#include "services/gateway/report/report_service.h"

#include <chrono>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/clock.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "services/gateway/report/fake_services.h"
#include "services/gateway/report/figure_handle.h"

namespace dangjian::gateway {
namespace {

using ::testing::HasSubstr;

constexpr char kTemplate[] = R"(
  id: "half-year" version: 1 title_zh: "半年报" title_en: "Half-year report"
  figures { figure_id: "R1" label_zh: "党员" label_en: "Members" unit: "member" unit_zh: "名"
            measure { service: "registry" measure: "members" } }
  figures { figure_id: "P1" label_zh: "承诺" label_en: "Items" unit: "pledge item" unit_zh: "条"
            measure { service: "pledge" measure: "items" filters { dimension: "kind" values: "MEMBER" } } }
  figures { figure_id: "P2" label_zh: "经费" label_en: "Funds" unit: "yuan" unit_zh: "元"
            measure { service: "pledge" measure: "funds" } }
  figures { figure_id: "P3" label_zh: "践诺率" label_en: "Kept" unit: "percent" unit_zh: "%"
            ratio { numerator { service: "pledge" measure: "kept" } denominator { service: "pledge" measure: "items" } } }
  figures { figure_id: "P4" label_zh: "最低完成率" label_en: "Lowest" unit: "percent" unit_zh: "%"
            lowest_ratio { group_by: "target" factor: 1 numerator { service: "pledge" measure: "progress" }
                           denominator { service: "pledge" measure: "targets" } } }
  figures { figure_id: "X1" label_zh: "人均" label_en: "Per member" unit: "percent" unit_zh: "%"
            ratio { numerator { service: "pledge" measure: "items" }
                    denominator { service: "registry" measure: "members" } } })";

template <class M>
M Parse(const std::string& text) {
  M message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

const Day kMarch = Day::Of(2024, 3, 1);
const Day kLastYear = Day::Of(2023, 9, 1);

class ReportServiceTest : public testing::Test {
 protected:
  ReportServiceTest() {
    Declare(registry_, R"(id: "members" time: MEASURE_TIME_STOCK kind: MEASURE_KIND_STOCK unit: "person")");
    Declare(pledge_, R"(id: "items" time: MEASURE_TIME_FLOW kind: MEASURE_KIND_EVENT dimensions: "kind")");
    Declare(pledge_, R"(id: "kept" time: MEASURE_TIME_FLOW kind: MEASURE_KIND_EVENT)");
    Declare(pledge_, R"(id: "funds" time: MEASURE_TIME_FLOW kind: MEASURE_KIND_MONEY unit: "fen" scale: 2)");
    Declare(pledge_,
            R"(id: "progress" time: MEASURE_TIME_STOCK kind: MEASURE_KIND_STOCK scale: 2 dimensions: "target")");
    Declare(pledge_, R"(id: "targets" time: MEASURE_TIME_STOCK kind: MEASURE_KIND_STOCK dimensions: "target")");
    registry_.Add("members", kLastYear, 4);
    registry_.Add("members", kMarch, 2);
    for (int i = 0; i < 3; ++i) pledge_.Add("items", kMarch, 1, {"MEMBER"});
    pledge_.Add("items", kLastYear, 1, {"MEMBER"});
    pledge_.Add("items", kLastYear, 1, {"MEMBER"});
    pledge_.Add("kept", kMarch, 1);
    pledge_.Add("kept", kMarch, 1);
    pledge_.Add("funds", kMarch, 200000, {}, common::v1::QUALIFIER_NEARLY);
    pledge_.Add("funds", kMarch, 95000);
    for (const char* target : {"t1", "t2"}) pledge_.Add("targets", kMarch, 1, {target});
    pledge_.Add("progress", kMarch, 6000, {"t1"});
    pledge_.Add("progress", kMarch, 4000, {"t2"});
    pledge_.Add("progress", kMarch, 1200, {"t2"});

    Backends backends;
    backends.Add("registry", registry_.Channel());
    backends.Add("pledge", pledge_.Channel());
    TemplateStore templates;
    auto report = TemplateStore::Parse("test", kTemplate, NamesOf(backends));
    EXPECT_TRUE(report.ok()) << report.status();
    EXPECT_TRUE(templates.Add(*std::move(report)).ok());
    gateway_ = std::make_unique<FakeGateway>(std::move(backends), std::move(templates));
  }

  static void Declare(FakeService& service, const std::string& measure) {
    service.Declare(Parse<measure::v1::Measure>(measure));
  }

  static v1::CompileReportRequest Request() {
    return Parse<v1::CompileReportRequest>(R"(template: "half-year" organization: "organizations/street"
        period { start_date { year: 2024 month: 1 day: 1 } end_date { year: 2024 month: 6 day: 30 } })");
  }

  absl::StatusOr<v1::CompileReportResponse> Compile(const v1::CompileReportRequest& request,
                                                    int64_t timeout_micros = 5'000'000) {
    return gateway_->client().Call<v1::CompileReportResponse>(
        request, {.timeout_micros = timeout_micros, .metadata = {{"dangjian-caller", "clerk-12"}}, .max_attempts = 1});
  }
  v1::CompileReportResponse MustCompile(const v1::CompileReportRequest& request = Request()) {
    auto report = Compile(request);
    EXPECT_TRUE(report.ok()) << report.status();
    return report.ok() ? *std::move(report) : v1::CompileReportResponse();
  }
  absl::StatusOr<v1::ExplainFigureResponse> Explain(const std::string& handle, int32_t page_size = 0,
                                                    const std::string& token = "") {
    v1::ExplainFigureRequest request;
    request.set_handle(handle);
    request.set_page_size(page_size);
    request.set_page_token(token);
    return gateway_->client().Call<v1::ExplainFigureResponse>(request, {.max_attempts = 1});
  }

  static std::string Values(const v1::CompileReportResponse& report) {
    std::string text;
    for (const auto& figure : report.figures()) {
      absl::StrAppend(&text, figure.figure_id(), "=", figure.value(), "/",
                      v1::FigureState_Name(figure.state()).substr(13), " ");
    }
    return text;
  }

  FakeService registry_;
  FakeService pledge_;
  std::unique_ptr<FakeGateway> gateway_;
};

TEST_F(ReportServiceTest, CompilesEveryFigure) {
  const auto report = MustCompile();
  EXPECT_EQ(Values(report), "R1=6/EXACT P1=3/EXACT P2=2950.00/BOUNDED P3=66.67/EXACT P4=52.00/EXACT X1=50.00/EXACT ");
  EXPECT_EQ(report.title_zh(), "半年报");
  EXPECT_EQ(report.template_version(), 1);
  EXPECT_EQ(report.unreachable_size(), 0);
  EXPECT_EQ(report.figures(1).unit(), "pledge item");
  EXPECT_EQ(report.figures(2).qualifier(), common::v1::QUALIFIER_NEARLY);
  EXPECT_EQ(report.figures(4).group(), "t2");
  ASSERT_EQ(report.figures(5).as_of_size(), 2);
  EXPECT_EQ(report.figures(5).as_of(0).service(), "pledge");
  EXPECT_EQ(report.figures(5).as_of(1).revision(), 2);
}

TEST_F(ReportServiceTest, AsksEachServiceOnceUnderTheCallersName) {
  MustCompile();
  EXPECT_EQ(registry_.query_calls(), 1);
  EXPECT_EQ(pledge_.query_calls(), 1);
  EXPECT_EQ(pledge_.last_caller(), "clerk-12");
  MustCompile();
  EXPECT_EQ(pledge_.query_calls(), 2);
  EXPECT_EQ(pledge_.list_calls(), 1);  // the measures are remembered
}

TEST_F(ReportServiceTest, ComparesWithAnEarlierPeriod) {
  v1::CompileReportRequest request = Request();
  *request.mutable_compare_to() = DaysToProto({Day::Of(2023, 7, 1), Day::Of(2023, 12, 31)});
  const auto report = MustCompile(request);
  EXPECT_EQ(report.figures(0).previous(), "4");
  EXPECT_EQ(report.figures(0).change(), "2");
  EXPECT_EQ(report.figures(0).change_percent(), "50.00");
  EXPECT_EQ(report.figures(1).change(), "1");
  EXPECT_EQ(report.figures(3).previous(), "0.00");
  EXPECT_EQ(report.figures(3).change(), "66.67");
  EXPECT_EQ(report.figures(4).previous_state(), v1::FIGURE_STATE_NOT_COMPARABLE);
  EXPECT_EQ(report.figures(4).change(), "");
  EXPECT_EQ(pledge_.query_calls(), 1);
}

TEST_F(ReportServiceTest, ADeadServiceMakesItsFiguresMissing) {
  pledge_.Stop();
  const auto report = MustCompile();
  EXPECT_EQ(Values(report), "R1=6/EXACT P1=/MISSING P2=/MISSING P3=/MISSING P4=/MISSING X1=/MISSING ");
  EXPECT_EQ(report.figures(1).state_zh(), "未报");
  ASSERT_EQ(report.unreachable_size(), 1);
  EXPECT_EQ(report.unreachable(0).service(), "pledge");
  EXPECT_EQ(report.unreachable(0).reason(), "BACKEND_UNAVAILABLE");
}

TEST_F(ReportServiceTest, ASlowServiceMakesItsFiguresMissingWithinTheDeadline) {
  MustCompile();  // connected
  pledge_.Block();
  const auto report = Compile(Request(), 2'000'000);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(Values(*report), "R1=6/EXACT P1=/MISSING P2=/MISSING P3=/MISSING P4=/MISSING X1=/MISSING ");
  ASSERT_EQ(report->unreachable_size(), 1);
  EXPECT_EQ(report->unreachable(0).reason(), "DEADLINE_EXCEEDED");
}

TEST_F(ReportServiceTest, RequireCompleteRefusesAnIncompleteReport) {
  pledge_.Fail(Error(dangjian::reasons::kInternal, "broken"));
  v1::CompileReportRequest request = Request();
  EXPECT_EQ(MustCompile(request).unreachable(0).reason(), "INTERNAL");
  request.set_require_complete(true);
  const auto report = Compile(request);
  EXPECT_TRUE(absl::IsUnavailable(report.status())) << report.status();
  EXPECT_EQ(ReasonOf(report.status()), "REPORT_INCOMPLETE");
  EXPECT_THAT(std::string(report.status().message()), HasSubstr("pledge"));
  pledge_.Fail(absl::OkStatus());
  EXPECT_TRUE(Compile(request).ok());
}

TEST_F(ReportServiceTest, AnOrganizationThatNoServiceKnowsIsAnError) {
  v1::CompileReportRequest request = Request();
  request.set_organization("organizations/nowhere");
  EXPECT_EQ(ReasonOf(Compile(request).status()), "ORGANIZATION_NOT_FOUND");
}

TEST_F(ReportServiceTest, AServiceThatDoesNotKnowTheOrganizationYetIsMissing) {
  pledge_.Fail(Error(dangjian::reasons::kRecordNotFound, "no such organization"));
  const auto report = MustCompile();
  EXPECT_EQ(report.figures(0).value(), "6");
  EXPECT_EQ(report.figures(1).state(), v1::FIGURE_STATE_MISSING);
  EXPECT_EQ(report.unreachable(0).reason(), "RECORD_NOT_FOUND");
}

TEST_F(ReportServiceTest, WaitsForADirectoryToReachWhatTheRegistryShows) {
  pledge_.SetDirectory(1, false, 4);  // the registry is at 2
  const auto report = MustCompile();
  EXPECT_THAT(Values(report), HasSubstr("P1=3/EXACT"));
  EXPECT_THAT(Values(report), HasSubstr("X1=50.00/EXACT"));
}

TEST_F(ReportServiceTest, ADirectoryThatStaysBehindMakesFiguresStaleAndNeverExact) {
  pledge_.SetDirectory(1, false, 1'000'000);
  const auto start = std::chrono::steady_clock::now();
  const auto report = MustCompile();
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(4));
  EXPECT_EQ(Values(report), "R1=6/EXACT P1=3/STALE P2=2950.00/STALE P3=66.67/STALE P4=52.00/STALE X1=50.00/STALE ");
  EXPECT_EQ(report.figures(1).state_zh(), "滞后");
  EXPECT_EQ(report.unreachable_size(), 0);
}

TEST_F(ReportServiceTest, ADirectoryOfAStoreThatWasReplacedIsNeverExact) {
  pledge_.SetDirectory(1'000'000, false, 0, "an earlier epoch");
  EXPECT_THAT(Values(MustCompile()), HasSubstr("P1=3/STALE"));
}

TEST_F(ReportServiceTest, NobodyWaitsForADirectoryThatIsCutOff) {
  pledge_.SetDirectory(1, true, 1'000'000);
  const auto start = std::chrono::steady_clock::now();
  const auto report = MustCompile();
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(1));
  EXPECT_THAT(Values(report), HasSubstr("P1=3/STALE"));
  const auto explained = Explain(report.figures(1).handle());
  ASSERT_TRUE(explained.ok()) << explained.status();
  EXPECT_EQ(explained->figure().state(), v1::FIGURE_STATE_STALE);
}

TEST_F(ReportServiceTest, ANewMeasureIsLearntWhenItIsFirstReported) {
  // What the gateway remembers of the service is still fresh, but knows nothing of the measure.
  FakeService service;
  Declare(service, R"(id: "old" time: MEASURE_TIME_FLOW kind: MEASURE_KIND_EVENT)");
  Backends backends;
  backends.Add("registry", service.Channel());
  TemplateStore templates;
  v1::ReportTemplate report = Parse<v1::ReportTemplate>(R"(id: "t" version: 1
      figures { figure_id: "A" measure { service: "registry" measure: "old" } })");
  ASSERT_TRUE(templates.Add(report).ok());
  report.set_version(2);
  report.mutable_figures(0)->mutable_measure()->set_measure("new");
  ASSERT_TRUE(templates.Add(report).ok());
  gateway_ = std::make_unique<FakeGateway>(std::move(backends), std::move(templates));
  v1::CompileReportRequest request = Request();
  request.set_template_("t");
  request.set_template_version(1);
  EXPECT_EQ(Values(MustCompile(request)), "A=0/EXACT ");
  request.set_template_version(2);
  const auto before = MustCompile(request);
  EXPECT_EQ(Values(before), "A=/MISSING ");
  EXPECT_EQ(before.unreachable_size(), 1);
  Declare(service, R"(id: "new" time: MEASURE_TIME_FLOW kind: MEASURE_KIND_EVENT)");
  EXPECT_EQ(Values(MustCompile(request)), "A=0/EXACT ");
}

class WindowedReportTest : public ReportServiceTest {
 protected:
  WindowedReportTest() {
    TemplateStore templates;
    EXPECT_TRUE(templates
                    .Add(Parse<v1::ReportTemplate>(R"(id: "half-year" version: 1
                        figures { figure_id: "A" measure { service: "pledge" measure: "items" } }
                        figures { figure_id: "B" measure { service: "pledge" measure: "items" }
                                  window { skip_months: 2 months: 1 } }
                        figures { figure_id: "C" measure { service: "registry" measure: "members" }
                                  window { skip_months: 6 months: 6 } })"))
                    .ok());
    Backends backends;
    backends.Add("registry", registry_.Channel());
    backends.Add("pledge", pledge_.Channel());
    gateway_ = std::make_unique<FakeGateway>(std::move(backends), std::move(templates));
  }
};

TEST_F(WindowedReportTest, AFigureThatThePeriodDoesNotHoldHasNoValueAndIsNotAsked) {
  registry_.Stop();  // only the figure outside needs it
  const auto report = MustCompile();
  EXPECT_EQ(Values(report), "A=3/EXACT B=3/EXACT C=/OUTSIDE_PERIOD ");
  EXPECT_EQ(report.figures(2).state_zh(), "期外");
  EXPECT_EQ(report.figures(2).reason_zh(), "该指标统计期为2024-07-01至2024-12-31,不在报告期2024-01-01至2024-06-30内");
  EXPECT_EQ(report.figures(2).as_of_size(), 0);
  EXPECT_EQ(report.unreachable_size(), 0);
  EXPECT_EQ(report.figures(0).reason_zh(), "");
}

TEST_F(WindowedReportTest, AFigureWithoutAValueIsNotExplained) {
  const absl::Status status = Explain(MustCompile().figures(2).handle()).status();
  EXPECT_EQ(ReasonOf(status), "FIGURE_OUTSIDE_PERIOD");
  EXPECT_TRUE(absl::IsInvalidArgument(status));
  EXPECT_THAT(std::string(status.message()), HasSubstr("C"));
}

TEST_F(WindowedReportTest, RequireCompleteRefusesAPeriodThatLacksAWindow) {
  v1::CompileReportRequest request = Request();
  request.set_require_complete(true);
  const absl::Status status = Compile(request).status();
  EXPECT_EQ(ReasonOf(status), "FIGURE_OUTSIDE_PERIOD");
  EXPECT_THAT(std::string(status.message()), HasSubstr("period"));
  EXPECT_THAT(std::string(status.message()), HasSubstr("C"));
  EXPECT_EQ(pledge_.query_calls(), 0);

  *request.mutable_period() = DaysToProto({Day::Of(2024, 1, 1), Day::Of(2024, 12, 31)});
  EXPECT_TRUE(Compile(request).ok());
  *request.mutable_compare_to() = DaysToProto({Day::Of(2023, 1, 1), Day::Of(2023, 6, 30)});
  EXPECT_EQ(ReasonOf(Compile(request).status()), "FIGURE_OUTSIDE_PERIOD");
}

TEST_F(ReportServiceTest, ACallerWithoutPermissionGetsNoReport) {
  pledge_.Fail(Error(dangjian::reasons::kPermissionDenied, "no"));
  EXPECT_EQ(ReasonOf(Compile(Request()).status()), "PERMISSION_DENIED");
}

TEST_F(ReportServiceTest, RefusesWrongQuestions) {
  v1::CompileReportRequest request = Request();
  request.set_template_("no-such");
  EXPECT_EQ(ReasonOf(Compile(request).status()), "TEMPLATE_NOT_FOUND");
  request = Request();
  request.set_template_version(2);
  EXPECT_EQ(ReasonOf(Compile(request).status()), "TEMPLATE_NOT_FOUND");
  request = Request();
  request.mutable_period()->mutable_end_date()->set_year(2023);
  EXPECT_EQ(ReasonOf(Compile(request).status()), "INVALID_PERIOD");
  request = Request();
  request.clear_period();
  EXPECT_EQ(ReasonOf(Compile(request).status()), "FIELD_REQUIRED");
  EXPECT_EQ(pledge_.query_calls(), 0);
}

TEST_F(ReportServiceTest, ListsTemplatesAndMeasures) {
  const auto templates = gateway_->client().Call<v1::ListTemplatesResponse>(v1::ListTemplatesRequest());
  ASSERT_TRUE(templates.ok());
  EXPECT_EQ(templates->templates(0).id(), "half-year");
  registry_.Fail(Error(dangjian::reasons::kInternal, "broken"));
  const auto measures = gateway_->client().Call<v1::ListMeasuresResponse>(v1::ListMeasuresRequest());
  ASSERT_TRUE(measures.ok());
  EXPECT_EQ(measures->measures_size(), 5);
  EXPECT_EQ(measures->measures(0).service(), "pledge");
  EXPECT_EQ(measures->measures(0).measure().id(), "funds");
  EXPECT_EQ(measures->unreachable(0).service(), "registry");
}

TEST_F(ReportServiceTest, ExplainsByPagesThatAddUp) {
  const auto report = MustCompile();
  const auto first = Explain(report.figures(1).handle(), 2);
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(first->records_size(), 2);
  EXPECT_EQ(first->records(0).part(), v1::FIGURE_PART_VALUE);
  EXPECT_EQ(first->records(0).amount(), "1");
  EXPECT_EQ(first->records(0).dimensions(0), "MEMBER");
  EXPECT_EQ(first->formula(), "items");
  EXPECT_EQ(first->figure().value(), "3");
  const auto second = Explain(report.figures(1).handle(), 2, first->next_page_token());
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(second->records_size(), 1);
  EXPECT_EQ(second->next_page_token(), "");
  EXPECT_EQ(second->figure().SerializeAsString(), first->figure().SerializeAsString());
}

TEST_F(ReportServiceTest, ExplainsMoneyInYuan) {
  const auto page = Explain(MustCompile().figures(2).handle());
  ASSERT_TRUE(page.ok()) << page.status();
  EXPECT_EQ(page->records(0).amount(), "2000.00");
  EXPECT_EQ(page->records(1).amount(), "950.00");
  EXPECT_EQ(page->parts(0).total(), "2950.00");
  EXPECT_EQ(page->parts(0).unit(), "yuan");
}

TEST_F(ReportServiceTest, ExplainsBothPartsOfARatio) {
  const std::string handle = MustCompile().figures(3).handle();
  std::string token;
  std::string parts;
  int pages = 0;
  do {
    const auto page = Explain(handle, 2, token);
    ASSERT_TRUE(page.ok()) << page.status();
    for (const auto& record : page->records()) parts += record.part() == v1::FIGURE_PART_NUMERATOR ? "n" : "d";
    EXPECT_EQ(page->figure().value(), "66.67");
    EXPECT_EQ(page->formula(), "kept / items x 100");
    EXPECT_EQ(page->parts(0).total(), "2");
    EXPECT_EQ(page->parts(1).total(), "3");
    token = page->next_page_token();
    ++pages;
  } while (!token.empty());
  EXPECT_EQ(parts, "nnddd");
  EXPECT_EQ(pages, 3);
  // A page is filled across the parts.
  EXPECT_EQ(Explain(handle, 3)->records_size(), 3);
  EXPECT_EQ(Explain(handle)->records_size(), 5);
}

TEST_F(ReportServiceTest, ExplainsTheLowestGroupAlone) {
  const auto page = Explain(MustCompile().figures(4).handle());
  ASSERT_TRUE(page.ok()) << page.status();
  EXPECT_EQ(page->figure().value(), "52.00");
  EXPECT_EQ(page->figure().group(), "t2");
  EXPECT_EQ(page->formula(), "lowest by target of progress / targets x 1");
  ASSERT_EQ(page->records_size(), 3);
  EXPECT_EQ(page->records(0).amount(), "40");
  EXPECT_EQ(page->records(1).amount(), "12");
  EXPECT_EQ(page->records(2).part(), v1::FIGURE_PART_DENOMINATOR);
  for (const auto& record : page->records()) EXPECT_EQ(record.dimensions(0), "t2");
}

TEST_F(ReportServiceTest, AFirstPageFollowsAChangeInBetween) {
  const std::string handle = MustCompile().figures(1).handle();
  pledge_.BeforeNextPage([this] { pledge_.Add("items", kMarch, 1, {"MEMBER"}); });
  const auto page = Explain(handle);
  ASSERT_TRUE(page.ok()) << page.status();
  EXPECT_EQ(page->figure().value(), "4");
  EXPECT_EQ(page->records_size(), 4);
}

TEST_F(ReportServiceTest, ALaterPageRefusesAChangeInBetween) {
  const std::string handle = MustCompile().figures(3).handle();
  const auto first = Explain(handle, 2);  // the numerator; the denominator is still to come
  ASSERT_TRUE(first.ok());
  pledge_.Add("items", kMarch, 1, {"MEMBER"});
  const auto second = Explain(handle, 2, first->next_page_token());
  EXPECT_EQ(ReasonOf(second.status()), "FIGURE_CHANGED");
  EXPECT_TRUE(absl::IsAborted(second.status()));
}

TEST_F(ReportServiceTest, ExplainRefusesWhatItDidNotHandOut) {
  const auto report = MustCompile();
  std::string handle = report.figures(0).handle();
  EXPECT_EQ(ReasonOf(Explain(handle, -1).status()), "NEGATIVE_PAGE_SIZE");
  EXPECT_EQ(ReasonOf(Explain(handle, 0, "token").status()), "PAGE_TOKEN_FOREIGN");
  const std::string token = Explain(report.figures(1).handle(), 1)->next_page_token();
  EXPECT_EQ(ReasonOf(Explain(handle, 1, token).status()), "PAGE_TOKEN_FOREIGN");
  handle[10] = handle[10] == 'x' ? 'y' : 'x';
  EXPECT_EQ(ReasonOf(Explain(handle).status()), "HANDLE_INVALID");
}

TEST_F(ReportServiceTest, AHandleOfAnotherDefinitionIsOutdated) {
  v1::ReportTemplate other;
  other.set_id("half-year");
  other.set_version(1);
  v1::FigureDefinition& figure = *other.add_figures();
  figure.set_figure_id("P1");
  figure.mutable_measure()->set_measure("other");
  const std::string handle = EncodeHandle(other, figure, FakeService::kOrganization, {kLastYear, kMarch});
  EXPECT_EQ(ReasonOf(Explain(handle).status()), "HANDLE_OUTDATED");
  other.set_version(9);
  const std::string later = EncodeHandle(other, figure, FakeService::kOrganization, {kLastYear, kMarch});
  EXPECT_EQ(ReasonOf(Explain(later).status()), "HANDLE_OUTDATED");
}

TEST_F(ReportServiceTest, ExplainNeedsTheService) {
  const std::string handle = MustCompile().figures(1).handle();
  pledge_.Stop();
  const absl::Status status = Explain(handle).status();
  EXPECT_TRUE(absl::IsUnavailable(status));
  EXPECT_EQ(ReasonOf(status), "BACKEND_UNAVAILABLE");
  EXPECT_THAT(std::string(status.message()), HasSubstr("pledge"));
}

}  // namespace
}  // namespace dangjian::gateway
