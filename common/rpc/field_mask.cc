#include "common/rpc/field_mask.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/strings.h"
#include "common/status/errors.h"
#include "dangjian/options/v1/options.pb.h"

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

bool HasValue(const Message& message, const FieldDescriptor* field) {
  const Reflection* reflection = message.GetReflection();
  return field->is_repeated() ? reflection->FieldSize(message, field) > 0 : reflection->HasField(message, field);
}

// What a getter of a singular field, or of a repeated one at `index`, gives for both messages; compared.
template <class T>
bool SameScalar(const Message& a, const Message& b, const FieldDescriptor* field, int index,
                T (Reflection::*one)(const Message&, const FieldDescriptor*) const,
                T (Reflection::*at)(const Message&, const FieldDescriptor*, int) const) {
  const Reflection& reflection = *a.GetReflection();
  return index < 0 ? (reflection.*one)(a, field) == (reflection.*one)(b, field)
                   : (reflection.*at)(a, field, index) == (reflection.*at)(b, field, index);
}

// Equal messages of one program have equal bytes: contracts have no maps.
bool SameBytes(const Message& a, const Message& b) {
  return a.ByteSizeLong() == b.ByteSizeLong() && a.SerializeAsString() == b.SerializeAsString();
}

// Whether both messages have the same in a field, of a repeated one at `index`. Written out, because verbs ask it of
// every field of their record on the committing thread.
bool SameValue(const Message& a, const Message& b, const FieldDescriptor* field, int index) {
  using R = Reflection;
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return SameScalar<std::string>(a, b, field, index, &R::GetString, &R::GetRepeatedString);
    case FieldDescriptor::CPPTYPE_MESSAGE: {
      const Reflection& r = *a.GetReflection();
      return index < 0 ? SameBytes(r.GetMessage(a, field), r.GetMessage(b, field))
                       : SameBytes(r.GetRepeatedMessage(a, field, index), r.GetRepeatedMessage(b, field, index));
    }
    case FieldDescriptor::CPPTYPE_ENUM:
      return SameScalar<int>(a, b, field, index, &R::GetEnumValue, &R::GetRepeatedEnumValue);
    case FieldDescriptor::CPPTYPE_BOOL:
      return SameScalar<bool>(a, b, field, index, &R::GetBool, &R::GetRepeatedBool);
    case FieldDescriptor::CPPTYPE_INT32:
      return SameScalar<int32_t>(a, b, field, index, &R::GetInt32, &R::GetRepeatedInt32);
    case FieldDescriptor::CPPTYPE_INT64:
      return SameScalar<int64_t>(a, b, field, index, &R::GetInt64, &R::GetRepeatedInt64);
    case FieldDescriptor::CPPTYPE_UINT32:
      return SameScalar<uint32_t>(a, b, field, index, &R::GetUInt32, &R::GetRepeatedUInt32);
    case FieldDescriptor::CPPTYPE_UINT64:
      return SameScalar<uint64_t>(a, b, field, index, &R::GetUInt64, &R::GetRepeatedUInt64);
    case FieldDescriptor::CPPTYPE_FLOAT:
      return SameScalar<float>(a, b, field, index, &R::GetFloat, &R::GetRepeatedFloat);
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return SameScalar<double>(a, b, field, index, &R::GetDouble, &R::GetRepeatedDouble);
  }
  return false;
}

// Makes `field` of `target` equal to that of `source`.
void CopyField(const Message& source, const FieldDescriptor* field, Message& target) {
  const std::unique_ptr<Message> carrier(source.New());
  carrier->CopyFrom(source);
  target.GetReflection()->ClearField(&target, field);
  target.GetReflection()->SwapFields(carrier.get(), &target, {field});
}

void ApplyPath(const std::string& path, std::string_view where, const Message& source, Message& target,
               Violations& violations) {
  const Message* from = &source;
  Message* to = &target;
  const std::vector<std::string> segments = absl::StrSplit(path, '.');
  for (size_t i = 0; i < segments.size(); ++i) {
    const FieldDescriptor* field = from->GetDescriptor()->FindFieldByName(segments[i]);
    const bool last = i + 1 == segments.size();
    if (field == nullptr || (!last && (field->message_type() == nullptr || field->is_repeated()))) {
      return violations.Add(where, reasons::kUnknownField, absl::StrCat(path, ": the resource has no such field"));
    }
    if (IsFixed(*field)) {
      return violations.Add(where, reasons::kImmutableField, absl::StrCat(path, ": the field cannot be changed"));
    }
    if (last) return CopyField(*from, field, *to);
    // A part of nothing stays nothing.
    if (!HasValue(*from, field) && !HasValue(*to, field)) return;
    from = &from->GetReflection()->GetMessage(*from, field);
    to = to->GetReflection()->MutableMessage(to, field);
  }
}

void ApplyWhole(const Message& source, std::string_view path, Message& target, Violations& violations) {
  for (int i = 0; i < source.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor* field = source.GetDescriptor()->field(i);
    const options::v1::FieldRules& rules = field->options().GetExtension(options::v1::rules);
    if (!IsFixed(*field)) {
      CopyField(source, field, target);
    } else if (rules.immutable() && !IsBookkeeping(*field) && HasValue(source, field) &&
               !SameField(source, target, field)) {
      violations.Add(absl::StrCat(ToAbsl(path), ".", field->name()), reasons::kImmutableField,
                     "the field cannot be changed");
    }
  }
}

}  // namespace

bool IsWholeMask(const FieldMask& mask) {
  return mask.paths_size() == 0 || (mask.paths_size() == 1 && mask.paths(0) == "*");
}

bool IsFixed(const FieldDescriptor& field) {
  const options::v1::FieldRules& rules = field.options().GetExtension(options::v1::rules);
  return rules.immutable() || rules.output_only() || IsBookkeeping(field);
}

bool SameField(const Message& a, const Message& b, const FieldDescriptor* field) {
  if (!field->is_repeated()) return HasValue(a, field) == HasValue(b, field) && SameValue(a, b, field, -1);
  const int size = a.GetReflection()->FieldSize(a, field);
  if (b.GetReflection()->FieldSize(b, field) != size) return false;
  for (int i = 0; i < size; ++i) {
    if (!SameValue(a, b, field, i)) return false;
  }
  return true;
}

void ApplyFieldMask(const FieldMask& mask, const Message& source, std::string_view path, Message& target,
                    Violations& violations) {
  if (IsWholeMask(mask)) return ApplyWhole(source, path, target, violations);
  for (int i = 0; i < mask.paths_size(); ++i) {
    ApplyPath(mask.paths(i), absl::StrCat("update_mask.paths[", i, "]"), source, target, violations);
  }
}

}  // namespace dangjian::rpc
