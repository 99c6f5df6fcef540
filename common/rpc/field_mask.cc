#include "common/rpc/field_mask.h"

#include <memory>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/strings.h"
#include "common/status/errors.h"
#include "dangjian/options/v1/options.pb.h"
#include "google/protobuf/util/message_differencer.h"

namespace dangjian::rpc {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::FieldMask;
using google::protobuf::Message;
using google::protobuf::Reflection;

// What the server keeps about a record, whatever its proto says.
bool IsBookkeeping(const FieldDescriptor& field) {
  return field.name() == "name" || field.name() == "etag" || field.name() == "create_time" ||
         field.name() == "update_time";
}

bool IsFixed(const FieldDescriptor& field) {
  const options::v1::FieldRules& rules = field.options().GetExtension(options::v1::rules);
  return rules.immutable() || rules.output_only() || IsBookkeeping(field);
}

bool HasValue(const Message& message, const FieldDescriptor* field) {
  const Reflection* reflection = message.GetReflection();
  return field->is_repeated() ? reflection->FieldSize(message, field) > 0 : reflection->HasField(message, field);
}

// Makes `field` of `target` equal to that of `source`.
void CopyField(const Message& source, const FieldDescriptor* field, Message& target) {
  const std::unique_ptr<Message> carrier(source.New());
  carrier->CopyFrom(source);
  target.GetReflection()->ClearField(&target, field);
  target.GetReflection()->SwapFields(carrier.get(), &target, {field});
}

bool SameField(const Message& a, const Message& b, const FieldDescriptor* field) {
  google::protobuf::util::MessageDifferencer differencer;
  return differencer.CompareWithFields(a, b, {field}, {field});
}

void ApplyPath(std::string_view path, const Message& source, Message& target, Violations& violations) {
  const std::string where = absl::StrCat("update_mask: ", ToAbsl(path));
  const Message* from = &source;
  Message* to = &target;
  const std::vector<std::string> segments = absl::StrSplit(ToAbsl(path), '.');
  for (size_t i = 0; i < segments.size(); ++i) {
    const FieldDescriptor* field = from->GetDescriptor()->FindFieldByName(segments[i]);
    const bool last = i + 1 == segments.size();
    if (field == nullptr || (!last && (field->message_type() == nullptr || field->is_repeated()))) {
      violations.Add(where, reasons::kUnknownField, "the resource has no such field");
      return;
    }
    if (IsFixed(*field)) {
      violations.Add(where, reasons::kImmutableField, "the field cannot be changed");
      return;
    }
    if (last) {
      CopyField(*from, field, *to);
      return;
    }
    from = &from->GetReflection()->GetMessage(*from, field);
    to = to->GetReflection()->MutableMessage(to, field);
  }
}

void ApplyWhole(const Message& source, Message& target, Violations& violations) {
  for (int i = 0; i < source.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor* field = source.GetDescriptor()->field(i);
    const options::v1::FieldRules& rules = field->options().GetExtension(options::v1::rules);
    if (!IsFixed(*field)) {
      CopyField(source, field, target);
    } else if (rules.immutable() && !IsBookkeeping(*field) && HasValue(source, field) &&
               !SameField(source, target, field)) {
      violations.Add(field->name(), reasons::kImmutableField, "the field cannot be changed");
    }
  }
}

}  // namespace

bool IsWholeMask(const FieldMask& mask) {
  return mask.paths_size() == 0 || (mask.paths_size() == 1 && mask.paths(0) == "*");
}

absl::Status ApplyFieldMask(const FieldMask& mask, const Message& source, Message& target) {
  Violations violations;
  if (IsWholeMask(mask)) {
    ApplyWhole(source, target, violations);
  } else {
    for (const std::string& path : mask.paths()) ApplyPath(path, source, target, violations);
  }
  return violations.ToStatus();
}

}  // namespace dangjian::rpc
