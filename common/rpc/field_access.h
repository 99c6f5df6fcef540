#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "google/protobuf/message.h"

// Fields that many requests share (`name`, `request_id`, `validate_only`, …), read by name.

namespace dangjian::rpc {

// The singular text field `name`; nullptr when the message has none.
const google::protobuf::FieldDescriptor* TextField(const google::protobuf::Descriptor& type, std::string_view name);
// The singular bool field `name`; nullptr when the message has none.
const google::protobuf::FieldDescriptor* BoolField(const google::protobuf::Descriptor& type, std::string_view name);
// The first field, repeated or not, that holds messages of `type`; nullptr when there is none.
const google::protobuf::FieldDescriptor* FieldOfType(const google::protobuf::Descriptor& holder,
                                                     const google::protobuf::Descriptor& type, bool repeated);

// Empty when the message has no such text field.
std::string GetText(const google::protobuf::Message& message, std::string_view name);
// False when the message has no such bool field.
bool GetBool(const google::protobuf::Message& message, std::string_view name);
// Does nothing when the message has no such text field.
void SetText(google::protobuf::Message& message, std::string_view name, std::string value);

// A new, empty message of a linked contract.
std::unique_ptr<google::protobuf::Message> NewMessage(const google::protobuf::Descriptor& type);

}  // namespace dangjian::rpc
