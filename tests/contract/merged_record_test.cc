// Random masks over random records of every Update method: what a merge leaves is never a record that a Create would
// refuse by the rules of its fields.
#include <map>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/rpc/field_mask.h"
#include "common/rpc/validate.h"
#include "common/testing/matchers.h"
#include "dangjian/options/v1/options.pb.h"
#include "gmock/gmock.h"
#include "google/protobuf/descriptor_database.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/type/date.pb.h"
#include "gtest/gtest.h"
#include "re2/re2.h"

namespace dangjian {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::DescriptorPool;
using google::protobuf::FieldDescriptor;
using google::protobuf::FieldMask;
using google::protobuf::Message;
using google::protobuf::Reflection;
using testing::ViolationsOf;
using MessagePtr = std::unique_ptr<Message>;

constexpr int kRounds = 300;  // of each method
constexpr int kDepth = 7;

// A text for each kind of pattern that the contracts have.
constexpr std::string_view kExamples[] = {"a-1",       "abc", "A1",    "AB_C", "01",   "12.5", "2024",   "12:30", "3",
                                          "ABCD-1234", "a_b", "A.b-1", "ab",   "1.25", "-3.5", "0000-x", "7"};

const options::v1::FieldRules& RulesOf(const FieldDescriptor& field) {
  return field.options().GetExtension(options::v1::rules);
}

MessagePtr New(const Descriptor& type) {
  return MessagePtr(google::protobuf::MessageFactory::generated_factory()->GetPrototype(&type)->New());
}

// Makes values for fields: such as their rules accept, or any.
class RandomValues {
 public:
  explicit RandomValues(uint32_t seed) : random_(seed) {}

  int Pick(int count) { return std::uniform_int_distribution<int>(0, count - 1)(random_); }
  bool Chance(int percent) { return Pick(100) < percent; }

  // Fills what a caller may set. `wild`: some values break the rules.
  void Fill(Message& message, bool wild, int depth = 0) {
    const Descriptor& type = *message.GetDescriptor();
    if (&type == google::type::Date::descriptor()) return FillDate(static_cast<google::type::Date&>(message), wild);
    if (&type == google::protobuf::Timestamp::descriptor()) {
      static_cast<google::protobuf::Timestamp&>(message).set_seconds(wild && Chance(20) ? -1LL << 60 : Pick(1 << 30));
      return;
    }
    for (int i = 0; i < type.field_count(); ++i) {
      const FieldDescriptor& field = *type.field(i);
      const options::v1::FieldRules& rules = RulesOf(field);
      if (rules.output_only() || rules.not_accepted()) continue;
      const bool needed = rules.required() || (rules.bounded() && rules.min() > 0);
      const bool set = needed ? !(wild && Chance(10)) : Chance(50);
      if (set && field.is_repeated()) {
        FillList(message, field, wild, depth);
      } else if (set) {
        SetOne(message, field, wild, depth);
      }
    }
  }

 private:
  void FillDate(google::type::Date& date, bool wild) {
    date.set_year(2020 + Pick(8));
    date.set_month(wild ? Pick(14) : 1 + Pick(12));
    date.set_day(wild ? Pick(33) : 1 + Pick(28));
  }

  void FillList(Message& message, const FieldDescriptor& field, bool wild, int depth) {
    const int most = RulesOf(field).max_items() > 0 ? RulesOf(field).max_items() : 1000;
    const int items = wild && most <= 20 && Chance(10) ? most + 1 : 1 + Pick(std::min(3, most));
    for (int i = 0; i < items; ++i) AddOne(message, field, wild, depth);
  }

  void AddOne(Message& message, const FieldDescriptor& field, bool wild, int depth) {
    const Reflection& to = *message.GetReflection();
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_STRING:
        return to.AddString(&message, &field, Text(field, wild));
      case FieldDescriptor::CPPTYPE_INT32:
        return to.AddInt32(&message, &field, static_cast<int32_t>(Number(field, wild)));
      case FieldDescriptor::CPPTYPE_INT64:
        return to.AddInt64(&message, &field, Number(field, wild));
      case FieldDescriptor::CPPTYPE_ENUM:
        return to.AddEnumValue(&message, &field, EnumValue(field));
      case FieldDescriptor::CPPTYPE_MESSAGE:
        if (depth < kDepth) Fill(*to.AddMessage(&message, &field), wild, depth + 1);
        return;
      default:
        ADD_FAILURE() << "no value for " << field.full_name();
    }
  }

  void SetOne(Message& message, const FieldDescriptor& field, bool wild, int depth) {
    const Reflection& to = *message.GetReflection();
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_STRING:
        return to.SetString(&message, &field, Text(field, wild));
      case FieldDescriptor::CPPTYPE_INT32:
        return to.SetInt32(&message, &field, static_cast<int32_t>(Number(field, wild)));
      case FieldDescriptor::CPPTYPE_INT64:
        return to.SetInt64(&message, &field, Number(field, wild));
      case FieldDescriptor::CPPTYPE_BOOL:
        return to.SetBool(&message, &field, Chance(50));
      case FieldDescriptor::CPPTYPE_ENUM:
        return to.SetEnumValue(&message, &field, EnumValue(field));
      case FieldDescriptor::CPPTYPE_MESSAGE:
        if (depth < kDepth) Fill(*to.MutableMessage(&message, &field), wild, depth + 1);
        return;
      default:
        ADD_FAILURE() << "no value for " << field.full_name();
    }
  }

  std::string Text(const FieldDescriptor& field, bool wild) {
    const options::v1::FieldRules& rules = RulesOf(field);
    if (wild && Chance(10)) return Chance(50) ? "\u3000" : std::string(5000, 'x');
    if (rules.reference_size() > 0) return absl::StrCat(rules.reference(Pick(rules.reference_size())), "/r-1");
    if (rules.pattern().empty()) return absl::StrCat("文", Pick(10));
    std::string& example = examples_[rules.pattern()];
    std::vector<std::string> candidates(std::begin(kExamples), std::end(kExamples));
    std::string collection;  // of a name: what stands before the first slash, or the first of several
    if (RE2::PartialMatch(rules.pattern(), "^\\(?([a-zA-Z]+)[|)/]", &collection))
      candidates.push_back(collection + "/x1");
    for (const std::string& candidate : candidates) {
      if (example.empty() && RE2::FullMatch(candidate, rules.pattern())) example = candidate;
    }
    EXPECT_FALSE(example.empty()) << field.full_name() << ": give an example for " << rules.pattern();
    return example;
  }

  int64_t Number(const FieldDescriptor& field, bool wild) {
    const options::v1::FieldRules& rules = RulesOf(field);
    if (!rules.bounded()) return Pick(100);
    if (wild && Chance(20)) return rules.max() + 1;
    return std::uniform_int_distribution<int64_t>(rules.min(), rules.max())(random_);
  }

  int EnumValue(const FieldDescriptor& field) {
    const auto& type = *field.enum_type();
    return type.value(1 + Pick(type.value_count() - 1))->number();
  }

  std::mt19937 random_;
  std::map<std::string, std::string> examples_;  // by pattern
};

struct UpdateMethod {
  const Descriptor* request;
  const FieldDescriptor* record;
  const FieldDescriptor* mask;
};

std::vector<UpdateMethod> UpdateMethods() {
  std::vector<std::string> files;
  DescriptorPool::internal_generated_database()->FindAllFileNames(&files);
  std::vector<UpdateMethod> methods;
  for (const std::string& name : files) {
    if (!absl::StartsWith(name, "dangjian/")) continue;
    const auto* file = DescriptorPool::generated_pool()->FindFileByName(name);
    for (int i = 0; i < file->service_count(); ++i) {
      for (int j = 0; j < file->service(i)->method_count(); ++j) {
        const auto& method = *file->service(i)->method(j);
        const FieldDescriptor* mask = method.input_type()->FindFieldByName("update_mask");
        if (mask == nullptr) continue;
        for (int k = 0; k < method.input_type()->field_count(); ++k) {
          const FieldDescriptor* field = method.input_type()->field(k);
          if (field->message_type() == method.output_type()) methods.push_back({method.input_type(), field, mask});
        }
      }
    }
  }
  return methods;
}

// A path to a field that an Update may change.
std::string RandomPath(RandomValues& random, const Descriptor& record) {
  std::string path;
  const Descriptor* at = &record;
  while (true) {
    const FieldDescriptor& field = *at->field(random.Pick(at->field_count()));
    if (rpc::IsFixed(field)) return path;  // empty, or what holds the field
    absl::StrAppend(&path, path.empty() ? "" : ".", field.name());
    if (field.message_type() == nullptr || field.is_repeated() || random.Chance(40)) return path;
    at = field.message_type();
  }
}

class MergedRecordTest : public ::testing::Test {
 protected:
  // One random Update. Counts what the rules of the request alone would have let through.
  void Round(const UpdateMethod& method) {
    rpc::Validator& validator = validator_;
    const MessagePtr current = New(*method.record->message_type());
    random_.Fill(*current, false);
    ASSERT_THAT(Whole(method, *current), ::testing::IsEmpty())
        << "not even the record before: " << current->ShortDebugString();
    const MessagePtr request = New(*method.request);
    Message& change = *request->GetReflection()->MutableMessage(request.get(), method.record);
    random_.Fill(change, true);
    auto& mask = static_cast<FieldMask&>(*request->GetReflection()->MutableMessage(request.get(), method.mask));
    for (int paths = 1 + random_.Pick(3); paths > 0; --paths) {
      const std::string path = RandomPath(random_, *method.record->message_type());
      if (!path.empty()) mask.add_paths(path);
    }
    if (mask.paths_size() == 0) return;

    Violations violations;
    std::vector<rpc::Reference> references;
    validator.Check(*request, violations, references);
    if (!violations.empty()) return;
    const MessagePtr merged(current->New());
    merged->CopyFrom(*current);
    rpc::ApplyFieldMask(mask, change, method.record->name(), *merged, violations);
    ASSERT_TRUE(violations.empty()) << violations.ToStatus();
    validator.CheckChanged(*current, *merged, method.record->name(), violations);
    if (!violations.empty()) {
      ++refused_;
      return;
    }
    ++accepted_;
    EXPECT_THAT(Whole(method, *merged), ::testing::IsEmpty())
        << mask.ShortDebugString() << " of " << current->ShortDebugString() << "\nwith " << change.ShortDebugString();
  }

  // What the rules of a whole record say of it.
  std::vector<std::string> Whole(const UpdateMethod& method, const Message& record) {
    const MessagePtr request = New(*method.request);
    request->GetReflection()->MutableMessage(request.get(), method.record)->CopyFrom(record);
    static_cast<FieldMask*>(request->GetReflection()->MutableMessage(request.get(), method.mask))->add_paths("*");
    Violations violations;
    std::vector<rpc::Reference> references;
    validator_.Check(*request, violations, references);
    return ViolationsOf(violations.ToStatus());
  }

  rpc::Validator validator_;
  RandomValues random_{20261130};
  int accepted_ = 0;
  int refused_ = 0;
};

TEST_F(MergedRecordTest, NoMaskLeavesWhatACreateWouldRefuse) {
  const std::vector<UpdateMethod> methods = UpdateMethods();
  ASSERT_GT(methods.size(), 30);
  for (const UpdateMethod& method : methods) {
    SCOPED_TRACE(method.request->full_name());
    ASSERT_TRUE(validator_.Add(*method.request).ok());
    for (int i = 0; i < kRounds && !HasFailure(); ++i) Round(method);
  }
  // Both ways out are taken often enough for the test to mean something.
  EXPECT_GT(accepted_, 1000);
  EXPECT_GT(refused_, 50);
}

}  // namespace
}  // namespace dangjian
