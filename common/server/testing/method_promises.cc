#include "common/server/testing/method_promises.h"

#include <re2/re2.h>

#include <string>

#include "common/rpc/field_access.h"
#include "common/rpc/field_paths.h"
#include "common/status/errors.h"
#include "common/testing/matchers.h"
#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"

namespace dangjian::server {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::MethodDescriptor;
using google::protobuf::MethodOptions;

// Whether a write can be rehearsed: a repetition would be answered from the kept answer.
bool CanRehearse(const MethodDescriptor& method, const Message& request) {
  const FieldDescriptor* flag = rpc::BoolField(*request.GetDescriptor(), "validate_only");
  return method.options().idempotency_level() != MethodOptions::NO_SIDE_EFFECTS && flag != nullptr &&
         !rpc::GetBool(request, "validate_only") && rpc::GetText(request, "request_id").empty();
}

void SetRehearsal(Message& request) {
  const FieldDescriptor* flag = rpc::BoolField(*request.GetDescriptor(), "validate_only");
  request.GetReflection()->SetBool(&request, flag, true);
}

// The ids that the server chooses differ from call to call.
std::string TextWithoutIds(const Message& message) {
  std::string text = message.DebugString();
  re2::RE2::GlobalReplace(&text, "/[0-9a-z]{26}\"", "/<id>\"");
  return text;
}

void CheckPaths(const Message& request, const absl::Status& status) {
  for (const std::string& violation : testing::ViolationsOf(status)) {
    const std::string path = violation.substr(0, violation.find(' '));
    EXPECT_FALSE(path.empty()) << status;
    EXPECT_EQ(rpc::RequestPath(*request.GetDescriptor(), path), path) << request.GetTypeName() << ": " << status;
  }
}

}  // namespace

absl::Status MethodPromises::Call(const Message& request, Message* response, const rpc::CallOptions& options) {
  const MethodDescriptor& method = *rpc::MethodOf(*request.GetDescriptor());
  const bool rehearses = CanRehearse(method, request);
  const MessagePtr expected(response->New());
  const absl::Status rehearsed = rehearses ? Rehearse(request, expected.get(), options) : absl::OkStatus();
  absl::Status real = client_.CallRaw(request, response, options);
  CheckPaths(request, real);
  if (rehearses) {
    EXPECT_EQ(ReasonOf(rehearsed), ReasonOf(real)) << request.GetTypeName() << ": " << rehearsed << " / " << real;
    EXPECT_EQ(rehearsed.code(), real.code());
    if (real.ok()) {
      EXPECT_EQ(TextWithoutIds(*expected), TextWithoutIds(*response)) << request.GetTypeName();
    }
  }
  if (real.ok() && method.name().starts_with("Update")) RepeatUpdate(request, *response, options);
  return real;
}

absl::Status MethodPromises::Rehearse(const Message& request, Message* response, const rpc::CallOptions& options) {
  const MessagePtr rehearsal(request.New());
  rehearsal->CopyFrom(request);
  SetRehearsal(*rehearsal);
  int64_t before = database_.kv().LastRevision();
  absl::Status status = client_.CallRaw(*rehearsal, response, options);
  // What the directory lacked has been fetched by now.
  if (database_.kv().LastRevision() != before) {
    before = database_.kv().LastRevision();
    status = client_.CallRaw(*rehearsal, response, options);
  }
  EXPECT_EQ(database_.kv().LastRevision(), before) << request.GetTypeName() << " stores when it is rehearsed";
  return status;
}

void MethodPromises::RepeatUpdate(const Message& request, const Message& updated, const rpc::CallOptions& options) {
  const MessagePtr again(request.New());
  again->CopyFrom(request);
  rpc::SetText(*again, "request_id", "");
  const FieldDescriptor* record = rpc::FieldOfType(*request.GetDescriptor(), *updated.GetDescriptor(), false);
  ASSERT_NE(record, nullptr) << request.GetTypeName();
  rpc::SetText(*again->GetReflection()->MutableMessage(again.get(), record), "etag", rpc::GetText(updated, "etag"));
  const MessagePtr repeated(updated.New());
  const absl::Status status = client_.CallRaw(*again, repeated.get(), options);
  EXPECT_TRUE(status.ok()) << request.GetTypeName() << ": " << status;
  if (!status.ok()) return;
  EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(updated, *repeated))
      << request.GetTypeName() << ": first " << updated.ShortDebugString() << "\nagain "
      << repeated->ShortDebugString();
}

}  // namespace dangjian::server
