#include "seeds/loader/request_builder.h"

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/day.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/types/date.h"
#include "google/protobuf/descriptor.h"
#include "google/type/date.pb.h"

namespace dangjian::seeds {
namespace {

using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// One step of a path: `parents[0]`.
struct Step {
  std::string field;
  std::optional<int32_t> index;
};

absl::StatusOr<Step> ParseStep(const std::string& text) {
  const size_t bracket = text.find('[');
  if (bracket == std::string::npos) return Step{.field = text, .index = std::nullopt};
  int32_t index = 0;
  if (text.back() != ']' || !absl::SimpleAtoi(text.substr(bracket + 1, text.size() - bracket - 2), &index) ||
      index < 0) {
    return absl::InvalidArgumentError(absl::StrCat("malformed index in ", text));
  }
  return Step{.field = text.substr(0, bracket), .index = index};
}

absl::StatusOr<const FieldDescriptor*> FindField(const Message& message, const std::string& name) {
  const FieldDescriptor* field = message.GetDescriptor()->FindFieldByName(name);
  if (field == nullptr) {
    return absl::InvalidArgumentError(absl::StrCat(message.GetDescriptor()->name(), " has no field ", name));
  }
  return field;
}

// The message that a step leads to, made when it is not there yet.
absl::StatusOr<Message*> Enter(Message& message, const Step& step) {
  ASSIGN_OR_RETURN(const FieldDescriptor* field, FindField(message, step.field));
  if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE || field->is_repeated() != step.index.has_value()) {
    return absl::InvalidArgumentError(absl::StrCat("the path cannot pass through ", field->full_name()));
  }
  const Reflection& reflection = *message.GetReflection();
  if (!field->is_repeated()) return reflection.MutableMessage(&message, field);
  const int32_t size = reflection.FieldSize(message, field);
  if (*step.index < size) return reflection.MutableRepeatedMessage(&message, field, *step.index);
  if (*step.index > size) return absl::InvalidArgumentError(absl::StrCat("indexes of ", step.field, " leave a gap"));
  return reflection.AddMessage(&message, field);
}

const EnumValueDescriptor* FindEnumValue(const FieldDescriptor& field, const std::string& text) {
  if (const auto* value = field.enum_type()->FindValueByName(text); value != nullptr) return value;
  // Values carry their type's name: `ORGANIZATION_KIND_COMMUNITY` of OrganizationKind.
  const std::string& zero = field.enum_type()->value(0)->name();
  const std::string prefix = zero.substr(0, zero.size() - std::string_view("UNSPECIFIED").size());
  return field.enum_type()->FindValueByName(absl::StrCat(prefix, text));
}

// Sets a singular scalar, or adds to a repeated one.
class ScalarSetter {
 public:
  ScalarSetter(Message& message, const FieldDescriptor& field)
      : message_(message), field_(field), reflection_(*message.GetReflection()) {}

  absl::Status Set(const std::string& text) {
    switch (field_.cpp_type()) {
      case FieldDescriptor::CPPTYPE_STRING:
        return SetText(text);
      case FieldDescriptor::CPPTYPE_INT32:
        return SetInt32(text);
      case FieldDescriptor::CPPTYPE_INT64:
        return SetInt64(text);
      case FieldDescriptor::CPPTYPE_BOOL:
        return SetBool(text);
      case FieldDescriptor::CPPTYPE_ENUM:
        return SetEnum(text);
      case FieldDescriptor::CPPTYPE_MESSAGE:
        return SetDate(text);
      case FieldDescriptor::CPPTYPE_UINT32:
      case FieldDescriptor::CPPTYPE_UINT64:
      case FieldDescriptor::CPPTYPE_DOUBLE:
      case FieldDescriptor::CPPTYPE_FLOAT:
        break;
    }
    return absl::InvalidArgumentError(absl::StrCat("fields like ", field_.full_name(), " cannot be set from text"));
  }

 private:
  absl::Status Misfit(const std::string& text, absl::string_view wanted) const {
    return absl::InvalidArgumentError(absl::StrCat(field_.name(), " takes ", wanted, ", not \"", text, "\""));
  }

  absl::Status SetText(const std::string& text) {
    field_.is_repeated() ? reflection_.AddString(&message_, &field_, text)
                         : reflection_.SetString(&message_, &field_, text);
    return absl::OkStatus();
  }
  absl::Status SetInt32(const std::string& text) {
    int32_t value = 0;
    if (!absl::SimpleAtoi(text, &value)) return Misfit(text, "a whole number");
    field_.is_repeated() ? reflection_.AddInt32(&message_, &field_, value)
                         : reflection_.SetInt32(&message_, &field_, value);
    return absl::OkStatus();
  }
  absl::Status SetInt64(const std::string& text) {
    int64_t value = 0;
    if (!absl::SimpleAtoi(text, &value)) return Misfit(text, "a whole number");
    field_.is_repeated() ? reflection_.AddInt64(&message_, &field_, value)
                         : reflection_.SetInt64(&message_, &field_, value);
    return absl::OkStatus();
  }
  absl::Status SetBool(const std::string& text) {
    if (text != "true" && text != "false") return Misfit(text, "true or false");
    field_.is_repeated() ? reflection_.AddBool(&message_, &field_, text == "true")
                         : reflection_.SetBool(&message_, &field_, text == "true");
    return absl::OkStatus();
  }
  absl::Status SetEnum(const std::string& text) {
    const EnumValueDescriptor* value = FindEnumValue(field_, text);
    if (value == nullptr) return Misfit(text, absl::StrCat("a value of ", field_.enum_type()->name()));
    field_.is_repeated() ? reflection_.AddEnum(&message_, &field_, value)
                         : reflection_.SetEnum(&message_, &field_, value);
    return absl::OkStatus();
  }
  absl::Status SetDate(const std::string& text) {
    if (field_.message_type() != google::type::Date::descriptor()) return Misfit(text, "a path into its fields");
    const absl::StatusOr<Day> day = ParseDay(text);
    if (!day.ok()) return Misfit(text, "a day like 2024-06-30");
    Message* date = field_.is_repeated() ? reflection_.AddMessage(&message_, &field_)
                                         : reflection_.MutableMessage(&message_, &field_);
    date->CopyFrom(DayToProto(*day));
    return absl::OkStatus();
  }

  Message& message_;
  const FieldDescriptor& field_;
  const Reflection& reflection_;
};

}  // namespace

absl::Status SetField(Message& message, std::string_view path, std::string_view text) {
  const std::vector<std::string> steps = absl::StrSplit(ToAbsl(path), '.');
  Message* target = &message;
  for (size_t i = 0; i + 1 < steps.size(); ++i) {
    ASSIGN_OR_RETURN(const Step step, ParseStep(steps[i]));
    ASSIGN_OR_RETURN(target, Enter(*target, step));
  }
  ASSIGN_OR_RETURN(const FieldDescriptor* field, FindField(*target, steps.back()));
  ScalarSetter setter(*target, *field);
  if (!field->is_repeated()) return setter.Set(std::string(text));
  for (const absl::string_view part : absl::StrSplit(ToAbsl(text), '|')) RETURN_IF_ERROR(setter.Set(std::string(part)));
  return absl::OkStatus();
}

}  // namespace dangjian::seeds
