#include "common/rpc/router.h"

#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/strings.h"
#include "common/rpc/field_access.h"

namespace dangjian::rpc {
namespace {

// A wrong registration is a mistake of the program, found at its first start.
[[noreturn]] void Abort(const std::string& why) {
  std::fprintf(stderr, "wrong handler registration: %s\n", why.c_str());
  std::abort();
}

bool FunctionFits(const Router::Entry& entry) {
  const MethodInfo& method = *entry.method;
  if (method.client_streaming && method.server_streaming) return entry.bidi_stream != nullptr;
  if (method.client_streaming) return entry.client_stream != nullptr;
  if (method.server_streaming) return entry.server_stream != nullptr;
  return entry.unary != nullptr;
}

}  // namespace

void Router::Register(Entry entry) {
  const std::string request = entry.request == nullptr ? "none" : entry.request->GetTypeName();
  if (entry.method == nullptr || entry.request == nullptr) {
    Abort(absl::StrCat("no method of the table takes the request ", request));
  }
  if (!FunctionFits(entry)) Abort(absl::StrCat(entry.method->path, " is of another kind than its handler"));
  entry.request_id = TextField(*entry.request->GetDescriptor(), "request_id");
  entry.validate_only = BoolField(*entry.request->GetDescriptor(), "validate_only");
  const std::string path = entry.method->path;
  if (!entries_.emplace(path, std::move(entry)).second) Abort(absl::StrCat(path, " has two handlers"));
}

void Router::AddPreparation(const google::protobuf::Descriptor& request, PrepareFn prepare) {
  const MethodInfo* method = methods_.FindByRequest(request);
  const auto entry = method == nullptr ? entries_.end() : entries_.find(method->path);
  const bool fits = entry != entries_.end() && entry->second.unary != nullptr && !method->read_only;
  if (!fits || entry->second.prepare != nullptr) {
    Abort(absl::StrCat("no write with a handler, or one that is prepared already, takes ", request.full_name()));
  }
  entry->second.prepare = std::move(prepare);
}

absl::Status Router::Check() const {
  std::string missing;
  for (const MethodInfo* method : methods_.All()) {
    if (!method->forwarded && !entries_.contains(method->path))
      absl::StrAppend(&missing, missing.empty() ? "" : ", ", method->path);
  }
  if (missing.empty()) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat("methods without a handler: ", missing));
}

const Router::Entry* Router::Find(std::string_view path) const {
  const auto found = entries_.find(ToAbsl(path));
  return found == entries_.end() ? nullptr : &found->second;
}

}  // namespace dangjian::rpc
