#include "common/obs/log.h"

#include <atomic>
#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "common/base/mutex.h"
#include "common/obs/json_text.h"
#include "common/obs/metrics.h"
#include "google/protobuf/stubs/logging.h"
#include "grpc/support/log.h"
#include "spdlog/async_logger.h"
#include "spdlog/details/null_mutex.h"
#include "spdlog/details/thread_pool.h"
#include "spdlog/sinks/base_sink.h"

namespace dangjian::obs {
namespace {

constexpr int64_t kMicrosPerSecond = 1'000'000;
constexpr int64_t kFailedCallsPerSecond = 100;
constexpr int64_t kLibraryLinesPerSecond = 10;
constexpr size_t kMaxTextBytes = 4096;

std::string_view LevelName(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return "debug";
    case LogLevel::kInfo:
      return "info";
    case LogLevel::kWarning:
      return "warning";
    case LogLevel::kError:
      return "error";
  }
  return "info";
}

// How loud the end of a call is: our faults are errors, what passes is a warning, a caller's mistake is information.
LogLevel LevelOf(absl::StatusCode code) {
  using enum absl::StatusCode;
  if (code == kUnknown || code == kInternal || code == kDataLoss) return LogLevel::kError;
  if (code == kUnavailable || code == kDeadlineExceeded || code == kResourceExhausted) return LogLevel::kWarning;
  return LogLevel::kInfo;
}

void AppendKey(std::string& line, std::string_view key) {
  line += line.empty() ? '{' : ',';
  AppendJsonText(line, key);
  line += ':';
}

void AppendText(std::string& line, std::string_view key, std::string_view text) {
  AppendKey(line, key);
  AppendJsonText(line, text.substr(0, kMaxTextBytes));
}

void AppendOptional(std::string& line, std::string_view key, std::string_view text) {
  if (!text.empty()) AppendText(line, key, text);
}

struct ValueWriter {
  std::string& line;
  std::string_view key;
  void operator()(std::string_view text) const { AppendText(line, key, text); }
  void operator()(int64_t value) const {
    AppendKey(line, key);
    absl::StrAppend(&line, value);
  }
  void operator()(double value) const {
    AppendKey(line, key);
    if (std::isfinite(value)) {
      absl::StrAppend(&line, value);
    } else {
      line += "null";  // JSON has no infinity
    }
  }
  void operator()(bool value) const {
    AppendKey(line, key);
    line += value ? "true" : "false";
  }
};

// Each line in one write, so that lines of processes that share a file stay whole.
class FileSink final : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
 public:
  explicit FileSink(std::FILE* file) : file_(file) {}

 private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    std::fwrite(message.payload.data(), 1, message.payload.size(), file_);
    std::fflush(file_);
  }
  void flush_() override { std::fflush(file_); }

  std::FILE* file_;  // used by the queue's one thread only
};

// Lines that may be written in each second.
class LineBudget {
 public:
  LineBudget(std::string_view what, int64_t lines_a_second) : what_(what), limit_(lines_a_second) {}

  std::string_view what() const { return what_; }
  // Whether one more line may be written in `second`; counts it when not.
  bool Take(int64_t second) {
    MutexLock lock(mutex_);
    if (second != second_) {
      second_ = second;
      lines_ = 0;
    }
    if (++lines_ <= limit_) return true;
    ++left_out_;
    return false;
  }
  // Lines that were left out before `second` and not told yet.
  int64_t TakeLeftOut(int64_t second) {
    MutexLock lock(mutex_);
    return second == second_ ? 0 : std::exchange(left_out_, 0);
  }

 private:
  const std::string_view what_;
  const int64_t limit_;
  Mutex mutex_;
  int64_t second_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t lines_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t left_out_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace

// The logger that gRPC's and protobuf's plain function hooks write to: they take no argument of ours.
struct LibraryTarget {
  Mutex mutex;
  Logger* logger ABSL_GUARDED_BY(mutex) = nullptr;

  static LibraryTarget& Get() {
    static auto* target = new LibraryTarget;  // never destroyed: libraries log until the very end
    return *target;
  }

  void Write(size_t source, LogLevel level, std::string_view text) {
    MutexLock lock(mutex);
    if (logger != nullptr) logger->Library(source, level, text);
  }
};

namespace {

void OnGrpcLine(gpr_log_func_args* args) {
  // gRPC calls errors what it recovers from, such as a peer that left.
  const LogLevel level = args->severity == GPR_LOG_SEVERITY_ERROR ? LogLevel::kWarning : LogLevel::kDebug;
  LibraryTarget::Get().Write(0, level, args->message);
}

void OnProtobufLine(google::protobuf::LogLevel level, const char*, int, const std::string& text) {
  LibraryTarget::Get().Write(1, level >= google::protobuf::LOGLEVEL_ERROR ? LogLevel::kWarning : LogLevel::kDebug,
                             text);
}

}  // namespace

absl::StatusOr<LogLevel> ParseLogLevel(std::string_view text) {
  for (const LogLevel level : {LogLevel::kDebug, LogLevel::kInfo, LogLevel::kWarning, LogLevel::kError}) {
    if (text == LevelName(level)) return level;
  }
  return absl::InvalidArgumentError("the log level is one of debug, info, warning, error");
}

struct Logger::Impl {
  Impl(const Clock& clock_in, Options options_in)
      : clock(clock_in),
        options(std::move(options_in)),
        pool(std::make_shared<spdlog::details::thread_pool>(options.queue_lines, 1)),
        async(std::make_shared<spdlog::async_logger>(options.service, std::make_shared<FileSink>(options.file), pool,
                                                     spdlog::async_overflow_policy::overrun_oldest)) {
    async->set_level(spdlog::level::trace);
  }
  // The queue's thread ends before the sink that it writes to goes.
  ~Impl() { pool.reset(); }

  bool Writes(LogLevel level) const { return level >= options.level; }
  int64_t Second() const { return clock.NowMicros() / kMicrosPerSecond; }
  // Whether a line of this kind may be written now; says first what of its kind was left out before.
  bool Take(LineBudget& budget) {
    TellLeftOut(budget);
    return budget.Take(Second());
  }
  void TellLeftOut(LineBudget& budget) {
    const int64_t left_out = budget.TakeLeftOut(Second());
    if (left_out == 0 || !Writes(LogLevel::kWarning)) return;
    std::string line = Begin(LogLevel::kWarning, "lines were left out");
    AppendText(line, "of", budget.what());
    ValueWriter{line, "count"}(left_out);
    End(std::move(line));
  }
  std::string Begin(LogLevel level, std::string_view msg) const {
    std::string line;
    line.reserve(256);
    AppendText(line, "ts",
               absl::FormatTime("%Y-%m-%dT%H:%M:%E6SZ", absl::FromUnixMicros(clock.NowMicros()), absl::UTCTimeZone()));
    AppendText(line, "level", LevelName(level));
    AppendText(line, "msg", msg);
    AppendText(line, "service", options.service);
    AppendText(line, "version", options.version);
    return line;
  }
  void End(std::string line) {
    line += "}\n";
    async->log(spdlog::level::info, spdlog::string_view_t(line.data(), line.size()));
  }

  const Clock& clock;
  const Options options;
  std::shared_ptr<spdlog::details::thread_pool> pool;  // the logger keeps only a weak pointer to it
  std::shared_ptr<spdlog::async_logger> async;
  std::atomic<uint32_t> successes{0};
  LineBudget failed_calls{"failed calls", kFailedCallsPerSecond};
  LineBudget libraries[2] = {{"grpc", kLibraryLinesPerSecond}, {"protobuf", kLibraryLinesPerSecond}};
  bool captures = false;
};

Logger::Logger(const Clock& clock, Options options) : impl_(std::make_unique<Impl>(clock, std::move(options))) {}

Logger::~Logger() {
  if (!impl_->captures) return;
  gpr_set_log_function(nullptr);
  google::protobuf::SetLogHandler(nullptr);
  LibraryTarget& target = LibraryTarget::Get();
  MutexLock lock(target.mutex);
  target.logger = nullptr;
}

void Logger::Log(LogLevel level, std::string_view msg, std::initializer_list<LogField> fields) {
  if (!impl_->Writes(level)) return;
  std::string line = impl_->Begin(level, msg);
  for (const LogField& field : fields) std::visit(ValueWriter{line, field.key}, field.value);
  impl_->End(std::move(line));
}

std::optional<LogLevel> Logger::CallLevel(absl::StatusCode code) {
  LogLevel level = LevelOf(code);
  if (code == absl::StatusCode::kOk) {
    const auto every = static_cast<uint32_t>(impl_->options.sample_successes);
    const bool sampled = every > 0 && impl_->successes.fetch_add(1, std::memory_order_relaxed) % every == 0;
    level = sampled ? LogLevel::kInfo : LogLevel::kDebug;
  }
  if (!impl_->Writes(level)) return std::nullopt;
  if (code != absl::StatusCode::kOk && !impl_->Take(impl_->failed_calls)) return std::nullopt;
  return level;
}

void Logger::Library(size_t source, LogLevel level, std::string_view text) {
  LineBudget& budget = impl_->libraries[source];
  if (impl_->Writes(level) && impl_->Take(budget)) Log(level, text, {{"library", budget.what()}});
}

void Logger::TellWhatWasLeftOut() {
  impl_->TellLeftOut(impl_->failed_calls);
  for (LineBudget& budget : impl_->libraries) impl_->TellLeftOut(budget);
}

void Logger::Call(LogLevel level, const CallLine& call) {
  std::string line = impl_->Begin(level, call.code == absl::StatusCode::kOk ? "call finished" : "call failed");
  AppendText(line, "trace_id", call.trace_id);
  AppendText(line, "rpc_service", call.rpc_service);
  AppendText(line, "rpc_method", call.rpc_method);
  AppendText(line, "code", GrpcCodeLabel(call.code));
  AppendKey(line, "duration_ms");
  absl::StrAppend(&line, absl::StrFormat("%.3f", static_cast<double>(call.duration_micros) / 1000));
  AppendOptional(line, "peer", call.peer);
  AppendOptional(line, "principal", call.principal);
  AppendOptional(line, "reason", call.reason);
  AppendOptional(line, "error", call.message);
  impl_->End(std::move(line));
}

void Logger::CaptureLibraryLogs() {
  {
    LibraryTarget& target = LibraryTarget::Get();
    MutexLock lock(target.mutex);
    target.logger = this;
  }
  impl_->captures = true;
  gpr_set_log_function(&OnGrpcLine);
  google::protobuf::SetLogHandler(&OnProtobufLine);
}

int64_t Logger::dropped() const { return static_cast<int64_t>(impl_->pool->overrun_counter()); }

}  // namespace dangjian::obs
