#include "common/obs/metrics.h"

#include <array>
#include <atomic>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/mutex.h"
#include "common/base/strings.h"
#include "common/obs/process_stats.h"
#include "prometheus/counter.h"
#include "prometheus/family.h"
#include "prometheus/gauge.h"
#include "prometheus/histogram.h"
#include "prometheus/registry.h"
#include "prometheus/text_serializer.h"

namespace dangjian::obs {
namespace {

constexpr size_t kCodes = 17;  // OK (0) to UNAUTHENTICATED (16)

constexpr std::array<std::string_view, kCodes> kCodeLabels = {
    "OK",       "Canceled",       "Unknown",          "InvalidArgument",   "DeadlineExceeded",
    "NotFound", "AlreadyExists",  "PermissionDenied", "ResourceExhausted", "FailedPrecondition",
    "Aborted",  "OutOfRange",     "Unimplemented",    "Internal",          "Unavailable",
    "DataLoss", "Unauthenticated"};

// The ecosystem's default buckets with three finer ones below, for services that answer from memory. Seconds.
const std::vector<double>& LatencyBuckets() {
  static const std::vector<double> buckets = {.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10};
  return buckets;
}

std::string_view TypeLabel(CallType type) {
  switch (type) {
    case CallType::kUnary:
      return "unary";
    case CallType::kClientStream:
      return "client_stream";
    case CallType::kServerStream:
      return "server_stream";
    case CallType::kBidiStream:
      return "bidi_stream";
  }
  return "unary";
}

size_t CodeIndex(absl::StatusCode code) {
  const auto number = static_cast<size_t>(code);
  return number < kCodes ? number : static_cast<size_t>(absl::StatusCode::kUnknown);
}

// A metric declared wrongly is a mistake of the programmer that every start shows.
[[noreturn]] void Refuse(std::string_view name, const char* why) {
  std::fprintf(stderr, "metric %.*s: %s\n", static_cast<int>(name.size()), name.data(), why);
  std::abort();
}

prometheus::Labels ToPrometheus(const Labels& labels) { return {labels.begin(), labels.end()}; }

}  // namespace

std::string_view GrpcCodeLabel(absl::StatusCode code) { return kCodeLabels[CodeIndex(code)]; }

void Counter::Increment(double by) const { static_cast<prometheus::Counter*>(impl_)->Increment(by); }
void Gauge::Set(double value) const { static_cast<prometheus::Gauge*>(impl_)->Set(value); }
void Gauge::Add(double delta) const { static_cast<prometheus::Gauge*>(impl_)->Increment(delta); }
void Histogram::Observe(double value) const { static_cast<prometheus::Histogram*>(impl_)->Observe(value); }

// The series of one method: those that are nullptr do not exist, or not yet.
struct MethodMetrics::Series {
  prometheus::Counter* started = nullptr;
  prometheus::Counter* received = nullptr;
  prometheus::Counter* sent = nullptr;
  std::array<std::atomic<prometheus::Counter*>, kCodes> handled{};
  std::atomic<prometheus::Histogram*> seconds{nullptr};
  bool forwarded = false;
  prometheus::Labels labels;
  Metrics::Impl* impl = nullptr;

  prometheus::Counter* Handled(size_t code);
  prometheus::Histogram* Seconds();
};

struct Metrics::Impl {
  struct Callback {
    Kind kind;
    std::string name;
    std::string help;
    std::function<std::vector<Sample>()> read;
  };
  struct Source {
    std::string prefix;
    std::string help;
    std::function<std::vector<std::pair<std::string, double>>()> read;
  };
  enum class Family { kCounter, kGauge, kHistogram, kCallback };

  // Notes the name; aborts when it belongs to another kind of metric.
  void Claim(std::string_view name, Family family) {
    MutexLock lock(mutex);
    const auto [it, inserted] = names.emplace(name, family);
    if (!inserted && (it->second != family || family == Family::kCallback)) Refuse(name, "the name is taken");
  }
  void Add(Kind kind, std::string_view name, std::string_view help, std::function<std::vector<Sample>()> read) {
    Claim(name, Family::kCallback);
    MutexLock lock(mutex);
    callbacks.push_back({kind, std::string(name), std::string(help), std::move(read)});
  }
  void AddProcessMetrics();
  std::vector<prometheus::MetricFamily> Collect();

  prometheus::Registry registry;
  prometheus::Family<prometheus::Counter>* started;
  prometheus::Family<prometheus::Counter>* received;
  prometheus::Family<prometheus::Counter>* sent;
  prometheus::Family<prometheus::Counter>* handled;
  prometheus::Family<prometheus::Histogram>* seconds;
  std::atomic<size_t> forwarded_series{0};
  Mutex mutex;
  std::map<std::string, Family, std::less<>> names ABSL_GUARDED_BY(mutex);
  std::vector<Callback> callbacks ABSL_GUARDED_BY(mutex);
  std::vector<Source> sources ABSL_GUARDED_BY(mutex);
};

void MethodMetrics::Started() const {
  if (series_->started != nullptr) series_->started->Increment();
}
void MethodMetrics::MessageReceived() const {
  if (series_->received != nullptr) series_->received->Increment();
}
void MethodMetrics::MessageSent() const {
  if (series_->sent != nullptr) series_->sent->Increment();
}
void MethodMetrics::Handled(absl::StatusCode code, double seconds) const {
  series_->Handled(CodeIndex(code))->Increment();
  if (!series_->forwarded) series_->Seconds()->Observe(seconds);
}

// Families give the same series for the same labels: two threads that meet here get one.
prometheus::Counter* MethodMetrics::Series::Handled(size_t code) {
  prometheus::Counter* counter = handled[code].load(std::memory_order_acquire);
  if (counter != nullptr) return counter;
  prometheus::Labels all = labels;
  if (forwarded && impl->forwarded_series.fetch_add(1) >= Metrics::kMaxForwardedSeries) {
    all["grpc_service"] = "other";
    all["grpc_method"] = "other";
  }
  all["grpc_code"] = std::string(kCodeLabels[code]);
  counter = &impl->handled->Add(all);
  handled[code].store(counter, std::memory_order_release);
  return counter;
}

prometheus::Histogram* MethodMetrics::Series::Seconds() {
  prometheus::Histogram* histogram = seconds.load(std::memory_order_acquire);
  if (histogram != nullptr) return histogram;
  histogram = &impl->seconds->Add(labels, LatencyBuckets());
  seconds.store(histogram, std::memory_order_release);
  return histogram;
}

namespace {

prometheus::MetricFamily MakeFamily(std::string name, std::string help, Metrics::Kind kind,
                                    const std::vector<Sample>& samples) {
  const bool is_counter = kind == Metrics::Kind::kCounter;
  prometheus::MetricFamily family;
  family.name = std::move(name);
  family.help = std::move(help);
  family.type = is_counter ? prometheus::MetricType::Counter : prometheus::MetricType::Gauge;
  for (const Sample& sample : samples) {
    prometheus::ClientMetric& metric = family.metric.emplace_back();
    for (const auto& [label, value] : sample.labels) metric.label.push_back({label, value});
    metric.counter.value = sample.value;
    metric.gauge.value = sample.value;
  }
  return family;
}

void CheckName(std::string_view name) {
  if (!absl::StartsWith(ToAbsl(name), "dangjian_")) Refuse(name, "the name must begin with dangjian_");
}

}  // namespace

void Metrics::Impl::AddProcessMetrics() {
  const auto add = [this](Kind kind, std::string_view name, std::string_view help,
                          std::function<double(const ProcessStats&)> pick) {
    Add(kind, name, help, [pick = std::move(pick)] { return std::vector<Sample>{{pick(ReadProcessStats())}}; });
  };
  add(Kind::kCounter, "process_cpu_seconds_total", "Total user and system CPU time spent in seconds.",
      [](const ProcessStats& stats) { return stats.cpu_seconds; });
  add(Kind::kGauge, "process_start_time_seconds", "Start time of the process since unix epoch in seconds.",
      [](const ProcessStats& stats) { return stats.start_time_seconds; });
  add(Kind::kGauge, "process_resident_memory_bytes", "Resident memory size in bytes.",
      [](const ProcessStats& stats) { return static_cast<double>(stats.resident_bytes); });
  add(Kind::kGauge, "process_virtual_memory_bytes", "Virtual memory size in bytes.",
      [](const ProcessStats& stats) { return static_cast<double>(stats.virtual_bytes); });
  add(Kind::kGauge, "process_open_fds", "Number of open file descriptors.",
      [](const ProcessStats& stats) { return static_cast<double>(stats.open_fds); });
  add(Kind::kGauge, "process_max_fds", "Maximum number of open file descriptors.",
      [](const ProcessStats& stats) { return static_cast<double>(stats.max_fds); });
}

Metrics::Metrics(std::string_view version) : impl_(std::make_unique<Impl>()) {
  const auto counter = [this](const char* name, const char* help) {
    return &prometheus::BuildCounter().Name(name).Help(help).Register(impl_->registry);
  };
  impl_->started = counter("grpc_server_started_total", "Total number of RPCs started on the server.");
  impl_->handled = counter("grpc_server_handled_total",
                           "Total number of RPCs completed on the server, regardless of success or failure.");
  impl_->received =
      counter("grpc_server_msg_received_total", "Total number of RPC stream messages received on the server.");
  impl_->sent = counter("grpc_server_msg_sent_total", "Total number of gRPC stream messages sent by the server.");
  impl_->seconds = &prometheus::BuildHistogram()
                        .Name("grpc_server_handling_seconds")
                        .Help(
                            "Histogram of response latency (seconds) of gRPC that had been application-level "
                            "handled by the server.")
                        .Register(impl_->registry);
  impl_->AddProcessMetrics();
  AddGauge("dangjian_build_info", "The version that runs; always 1.", {{"version", std::string(version)}}).Set(1);
}

Metrics::~Metrics() = default;

Counter Metrics::AddCounter(std::string_view name, std::string_view help, const Labels& labels) {
  CheckName(name);
  if (!absl::EndsWith(ToAbsl(name), "_total")) Refuse(name, "the name of a counter must end in _total");
  impl_->Claim(name, Impl::Family::kCounter);
  auto& family = prometheus::BuildCounter().Name(std::string(name)).Help(std::string(help)).Register(impl_->registry);
  return Counter(&family.Add(ToPrometheus(labels)));
}

Gauge Metrics::AddGauge(std::string_view name, std::string_view help, const Labels& labels) {
  CheckName(name);
  impl_->Claim(name, Impl::Family::kGauge);
  auto& family = prometheus::BuildGauge().Name(std::string(name)).Help(std::string(help)).Register(impl_->registry);
  return Gauge(&family.Add(ToPrometheus(labels)));
}

Histogram Metrics::AddHistogram(std::string_view name, std::string_view help, const Labels& labels,
                                const std::vector<double>& buckets) {
  CheckName(name);
  impl_->Claim(name, Impl::Family::kHistogram);
  auto& family = prometheus::BuildHistogram().Name(std::string(name)).Help(std::string(help)).Register(impl_->registry);
  return Histogram(&family.Add(ToPrometheus(labels), buckets.empty() ? LatencyBuckets() : buckets));
}

void Metrics::AddCallback(Kind kind, std::string_view name, std::string_view help,
                          std::function<std::vector<Sample>()> read) {
  CheckName(name);
  if (kind == Kind::kCounter && !absl::EndsWith(ToAbsl(name), "_total")) {
    Refuse(name, "the name of a counter must end in _total");
  }
  impl_->Add(kind, name, help, std::move(read));
}

MethodMetrics Metrics::AddForwardedMethod(CallType type, std::string_view service, std::string_view method) {
  MethodMetrics metrics;
  metrics.series_ = std::make_shared<MethodMetrics::Series>();
  metrics.series_->forwarded = true;
  metrics.series_->impl = impl_.get();
  metrics.series_->labels = {{"grpc_type", std::string(TypeLabel(type))},
                             {"grpc_service", std::string(service)},
                             {"grpc_method", std::string(method)}};
  return metrics;
}

MethodMetrics Metrics::AddMethod(CallType type, std::string_view service, std::string_view method) {
  MethodMetrics metrics = AddForwardedMethod(type, service, method);
  MethodMetrics::Series& series = *metrics.series_;
  series.forwarded = false;
  series.started = &impl_->started->Add(series.labels);
  series.received = &impl_->received->Add(series.labels);
  series.sent = &impl_->sent->Add(series.labels);
  series.Handled(0);
  return metrics;
}

void Metrics::AddSource(std::string_view prefix, std::string_view help,
                        std::function<std::vector<std::pair<std::string, double>>()> read) {
  CheckName(prefix);
  impl_->Claim(prefix, Impl::Family::kCallback);
  MutexLock lock(impl_->mutex);
  impl_->sources.push_back({std::string(prefix), std::string(help), std::move(read)});
}

std::vector<prometheus::MetricFamily> Metrics::Impl::Collect() {
  std::vector<prometheus::MetricFamily> families = registry.Collect();
  std::vector<Callback> read_callbacks;
  std::vector<Source> read_sources;
  {
    MutexLock lock(mutex);  // not while they are read: that may take its time
    read_callbacks = callbacks;
    read_sources = sources;
  }
  for (const Callback& callback : read_callbacks) {
    families.push_back(MakeFamily(callback.name, callback.help, callback.kind, callback.read()));
  }
  for (const Source& source : read_sources) {
    for (const auto& [name, value] : source.read()) {
      const Kind kind = absl::EndsWith(name, "_total") ? Kind::kCounter : Kind::kGauge;
      families.push_back(MakeFamily(source.prefix + name, source.help, kind, {{.value = value}}));
    }
  }
  return families;
}

std::string Metrics::Expose() const { return prometheus::TextSerializer().Serialize(impl_->Collect()); }

}  // namespace dangjian::obs
