#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "common/rpc/call_context.h"
#include "common/rpc/page_tokens.h"
#include "common/rpc/router.h"
#include "common/storage/table.h"

// Get, List, Create, Update, Delete, BatchGet and BatchCreate of any resource, written once. Which of them a resource
// has is what its proto declares; their messages follow the AIP field names:
//   Get<R>Request         {name}                                                  → R
//   List<Rs>Request       {page_size, page_token, <filter fields>}                → {repeated R <rs>, next_page_token}
//   Create<R>Request      {<r>_id, <r>, request_id, validate_only}                → R
//   Update<R>Request      {<r>, update_mask, request_id, validate_only}           → R   (<r>.etag is checked when it is
//   set) Delete<R>Request      {name, etag, request_id}                                → google.protobuf.Empty
//   BatchGet<Rs>Request   {repeated names}                                        → {repeated R <rs>}
//   BatchCreate<Rs>Request{repeated Create<R>Request requests, request_id}        → {repeated R <rs>}   all or nothing

namespace dangjian::rpc {

// A filter field of a List request that an index answers.
struct ListFilter {
  std::string_view field;  // field of the List request: text, resource name or enum
  uint16_t index_tag;      // its columns must begin with the field's value as Text (an enum by its name)
};

template <class R>
struct StandardOptions {
  // Completes and checks a new record: defaults, references, rules. Runs in the transaction, before the insert.
  std::function<absl::Status(CallContext&, R& created)> on_create;
  // Checks a change; `updated` may still be completed. Runs in the transaction, before the update.
  std::function<absl::Status(CallContext&, const R& current, R& updated)> on_update;
  // Says whether the record may go. Runs in the transaction, before the deletion.
  std::function<absl::Status(CallContext&, const R& current)> on_delete;
  // Fills fields that follow from the clock, such as `overdue`: they are derived in every answer and never stored.
  std::function<void(CallContext&, R& answered)> on_answer;
  // In order of preference: List uses the first whose field is set, and refuses requests that set two.
  std::vector<ListFilter> list_filters;
};

// Types erased; what the template hands over.
struct ErasedStandardOptions {
  using Message = google::protobuf::Message;
  std::function<absl::Status(CallContext&, Message&)> on_create;
  std::function<absl::Status(CallContext&, const Message&, Message&)> on_update;
  std::function<absl::Status(CallContext&, const Message&)> on_delete;
  std::function<void(CallContext&, Message&)> on_answer;
  std::vector<ListFilter> list_filters;
};

// Registers the standard methods that `service` declares for the resource of `table`, under the names of the resource
// and its collection (`Pledge`, `pledges`: GetPledge, ListPledges, …). A method that already has a handler is left
// alone: register one of your own first where the standard one does not fit. Aborts when a List request has a filter
// field that no index answers. `table` and `tokens` must outlive the router.
void RegisterStandardMethods(Router& router, const google::protobuf::ServiceDescriptor& service,
                             const storage::TableCore& table, PageTokens& tokens, ErasedStandardOptions options);

template <class R>
void RegisterStandardMethods(Router& router, const google::protobuf::ServiceDescriptor& service,
                             const storage::Table<R>& table, PageTokens& tokens, StandardOptions<R> options = {}) {
  using google::protobuf::Message;
  ErasedStandardOptions erased;
  erased.list_filters = std::move(options.list_filters);
  if (options.on_create) {
    erased.on_create = [f = std::move(options.on_create)](CallContext& c, Message& m) {
      return f(c, static_cast<R&>(m));
    };
  }
  if (options.on_update) {
    erased.on_update = [f = std::move(options.on_update)](CallContext& c, const Message& a, Message& b) {
      return f(c, static_cast<const R&>(a), static_cast<R&>(b));
    };
  }
  if (options.on_delete) {
    erased.on_delete = [f = std::move(options.on_delete)](CallContext& c, const Message& m) {
      return f(c, static_cast<const R&>(m));
    };
  }
  if (options.on_answer) {
    erased.on_answer = [f = std::move(options.on_answer)](CallContext& c, Message& m) { f(c, static_cast<R&>(m)); };
  }
  RegisterStandardMethods(router, service, table.core(), tokens, std::move(erased));
}

// ABORTED (reason STALE_ETAG, current etag in the metadata) when `given` is not empty and differs.
absl::Status CheckEtag(std::string_view given, std::string_view current);

}  // namespace dangjian::rpc
