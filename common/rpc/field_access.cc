#include "common/rpc/field_access.h"

#include <utility>

#include "google/protobuf/descriptor.h"

namespace dangjian::rpc {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

namespace {

const FieldDescriptor* Singular(const Descriptor& type, std::string_view name, FieldDescriptor::Type kind) {
  const FieldDescriptor* field = type.FindFieldByName(std::string(name));
  return field != nullptr && field->type() == kind && !field->is_repeated() ? field : nullptr;
}

}  // namespace

const FieldDescriptor* TextField(const Descriptor& type, std::string_view name) {
  return Singular(type, name, FieldDescriptor::TYPE_STRING);
}

const FieldDescriptor* BoolField(const Descriptor& type, std::string_view name) {
  return Singular(type, name, FieldDescriptor::TYPE_BOOL);
}

const FieldDescriptor* FieldOfType(const Descriptor& holder, const Descriptor& type, bool repeated) {
  for (int i = 0; i < holder.field_count(); ++i) {
    const FieldDescriptor* field = holder.field(i);
    if (field->message_type() == &type && field->is_repeated() == repeated) return field;
  }
  return nullptr;
}

std::string GetText(const Message& message, std::string_view name) {
  const FieldDescriptor* field = TextField(*message.GetDescriptor(), name);
  return field == nullptr ? "" : message.GetReflection()->GetString(message, field);
}

bool GetBool(const Message& message, std::string_view name) {
  const FieldDescriptor* field = BoolField(*message.GetDescriptor(), name);
  return field != nullptr && message.GetReflection()->GetBool(message, field);
}

void SetText(Message& message, std::string_view name, std::string value) {
  const FieldDescriptor* field = TextField(*message.GetDescriptor(), name);
  if (field != nullptr) message.GetReflection()->SetString(&message, field, std::move(value));
}

std::unique_ptr<Message> NewMessage(const Descriptor& type) {
  return std::unique_ptr<Message>(google::protobuf::MessageFactory::generated_factory()->GetPrototype(&type)->New());
}

}  // namespace dangjian::rpc
