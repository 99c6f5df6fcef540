#include "common/obs/metrics.h"

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace dangjian::obs {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// The value of a series in the exposition; NaN when it is not there.
double ValueOf(const std::string& exposition, const std::string& series) {
  for (const absl::string_view line : absl::StrSplit(exposition, '\n')) {
    const std::string prefix = absl::StrCat(series, " ");
    double value = 0;
    if (absl::StartsWith(line, prefix) && absl::SimpleAtod(line.substr(prefix.size()), &value)) return value;
  }
  return std::numeric_limits<double>::quiet_NaN();
}

TEST(MetricsTest, TheCountersOfAMethodExistWithZeroAtStart) {
  Metrics metrics("1.2.3");
  metrics.AddMethod(CallType::kUnary, "a.v1.S", "Get");
  const std::string text = metrics.Expose();
  const std::string labels = "grpc_method=\"Get\",grpc_service=\"a.v1.S\",grpc_type=\"unary\"}";
  EXPECT_EQ(0, ValueOf(text, "grpc_server_handled_total{grpc_code=\"OK\"," + labels));
  EXPECT_EQ(0, ValueOf(text, "grpc_server_started_total{" + labels));
  EXPECT_EQ(0, ValueOf(text, "grpc_server_msg_received_total{" + labels));
  EXPECT_EQ(0, ValueOf(text, "grpc_server_msg_sent_total{" + labels));
  EXPECT_THAT(text, Not(HasSubstr("grpc_server_handling_seconds_bucket")));
  EXPECT_THAT(text, Not(HasSubstr("DataLoss")));
}

TEST(MetricsTest, ForwardedMethodsAreCountedByCodeAlone) {
  Metrics metrics("1.2.3");
  const MethodMetrics method = metrics.AddForwardedMethod(CallType::kUnary, "a.v1.S", "Get");
  EXPECT_THAT(metrics.Expose(), Not(HasSubstr("a.v1.S")));
  method.Started();
  method.MessageReceived();
  method.MessageSent();
  method.Handled(absl::StatusCode::kNotFound, 1);
  method.Handled(absl::StatusCode::kNotFound, 1);
  const std::string text = metrics.Expose();
  EXPECT_EQ(2, ValueOf(text,
                       "grpc_server_handled_total{grpc_code=\"NotFound\",grpc_method=\"Get\","
                       "grpc_service=\"a.v1.S\",grpc_type=\"unary\"}"));
  EXPECT_THAT(text, Not(HasSubstr("grpc_server_handling_seconds_bucket")));
  EXPECT_THAT(text, Not(HasSubstr("grpc_server_started_total{")));
}

TEST(MetricsTest, ForwardedMethodsHaveABoundedNumberOfSeries) {
  Metrics metrics("1.2.3");
  int calls = 0;
  for (int i = 0; i < 1000; ++i) {
    const MethodMetrics method = metrics.AddForwardedMethod(CallType::kUnary, absl::StrCat("s", i), "Get");
    for (int code = 0; code <= 16; ++code, ++calls) method.Handled(static_cast<absl::StatusCode>(code), 0);
  }
  const std::string text = metrics.Expose();
  size_t series = 0;
  double counted = 0;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    if (!absl::StartsWith(line, "grpc_server_handled_total{")) continue;
    ++series;
    double value = 0;
    EXPECT_TRUE(absl::SimpleAtod(line.substr(line.rfind(' ') + 1), &value));
    counted += value;
  }
  EXPECT_LE(series, Metrics::kMaxForwardedSeries + 17);
  EXPECT_EQ(counted, calls) << "none is lost";
}

TEST(MetricsTest, CountsACall) {
  Metrics metrics("1.2.3");
  const MethodMetrics method = metrics.AddMethod(CallType::kServerStream, "a.v1.S", "Watch");
  method.Started();
  method.MessageReceived();
  method.MessageSent();
  method.MessageSent();
  method.Handled(absl::StatusCode::kNotFound, 0.002);
  const std::string text = metrics.Expose();
  const std::string labels = "grpc_method=\"Watch\",grpc_service=\"a.v1.S\",grpc_type=\"server_stream\"";
  EXPECT_EQ(1, ValueOf(text, absl::StrCat("grpc_server_started_total{", labels, "}")));
  EXPECT_EQ(1, ValueOf(text, absl::StrCat("grpc_server_msg_received_total{", labels, "}")));
  EXPECT_EQ(2, ValueOf(text, absl::StrCat("grpc_server_msg_sent_total{", labels, "}")));
  EXPECT_EQ(1, ValueOf(text, absl::StrCat("grpc_server_handled_total{grpc_code=\"NotFound\",", labels, "}")));
  EXPECT_EQ(0, ValueOf(text, absl::StrCat("grpc_server_handled_total{grpc_code=\"OK\",", labels, "}")));
  EXPECT_EQ(0, ValueOf(text, absl::StrCat("grpc_server_handling_seconds_bucket{", labels, ",le=\"0.001\"}")));
  EXPECT_EQ(1, ValueOf(text, absl::StrCat("grpc_server_handling_seconds_bucket{", labels, ",le=\"0.0025\"}")));
}

TEST(MetricsTest, LatencyBucketsAreTheEcosystemsAndThreeFinerOnes) {
  Metrics metrics("1.2.3");
  metrics.AddMethod(CallType::kUnary, "a.v1.S", "Get").Handled(absl::StatusCode::kOk, 20);
  const std::string text = metrics.Expose();
  for (const char* bound :
       {"0.0005", "0.001", "0.0025", "0.005", "0.01", "0.025", "0.05", "0.1", "0.25", "0.5", "1", "2.5", "5", "10"}) {
    EXPECT_THAT(text, HasSubstr(absl::StrCat("le=\"", bound, "\"} 0")));
  }
  EXPECT_THAT(text, HasSubstr("le=\"+Inf\"} 1"));
}

TEST(MetricsTest, ACodeOutsideTheCanonicalOnesIsUnknown) {
  EXPECT_EQ("Unknown", GrpcCodeLabel(static_cast<absl::StatusCode>(99)));
  EXPECT_EQ("Unknown", GrpcCodeLabel(static_cast<absl::StatusCode>(-1)));
  EXPECT_EQ("Canceled", GrpcCodeLabel(absl::StatusCode::kCancelled));
}

TEST(MetricsTest, SameNameAndLabelsGiveTheSameSeries) {
  Metrics metrics("1.2.3");
  metrics.AddCounter("dangjian_things_total", "Things.", {{"kind", "a"}}).Increment();
  metrics.AddCounter("dangjian_things_total", "Things.", {{"kind", "a"}}).Increment(2);
  metrics.AddCounter("dangjian_things_total", "Things.", {{"kind", "b"}});
  const std::string text = metrics.Expose();
  EXPECT_EQ(3, ValueOf(text, "dangjian_things_total{kind=\"a\"}"));
  EXPECT_EQ(0, ValueOf(text, "dangjian_things_total{kind=\"b\"}"));
}

TEST(MetricsTest, GaugesAndHistogramsHoldWhatTheyWereTold) {
  Metrics metrics("1.2.3");
  const Gauge gauge = metrics.AddGauge("dangjian_depth", "Depth.");
  gauge.Set(7);
  gauge.Add(-2);
  metrics.AddHistogram("dangjian_batch_records", "Records.", {}, {1, 10}).Observe(4);
  const std::string text = metrics.Expose();
  EXPECT_EQ(5, ValueOf(text, "dangjian_depth"));
  EXPECT_EQ(0, ValueOf(text, "dangjian_batch_records_bucket{le=\"1\"}"));
  EXPECT_EQ(1, ValueOf(text, "dangjian_batch_records_bucket{le=\"10\"}"));
}

TEST(MetricsTest, CallbacksAreReadOnEachScrape) {
  Metrics metrics("1.2.3");
  double value = 1;
  metrics.AddCallback(Metrics::Kind::kGauge, "dangjian_level", "Level.", [&value] {
    return std::vector<Sample>{{.value = value, .labels = {{"place", "here"}}}, {.value = 9}};
  });
  EXPECT_EQ(1, ValueOf(metrics.Expose(), "dangjian_level{place=\"here\"}"));
  value = 2;
  const std::string text = metrics.Expose();
  EXPECT_EQ(2, ValueOf(text, "dangjian_level{place=\"here\"}"));
  EXPECT_EQ(9, ValueOf(text, "dangjian_level"));
  EXPECT_THAT(text, HasSubstr("# TYPE dangjian_level gauge"));
}

TEST(MetricsTest, ASourceGivesCountersAndGaugesByTheirNames) {
  Metrics metrics("1.2.3");
  metrics.AddSource("dangjian_store_", "Of the store.", [] {
    return std::vector<std::pair<std::string, double>>{{"commits_total", 3}, {"cache_bytes", 4}};
  });
  const std::string text = metrics.Expose();
  EXPECT_EQ(3, ValueOf(text, "dangjian_store_commits_total"));
  EXPECT_EQ(4, ValueOf(text, "dangjian_store_cache_bytes"));
  EXPECT_THAT(text, HasSubstr("# TYPE dangjian_store_commits_total counter"));
  EXPECT_THAT(text, HasSubstr("# TYPE dangjian_store_cache_bytes gauge"));
}

TEST(MetricsTest, NamesTheVersionAndTheProcess) {
  Metrics metrics("1.2.3");
  const std::string text = metrics.Expose();
  EXPECT_EQ(1, ValueOf(text, "dangjian_build_info{version=\"1.2.3\"}"));
  EXPECT_GT(ValueOf(text, "process_resident_memory_bytes"), 1 << 20);
  EXPECT_GT(ValueOf(text, "process_open_fds"), 2);
  EXPECT_GE(ValueOf(text, "process_max_fds"), ValueOf(text, "process_open_fds"));
  EXPECT_GE(ValueOf(text, "process_cpu_seconds_total"), 0);
  // After 2020: the boot time was found and added.
  EXPECT_GT(ValueOf(text, "process_start_time_seconds"), 1577836800);
  EXPECT_THAT(text, HasSubstr("# TYPE process_cpu_seconds_total counter"));
  EXPECT_THAT(text, Not(HasSubstr("nan")));
}

TEST(MetricsDeathTest, RefusesNamesThatBreakTheConvention) {
  EXPECT_DEATH(Metrics("1").AddGauge("depth", "Depth."), "must begin with dangjian_");
  EXPECT_DEATH(Metrics("1").AddCounter("dangjian_things", "Things."), "must end in _total");
  EXPECT_DEATH(
      {
        Metrics metrics("1");
        metrics.AddGauge("dangjian_depth", "Depth.");
        metrics.AddHistogram("dangjian_depth", "Depth.");
      },
      "the name is taken");
}

}  // namespace
}  // namespace dangjian::obs
