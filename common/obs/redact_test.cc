#include "common/obs/redact.h"

#include <memory>
#include <string>

#include "dangjian/change/v1/change_service.pb.h"
#include "dangjian/options/v1/options.pb.h"
#include "gmock/gmock.h"
#include "google/protobuf/descriptor.pb.h"
#include "google/protobuf/dynamic_message.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace dangjian::obs {
namespace {

using ::google::protobuf::FieldDescriptorProto;
using ::google::protobuf::Message;
using ::testing::HasSubstr;
using ::testing::Not;

// A contract that exists only here: Person {id, name*, birth_year*, phones*, mother, children} with * sensitive.
class RedactTest : public ::testing::Test {
 protected:
  RedactTest() {
    google::protobuf::FileDescriptorProto file;
    file.set_name("person.proto");
    file.set_package("test");
    file.set_syntax("proto3");
    file.add_dependency("dangjian/options/v1/options.proto");
    auto* person = file.add_message_type();
    person->set_name("Person");
    AddField(*person, "id", FieldDescriptorProto::TYPE_STRING, false, false);
    AddField(*person, "name", FieldDescriptorProto::TYPE_STRING, false, true);
    AddField(*person, "birth_year", FieldDescriptorProto::TYPE_INT32, false, true);
    AddField(*person, "phones", FieldDescriptorProto::TYPE_STRING, true, true);
    AddField(*person, "mother", FieldDescriptorProto::TYPE_MESSAGE, false, false);
    AddField(*person, "children", FieldDescriptorProto::TYPE_MESSAGE, true, false);
    const auto* built = pool_.BuildFile(file);
    prototype_ = factory_.GetPrototype(built->FindMessageTypeByName("Person"));
  }

  static void AddField(google::protobuf::DescriptorProto& message, const std::string& name,
                       FieldDescriptorProto::Type type, bool repeated, bool sensitive) {
    FieldDescriptorProto& field = *message.add_field();
    field.set_name(name);
    field.set_number(message.field_size());
    field.set_type(type);
    field.set_label(repeated ? FieldDescriptorProto::LABEL_REPEATED : FieldDescriptorProto::LABEL_OPTIONAL);
    if (type == FieldDescriptorProto::TYPE_MESSAGE) field.set_type_name(".test.Person");
    if (sensitive) {
      field.mutable_options()->SetExtension(options::v1::sensitive, options::v1::SENSITIVITY_PERSONAL);
    }
  }

  std::unique_ptr<Message> Person(const std::string& text) const {
    std::unique_ptr<Message> message(prototype_->New());
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, message.get()));
    return message;
  }

  google::protobuf::DescriptorPool pool_{google::protobuf::DescriptorPool::generated_pool()};
  google::protobuf::DynamicMessageFactory factory_;
  const Message* prototype_ = nullptr;
};

TEST_F(RedactTest, MasksSensitiveFieldsAtEveryDepth) {
  const auto person = Person(R"(id: 'p-1' name: '张三' birth_year: 1970 phones: ['139', '138']
                                mother { id: 'p-2' name: '李四' } children { name: '王五' birth_year: 2000 })");
  EXPECT_EQ(R"(id: "p-1" name: "***" phones: "***" phones: "***" mother { id: "p-2" name: "***" } )"
            R"(children { name: "***" })",
            RedactedForLog(*person));
}

TEST_F(RedactTest, LeavesTheMessageItself) {
  const auto person = Person("name: '张三'");
  RedactedForLog(*person);
  EXPECT_THAT(person->ShortDebugString(), Not(HasSubstr("***")));
}

TEST_F(RedactTest, DropsUnknownFields) {
  const auto person = Person("id: 'p-1'");
  person->GetReflection()->MutableUnknownFields(person.get())->AddLengthDelimited(99, "张三");
  EXPECT_EQ(R"(id: "p-1")", RedactedForLog(*person));
}

TEST_F(RedactTest, HidesWhatAnAnyHolds) {
  change::v1::ChangeEvent event;
  event.set_name("members/m-1");
  event.mutable_after()->set_type_url("type.googleapis.com/test.Person");
  event.mutable_after()->set_value("Zhang San");
  const std::string text = RedactedForLog(event);
  EXPECT_THAT(text, HasSubstr("members/m-1"));
  EXPECT_THAT(text, HasSubstr("test.Person"));
  EXPECT_THAT(text, Not(HasSubstr("Zhang")));
}

TEST_F(RedactTest, IsBoundedAndCutBetweenCharacters) {
  std::string id;
  for (int i = 0; i < 2000; ++i) id += "党";
  const std::string text = RedactedForLog(*Person("id: '" + id + "'"));
  EXPECT_LE(text.size(), 2048 + 3);
  EXPECT_THAT(text, ::testing::EndsWith("党…"));
}

}  // namespace
}  // namespace dangjian::obs
