#include "common/auth/token_signer.h"

#include <cjose/cjose.h>

#include <cstdlib>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/auth/json_value.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"

namespace dangjian::auth {
namespace {

absl::Status Failed(std::string_view what, const cjose_err& error) {
  return absl::InternalError(absl::StrCat(ToAbsl(what), ": ", error.message == nullptr ? "unknown" : error.message));
}

std::string TextOf(char* text) {
  const std::unique_ptr<char, decltype(&std::free)> owned(text, &std::free);
  return owned == nullptr ? "" : owned.get();
}

}  // namespace

void TokenSigner::Release::operator()(_cjose_jwk_int* key) const { cjose_jwk_release(key); }

absl::StatusOr<TokenSigner> TokenSigner::Generate(std::string_view key_id) {
  cjose_err error{};
  Key key(cjose_jwk_create_EC_random(CJOSE_JWK_EC_P_256, &error));
  if (key == nullptr || !cjose_jwk_set_kid(key.get(), key_id.data(), key_id.size(), &error)) {
    return Failed("no key could be made", error);
  }
  return TokenSigner(std::move(key));
}

absl::StatusOr<TokenSigner> TokenSigner::Import(std::string_view private_key) {
  cjose_err error{};
  Key key(cjose_jwk_import(private_key.data(), private_key.size(), &error));
  if (key == nullptr || cjose_jwk_get_kid(key.get(), &error) == nullptr) {
    return absl::InvalidArgumentError("is no JSON Web Key with a kid");
  }
  return TokenSigner(std::move(key));
}

std::string TokenSigner::PrivateKey() const {
  cjose_err error{};
  return TextOf(cjose_jwk_to_json(key_.get(), true, &error));
}

std::string TokenSigner::PublicKeys() const {
  cjose_err error{};
  return absl::StrCat("{\"keys\":[", TextOf(cjose_jwk_to_json(key_.get(), false, &error)), "]}");
}

absl::StatusOr<std::string> TokenSigner::Sign(const TokenRequest& request) const {
  const Json claims(json_pack("{s:s, s:s, s:s, s:I, s:I}", "iss", request.issuer.c_str(), "aud",
                              request.audience.c_str(), "sub", request.subject.c_str(), "iat",
                              static_cast<json_int_t>(request.issued_at), "exp",
                              static_cast<json_int_t>(request.issued_at + request.lifetime_seconds)));
  if (claims == nullptr) return absl::InvalidArgumentError("a claim is not UTF-8");
  if (!request.certificate.empty()) {
    std::string thumbprint = absl::WebSafeBase64Escape(request.certificate);
    json_object_set_new(claims.get(), "cnf", json_pack("{s:s}", "x5t#S256", thumbprint.c_str()));
  }
  return SignRaw("{\"alg\":\"ES256\",\"typ\":\"JWT\"}", TextOf(json_dumps(claims.get(), JSON_COMPACT)));
}

absl::StatusOr<std::string> TokenSigner::SignRaw(std::string_view header_json, std::string_view payload) const {
  cjose_err error{};
  const Json header = ParseObject(header_json);
  if (header == nullptr) return absl::InvalidArgumentError("the header is no JSON object");
  if (!HasMember(header.get(), "kid")) {
    json_object_set_new(header.get(), "kid", json_string(cjose_jwk_get_kid(key_.get(), &error)));
  }
  cjose_jws_t* jws = cjose_jws_sign(key_.get(), reinterpret_cast<cjose_header_t*>(header.get()),
                                    reinterpret_cast<const uint8_t*>(payload.data()), payload.size(), &error);
  if (jws == nullptr) return Failed("the token could not be signed", error);
  const char* text = nullptr;
  const bool exported = cjose_jws_export(jws, &text, &error);
  std::string token = exported ? text : "";
  cjose_jws_release(jws);
  if (!exported) return Failed("the token could not be written", error);
  return token;
}

}  // namespace dangjian::auth
