#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"

// Metrics in Prometheus form. Names of our own begin with `dangjian_`, have base units (`_seconds`, `_bytes`) and, for
// counters, end in `_total`. Label values come from enums or method names, never from request data.

namespace dangjian::obs {

using Labels = std::vector<std::pair<std::string, std::string>>;

// A value that only grows. A handle: copy it freely, it stays valid as long as its Metrics. Thread-safe.
class Counter {
 public:
  void Increment(double by = 1) const;

 private:
  friend class Metrics;
  explicit Counter(void* impl) : impl_(impl) {}
  void* impl_;
};

// A value that goes up and down. A handle, as above. Thread-safe.
class Gauge {
 public:
  void Set(double value) const;
  void Add(double delta) const;

 private:
  friend class Metrics;
  explicit Gauge(void* impl) : impl_(impl) {}
  void* impl_;
};

// A distribution over fixed buckets. A handle, as above. Thread-safe.
class Histogram {
 public:
  void Observe(double value) const;

 private:
  friend class Metrics;
  explicit Histogram(void* impl) : impl_(impl) {}
  void* impl_;
};

// How a method streams; the values of the label `grpc_type`.
enum class CallType { kUnary, kClientStream, kServerStream, kBidiStream };

// The server metrics of one gRPC method with their series resolved, so that a call looks nothing up once it has been
// seen to end like this before. Names, labels and casing are those of the grpc-ecosystem: dashboards that exist work as
// they are. Thread-safe.
class MethodMetrics {
 public:
  void Started() const;
  void MessageReceived() const;
  void MessageSent() const;
  // The end of a call. `code` is a canonical code; any other value counts as UNKNOWN.
  void Handled(absl::StatusCode code, double seconds) const;

 private:
  friend class Metrics;
  MethodMetrics() = default;
  struct Series;
  std::shared_ptr<Series> series_;
};

// One value read on scrape.
struct Sample {
  double value;
  Labels labels = {};
};

// The metrics of one process. Thread-safe.
class Metrics {
 public:
  // Declares `dangjian_build_info{version}` and the process_* family, which is read on scrape.
  explicit Metrics(std::string_view version);
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  // The series of a metric, made with value 0 on the first call; the same handle for the same name and labels.
  // Abort on a name without the prefix `dangjian_`, a counter without `_total`, or a name of another kind.
  Counter AddCounter(std::string_view name, std::string_view help, const Labels& labels = {});
  Gauge AddGauge(std::string_view name, std::string_view help, const Labels& labels = {});
  // `buckets` are upper bounds, ascending; empty takes those of the gRPC latencies, in seconds.
  Histogram AddHistogram(std::string_view name, std::string_view help, const Labels& labels = {},
                         const std::vector<double>& buckets = {});

  enum class Kind { kCounter, kGauge };
  // A metric whose values `read` gives on each scrape, on the scraping thread. What it reads must live until the last
  // Expose. Abort on a name without the prefix or one that is taken.
  void AddCallback(Kind kind, std::string_view name, std::string_view help, std::function<std::vector<Sample>()> read);

  // Many metrics at once, read on each scrape as name and value: a name that ends in `_total` is a counter, any other a
  // gauge. `prefix`, which begins with `dangjian_`, is put before each name.
  void AddSource(std::string_view prefix, std::string_view help,
                 std::function<std::vector<std::pair<std::string, double>>()> read);

  // The server metrics of a method. Its counters exist from now on with value 0, that of handled calls for OK; the
  // histogram with its buckets and the other codes once there is something to count. `service` is the full name, e.g.
  // `dangjian.pledge.v1.PledgeService`; `method` the short one.
  MethodMetrics AddMethod(CallType type, std::string_view service, std::string_view method);

  // The same for a method that another process serves, and measures itself: handled calls alone are counted, by code,
  // once there are any. All of these methods together have at most kMaxForwardedSeries series; what comes when there
  // are so many is counted under the service and method `other`.
  static constexpr size_t kMaxForwardedSeries = 1500;
  MethodMetrics AddForwardedMethod(CallType type, std::string_view service, std::string_view method);

  // Everything in the Prometheus text format, version 0.0.4.
  std::string Expose() const;

 private:
  friend class MethodMetrics;
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// `InvalidArgument`: how the ecosystem writes a code in the label `grpc_code`.
std::string_view GrpcCodeLabel(absl::StatusCode code);

}  // namespace dangjian::obs
