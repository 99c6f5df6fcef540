#include "common/rpc/standard_methods.h"

#include <cstdio>
#include <cstdlib>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/id.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/rpc/answer_limits.h"
#include "common/rpc/batch_findings.h"
#include "common/rpc/field_access.h"
#include "common/rpc/field_mask.h"
#include "common/rpc/validate.h"
#include "common/status/errors.h"
#include "common/storage/database.h"

namespace dangjian::rpc {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::MethodDescriptor;
using MessagePtr = std::unique_ptr<Message>;

[[noreturn]] void Abort(const MethodDescriptor& method, std::string_view why) {
  std::fprintf(stderr, "%s cannot be a standard method: %s\n", method.full_name().c_str(), std::string(why).c_str());
  std::abort();
}

// `site_visits` → `SiteVisits`.
std::string CamelCase(std::string_view collection) {
  std::string camel;
  bool upper = true;
  for (const char c : collection) {
    if (c == '_' || c == '-') {
      upper = true;
      continue;
    }
    camel.push_back(upper ? absl::ascii_toupper(static_cast<unsigned char>(c)) : c);
    upper = false;
  }
  return camel;
}

// The field that carries what a standard method is about.
const FieldDescriptor* Require(const MethodDescriptor& method, const FieldDescriptor* field, std::string_view what) {
  if (field == nullptr) Abort(method, absl::StrCat("it lacks ", ToAbsl(what)));
  return field;
}

// The standard methods of one resource. Owned by the functions that it registers.
class StandardMethods : public std::enable_shared_from_this<StandardMethods> {
 public:
  StandardMethods(Router& router, const storage::TableCore& table, PageTokens& tokens, ErasedStandardOptions options)
      : router_(router), table_(table), tokens_(tokens), options_(std::move(options)) {}

  void RegisterAll(const google::protobuf::ServiceDescriptor& service) {
    const std::string one = resource().name();
    const std::string many = CamelCase(table_.info().collection);
    const std::pair<std::string, void (StandardMethods::*)(const MethodDescriptor&)> standard[] = {
        {"Get" + one, &StandardMethods::RegisterGet},
        {"List" + many, &StandardMethods::RegisterList},
        {"Create" + one, &StandardMethods::RegisterCreate},
        {"Update" + one, &StandardMethods::RegisterUpdate},
        {"Delete" + one, &StandardMethods::RegisterDelete},
        {"BatchGet" + many, &StandardMethods::RegisterBatchGet},
        {"BatchCreate" + many, &StandardMethods::RegisterBatchCreate},
    };
    for (const auto& [name, enroll] : standard) {
      const MethodDescriptor* method = service.FindMethodByName(name);
      if (method == nullptr || router_.Find(absl::StrCat("/", service.full_name(), "/", name)) != nullptr) continue;
      (this->*enroll)(*method);
    }
  }

 private:
  const Descriptor& resource() const { return *table_.info().prototype->GetDescriptor(); }

  void Enroll(const MethodDescriptor& method, Run run, Router::UnaryFn fn, bool batch = false) {
    const google::protobuf::MessageFactory* factory = google::protobuf::MessageFactory::generated_factory();
    Router::Entry entry;
    entry.method = router_.methods().FindByRequest(*method.input_type());
    entry.request = const_cast<google::protobuf::MessageFactory*>(factory)->GetPrototype(method.input_type());
    entry.run = run;
    entry.batch = batch;
    entry.unary = [self = shared_from_this(), fn = std::move(fn)](CallContext& context, const Message& request) {
      absl::StatusOr<MessagePtr> response = fn(context, request);
      if (response.ok() && self->options_.on_answer) self->Answer(context, **response);
      return response;
    };
    router_.Register(std::move(entry));
  }

  // Lets the entity complete every resource that a response carries: the response itself, or its repeated field.
  void Answer(CallContext& context, Message& response) const {
    if (response.GetDescriptor() == &resource()) return options_.on_answer(context, response);
    const FieldDescriptor* rows = FieldOfType(*response.GetDescriptor(), resource(), true);
    if (rows == nullptr) return;
    const google::protobuf::Reflection* reflection = response.GetReflection();
    for (int i = 0; i < reflection->FieldSize(response, rows); ++i) {
      options_.on_answer(context, *reflection->MutableRepeatedMessage(&response, rows, i));
    }
  }

  void RegisterGet(const MethodDescriptor& method);
  void RegisterList(const MethodDescriptor& method);
  void RegisterCreate(const MethodDescriptor& method);
  void RegisterUpdate(const MethodDescriptor& method);
  void RegisterDelete(const MethodDescriptor& method);
  void RegisterBatchGet(const MethodDescriptor& method);
  void RegisterBatchCreate(const MethodDescriptor& method);

  // The fields of a batch request: its items, and of each item the resource and the id (nullptr: the server chooses).
  struct Batch {
    const FieldDescriptor* items;
    const FieldDescriptor* body;
    const FieldDescriptor* id;
  };
  // What the items must not have or have twice.
  void CheckItems(const Message& request, const Batch& batch, BatchFindings& findings) const;
  // Inserts every row, and goes on after a bad one, so that all are named; all or nothing is stored.
  absl::Status CreateRows(CallContext& context, const Message& request, const Batch& batch,
                          const std::function<void(MessagePtr)>& created) const;

  // `path` is where the request has the name.
  absl::StatusOr<MessagePtr> Read(const storage::Reader& reader, std::string_view name, std::string_view path) const {
    RETURN_IF_ERROR(CheckName(name, path));
    MessagePtr row(table_.info().prototype->New());
    RETURN_IF_ERROR(table_.Get(reader, name, row.get()));
    return row;
  }
  // Whether a name is one of this collection at all.
  absl::Status CheckName(std::string_view name, std::string_view path) const {
    Violations violations;
    if (name.empty()) {
      violations.Add(path, reasons::kRequired, "the field is required");
    } else if (!table_.IdOf(name).has_value()) {
      violations.Add(path, reasons::kInvalidName,
                     absl::StrCat("the name must be ", ToAbsl(table_.info().collection), "/<id>"));
    }
    return violations.ToStatus();
  }
  // The index range of the filter that is set; empty for the whole table.
  absl::StatusOr<std::string> ListRange(const Message& request) const;
  absl::StatusOr<storage::RowPage> ReadPage(const Message& request, const PageTokens::Position& position) const;
  // Inserts what one Create request carries.
  absl::StatusOr<MessagePtr> CreateOne(CallContext& context, const Message& request, const FieldDescriptor* body,
                                       const FieldDescriptor* id_field) const;
  absl::StatusOr<MessagePtr> UpdateOne(CallContext& context, const Message& change,
                                       const google::protobuf::FieldMask& mask, std::string_view body) const;
  // The current record with what the mask names of `change`, by the rules of their fields.
  absl::StatusOr<MessagePtr> Merge(CallContext& context, const Message& current, const Message& change,
                                   const google::protobuf::FieldMask& mask, std::string_view body) const;

  Router& router_;
  const storage::TableCore& table_;
  PageTokens& tokens_;
  ErasedStandardOptions options_;
};

void StandardMethods::RegisterGet(const MethodDescriptor& method) {
  Enroll(method, Run::kInline, [this](CallContext& context, const Message& request) {
    return Read(context.reader(), GetText(request, "name"), "name");
  });
}

// The value of a filter field as an index has it; empty when it is not set.
std::string FilterValue(const Message& request, const FieldDescriptor* field) {
  const google::protobuf::Reflection* reflection = request.GetReflection();
  if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING) return reflection->GetString(request, field);
  const google::protobuf::EnumValueDescriptor* value = reflection->GetEnum(request, field);
  return value->number() == 0 ? "" : value->name();
}

absl::StatusOr<std::string> StandardMethods::ListRange(const Message& request) const {
  std::string range;
  std::string_view used;
  for (const ListFilter& filter : options_.list_filters) {
    const FieldDescriptor* field = request.GetDescriptor()->FindFieldByName(std::string(filter.field));
    const std::string value = FilterValue(request, field);
    if (value.empty()) continue;
    if (!range.empty()) {
      Violations violations;
      violations.Add(filter.field, reasons::kConflictingFilters,
                     absl::StrCat("cannot be combined with ", ToAbsl(used), "; set one filter"));
      return violations.ToStatus();
    }
    range = storage::KeyWriter(filter.index_tag).Text(value).str();
    used = filter.field;
  }
  return range;
}

absl::StatusOr<storage::RowPage> StandardMethods::ReadPage(const Message& request,
                                                           const PageTokens::Position& position) const {
  ASSIGN_OR_RETURN(const std::string range, ListRange(request));
  const storage::PageLimit limit{position.limit, kPageBytes};
  if (range.empty()) return table_.ListAll(*position.snapshot, position.last_key, limit);
  return table_.ListByIndex(*position.snapshot, range, position.last_key, limit);
}

// True for a field that a List request may have without an index: paging.
bool IsPagingField(const FieldDescriptor& field) { return field.name() == "page_size" || field.name() == "page_token"; }

void StandardMethods::RegisterList(const MethodDescriptor& method) {
  const FieldDescriptor* rows =
      Require(method, FieldOfType(*method.output_type(), resource(), true), "a repeated field of the resource");
  for (int i = 0; i < method.input_type()->field_count(); ++i) {
    const FieldDescriptor* field = method.input_type()->field(i);
    bool answered = IsPagingField(*field);
    for (const ListFilter& filter : options_.list_filters) answered = answered || filter.field == field->name();
    if (!answered) Abort(method, absl::StrCat("no index answers the filter ", field->name()));
    const bool fits = !field->is_repeated() && (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING ||
                                                field->cpp_type() == FieldDescriptor::CPPTYPE_ENUM);
    if (!fits && !IsPagingField(*field)) Abort(method, absl::StrCat(field->name(), " is neither text nor an enum"));
  }
  for (const ListFilter& filter : options_.list_filters) {
    Require(method, method.input_type()->FindFieldByName(std::string(filter.field)), filter.field);
  }
  Enroll(method, Run::kPool,
         [this, rows, &output = *method.output_type()](CallContext& context,
                                                       const Message& request) -> absl::StatusOr<MessagePtr> {
           ASSIGN_OR_RETURN(
               const PageTokens::Position position,
               tokens_.Begin(request, context.principal().subject, [&] { return context.database()->GetSnapshot(); }));
           ASSIGN_OR_RETURN(storage::RowPage page, ReadPage(request, position));
           MessagePtr response = NewMessage(output);
           for (MessagePtr& row : page.rows) {
             response->GetReflection()->AddAllocatedMessage(response.get(), rows, row.release());
           }
           SetText(*response, "next_page_token", tokens_.Next(request, position, page.last_key));
           return response;
         });
}

// `<r>_id` of a Create request; nullptr when callers cannot choose ids.
const FieldDescriptor* IdField(const Descriptor& request) {
  for (int i = 0; i < request.field_count(); ++i) {
    const FieldDescriptor* field = request.field(i);
    if (field->name() != "request_id" && absl::EndsWith(field->name(), "_id")) {
      return TextField(request, field->name());
    }
  }
  return nullptr;
}

absl::StatusOr<MessagePtr> StandardMethods::CreateOne(CallContext& context, const Message& request,
                                                      const FieldDescriptor* body,
                                                      const FieldDescriptor* id_field) const {
  const google::protobuf::Reflection* reflection = request.GetReflection();
  std::string id = id_field == nullptr ? "" : reflection->GetString(request, id_field);
  if (id.empty()) {
    id = NewId(context.now_micros());
  } else if (!IsResourceId(id)) {
    Violations violations;
    violations.Add(id_field->name(), reasons::kInvalidName,
                   "an id is 1 to 63 lower-case letters, digits and hyphens, and does not begin with a hyphen");
    return violations.ToStatus();
  }
  MessagePtr row(table_.info().prototype->New());
  row->CopyFrom(reflection->GetMessage(request, body));
  SetText(*row, "name", absl::StrCat(ToAbsl(table_.info().collection), "/", id));
  if (options_.on_create) RETURN_IF_ERROR(options_.on_create(context, *row));
  RETURN_IF_ERROR(table_.Insert(context.txn(), *row));
  return row;
}

void StandardMethods::RegisterCreate(const MethodDescriptor& method) {
  const Descriptor& input = *method.input_type();
  const FieldDescriptor* body = Require(method, FieldOfType(input, resource(), false), "the resource");
  Enroll(method, Run::kPool, [this, body, id = IdField(input)](CallContext& context, const Message& request) {
    return CreateOne(context, request, body, id);
  });
}

absl::StatusOr<MessagePtr> StandardMethods::Merge(CallContext& context, const Message& current, const Message& change,
                                                  const google::protobuf::FieldMask& mask,
                                                  std::string_view body) const {
  MessagePtr merged(current.New());
  merged->CopyFrom(current);
  Violations violations;
  ApplyFieldMask(mask, change, body, *merged, violations);
  if (violations.empty() && context.validator() != nullptr) {
    context.validator()->CheckChanged(current, *merged, body, violations);
  }
  RETURN_IF_ERROR(violations.ToStatus());
  return merged;
}

absl::StatusOr<MessagePtr> StandardMethods::UpdateOne(CallContext& context, const Message& change,
                                                      const google::protobuf::FieldMask& mask,
                                                      std::string_view body) const {
  ASSIGN_OR_RETURN(const MessagePtr current,
                   Read(context.reader(), GetText(change, "name"), absl::StrCat(ToAbsl(body), ".name")));
  const std::string etag = GetText(change, "etag");
  if (IsWholeMask(mask) && etag.empty()) {
    Violations violations;
    violations.Add("update_mask", reasons::kRequired,
                   "name the fields to change, or send the etag to replace all of them");
    return violations.ToStatus();
  }
  RETURN_IF_ERROR(CheckEtag(etag, GetText(*current, "etag")));
  ASSIGN_OR_RETURN(MessagePtr updated, Merge(context, *current, change, mask, body));
  if (options_.on_update) RETURN_IF_ERROR(options_.on_update(context, *current, *updated));
  RETURN_IF_ERROR(table_.Update(context.txn(), *updated));
  return updated;
}

void StandardMethods::RegisterUpdate(const MethodDescriptor& method) {
  const Descriptor& input = *method.input_type();
  const FieldDescriptor* body = Require(method, FieldOfType(input, resource(), false), "the resource");
  const FieldDescriptor* mask =
      Require(method, FieldOfType(input, *google::protobuf::FieldMask::descriptor(), false), "an update_mask");
  Enroll(method, Run::kPool, [this, body, mask](CallContext& context, const Message& request) {
    const google::protobuf::Reflection* reflection = request.GetReflection();
    return UpdateOne(context, reflection->GetMessage(request, body),
                     static_cast<const google::protobuf::FieldMask&>(reflection->GetMessage(request, mask)),
                     body->name());
  });
}

void StandardMethods::RegisterDelete(const MethodDescriptor& method) {
  Enroll(method, Run::kPool,
         [this, &output = *method.output_type()](CallContext& context,
                                                 const Message& request) -> absl::StatusOr<MessagePtr> {
           const std::string name = GetText(request, "name");
           ASSIGN_OR_RETURN(const MessagePtr current, Read(context.reader(), name, "name"));
           RETURN_IF_ERROR(CheckEtag(GetText(request, "etag"), GetText(*current, "etag")));
           if (options_.on_delete) RETURN_IF_ERROR(options_.on_delete(context, *current));
           RETURN_IF_ERROR(table_.Delete(context.txn(), name));
           return NewMessage(output);
         });
}

void StandardMethods::RegisterBatchGet(const MethodDescriptor& method) {
  const FieldDescriptor* names = method.input_type()->FindFieldByName("names");
  if (names == nullptr || !names->is_repeated()) Abort(method, "it lacks repeated names");
  const FieldDescriptor* rows =
      Require(method, FieldOfType(*method.output_type(), resource(), true), "a repeated field of the resource");
  Enroll(method, Run::kPool,
         [this, names, rows, &output = *method.output_type()](CallContext& context,
                                                              const Message& request) -> absl::StatusOr<MessagePtr> {
           MessagePtr response = NewMessage(output);
           const google::protobuf::Reflection* reflection = request.GetReflection();
           size_t bytes = 0;
           for (int i = 0; i < reflection->FieldSize(request, names); ++i) {
             if (i % 256 == 0) RETURN_IF_ERROR(context.CheckAlive());
             ASSIGN_OR_RETURN(MessagePtr row, Read(context.reader(), reflection->GetRepeatedString(request, names, i),
                                                   absl::StrCat("names[", i, "]")));
             bytes += row->ByteSizeLong();
             response->GetReflection()->AddAllocatedMessage(response.get(), rows, row.release());
             // The rest need not be read for an answer that is too large already.
             if (bytes > kMaxAnswerBytes) break;
           }
           return response;
         });
}

void StandardMethods::RegisterBatchCreate(const MethodDescriptor& method) {
  const FieldDescriptor* items = method.input_type()->FindFieldByName("requests");
  if (items == nullptr || !items->is_repeated() || items->message_type() == nullptr) {
    Abort(method, "it lacks repeated requests");
  }
  const FieldDescriptor* body =
      Require(method, FieldOfType(*items->message_type(), resource(), false), "the resource in its requests");
  const FieldDescriptor* rows =
      Require(method, FieldOfType(*method.output_type(), resource(), true), "a repeated field of the resource");
  const Batch batch{.items = items, .body = body, .id = IdField(*items->message_type())};
  Enroll(
      method, Run::kPool,
      [this, batch, rows, &output = *method.output_type()](CallContext& context,
                                                           const Message& request) -> absl::StatusOr<MessagePtr> {
        MessagePtr response = NewMessage(output);
        RETURN_IF_ERROR(CreateRows(context, request, batch, [&response, rows](MessagePtr row) {
          response->GetReflection()->AddAllocatedMessage(response.get(), rows, row.release());
        }));
        return response;
      },
      /*batch=*/true);
}

void StandardMethods::CheckItems(const Message& request, const Batch& batch, BatchFindings& findings) const {
  const google::protobuf::Reflection* reflection = request.GetReflection();
  absl::flat_hash_map<std::string, int> row_of;  // by chosen id
  for (int i = 0; i < reflection->FieldSize(request, batch.items); ++i) {
    const Message& item = reflection->GetRepeatedMessage(request, batch.items, i);
    const auto here = [i](std::string_view field) { return absl::StrCat("requests[", i, "].", ToAbsl(field)); };
    if (GetBool(item, "validate_only")) {
      findings.Add(here("validate_only"), reasons::kImmutableField,
                   "set validate_only on the batch, not on one of its requests");
    }
    const std::string id = batch.id == nullptr ? "" : item.GetReflection()->GetString(item, batch.id);
    if (id.empty()) continue;
    const auto [first, is_first] = row_of.try_emplace(id, i);
    if (is_first) continue;
    findings.Add(absl::StrCat("requests[", first->second, "].", batch.id->name()), reasons::kDuplicateInBatch,
                 absl::StrCat("requests[", i, "] has the same id"));
    findings.Add(here(batch.id->name()), reasons::kDuplicateInBatch,
                 absl::StrCat("requests[", first->second, "] has the same id"));
  }
}

absl::Status StandardMethods::CreateRows(CallContext& context, const Message& request, const Batch& batch,
                                         const std::function<void(MessagePtr)>& created) const {
  BatchFindings& findings = *context.batch();
  CheckItems(request, batch, findings);
  const google::protobuf::Reflection* reflection = request.GetReflection();
  absl::flat_hash_map<std::string, int> row_of;  // by name
  for (int i = 0; i < reflection->FieldSize(request, batch.items); ++i) {
    if (i % 64 == 0) RETURN_IF_ERROR(context.CheckAlive());
    if (findings.IsBad(i)) continue;
    absl::StatusOr<MessagePtr> row =
        CreateOne(context, reflection->GetRepeatedMessage(request, batch.items, i), batch.body, batch.id);
    if (row.ok()) {
      row_of.emplace(table_.NameOf(**row), i);
      created(*std::move(row));
      continue;
    }
    const auto like = row_of.find(MetadataOf(row.status(), "resource"));
    if (ReasonOf(row.status()) == reasons::kUniqueViolation.name && like != row_of.end()) {
      const std::string index = MetadataOf(row.status(), "index");
      findings.Add(absl::StrCat("requests[", like->second, "]"), reasons::kUniqueViolation,
                   absl::StrCat("requests[", i, "] has the same ", index));
      findings.Add(absl::StrCat("requests[", i, "]"), reasons::kUniqueViolation,
                   absl::StrCat("requests[", like->second, "] has the same ", index));
    } else if (!findings.Refuse(i, row.status())) {
      return row.status();
    }
  }
  return findings.ToStatus();
}

}  // namespace

void RegisterStandardMethods(Router& router, const google::protobuf::ServiceDescriptor& service,
                             const storage::TableCore& table, PageTokens& tokens, ErasedStandardOptions options) {
  std::make_shared<StandardMethods>(router, table, tokens, std::move(options))->RegisterAll(service);
}

absl::Status CheckEtag(std::string_view given, std::string_view current) {
  if (given.empty() || given == current) return absl::OkStatus();
  return Error(reasons::kStaleEtag, "the record has changed since it was read; read it again and repeat the change",
               {{"current_etag", std::string(current)}});
}

}  // namespace dangjian::rpc
