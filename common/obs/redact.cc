#include "common/obs/redact.h"

#include <memory>
#include <vector>

#include "dangjian/options/v1/options.pb.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/text_format.h"
#include "google/protobuf/unknown_field_set.h"

namespace dangjian::obs {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

constexpr size_t kMaxBytes = 2048;
constexpr char kMask[] = "***";

bool IsSensitive(const FieldDescriptor& field) {
  if (field.containing_type()->full_name() == "google.protobuf.Any" && field.name() == "value") return true;
  return field.options().GetExtension(options::v1::sensitive) != options::v1::SENSITIVITY_UNSPECIFIED;
}

void MaskField(Message& message, const FieldDescriptor& field) {
  const Reflection& reflection = *message.GetReflection();
  if (field.cpp_type() != FieldDescriptor::CPPTYPE_STRING) {
    reflection.ClearField(&message, &field);
  } else if (field.is_repeated()) {
    const int size = reflection.FieldSize(message, &field);
    for (int i = 0; i < size; ++i) reflection.SetRepeatedString(&message, &field, i, kMask);
  } else {
    reflection.SetString(&message, &field, kMask);
  }
}

// Maps are walked as their repeated entries.
void Mask(Message& message) {
  const Reflection& reflection = *message.GetReflection();
  reflection.MutableUnknownFields(&message)->Clear();
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    if (IsSensitive(*field)) {
      MaskField(message, *field);
    } else if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) {
      continue;
    } else if (field->is_repeated()) {
      const int size = reflection.FieldSize(message, field);
      for (int i = 0; i < size; ++i) Mask(*reflection.MutableRepeatedMessage(&message, field, i));
    } else {
      Mask(*reflection.MutableMessage(&message, field));
    }
  }
}

}  // namespace

std::string RedactedForLog(const Message& message) {
  const std::unique_ptr<Message> copy(message.New());
  copy->CopyFrom(message);
  Mask(*copy);
  google::protobuf::TextFormat::Printer printer;
  printer.SetSingleLineMode(true);
  printer.SetUseUtf8StringEscaping(true);
  std::string text;
  printer.PrintToString(*copy, &text);
  if (!text.empty() && text.back() == ' ') text.pop_back();
  if (text.size() > kMaxBytes) {
    size_t end = kMaxBytes;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;  // not inside a character
    text.resize(end);
    text += "…";
  }
  return text;
}

}  // namespace dangjian::obs
