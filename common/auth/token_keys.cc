#include "common/auth/token_keys.h"

#include <cjose/cjose.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/auth/json_value.h"
#include "common/base/strings.h"

namespace dangjian::auth {
namespace {

constexpr size_t kMaxKeys = 16;
constexpr size_t kMaxIdLength = 64;

absl::Status Wrong(size_t index, std::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat("keys[", index, "]: ", ToAbsl(what)));
}

bool IsId(std::string_view id) {
  if (id.empty() || id.size() > kMaxIdLength) return false;
  for (const char c : id) {
    if (c < 0x21 || c > 0x7E) return false;
  }
  return true;
}

// What is wrong with a key; empty when nothing is.
std::string_view Fault(const json_t* key) {
  if (!json_is_object(key)) return "is no object";
  if (TextMember(key, "kty") != "EC" || TextMember(key, "crv") != "P-256") return "is not an EC key on P-256";
  if (HasMember(key, "d")) return "carries its private part: publish the public one";
  if (HasMember(key, "use") && TextMember(key, "use") != "sig") return "is not for signatures";
  if (HasMember(key, "alg") && TextMember(key, "alg") != "ES256") return "is not for ES256";
  if (!IsId(TextMember(key, "kid").value_or(""))) return "needs a kid of 1 to 64 printable characters";
  return "";
}

}  // namespace

void TokenKeys::Release::operator()(_cjose_jwk_int* key) const { cjose_jwk_release(key); }

absl::StatusOr<TokenKeys> TokenKeys::Parse(std::string_view jwks) {
  const Json set = ParseObject(jwks);
  const json_t* list = set == nullptr ? nullptr : json_object_get(set.get(), "keys");
  const size_t count = json_array_size(list);
  if (count == 0 || count > kMaxKeys) {
    return absl::InvalidArgumentError(absl::StrCat("a key set is {\"keys\": [...]} with 1 to ", kMaxKeys, " keys"));
  }
  TokenKeys keys;
  for (size_t i = 0; i < count; ++i) {
    const json_t* key = json_array_get(list, i);
    if (const std::string_view fault = Fault(key); !fault.empty()) return Wrong(i, fault);
    const std::unique_ptr<char, decltype(&std::free)> text(json_dumps(key, JSON_COMPACT), &std::free);
    cjose_err error{};
    std::unique_ptr<_cjose_jwk_int, Release> imported(
        cjose_jwk_import(text.get(), std::string_view(text.get()).size(), &error));
    if (imported == nullptr) return Wrong(i, "is no point on the curve");
    if (!keys.keys_.emplace(*TextMember(key, "kid"), std::move(imported)).second) return Wrong(i, "has a kid twice");
  }
  return keys;
}

_cjose_jwk_int* TokenKeys::Find(std::string_view id) const {
  const auto found = keys_.find(ToAbsl(id));
  return found == keys_.end() ? nullptr : found->second.get();
}

}  // namespace dangjian::auth
