#include "services/gateway/report/figure_handle.h"

#include <string>

#include "common/status/errors.h"
#include "gtest/gtest.h"
#include "services/gateway/report/template_store.h"

namespace dangjian::gateway {
namespace {

std::string Handle() {
  v1::ReportTemplate report;
  report.set_id("half-year");
  report.set_version(3);
  v1::FigureDefinition& figure = *report.add_figures();
  figure.set_figure_id("D09");
  figure.mutable_measure()->set_measure("pledge_items");
  return EncodeHandle(report, figure, "organizations/street", {Day::Of(2024, 1, 1), Day::Of(2024, 6, 30)});
}

TEST(FigureHandleTest, HoldsAllThatIsNeeded) {
  const auto content = DecodeHandle(Handle());
  ASSERT_TRUE(content.ok()) << content.status();
  EXPECT_EQ(content->template_(), "half-year");
  EXPECT_EQ(content->template_version(), 3);
  EXPECT_EQ(content->figure_id(), "D09");
  EXPECT_EQ(content->organization(), "organizations/street");
  EXPECT_EQ(Day(content->first_day()), Day::Of(2024, 1, 1));
  EXPECT_EQ(Day(content->last_day()), Day::Of(2024, 6, 30));
  EXPECT_EQ(Handle(), Handle());
}

TEST(FigureHandleTest, EveryChangedCharacterIsFound) {
  const std::string good = Handle();
  for (size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = bad[i] == 'A' ? 'B' : 'A';
    EXPECT_EQ(ReasonOf(DecodeHandle(bad).status()), "HANDLE_INVALID") << i;
  }
}

TEST(FigureHandleTest, TextThatIsNoHandleIsRefused) {
  const std::string good = Handle();
  for (const std::string& bad :
       {std::string(), std::string("f1."), std::string("f2.") + good.substr(3), good.substr(0, good.size() - 1),
        good + "A", good + "=", good + " ", std::string("D09"), std::string("\xFF\x00", 2)}) {
    EXPECT_EQ(ReasonOf(DecodeHandle(bad).status()), "HANDLE_INVALID") << bad;
  }
}

TEST(FigureHandleTest, APositionServesOnlyItsHandle) {
  v1::ExplainPosition position;
  position.set_part(1);
  position.set_part_token("token");
  const std::string token = EncodePosition("handle", position);
  const auto decoded = DecodePosition("handle", token);
  ASSERT_TRUE(decoded.ok()) << decoded.status();
  EXPECT_EQ(decoded->part(), 1);
  EXPECT_EQ(decoded->part_token(), "token");
  EXPECT_EQ(ReasonOf(DecodePosition("another", token).status()), "PAGE_TOKEN_FOREIGN");
  EXPECT_EQ(ReasonOf(DecodePosition("handle", token + "A").status()), "PAGE_TOKEN_FOREIGN");
  // A handle is no position.
  EXPECT_EQ(ReasonOf(DecodePosition("handle", Handle()).status()), "PAGE_TOKEN_FOREIGN");
}

}  // namespace
}  // namespace dangjian::gateway
