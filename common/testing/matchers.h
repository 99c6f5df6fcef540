#pragma once

#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/status/errors.h"
#include "gmock/gmock.h"
#include "google/protobuf/message.h"
#include "google/protobuf/text_format.h"
#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"

// Matchers for tests: EXPECT_THAT(table.Get(…), IsOkAndHolds(EqualsProto(row))), EXPECT_THAT(status,
// HasReason("STALE_ETAG")).

namespace dangjian::testing {

inline const absl::Status& StatusOf(const absl::Status& status) { return status; }
template <class T>
const absl::Status& StatusOf(const absl::StatusOr<T>& result) {
  return result.status();
}

// An absl::Status or StatusOr that is OK.
MATCHER(IsOk, "is OK") {
  *result_listener << StatusOf(arg);
  return StatusOf(arg).ok();
}

// One with a canonical code.
MATCHER_P(StatusIs, code, "has the code " + absl::StatusCodeToString(code)) {
  *result_listener << StatusOf(arg);
  return StatusOf(arg).code() == code;
}

// One whose ErrorInfo has a reason; takes the name or a Reason, of which it then also checks the code.
MATCHER_P(HasReason, reason, "has the wanted reason") {
  *result_listener << StatusOf(arg) << " with reason " << ReasonOf(StatusOf(arg));
  if constexpr (std::is_same_v<std::decay_t<decltype(reason)>, Reason>) {
    return StatusOf(arg).code() == reason.code && ReasonOf(StatusOf(arg)) == reason.name;
  } else {
    return ReasonOf(StatusOf(arg)) == reason;
  }
}

// A StatusOr that is OK and whose value matches.
MATCHER_P(IsOkAndHolds, matcher, "is OK and holds a value that matches") {
  if (!arg.ok()) {
    *result_listener << arg.status();
    return false;
  }
  return ::testing::ExplainMatchResult(matcher, *arg, result_listener);
}

inline bool ProtosEqual(const google::protobuf::Message& actual, const google::protobuf::Message& expected,
                        ::testing::MatchResultListener* listener) {
  if (actual.GetDescriptor() != expected.GetDescriptor()) {
    *listener << "is a " << actual.GetDescriptor()->full_name();
    return false;
  }
  std::string difference;
  google::protobuf::util::MessageDifferencer differencer;
  differencer.ReportDifferencesToString(&difference);
  const bool equal = differencer.Compare(expected, actual);
  *listener << "differs (expected against actual):\n" << difference;
  return equal;
}

// The same message, field by field.
MATCHER_P(EqualsProto, expected, "equals the message") { return ProtosEqual(arg, expected, result_listener); }

// The message that a text of its own type describes.
MATCHER_P(EqualsText, text, std::string("equals ") + text) {
  std::decay_t<decltype(arg)> expected;
  if (!google::protobuf::TextFormat::ParseFromString(text, &expected)) {
    *result_listener << "the expected text does not parse";
    return false;
  }
  return ProtosEqual(arg, expected, result_listener);
}

// The bad fields that an error lists, each as `<field> <REASON>`, in order.
std::vector<std::string> ViolationsOf(const absl::Status& status);
template <class T>
std::vector<std::string> ViolationsOf(const absl::StatusOr<T>& result) {
  return ViolationsOf(result.status());
}

// The value of a StatusOr; ends the test program when there is none, naming the error.
template <class T>
T ValueOrDie(absl::StatusOr<T> result) {
  if (!result.ok()) ADD_FAILURE() << result.status();
  return std::move(result).value();
}

// A message from its text form.
template <class M>
M Proto(const std::string& text) {
  M message;
  if (!google::protobuf::TextFormat::ParseFromString(text, &message)) ADD_FAILURE() << "does not parse: " << text;
  return message;
}

}  // namespace dangjian::testing
