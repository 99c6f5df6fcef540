#include "common/status/errors.h"

#include <optional>
#include <string>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "common/base/strings.h"
#include "common/status/details.h"
#include "dangjian/common/v1/problems.pb.h"
#include "gmock/gmock.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "gtest/gtest.h"

namespace dangjian {
namespace {

google::rpc::Status DetailsOf(const absl::Status& status) {
  google::rpc::Status details;
  const auto payload = status.GetPayload(ToAbsl(kDetailsUrl));
  EXPECT_TRUE(payload.has_value() && details.ParseFromString(std::string(*payload))) << status;
  return details;
}

template <class Detail>
std::optional<Detail> Find(const absl::Status& status) {
  const google::rpc::Status details = DetailsOf(status);
  for (const auto& any : details.details()) {
    Detail detail;
    if (any.UnpackTo(&detail)) return detail;
  }
  return std::nullopt;
}

TEST(ErrorTest, CarriesReasonDomainMetadataAndChinese) {
  const absl::Status status = Error(reasons::kStaleEtag, "the record has changed", {{"current_etag", "17"}});
  EXPECT_EQ(status.code(), absl::StatusCode::kAborted);
  EXPECT_EQ(status.message(), "the record has changed");
  EXPECT_EQ(ReasonOf(status), "STALE_ETAG");
  const auto info = Find<google::rpc::ErrorInfo>(status);
  ASSERT_TRUE(info.has_value());
  EXPECT_EQ(info->domain(), "dangjian");
  EXPECT_EQ(info->metadata().at("current_etag"), "17");
  const auto localized = Find<google::rpc::LocalizedMessage>(status);
  ASSERT_TRUE(localized.has_value());
  EXPECT_EQ(localized->locale(), "zh-CN");
  EXPECT_EQ(localized->message(), "记录已被他人修改,请重新读取后再提交");
  EXPECT_EQ(DetailsOf(status).code(), static_cast<int>(absl::StatusCode::kAborted));
}

TEST(ErrorTest, HasNoReasonWithoutDetails) {
  EXPECT_EQ(ReasonOf(absl::InternalError("engine text")), "");
  EXPECT_EQ(ReasonOf(absl::OkStatus()), "");
}

TEST(ErrorTest, KeepsItsDetailsBesideTheRetryDelay) {
  const absl::Status status = WithRetryDelay(Error(reasons::kOverloaded, "busy"), 1250);
  EXPECT_EQ(ReasonOf(status), "OVERLOADED");
  const auto retry = Find<google::rpc::RetryInfo>(status);
  ASSERT_TRUE(retry.has_value());
  EXPECT_EQ(retry->retry_delay().seconds(), 1);
  EXPECT_EQ(retry->retry_delay().nanos(), 250'000'000);
}

TEST(ErrorTest, WhatPassesSaysWhenToTryAgain) {
  const absl::Status passes = Error(reasons::kBackendUnavailable, "away");
  EXPECT_EQ(RetryMillisOf(passes), 1000);
  EXPECT_EQ(RetryMillisOf(WithRetryDelay(passes, 250)), 250);
  EXPECT_EQ(DetailsOf(WithRetryDelay(passes, 250)).details_size(), DetailsOf(passes).details_size());
  EXPECT_EQ(RetryMillisOf(Error(reasons::kStaleEtag, "stale")), 0);
  EXPECT_EQ(RetryMillisOf(absl::UnavailableError("without details")), 0);
}

TEST(ViolationsTest, IsOkWhenEmpty) { EXPECT_TRUE(Violations().ToStatus().ok()); }

TEST(ViolationsTest, ListsAllFieldsAtOnce) {
  Violations violations;
  violations.Add("note.title", reasons::kRequired, "the field is required");
  violations.Add("note.items[2].due_date", reasons::kInvalidDate, "the date does not exist");
  const absl::Status status = violations.ToStatus();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ReasonOf(status), "FIELD_REQUIRED");
  const auto bad = Find<google::rpc::BadRequest>(status);
  ASSERT_TRUE(bad.has_value());
  ASSERT_EQ(bad->field_violations_size(), 2);
  EXPECT_EQ(bad->field_violations(0).field(), "note.title");
  EXPECT_EQ(bad->field_violations(1).field(), "note.items[2].due_date");
  EXPECT_EQ(bad->field_violations(1).description(), "the date does not exist");
  // `reason` of newer editions of google/rpc/error_details.proto.
  const auto& unknown = bad->GetReflection()->GetUnknownFields(bad->field_violations(1));
  ASSERT_EQ(unknown.field_count(), 1);
  EXPECT_EQ(unknown.field(0).number(), 3);
  EXPECT_EQ(unknown.field(0).length_delimited(), "INVALID_DATE");
  const auto problems = Find<common::v1::FieldProblems>(status);
  ASSERT_TRUE(problems.has_value());
  ASSERT_EQ(problems->problems_size(), 2);
  EXPECT_EQ(problems->problems(1).field(), "note.items[2].due_date");
  EXPECT_EQ(problems->problems(1).reason(), "INVALID_DATE");
  EXPECT_EQ(problems->problems(1).message_zh(), "日期不存在或不完整");
  EXPECT_EQ(Find<google::rpc::ErrorInfo>(status)->metadata().at("reasons"), "FIELD_REQUIRED,INVALID_DATE");
  EXPECT_EQ(Find<google::rpc::LocalizedMessage>(status)->message(),
            "note.title:必填项为空;note.items[2].due_date:日期不存在或不完整");
}

TEST(ViolationsTest, LetsAnInvalidArgumentDecideTheCode) {
  Violations violations;
  violations.Add("member", reasons::kReferenceNotFound, "members/m-1 does not exist");
  violations.Add("title", reasons::kTooLong, "too long");
  EXPECT_EQ(violations.ToStatus().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ReasonOf(violations.ToStatus()), "TEXT_TOO_LONG");
}

TEST(ViolationsTest, KeepsTheCodeOfViolationsThatAgree) {
  Violations violations;
  violations.Add("member", reasons::kReferenceNotFound, "members/m-1 does not exist");
  EXPECT_EQ(violations.ToStatus().code(), absl::StatusCode::kFailedPrecondition);
}

TEST(ViolationsTest, StaysBelowTheLimitOfTrailersAndCountsWhatItLeavesOut) {
  Violations violations;
  for (int i = 0; i < 1000; ++i) {
    violations.Add(absl::StrCat("requests[", i, "].note.title"), reasons::kRequired, "the field is required");
  }
  const absl::Status status = violations.ToStatus();
  EXPECT_LT(DetailsOf(status).ByteSizeLong(), 5000u);
  const int listed = Find<google::rpc::BadRequest>(status)->field_violations_size();
  EXPECT_GT(listed, 10);
  EXPECT_EQ(Find<google::rpc::ErrorInfo>(status)->metadata().at("omitted"), absl::StrCat(1000 - listed));
}

TEST(ViolationsTest, TakesOverWhatARowIsRefusedFor) {
  Violations of_row;
  of_row.Add("note.title", reasons::kRequired, "the field is required");
  of_row.Add("", reasons::kTooLong, "too long");
  Violations violations;
  violations.AddRefusal("requests[2]", of_row.ToStatus());
  violations.AddRefusal("requests[4]", Error(reasons::kRecordExists, "taken", {{"resource", "notes/n-1"}}));
  const absl::Status status = violations.ToStatus({{"rows", "2,4"}});
  const auto problems = *Find<common::v1::FieldProblems>(status);
  ASSERT_EQ(problems.problems_size(), 3);
  EXPECT_EQ(problems.problems(0).field(), "requests[2].note.title");
  EXPECT_EQ(problems.problems(1).field(), "requests[2]");
  EXPECT_EQ(problems.problems(2).field(), "requests[4]");
  EXPECT_EQ(problems.problems(2).reason(), "RECORD_EXISTS");
  EXPECT_EQ(problems.problems(2).message_zh(), "同名记录已存在");
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(MetadataOf(status, "rows"), "2,4");
  EXPECT_EQ(MetadataOf(status, "reasons"), "FIELD_REQUIRED,TEXT_TOO_LONG,RECORD_EXISTS");
}

TEST(ViolationsTest, KeepsTheMetadataOfTheRefusalThatDecides) {
  Violations violations;
  violations.AddRefusal("requests[4]", Error(reasons::kRecordExists, "taken", {{"resource", "notes/n-1"}}));
  EXPECT_EQ(violations.ToStatus().code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(MetadataOf(violations.ToStatus(), "resource"), "notes/n-1");
}

TEST(MapFieldsTest, ChangesPathsAndNothingElse) {
  Violations violations;
  violations.Add("note.title", reasons::kRequired, "the field is required");
  const auto shorten = [](std::string_view path) { return std::string(path.substr(5)); };
  const absl::Status mapped = MapFields(violations.ToStatus(), shorten);
  EXPECT_EQ(Find<google::rpc::BadRequest>(mapped)->field_violations(0).field(), "title");
  EXPECT_EQ(mapped.message(), "title: the field is required");
  const absl::Status other = WithRetryDelay(Error(reasons::kOverloaded, "busy"), 10);
  EXPECT_EQ(MapFields(other, shorten), other);
}

}  // namespace
}  // namespace dangjian
