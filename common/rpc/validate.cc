#include "common/rpc/validate.h"

#include <re2/re2.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/id.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/rpc/field_mask.h"
#include "common/rpc/references.h"
#include "common/rpc/text_form.h"
#include "common/types/date.h"
#include "dangjian/options/v1/options.pb.h"
#include "google/protobuf/field_mask.pb.h"
#include "google/protobuf/timestamp.pb.h"

namespace dangjian::rpc {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::FieldMask;
using google::protobuf::Message;
using google::protobuf::Reflection;

namespace {

constexpr int32_t kDefaultMaxLength = 200;
constexpr int32_t kDefaultMaxItems = 1000;
constexpr int32_t kMaxRequestIdLength = 64;
constexpr int64_t kFirstSecond = -62'135'596'800;  // 0001-01-01T00:00:00Z
constexpr int64_t kLastSecond = 253'402'300'799;   // 9999-12-31T23:59:59Z

// What a field's check needs, taken from its options once.
struct FieldPlan {
  const FieldDescriptor* field = nullptr;
  bool required = false;
  bool drop = false;   // set by the server
  bool fixed = false;  // no Update changes it
  bool not_accepted = false;
  bool bounded = false;
  TextRules text;
  bool negative_refused = false;
  bool is_target = false;  // `name` and `names`: the record itself, whose absence is NOT_FOUND and no bad reference
  int64_t min = 0;
  int64_t max = 0;
  int32_t max_length = kDefaultMaxLength;
  int32_t max_items = kDefaultMaxItems;
  std::unique_ptr<re2::RE2> pattern;
  std::vector<std::string> collections;  // that a name may point to
  const Validator::MessagePlan* message = nullptr;
};

}  // namespace

struct Validator::MessagePlan {
  enum class Kind { kPlain, kDate, kTimestamp };
  Kind kind = Kind::kPlain;
  std::vector<FieldPlan> fields;
  // Of an Update request: its mask and the resource that the mask is about.
  const FieldDescriptor* mask = nullptr;
  const FieldDescriptor* masked = nullptr;
};

namespace {

using MessagePlan = Validator::MessagePlan;

// Where the walk is; rendered only when there is something to say about it.
struct Place {
  const Place* parent = nullptr;
  const FieldDescriptor* field = nullptr;
  int index = -1;
  std::string_view root = {};  // path of the message that the walk began with

  std::string Render() const {
    if (parent == nullptr) return std::string(root);
    std::string path = parent->Render();
    absl::StrAppend(&path, path.empty() ? "" : ".", field->name());
    if (index >= 0) absl::StrAppend(&path, "[", index, "]");
    return path;
  }
};

// The fields of a resource that an Update names; everything when there is no mask.
struct MaskScope {
  const FieldMask* mask = nullptr;
  std::string prefix;  // path of the message inside the resource, with a dot at its end

  enum class Cover { kNone, kPartly, kWhole };
  Cover Of(const std::string& field) const {
    if (mask == nullptr) return Cover::kWhole;
    const std::string path = absl::StrCat(prefix, field);
    Cover cover = Cover::kNone;
    for (const std::string& named : mask->paths()) {
      if (named == path || (path.size() > named.size() && path.starts_with(named) && path[named.size()] == '.')) {
        return Cover::kWhole;
      }
      if (named.size() > path.size() && named.starts_with(path) && named[path.size()] == '.') cover = Cover::kPartly;
    }
    return cover;
  }
};

// One walk over one request.
class Walk {
 public:
  Walk(Violations& violations, std::vector<Reference>& references) : violations_(violations), references_(references) {}

  void Visit(const MessagePlan& plan, Message& message, const Place& place, const MaskScope& scope);
  // The fields in which a stored record has changed, each as a whole.
  void VisitChanged(const MessagePlan& plan, const Message& before, Message& record, const Place& place);

 private:
  // `inner` is the scope of what the field holds.
  void VisitField(const FieldPlan& plan, Message& message, const Place& place, const MaskScope& inner);
  void VisitRepeated(const FieldPlan& plan, Message& message, const Place& place);
  // Brings the text into its form, in place, and checks it.
  void CheckText(const FieldPlan& plan, Message& message, int index, const Place& place);
  void CheckForm(const FieldPlan& plan, const std::string& text, int64_t characters, const Place& place);
  void CheckReference(const FieldPlan& plan, const std::string& name, const Place& place);
  void CheckInteger(const FieldPlan& plan, int64_t value, const Place& place);
  void CheckEnum(const FieldPlan& plan, int value, const Place& place);
  void CheckValue(const FieldPlan& plan, Message& message, int index, const Place& place);
  void CheckTimestamp(const Message& message, const Place& place);

  void Refuse(const Place& place, const Reason& reason, std::string_view message) {
    violations_.Add(place.Render(), reason, message);
  }

  Violations& violations_;
  std::vector<Reference>& references_;
  bool stored_ = false;  // what the server has set stays
};

void Walk::VisitChanged(const MessagePlan& plan, const Message& before, Message& record, const Place& place) {
  stored_ = true;
  for (const FieldPlan& field : plan.fields) {
    if (field.fixed || SameField(before, record, field.field)) continue;
    VisitField(field, record, Place{&place, field.field}, MaskScope());
  }
}

void Walk::Visit(const MessagePlan& plan, Message& message, const Place& place, const MaskScope& scope) {
  // A part of a date or a time says nothing; what it becomes part of is checked when it has been merged.
  if (scope.mask != nullptr && plan.kind != MessagePlan::Kind::kPlain) return;
  switch (plan.kind) {
    case MessagePlan::Kind::kDate:
      if (!DayFromProto(static_cast<const google::type::Date&>(message)).has_value()) {
        Refuse(place, reasons::kInvalidDate, "the date does not exist or lacks a part");
      }
      return;
    case MessagePlan::Kind::kTimestamp:
      CheckTimestamp(message, place);
      return;
    case MessagePlan::Kind::kPlain:
      break;
  }
  const FieldMask* mask = nullptr;
  if (plan.mask != nullptr) {
    mask = static_cast<const FieldMask*>(&message.GetReflection()->GetMessage(message, plan.mask));
    if (IsWholeMask(*mask)) mask = nullptr;
  }
  for (const FieldPlan& field : plan.fields) {
    const Place here{&place, field.field};
    // `name` says which record an Update means, whatever the mask names.
    const MaskScope::Cover cover = field.is_target ? MaskScope::Cover::kWhole : scope.Of(field.field->name());
    if (cover == MaskScope::Cover::kNone) continue;
    MaskScope inner;
    if (mask != nullptr && field.field == plan.masked) {
      inner = MaskScope{mask, ""};
    } else if (cover == MaskScope::Cover::kPartly) {
      inner = MaskScope{scope.mask, absl::StrCat(scope.prefix, field.field->name(), ".")};
    }
    VisitField(field, message, here, inner);
  }
}

bool IsSet(const Message& message, const FieldDescriptor* field) {
  const Reflection* reflection = message.GetReflection();
  return field->is_repeated() ? reflection->FieldSize(message, field) > 0 : reflection->HasField(message, field);
}

void Walk::VisitField(const FieldPlan& plan, Message& message, const Place& place, const MaskScope& inner) {
  const Reflection* reflection = message.GetReflection();
  if (plan.drop) {
    if (!stored_) reflection->ClearField(&message, plan.field);
    return;
  }
  if (plan.not_accepted) {
    // The value itself is never repeated, and is gone before anything else can see it.
    if (IsSet(message, plan.field)) Refuse(place, reasons::kSensitiveFieldNotAccepted, "the field is not accepted yet");
    return reflection->ClearField(&message, plan.field);
  }
  if (plan.field->is_repeated()) return VisitRepeated(plan, message, place);
  if (plan.field->has_presence() && !reflection->HasField(message, plan.field)) {
    const bool stands = inner.mask != nullptr;  // only a part of it is named: the record may have the rest
    if (plan.required && !stands) Refuse(place, reasons::kRequired, "the field is required");
    return;
  }
  if (plan.message != nullptr) {
    return Visit(*plan.message, *reflection->MutableMessage(&message, plan.field), place, inner);
  }
  CheckValue(plan, message, -1, place);
}

void Walk::VisitRepeated(const FieldPlan& plan, Message& message, const Place& place) {
  const Reflection* reflection = message.GetReflection();
  const int count = reflection->FieldSize(message, plan.field);
  if (count == 0 && plan.required) return Refuse(place, reasons::kRequired, "at least one item is required");
  if (count > plan.max_items) {
    return Refuse(place, reasons::kTooManyItems, absl::StrCat("at most ", plan.max_items, " items are allowed"));
  }
  for (int i = 0; i < count; ++i) {
    const Place item{place.parent, place.field, i};
    if (plan.message != nullptr) {
      Visit(*plan.message, *reflection->MutableRepeatedMessage(&message, plan.field, i), item, MaskScope());
    } else {
      CheckValue(plan, message, i, item);
    }
  }
}

// A number of any width; unsigned 64 bits are cut to the largest signed one, which no bound exceeds.
int64_t IntegerOf(const Message& message, const FieldDescriptor* field, int index) {
  const Reflection* reflection = message.GetReflection();
  const bool one = index < 0;
  const FieldDescriptor::CppType type = field->cpp_type();
  if (type == FieldDescriptor::CPPTYPE_INT32) {
    return one ? reflection->GetInt32(message, field) : reflection->GetRepeatedInt32(message, field, index);
  }
  if (type == FieldDescriptor::CPPTYPE_UINT32) {
    return one ? reflection->GetUInt32(message, field) : reflection->GetRepeatedUInt32(message, field, index);
  }
  if (type == FieldDescriptor::CPPTYPE_ENUM) {
    return one ? reflection->GetEnumValue(message, field) : reflection->GetRepeatedEnumValue(message, field, index);
  }
  if (type == FieldDescriptor::CPPTYPE_UINT64) {
    const uint64_t value =
        one ? reflection->GetUInt64(message, field) : reflection->GetRepeatedUInt64(message, field, index);
    return static_cast<int64_t>(std::min<uint64_t>(value, std::numeric_limits<int64_t>::max()));
  }
  return one ? reflection->GetInt64(message, field) : reflection->GetRepeatedInt64(message, field, index);
}

double FractionOf(const Message& message, const FieldDescriptor* field, int index) {
  const Reflection* reflection = message.GetReflection();
  const bool one = index < 0;
  if (field->cpp_type() == FieldDescriptor::CPPTYPE_FLOAT) {
    return one ? reflection->GetFloat(message, field) : reflection->GetRepeatedFloat(message, field, index);
  }
  return one ? reflection->GetDouble(message, field) : reflection->GetRepeatedDouble(message, field, index);
}

// `index` is -1 for a singular field.
void Walk::CheckValue(const FieldPlan& plan, Message& message, int index, const Place& place) {
  switch (plan.field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      if (plan.field->type() != FieldDescriptor::TYPE_BYTES) CheckText(plan, message, index, place);
      return;
    case FieldDescriptor::CPPTYPE_INT32:
    case FieldDescriptor::CPPTYPE_INT64:
    case FieldDescriptor::CPPTYPE_UINT32:
    case FieldDescriptor::CPPTYPE_UINT64:
      return CheckInteger(plan, IntegerOf(message, plan.field, index), place);
    case FieldDescriptor::CPPTYPE_ENUM:
      return CheckEnum(plan, static_cast<int>(IntegerOf(message, plan.field, index)), place);
    case FieldDescriptor::CPPTYPE_DOUBLE:
    case FieldDescriptor::CPPTYPE_FLOAT:
      if (!std::isfinite(FractionOf(message, plan.field, index))) {
        Refuse(place, reasons::kOutOfBounds, "the number is not finite");
      }
      return;
    case FieldDescriptor::CPPTYPE_BOOL:
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return;
  }
}

void Walk::CheckEnum(const FieldPlan& plan, int value, const Place& place) {
  if (plan.field->enum_type()->FindValueByNumber(value) == nullptr) {
    Refuse(place, reasons::kUnknownEnumValue, absl::StrCat(value, " is no value of ", plan.field->enum_type()->name()));
  } else if (value == 0 && plan.required) {
    Refuse(place, reasons::kRequired, "the field is required");
  }
}

void Walk::CheckText(const FieldPlan& plan, Message& message, int index, const Place& place) {
  const Reflection* reflection = message.GetReflection();
  std::string scratch;
  const std::string& given = index < 0 ? reflection->GetStringReference(message, plan.field, &scratch)
                                       : reflection->GetRepeatedStringReference(message, plan.field, index, &scratch);
  std::optional<TextForm> form = FormText(given, plan.text);
  if (!form.has_value()) {
    return Refuse(place, reasons::kMalformedText,
                  "the text is not UTF-8 or has control characters, invisible characters or one that stands for "
                  "something lost");
  }
  if (!form->changed.has_value()) return CheckForm(plan, given, form->characters, place);
  CheckForm(plan, *form->changed, form->characters, place);
  if (index < 0) {
    reflection->SetString(&message, plan.field, *std::move(form->changed));
  } else {
    reflection->SetRepeatedString(&message, plan.field, index, *std::move(form->changed));
  }
}

void Walk::CheckForm(const FieldPlan& plan, const std::string& text, int64_t characters, const Place& place) {
  if (text.empty()) {
    // A list has no use for an item that says nothing.
    if (plan.required || plan.field->is_repeated()) Refuse(place, reasons::kRequired, "the field is required");
    return;
  }
  if (characters > plan.max_length) {
    return Refuse(place, reasons::kTooLong,
                  absl::StrCat("the text has ", characters, " characters; ", plan.max_length, " are allowed"));
  }
  if (plan.pattern != nullptr && !re2::RE2::FullMatch(text, *plan.pattern)) {
    // A name is refused with one reason, whether its field says so by a reference or by a pattern.
    const bool is_name = plan.pattern->pattern().find('/') != std::string::npos;
    return Refuse(place, is_name ? reasons::kInvalidName : reasons::kPatternMismatch,
                  absl::StrCat("the text must match ", plan.pattern->pattern()));
  }
  if (!plan.collections.empty()) CheckReference(plan, text, place);
}

void Walk::CheckReference(const FieldPlan& plan, const std::string& name, const Place& place) {
  const std::string_view collection = CollectionOf(name);
  const bool known = std::find(plan.collections.begin(), plan.collections.end(), collection) != plan.collections.end();
  if (!known || !IsResourceId(std::string_view(name).substr(collection.size() + 1))) {
    return Refuse(place, reasons::kInvalidName,
                  absl::StrCat("the name must be <collection>/<id> with a collection of: ",
                               absl::StrJoin(plan.collections, ", ")));
  }
  if (!plan.is_target) references_.push_back({place.Render(), name});
}

void Walk::CheckInteger(const FieldPlan& plan, int64_t value, const Place& place) {
  if (plan.negative_refused && value < 0) {
    return Refuse(place, reasons::kNegativePageSize, "page_size must not be negative");
  }
  if (!plan.bounded || (value >= plan.min && value <= plan.max)) return;
  Refuse(place, reasons::kOutOfBounds, absl::StrCat(value, " is not between ", plan.min, " and ", plan.max));
}

void Walk::CheckTimestamp(const Message& message, const Place& place) {
  const auto& time = static_cast<const google::protobuf::Timestamp&>(message);
  if (time.seconds() < kFirstSecond || time.seconds() > kLastSecond || time.nanos() < 0 || time.nanos() > 999'999'999) {
    Refuse(place, reasons::kOutOfBounds, "the time is outside the years 1 to 9999");
  }
}

absl::StatusOr<std::unique_ptr<re2::RE2>> CompilePattern(const std::string& pattern, const FieldDescriptor& field) {
  auto compiled = std::make_unique<re2::RE2>(pattern, re2::RE2::Quiet);
  if (!compiled->ok()) {
    return absl::FailedPreconditionError(
        absl::StrCat(field.full_name(), ": the pattern does not compile: ", compiled->error()));
  }
  return compiled;
}

// Rules that hold by a field's name in every request.
void AddConventions(FieldPlan& plan) {
  const FieldDescriptor& field = *plan.field;
  const bool is_text = field.type() == FieldDescriptor::TYPE_STRING;
  plan.is_target = is_text && (field.name() == "name" || field.name() == "names");
  if (is_text && (field.name() == "name" || field.name() == "etag")) plan.drop = false;
  if (field.name() == "page_size" && field.cpp_type() == FieldDescriptor::CPPTYPE_INT32) plan.negative_refused = true;
  if (is_text && field.name() == "page_token" && plan.max_length < 1024) plan.max_length = 1024;
}

absl::StatusOr<FieldPlan> MakeFieldPlan(const FieldDescriptor& field) {
  const options::v1::FieldRules& rules = field.options().GetExtension(options::v1::rules);
  FieldPlan plan;
  plan.field = &field;
  plan.required = rules.required();
  plan.drop = rules.output_only();
  plan.fixed = IsFixed(field);
  plan.not_accepted = rules.not_accepted();
  plan.bounded = rules.bounded();
  plan.min = rules.min();
  plan.max = rules.max();
  plan.text = {.multiline = rules.multiline(), .person_name = rules.person_name()};
  if (rules.max_length() > 0) plan.max_length = rules.max_length();
  if (rules.max_items() > 0) plan.max_items = rules.max_items();
  plan.collections.assign(rules.reference().begin(), rules.reference().end());
  std::string pattern = rules.pattern();
  if (field.name() == "request_id" && field.type() == FieldDescriptor::TYPE_STRING) {
    plan.max_length = kMaxRequestIdLength;
    pattern = "[A-Za-z0-9_.:-]+";
  }
  if (!pattern.empty()) {
    ASSIGN_OR_RETURN(plan.pattern, CompilePattern(pattern, field));
  }
  AddConventions(plan);
  return plan;
}

}  // namespace

Validator::Validator() = default;
Validator::~Validator() = default;

absl::Status Validator::Add(const Descriptor& request) { return PlanFor(request).status(); }

absl::StatusOr<const MessagePlan*> Validator::PlanFor(const Descriptor& type) {
  if (const auto found = plans_.find(&type); found != plans_.end()) return found->second.get();
  auto owned = std::make_unique<MessagePlan>();
  MessagePlan* plan = owned.get();
  plans_[&type] = std::move(owned);  // before its fields: a message may hold itself
  if (&type == google::type::Date::descriptor()) plan->kind = MessagePlan::Kind::kDate;
  if (&type == google::protobuf::Timestamp::descriptor()) plan->kind = MessagePlan::Kind::kTimestamp;
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    ASSIGN_OR_RETURN(FieldPlan field_plan, MakeFieldPlan(field));
    if (field.message_type() != nullptr) {
      ASSIGN_OR_RETURN(field_plan.message, PlanFor(*field.message_type()));
    }
    if (field.name() == "update_mask" && field.message_type() == FieldMask::descriptor()) plan->mask = &field;
    plan->fields.push_back(std::move(field_plan));
  }
  if (plan->mask != nullptr) {
    for (const FieldPlan& field : plan->fields) {
      const bool is_resource = field.message != nullptr && field.field != plan->mask && !field.field->is_repeated();
      if (is_resource && plan->masked == nullptr) plan->masked = field.field;
    }
  }
  return plan;
}

void Validator::Check(Message& request, Violations& violations, std::vector<Reference>& references) const {
  Walk(violations, references).Visit(*plans_.at(request.GetDescriptor()), request, Place(), MaskScope());
}

void Validator::CheckChanged(const Message& before, Message& record, std::string_view path,
                             Violations& violations) const {
  const auto plan = plans_.find(record.GetDescriptor());
  if (plan == plans_.end()) return;
  std::vector<Reference> references;  // those of the request have been checked; the others stood before
  Walk(violations, references).VisitChanged(*plan->second, before, record, Place{.root = path});
}

}  // namespace dangjian::rpc
