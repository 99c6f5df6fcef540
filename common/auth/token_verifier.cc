#include "common/auth/token_verifier.h"

#include <cjose/cjose.h>

#include <optional>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/auth/json_value.h"
#include "common/auth/subject.h"
#include "common/base/sha256.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/status/errors.h"

namespace dangjian::auth {
namespace {

constexpr int64_t kMicrosPerSecond = 1'000'000;
constexpr int64_t kLastSecond = 253'402'300'799;  // 9999-12-31T23:59:59Z
constexpr size_t kMaxRemembered = 8192;
constexpr size_t kThumbprintBytes = 32;
constexpr char kBase64Url[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

absl::Status Refuse(std::string_view cause, std::string_view message) {
  return Error(reasons::kUnauthenticated, message, {{"cause", std::string(cause)}});
}

struct ReleaseSignature {
  void operator()(cjose_jws_t* jws) const { cjose_jws_release(jws); }
};

// One part of a token: base64url without padding, in its one canonical spelling.
std::optional<std::string> Decode(std::string_view part) {
  std::string bytes;
  if (part.empty() || part.find_first_not_of(kBase64Url) != std::string_view::npos) return std::nullopt;
  if (!absl::WebSafeBase64Unescape(ToAbsl(part), &bytes)) return std::nullopt;
  if (absl::WebSafeBase64Escape(bytes) != part) return std::nullopt;
  return bytes;
}

// The id of the key that signed; empty when the header says anything but algorithm, type and key id.
std::string KeyIdOf(std::string_view header) {
  const Json object = ParseObject(header);
  if (object == nullptr || TextMember(object.get(), "alg") != "ES256") return "";
  const bool has_type = HasMember(object.get(), "typ");
  if (has_type && TextMember(object.get(), "typ") != "JWT") return "";
  if (json_object_size(object.get()) != (has_type ? 3U : 2U)) return "";
  return TextMember(object.get(), "kid").value_or("");
}

bool NamesAudience(const json_t* claims, const std::string& audience) {
  if (TextMember(claims, "aud") == audience) return true;
  const json_t* list = json_object_get(claims, "aud");
  for (size_t i = 0; i < json_array_size(list); ++i) {
    const json_t* item = json_array_get(list, i);
    if (json_is_string(item) && audience == json_string_value(item)) return true;
  }
  return false;
}

// The thumbprint of the certificate to which a token is bound (RFC 8705); empty without one, nullopt when malformed.
std::optional<std::string> BoundTo(const json_t* claims) {
  const json_t* confirmation = json_object_get(claims, "cnf");
  if (confirmation == nullptr) return "";
  if (!json_is_object(confirmation) || json_object_size(confirmation) != 1) return std::nullopt;
  std::optional<std::string> bytes = Decode(TextMember(confirmation, "x5t#S256").value_or(""));
  if (!bytes.has_value() || bytes->size() != kThumbprintBytes) return std::nullopt;
  return bytes;
}

}  // namespace

TokenVerifier::TokenVerifier(TokenPolicy policy, const Clock& clock) : policy_(std::move(policy)), clock_(clock) {}

void TokenVerifier::SetKeys(std::shared_ptr<const TokenKeys> keys) {
  MutexLock lock(mutex_);
  keys_ = std::move(keys);
  good_.clear();
}

absl::StatusOr<TokenClaims> TokenVerifier::Verify(std::string_view token) {
  if (token.size() > kMaxTokenBytes) return Refuse("TOO_LARGE", "the token is larger than 4 KiB");
  const int64_t now = clock_.NowMicros() / kMicrosPerSecond;
  const std::string digest = Sha256(token);
  std::shared_ptr<const TokenKeys> keys;
  {
    MutexLock lock(mutex_);
    const auto known = good_.find(digest);
    if (known != good_.end() && now < known->second.expires_at + policy_.leeway_seconds) return known->second;
    if (known != good_.end()) good_.erase(known);
    keys = keys_;
  }
  ASSIGN_OR_RETURN(TokenClaims claims, Check(token, keys.get(), now));
  MutexLock lock(mutex_);
  // Keys that changed meanwhile would not be asked again.
  if (keys != keys_) return claims;
  if (good_.size() >= kMaxRemembered) good_.clear();
  good_.emplace(digest, claims);
  return claims;
}

absl::StatusOr<TokenClaims> TokenVerifier::Check(std::string_view token, const TokenKeys* keys, int64_t now) const {
  const size_t first = token.find('.');
  const size_t second = first == std::string_view::npos ? first : token.find('.', first + 1);
  if (second == std::string_view::npos || token.find('.', second + 1) != std::string_view::npos) {
    return Refuse("MALFORMED", "the token does not have three parts");
  }
  const std::optional<std::string> header = Decode(token.substr(0, first));
  const std::optional<std::string> payload = Decode(token.substr(first + 1, second - first - 1));
  if (!header.has_value() || !payload.has_value() || !Decode(token.substr(second + 1)).has_value()) {
    return Refuse("MALFORMED", "the token's parts are not base64url");
  }
  const std::string key_id = KeyIdOf(*header);
  if (key_id.empty()) return Refuse("HEADER", "the token's header must be alg ES256 and kid, and typ JWT if any");
  _cjose_jwk_int* key = keys == nullptr ? nullptr : keys->Find(key_id);
  if (key == nullptr) return Refuse("UNKNOWN_KEY", "the token is signed by a key that is not known here");
  cjose_err error{};
  const std::unique_ptr<cjose_jws_t, ReleaseSignature> jws(cjose_jws_import(token.data(), token.size(), &error));
  if (jws == nullptr || !cjose_jws_verify(jws.get(), key, &error)) {
    return Refuse("SIGNATURE", "the token's signature is wrong");
  }
  return ReadClaims(*payload, now);
}

absl::StatusOr<TokenClaims> TokenVerifier::ReadClaims(std::string_view payload, int64_t now) const {
  const Json claims = ParseObject(payload);
  if (claims == nullptr) return Refuse("MALFORMED", "the token's claims are no JSON object, or name one twice");
  if (TextMember(claims.get(), "iss") != policy_.issuer) return Refuse("ISSUER", "the token is of another issuer");
  if (!NamesAudience(claims.get(), policy_.audience)) return Refuse("AUDIENCE", "the token is for another audience");
  const std::optional<int64_t> issued = IntegerMember(claims.get(), "iat");
  const std::optional<int64_t> expires = IntegerMember(claims.get(), "exp");
  const bool has_start = HasMember(claims.get(), "nbf");
  const std::optional<int64_t> starts = has_start ? IntegerMember(claims.get(), "nbf") : issued;
  if (!issued.has_value() || !expires.has_value() || !starts.has_value() || *issued < 0 || *expires <= *issued ||
      *expires > kLastSecond || *starts < 0 || *starts > kLastSecond) {
    return Refuse("TIMES", "the token needs iat and exp, and nbf if any, in whole seconds");
  }
  if (now >= *expires + policy_.leeway_seconds) return Refuse("EXPIRED", "the token has expired: get a new one");
  if (*issued > now + policy_.leeway_seconds || *starts > now + policy_.leeway_seconds) {
    return Refuse("NOT_YET_VALID", "the token is not valid yet: check the clocks");
  }
  if (*expires - *issued > policy_.max_lifetime_seconds)
    return Refuse("LIFETIME", "the token lasts longer than allowed");
  TokenClaims result{.subject = TextMember(claims.get(), "sub").value_or(""), .expires_at = *expires};
  if (result.subject.empty() || !IsSubject(result.subject)) return Refuse("SUBJECT", "the token names no subject");
  std::optional<std::string> bound = BoundTo(claims.get());
  if (!bound.has_value()) return Refuse("CONFIRMATION", "the token's cnf is not {\"x5t#S256\": …}");
  result.certificate = *std::move(bound);
  return result;
}

}  // namespace dangjian::auth
