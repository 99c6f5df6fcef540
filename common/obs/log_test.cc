#include "common/obs/log.h"

#include <cstdio>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "common/obs/json_text.h"
#include "gmock/gmock.h"
#include "google/protobuf/struct.pb.h"
#include "google/protobuf/stubs/logging.h"
#include "google/protobuf/util/json_util.h"
#include "grpc/support/log.h"
#include "gtest/gtest.h"

namespace dangjian::obs {
namespace {

using ::google::protobuf::Message;
using ::google::protobuf::Struct;
using ::google::protobuf::Value;

constexpr int64_t kNow = 1'718'000'000'123'456;  // 2024-06-10T06:13:20.123456Z

// A line of the log, parsed. Read by reflection: under ThreadSanitizer the inline code for maps does not fit the
// library's.
class Line {
 public:
  explicit Line(const std::string& json) : object_(Struct::default_instance().New()) {
    EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(json, object_.get()).ok()) << json;
  }
  // An unset value when there is no such key.
  const Value& operator[](const std::string& key) const {
    const auto* fields = Struct::descriptor()->FindFieldByName("fields");
    const int size = object_->GetReflection()->FieldSize(*object_, fields);
    for (int i = 0; i < size; ++i) {
      const Message& entry = object_->GetReflection()->GetRepeatedMessage(*object_, fields, i);
      const auto* name = entry.GetDescriptor()->map_key();
      if (entry.GetReflection()->GetString(entry, name) != key) continue;
      return static_cast<const Value&>(entry.GetReflection()->GetMessage(entry, entry.GetDescriptor()->map_value()));
    }
    return Value::default_instance();
  }

 private:
  std::unique_ptr<Message> object_;
};

std::string Text(const Line& line, const std::string& key) { return line[key].string_value(); }

// A file that collects lines.
class LogFile {
 public:
  LogFile() : file_(std::tmpfile()) {}
  ~LogFile() { std::fclose(file_); }
  std::FILE* file() { return file_; }

  // Read after the logger is gone.
  std::vector<Line> Lines() {
    std::string text;
    std::rewind(file_);
    for (int c = std::fgetc(file_); c != EOF; c = std::fgetc(file_)) text += static_cast<char>(c);
    std::vector<Line> lines;
    for (const absl::string_view line : absl::StrSplit(text, '\n', absl::SkipEmpty())) {
      lines.emplace_back(std::string(line));
    }
    return lines;
  }

 private:
  std::FILE* file_;
};

// As a call does it.
void WriteCall(Logger& logger, const CallLine& line) {
  if (const std::optional<LogLevel> level = logger.CallLevel(line.code)) logger.Call(*level, line);
}

class LogTest : public ::testing::Test {
 protected:
  Logger::Options OptionsAt(LogLevel level, int32_t sample = 0) {
    return {.service = "dangjian-test",
            .version = "1.2.3",
            .level = level,
            .sample_successes = sample,
            .file = file_.file()};
  }

  FakeClock clock_{kNow};
  LogFile file_;
};

TEST_F(LogTest, WritesTheAgreedKeys) {
  { Logger(clock_, OptionsAt(LogLevel::kInfo)).Info("started", {{"port", int64_t{7}}, {"ok", true}, {"share", 0.5}}); }
  const std::vector<Line> lines = file_.Lines();
  ASSERT_EQ(1, lines.size());
  EXPECT_EQ("2024-06-10T06:13:20.123456Z", Text(lines[0], "ts"));
  EXPECT_EQ("info", Text(lines[0], "level"));
  EXPECT_EQ("started", Text(lines[0], "msg"));
  EXPECT_EQ("dangjian-test", Text(lines[0], "service"));
  EXPECT_EQ("1.2.3", Text(lines[0], "version"));
  EXPECT_EQ(7, lines[0]["port"].number_value());
  EXPECT_TRUE(lines[0]["ok"].bool_value());
  EXPECT_EQ(0.5, lines[0]["share"].number_value());
}

TEST_F(LogTest, AnyBytesStayOneValidLine) {
  std::string every_byte = "党建\"\\";
  for (int byte = 0; byte < 256; ++byte) every_byte += static_cast<char>(byte);
  {
    Logger(clock_, OptionsAt(LogLevel::kInfo))
        .Info(every_byte, {{every_byte, every_byte}, {"inf", std::numeric_limits<double>::infinity()}});
  }
  const std::vector<Line> lines = file_.Lines();
  ASSERT_EQ(1, lines.size());
  const std::string msg = Text(lines[0], "msg");
  EXPECT_THAT(msg, ::testing::StartsWith("党建\"\\"));
  EXPECT_THAT(msg, ::testing::HasSubstr(std::string("\0\x01", 2)));
  EXPECT_THAT(msg, ::testing::EndsWith("\xEF\xBF\xBD"));
}

TEST_F(LogTest, LinesBelowTheLevelAreLeftOut) {
  {
    Logger logger(clock_, OptionsAt(LogLevel::kWarning));
    logger.Info("no");
    logger.Warning("yes");
    logger.Error("yes");
  }
  EXPECT_EQ(2, file_.Lines().size());
}

TEST_F(LogTest, AFailedCallSaysWhoAndWhy) {
  {
    Logger logger(clock_, OptionsAt(LogLevel::kInfo));
    WriteCall(logger, {.trace_id = "4bf92f3577b34da6a3ce929d0e0e4736",
                       .rpc_service = "dangjian.pledge.v1.PledgeService",
                       .rpc_method = "CreatePledge",
                       .code = absl::StatusCode::kFailedPrecondition,
                       .duration_micros = 1234,
                       .peer = "ipv4:127.0.0.1:5000",
                       .principal = "clerk-12",
                       .reason = "ILLEGAL_TRANSITION"});
  }
  const std::vector<Line> lines = file_.Lines();
  ASSERT_EQ(1, lines.size());
  EXPECT_EQ("info", Text(lines[0], "level"));
  EXPECT_EQ("4bf92f3577b34da6a3ce929d0e0e4736", Text(lines[0], "trace_id"));
  EXPECT_EQ("dangjian.pledge.v1.PledgeService", Text(lines[0], "rpc_service"));
  EXPECT_EQ("CreatePledge", Text(lines[0], "rpc_method"));
  EXPECT_EQ("FailedPrecondition", Text(lines[0], "code"));
  EXPECT_EQ(1.234, lines[0]["duration_ms"].number_value());
  EXPECT_EQ("ipv4:127.0.0.1:5000", Text(lines[0], "peer"));
  EXPECT_EQ("clerk-12", Text(lines[0], "principal"));
  EXPECT_EQ("ILLEGAL_TRANSITION", Text(lines[0], "reason"));
}

TEST_F(LogTest, OurFaultsAreErrorsAndWhatPassesIsAWarning) {
  {
    Logger logger(clock_, OptionsAt(LogLevel::kInfo));
    WriteCall(logger, {.code = absl::StatusCode::kInternal});
    WriteCall(logger, {.code = absl::StatusCode::kResourceExhausted});
  }
  const std::vector<Line> lines = file_.Lines();
  ASSERT_EQ(2, lines.size());
  EXPECT_EQ("error", Text(lines[0], "level"));
  EXPECT_EQ("warning", Text(lines[1], "level"));
}

TEST_F(LogTest, SuccessesAreSampled) {
  {
    Logger logger(clock_, OptionsAt(LogLevel::kInfo, /*sample=*/10));
    for (int i = 0; i < 25; ++i) WriteCall(logger, {});
  }
  EXPECT_EQ(3, file_.Lines().size());
}

TEST_F(LogTest, SuccessesWithoutSamplingAreForDebuggingOnly) {
  EXPECT_EQ(std::nullopt, Logger(clock_, OptionsAt(LogLevel::kInfo)).CallLevel(absl::StatusCode::kOk));
  EXPECT_EQ(LogLevel::kDebug, Logger(clock_, OptionsAt(LogLevel::kDebug)).CallLevel(absl::StatusCode::kOk));
}

TEST_F(LogTest, LibraryLinesComeInAtABoundedRate) {
  {
    Logger logger(clock_, OptionsAt(LogLevel::kInfo));
    logger.CaptureLibraryLogs();
    gpr_set_log_verbosity(GPR_LOG_SEVERITY_ERROR);  // normally set by grpc_init
    for (int i = 0; i < 50; ++i) gpr_log(GPR_ERROR, "transport closed");
    GOOGLE_LOG(ERROR) << "String field contains invalid UTF-8";
    clock_.AdvanceMicros(1'000'000);
    gpr_log(GPR_ERROR, "transport closed");
  }
  gpr_log(GPR_DEBUG, "after the logger");  // must not reach it
  const std::vector<Line> lines = file_.Lines();
  ASSERT_EQ(13, lines.size());
  EXPECT_EQ("grpc", Text(lines[0], "library"));
  EXPECT_EQ("warning", Text(lines[0], "level"));
  EXPECT_EQ("protobuf", Text(lines[10], "library"));
  EXPECT_EQ("lines were left out", Text(lines[11], "msg"));
  EXPECT_EQ("grpc", Text(lines[11], "of"));
  EXPECT_EQ(40, lines[11]["count"].number_value());
}

TEST_F(LogTest, FailedCallsComeAtABoundedRateAndNoneIsLeftOutInSilence) {
  {
    Logger logger(clock_, OptionsAt(LogLevel::kInfo));
    const auto call = [&](absl::StatusCode code) {
      const std::optional<LogLevel> level = logger.CallLevel(code);
      if (level.has_value()) logger.Call(*level, {.code = code});
    };
    for (int i = 0; i < 1000; ++i) call(absl::StatusCode::kCancelled);
    logger.TellWhatWasLeftOut();  // the second is not over
    clock_.AdvanceMicros(1'000'000);
    logger.TellWhatWasLeftOut();
    logger.TellWhatWasLeftOut();
    call(absl::StatusCode::kInternal);
  }
  const std::vector<Line> lines = file_.Lines();
  ASSERT_EQ(102, lines.size());
  EXPECT_EQ("failed calls", Text(lines[100], "of"));
  EXPECT_EQ(900, lines[100]["count"].number_value());
  EXPECT_EQ("Internal", Text(lines[101], "code"));
}

TEST_F(LogTest, ParsesLevelNames) {
  EXPECT_EQ(LogLevel::kWarning, *ParseLogLevel("warning"));
  EXPECT_EQ(absl::StatusCode::kInvalidArgument, ParseLogLevel("loud").status().code());
}

TEST(Utf8CharLengthTest, KnowsWellFormedCharactersOnly) {
  EXPECT_EQ(0, Utf8CharLength(""));
  EXPECT_EQ(1, Utf8CharLength("a"));
  EXPECT_EQ(2, Utf8CharLength("é"));
  EXPECT_EQ(3, Utf8CharLength("党"));
  EXPECT_EQ(4, Utf8CharLength("𠀀"));
  EXPECT_EQ(0, Utf8CharLength("\xC0\xAF"));          // overlong
  EXPECT_EQ(0, Utf8CharLength("\xE0\x80\xAF"));      // overlong
  EXPECT_EQ(0, Utf8CharLength("\xED\xA0\x80"));      // surrogate
  EXPECT_EQ(0, Utf8CharLength("\xF4\x90\x80\x80"));  // beyond U+10FFFF
  EXPECT_EQ(0, Utf8CharLength("\xE5\x85"));          // cut off
  EXPECT_EQ(0, Utf8CharLength("\x80"));
}

}  // namespace
}  // namespace dangjian::obs
