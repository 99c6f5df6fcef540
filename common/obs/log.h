#pragma once

#include <cstdint>
#include <cstdio>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/clock.h"

// The log of a process: one JSON object a line, on stderr, so that stdout stays for data. Keys: `ts` (RFC 3339, UTC),
// `level`, `msg`, `service`, `version`; of a call also `trace_id`, `rpc_service`, `rpc_method`, `code`, `duration_ms`,
// `peer`, `principal`, `reason`. Personal data never enters: messages are rendered with redact.h.

namespace dangjian::obs {

enum class LogLevel { kDebug, kInfo, kWarning, kError };

// `debug`, `info`, `warning` or `error`; INVALID_ARGUMENT otherwise.
absl::StatusOr<LogLevel> ParseLogLevel(std::string_view text);

// One more key of a line. Any bytes are allowed in a text: what is not UTF-8 is written as U+FFFD.
struct LogField {
  std::string_view key;
  std::variant<std::string_view, int64_t, double, bool> value;
};

// What the line of a call says.
struct CallLine {
  std::string_view trace_id;
  std::string_view rpc_service;
  std::string_view rpc_method;
  absl::StatusCode code = absl::StatusCode::kOk;
  int64_t duration_micros = 0;
  std::string_view peer;
  std::string_view principal;  // the caller's opaque subject
  std::string_view reason;     // of an error; empty for none
  std::string_view message;    // of an error, for the operator; empty for none
};

// Writes lines through a bounded queue and a thread of its own: a full disk or a slow pipe never holds up a call. When
// the queue is full the oldest lines are dropped and counted. What others can bring about as often as they like, failed
// calls and what gRPC and protobuf say of them, is written at a bounded rate, and how much was left out in a line of
// its own. Thread-safe.
class Logger {
 public:
  struct Options {
    std::string service;  // `dangjian-registry`
    std::string version;
    LogLevel level = LogLevel::kInfo;
    // Of successful calls, write one in this many at level info; the others, and with 0 all, at level debug. Of failed
    // calls at most a hundred a second: at error when the fault is ours, at warning for what passes, else at info.
    int32_t sample_successes = 0;
    size_t queue_lines = 8192;
    std::FILE* file = stderr;
  };
  // `clock` must outlive the logger.
  Logger(const Clock& clock, Options options);
  // Writes what is queued.
  ~Logger();
  Logger(const Logger&) = delete;
  Logger& operator=(const Logger&) = delete;

  void Log(LogLevel level, std::string_view msg, std::initializer_list<LogField> fields = {});
  void Debug(std::string_view msg, std::initializer_list<LogField> fields = {}) { Log(LogLevel::kDebug, msg, fields); }
  void Info(std::string_view msg, std::initializer_list<LogField> fields = {}) { Log(LogLevel::kInfo, msg, fields); }
  void Warning(std::string_view msg, std::initializer_list<LogField> fields = {}) {
    Log(LogLevel::kWarning, msg, fields);
  }
  void Error(std::string_view msg, std::initializer_list<LogField> fields = {}) { Log(LogLevel::kError, msg, fields); }
  // The level at which a call that ended like this is to be written; nullopt: not at all. Counts the calls, so it is
  // asked once a call, before the line is put together.
  std::optional<LogLevel> CallLevel(absl::StatusCode code);
  // The line of a finished call.
  void Call(LogLevel level, const CallLine& line);

  // Takes over the lines of gRPC and of protobuf, at most ten a second from each, until this logger is destroyed. One
  // logger of a process at a time.
  void CaptureLibraryLogs();

  // Says how many lines were left out in the seconds that are over. Also said before the next line of that kind, so
  // this is for the time after which none follows.
  void TellWhatWasLeftOut();

  // Lines lost because the queue was full.
  int64_t dropped() const;

 private:
  friend struct LibraryTarget;
  struct Impl;
  // A line of the library `source` (0 gRPC, 1 protobuf).
  void Library(size_t source, LogLevel level, std::string_view text);

  std::unique_ptr<Impl> impl_;
};

}  // namespace dangjian::obs
