// What every contract keeps beyond what buf checks, read from the published descriptor set. A finding names the method
// or the field, so that the test says what to change.
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "dangjian/options/v1/options.pb.h"
#include "gmock/gmock.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/descriptor.pb.h"
#include "gtest/gtest.h"
#include "re2/re2.h"

namespace dangjian {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::FileDescriptor;
using google::protobuf::MethodDescriptor;
using google::protobuf::MethodOptions;
using google::protobuf::ServiceDescriptor;
using ::testing::IsEmpty;

// Packages that are no service contract: what the store keeps, what opaque texts hold.
bool IsInternal(const FileDescriptor& file) {
  return file.package() == "dangjian.storage.v1" || file.name() == "dangjian/gateway/v1/handle.proto";
}

class ProtoStyleTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    std::ifstream input(DANGJIAN_DESCRIPTOR_SET, std::ios::binary);
    google::protobuf::FileDescriptorSet set;
    ASSERT_TRUE(set.ParseFromIstream(&input)) << DANGJIAN_DESCRIPTOR_SET;
    pool_ = new google::protobuf::DescriptorPool();
    files_ = new std::vector<const FileDescriptor*>();
    for (const auto& file : set.file()) {
      const FileDescriptor* built = pool_->BuildFile(file);
      ASSERT_NE(built, nullptr) << file.name();
      if (built->package().starts_with("dangjian.") && !IsInternal(*built)) files_->push_back(built);
    }
    ASSERT_GT(files_->size(), 10);
  }
  static void TearDownTestSuite() {
    delete files_;
    delete pool_;
  }

  static std::vector<const MethodDescriptor*> Methods() {
    std::vector<const MethodDescriptor*> methods;
    for (const FileDescriptor* file : *files_) {
      for (int i = 0; i < file->service_count(); ++i) {
        for (int j = 0; j < file->service(i)->method_count(); ++j) methods.push_back(file->service(i)->method(j));
      }
    }
    return methods;
  }

  static std::vector<const Descriptor*> Messages() {
    std::vector<const Descriptor*> messages;
    for (const FileDescriptor* file : *files_) {
      for (int i = 0; i < file->message_type_count(); ++i) AddWithNested(*file->message_type(i), &messages);
    }
    return messages;
  }

  static bool IsRead(const MethodDescriptor& method) {
    return method.options().idempotency_level() == MethodOptions::NO_SIDE_EFFECTS;
  }
  static const options::v1::FieldRules& RulesOf(const FieldDescriptor& field) {
    return field.options().GetExtension(options::v1::rules);
  }

  static google::protobuf::DescriptorPool* pool_;
  static std::vector<const FileDescriptor*>* files_;

 private:
  static void AddWithNested(const Descriptor& message, std::vector<const Descriptor*>* messages) {
    messages->push_back(&message);
    for (int i = 0; i < message.nested_type_count(); ++i) AddWithNested(*message.nested_type(i), messages);
  }
};

google::protobuf::DescriptorPool* ProtoStyleTest::pool_ = nullptr;
std::vector<const FileDescriptor*>* ProtoStyleTest::files_ = nullptr;

TEST_F(ProtoStyleTest, EveryMethodHasACompletePolicy) {
  std::vector<std::string> findings;
  for (const MethodDescriptor* method : Methods()) {
    if (!method->options().HasExtension(options::v1::policy)) {
      findings.push_back(method->full_name() + " has no policy");
      continue;
    }
    const options::v1::MethodPolicy& policy = method->options().GetExtension(options::v1::policy);
    if (!RE2::FullMatch(policy.permission(), "[a-z][a-zA-Z]*\\.[a-z][a-zA-Z]*")) {
      findings.push_back(method->full_name() + ": the permission is no `<collection>.<verb>`: " + policy.permission());
    }
    if (policy.public_()) findings.push_back(method->full_name() + " is callable by anyone");
    if (policy.deadline_ms() < 1 || policy.deadline_ms() > 600'000) {
      findings.push_back(method->full_name() + ": deadline_ms is outside 1 to 600,000");
    }
    if (policy.max_request_bytes() > 262'144) findings.push_back(method->full_name() + " takes more than 256 KiB");
  }
  EXPECT_THAT(findings, IsEmpty());
}

TEST_F(ProtoStyleTest, RequestsBelongToOneMethodAndBearItsName) {
  std::vector<std::string> findings;
  std::map<std::string, std::string> owners;
  for (const MethodDescriptor* method : Methods()) {
    if (method->input_type()->name() != method->name() + "Request") {
      findings.push_back(method->full_name() + " takes " + method->input_type()->name());
    }
    const auto [owner, added] = owners.emplace(method->input_type()->full_name(), method->full_name());
    if (!added) findings.push_back(method->full_name() + " and " + owner->second + " share a request");
  }
  EXPECT_THAT(findings, IsEmpty());
}

TEST_F(ProtoStyleTest, WritesCanBeRepeatedAndRehearsedAndReadsSayThatTheyAreReads) {
  std::vector<std::string> findings;
  for (const MethodDescriptor* method : Methods()) {
    const bool repeatable = method->input_type()->FindFieldByName("request_id") != nullptr;
    const bool named_as_read =
        RE2::PartialMatch(method->name(), "^(Get|List|BatchGet|Query|Compute|Explain|Compile|Watch|CheckIdentity)");
    if (named_as_read != IsRead(*method)) {
      findings.push_back(method->full_name() + ": its name and its idempotency_level disagree");
    }
    if (IsRead(*method) && repeatable) findings.push_back(method->full_name() + " is a read with a request_id");
    // An import is repeatable by the ids of its records, a copy of the store by its own.
    const bool by_id = method->client_streaming() || method->input_type()->FindFieldByName("checkpoint_id") != nullptr;
    if (!IsRead(*method) && !repeatable && !by_id) {
      findings.push_back(method->full_name() + " is a write without request_id");
    }
    // A stream that was rehearsed would send everything twice; its messages are checked one by one as they come.
    const bool rehearsable = method->input_type()->FindFieldByName("validate_only") != nullptr;
    if (rehearsable == IsRead(*method) && !method->client_streaming()) {
      findings.push_back(method->full_name() + (rehearsable ? " is a read with" : " is a write without") +
                         " validate_only");
    }
  }
  EXPECT_THAT(findings, IsEmpty());
}

TEST_F(ProtoStyleTest, ListsOfRecordsArePaged) {
  std::vector<std::string> findings;
  for (const MethodDescriptor* method : Methods()) {
    const Descriptor& response = *method->output_type();
    if (!IsRead(*method) || method->name().starts_with("BatchGet") || method->server_streaming()) continue;
    for (int i = 0; i < response.field_count(); ++i) {
      const FieldDescriptor& field = *response.field(i);
      const bool records = field.is_repeated() && field.message_type() != nullptr &&
                           field.message_type()->FindFieldByName("etag") != nullptr;
      if (!records) continue;
      if (method->input_type()->FindFieldByName("page_size") == nullptr ||
          method->input_type()->FindFieldByName("page_token") == nullptr ||
          response.FindFieldByName("next_page_token") == nullptr) {
        findings.push_back(method->full_name() + " returns " + field.name() + " without pages");
      }
    }
  }
  EXPECT_THAT(findings, IsEmpty());
}

TEST_F(ProtoStyleTest, RecordsHaveNameEtagAndTimes) {
  std::vector<std::string> findings;
  for (const MethodDescriptor* method : Methods()) {
    if (!method->name().starts_with("Get")) continue;
    const Descriptor& resource = *method->output_type();
    const FieldDescriptor* name = resource.FindFieldByName("name");
    if (name == nullptr || name->number() != 1) findings.push_back(resource.full_name() + ": `name` is not field 1");
    for (const char* field : {"etag", "create_time", "update_time"}) {
      if (resource.FindFieldByName(field) == nullptr) findings.push_back(resource.full_name() + " has no " + field);
    }
  }
  EXPECT_THAT(findings, IsEmpty());
}

TEST_F(ProtoStyleTest, StatesAreNotWritableThroughFields) {
  std::vector<std::string> findings;
  for (const MethodDescriptor* method : Methods()) {
    if (!method->name().starts_with("Get")) continue;
    for (const char* field_name : {"state", "status"}) {
      const FieldDescriptor* field = method->output_type()->FindFieldByName(field_name);
      if (field != nullptr && !RulesOf(*field).output_only()) findings.push_back(field->full_name() + " is writable");
    }
  }
  EXPECT_THAT(findings, IsEmpty());
}

TEST_F(ProtoStyleTest, NoFloatsAndNoMaps) {
  std::vector<std::string> findings;
  for (const Descriptor* message : Messages()) {
    for (int i = 0; i < message->field_count(); ++i) {
      const FieldDescriptor& field = *message->field(i);
      if (field.cpp_type() == FieldDescriptor::CPPTYPE_DOUBLE || field.cpp_type() == FieldDescriptor::CPPTYPE_FLOAT) {
        findings.push_back(field.full_name() + " is a floating-point number: amounts are exact");
      }
      if (field.is_map()) findings.push_back(field.full_name() + " is a map");
    }
  }
  EXPECT_THAT(findings, IsEmpty());
}

TEST_F(ProtoStyleTest, ReferencesAreDeclared) {
  static const std::set<std::string> kReferences = {"member",   "organization", "campaign", "parent",
                                                    "reviewer", "verifier",     "pledger",  "supervisor"};
  std::vector<std::string> findings;
  for (const MethodDescriptor* method : Methods()) {
    if (!method->name().starts_with("Create")) continue;
    const Descriptor& resource = *method->output_type();
    for (int i = 0; i < resource.field_count(); ++i) {
      const FieldDescriptor& field = *resource.field(i);
      if (!kReferences.contains(field.name()) || field.cpp_type() != FieldDescriptor::CPPTYPE_STRING) continue;
      if (RulesOf(field).reference_size() == 0 && !RulesOf(field).output_only()) {
        findings.push_back(field.full_name() + " names a record but declares no reference");
      }
    }
  }
  EXPECT_THAT(findings, IsEmpty());
}

TEST_F(ProtoStyleTest, ReadsDeclareTheRecordsThatTheyAreAskedFor) {
  // A filter that names a record is a reference, so that an unknown one is refused and never answered with "none".
  static const std::set<std::string> kOther = {"page_token",
                                               "epoch",
                                               "collections",
                                               "template",
                                               "handle",
                                               "series",
                                               "volunteer_no",
                                               "code",
                                               "title_code",
                                               "certificate_no",
                                               "unified_social_credit_code"};
  std::vector<std::string> findings;
  for (const MethodDescriptor* method : Methods()) {
    if (!IsRead(*method)) continue;
    for (int i = 0; i < method->input_type()->field_count(); ++i) {
      const FieldDescriptor& field = *method->input_type()->field(i);
      if (field.cpp_type() != FieldDescriptor::CPPTYPE_STRING || kOther.contains(field.name())) continue;
      const bool target = field.name() == "name" || field.name() == "names";
      const bool form =
          RulesOf(field).reference_size() > 0 || (target && RulesOf(field).pattern().find('/') != std::string::npos);
      if (!form) findings.push_back(field.full_name() + " does not say whose name it is");
    }
  }
  EXPECT_THAT(findings, IsEmpty());
}

TEST_F(ProtoStyleTest, NamesOfPersonsHaveOneForm) {
  static const std::set<std::string> kNames = {"person_name", "payee_name", "guardian_name"};
  std::vector<std::string> findings;
  for (const Descriptor* message : Messages()) {
    if (message->file()->package() == "dangjian.options.v1") continue;  // rules, no data
    const bool person = message->full_name() == "dangjian.registry.v1.Member" ||
                        message->full_name() == "dangjian.registry.v1.Resident";
    for (int i = 0; i < message->field_count(); ++i) {
      const FieldDescriptor& field = *message->field(i);
      const bool name = kNames.contains(field.name()) || (person && field.name() == "display_name");
      if (name && !RulesOf(field).output_only() && !RulesOf(field).person_name()) {
        findings.push_back(field.full_name() + " is no person_name");
      }
    }
  }
  EXPECT_THAT(findings, IsEmpty());
}

TEST_F(ProtoStyleTest, NamesAndContactsOfPeopleAreSensitive) {
  static const std::set<std::string> kPersonal = {"person_name", "phone",      "birth_date",   "sex",
                                                  "employer",    "occupation", "home_address", "ethnicity_code"};
  std::vector<std::string> findings;
  for (const Descriptor* message : Messages()) {
    if (message->file()->package() == "dangjian.options.v1") continue;  // rules, no data
    const bool person = message->full_name() == "dangjian.registry.v1.Member";
    for (int i = 0; i < message->field_count(); ++i) {
      const FieldDescriptor& field = *message->field(i);
      const bool personal = kPersonal.contains(field.name()) || (person && field.name() == "display_name");
      if (personal && field.options().GetExtension(options::v1::sensitive) == options::v1::SENSITIVITY_UNSPECIFIED) {
        findings.push_back(field.full_name() + " would stand in logs");
      }
    }
  }
  EXPECT_THAT(findings, IsEmpty());
}

TEST_F(ProtoStyleTest, RulesFitTheirFields) {
  std::vector<std::string> findings;
  for (const Descriptor* message : Messages()) {
    for (int i = 0; i < message->field_count(); ++i) {
      const FieldDescriptor& field = *message->field(i);
      const options::v1::FieldRules& rules = RulesOf(field);
      const bool text = field.cpp_type() == FieldDescriptor::CPPTYPE_STRING;
      if (!rules.pattern().empty() && !RE2(rules.pattern()).ok())
        findings.push_back(field.full_name() + ": bad pattern");
      if (!text &&
          (!rules.pattern().empty() || rules.max_length() != 0 || rules.reference_size() > 0 || rules.multiline())) {
        findings.push_back(field.full_name() + " is no text but has rules of a text");
      }
      if (!field.is_repeated() && rules.max_items() != 0)
        findings.push_back(field.full_name() + ": max_items of one item");
      if (rules.bounded() && rules.min() > rules.max()) findings.push_back(field.full_name() + ": min above max");
      if (!rules.bounded() && (rules.min() != 0 || rules.max() != 0)) {
        findings.push_back(field.full_name() + ": bounds without `bounded` do not hold");
      }
      if (rules.required() && rules.output_only()) findings.push_back(field.full_name() + " is required of the server");
    }
  }
  EXPECT_THAT(findings, IsEmpty());
}

}  // namespace
}  // namespace dangjian
