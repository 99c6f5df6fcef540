#include "common/auth/token_verifier.h"

#include <cjose/cjose.h>

#include <functional>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "common/auth/json_value.h"
#include "common/auth/token_signer.h"
#include "common/base/sha256.h"
#include "common/status/errors.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace dangjian::auth {
namespace {

constexpr int64_t kNow = 1'800'000'000;
constexpr char kHeader[] = R"({"alg":"ES256","typ":"JWT"})";

class TokenVerifierTest : public ::testing::Test {
 protected:
  TokenVerifierTest() { verifier_.SetKeys(std::make_shared<TokenKeys>(*TokenKeys::Parse(signer_.PublicKeys()))); }

  static TokenRequest Good() {
    return {.issuer = "district",
            .audience = "dangjian",
            .subject = "staff/li-001",
            .certificate = "",
            .issued_at = kNow,
            .lifetime_seconds = 600};
  }
  std::string Sign(const std::function<void(TokenRequest&)>& change) const {
    TokenRequest request = Good();
    change(request);
    return *signer_.Sign(request);
  }
  std::string SignClaims(std::string_view claims) const { return *signer_.SignRaw(kHeader, claims); }
  static std::string Claims(std::string_view more = "") {
    return absl::StrCat(R"({"iss":"district","aud":"dangjian","sub":"staff/li-001","iat":)", kNow, R"(,"exp":)",
                        kNow + 600, std::string(more), "}");
  }
  // Why a token is refused; "good" when it is not.
  std::string Cause(const std::string& token) {
    const auto claims = verifier_.Verify(token);
    if (claims.ok()) return "good";
    EXPECT_EQ(claims.status().code(), absl::StatusCode::kUnauthenticated);
    EXPECT_EQ(ReasonOf(claims.status()), "UNAUTHENTICATED");
    const std::string details(*claims.status().GetPayload("type.googleapis.com/google.rpc.Status"));
    for (const char* cause : {"TOO_LARGE", "MALFORMED", "HEADER", "UNKNOWN_KEY", "SIGNATURE", "ISSUER", "AUDIENCE",
                              "TIMES", "EXPIRED", "NOT_YET_VALID", "LIFETIME", "SUBJECT", "CONFIRMATION"}) {
      if (details.find(cause) != std::string::npos) return cause;
    }
    return "unnamed";
  }

  FakeClock clock_{kNow * 1'000'000};
  const TokenSigner signer_ = *TokenSigner::Generate("k1");
  TokenVerifier verifier_{{.issuer = "district", .audience = "dangjian"}, clock_};
};

TEST_F(TokenVerifierTest, AGoodTokenNamesItsBearer) {
  const auto claims = verifier_.Verify(*signer_.Sign(Good()));
  ASSERT_TRUE(claims.ok()) << claims.status();
  EXPECT_EQ(claims->subject, "staff/li-001");
  EXPECT_EQ(claims->expires_at, kNow + 600);
  EXPECT_EQ(claims->certificate, "");
  EXPECT_EQ(Cause(SignClaims(Claims())), "good");
  EXPECT_EQ(Cause(SignClaims(absl::StrReplaceAll(Claims(), {{R"("dangjian")", R"(["other","dangjian"])"}}))), "good");
  EXPECT_EQ(Cause(SignClaims(Claims(absl::StrCat(R"(,"nbf":)", kNow - 5)))), "good");
}

TEST_F(TokenVerifierTest, SaysToWhichCertificateATokenIsBound) {
  const std::string thumbprint = Sha256("a certificate");
  EXPECT_EQ(verifier_.Verify(Sign([&](auto& r) { r.certificate = thumbprint; }))->certificate, thumbprint);
}

TEST_F(TokenVerifierTest, RefusesWhatIsSignedOtherwise) {
  const std::string good = *signer_.Sign(Good());
  const std::vector<std::string> parts = absl::StrSplit(good, '.');
  const auto with_header = [&](std::string_view header) {
    return absl::StrCat(absl::WebSafeBase64Escape(std::string(header)), ".", parts[1], ".", parts[2]);
  };
  // The public key as the secret of HMAC: what libraries fall for that believe the token's own algorithm.
  cjose_err error{};
  const std::string published = signer_.PublicKeys();
  cjose_jwk_t* secret =
      cjose_jwk_create_oct_spec(reinterpret_cast<const uint8_t*>(published.data()), published.size(), &error);
  const Json hmac = ParseObject(R"({"alg":"HS256","kid":"k1"})");
  const std::string payload = Claims();
  cjose_jws_t* jws = cjose_jws_sign(secret, reinterpret_cast<cjose_header_t*>(hmac.get()),
                                    reinterpret_cast<const uint8_t*>(payload.data()), payload.size(), &error);
  const char* text = nullptr;
  ASSERT_TRUE(cjose_jws_export(jws, &text, &error));
  EXPECT_EQ(Cause(text), "HEADER");
  cjose_jws_release(jws);
  cjose_jwk_release(secret);

  for (const char* header : {R"({"alg":"none","kid":"k1"})",
                             R"({"alg":"None","kid":"k1"})",
                             R"({"alg":"nOnE","kid":"k1"})",
                             R"({"kid":"k1"})",
                             R"({"alg":"","kid":"k1"})",
                             R"({"alg":null,"kid":"k1"})",
                             R"({"alg":["ES256"],"kid":"k1"})",
                             R"({"alg":"HS256","kid":"k1"})",
                             R"({"alg":"HS512","kid":"k1"})",
                             R"({"alg":"RS256","kid":"k1"})",
                             R"({"alg":"PS256","kid":"k1"})",
                             R"({"alg":"ES384","kid":"k1"})",
                             R"({"alg":"ES512","kid":"k1"})",
                             R"({"alg":"EdDSA","kid":"k1"})",
                             R"({"alg":"es256","kid":"k1"})",
                             R"({"alg":"ES256"})",
                             R"({"alg":"ES256","kid":""})",
                             R"({"alg":"ES256","kid":7})",
                             R"({"alg":"ES256","kid":["k1"]})",
                             R"({"alg":"ES256","kid":"k1","typ":"JWE"})",
                             R"({"alg":"ES256","kid":"k1","typ":7})",
                             R"({"alg":"ES256","kid":"k1","jku":"https://evil/keys"})",
                             R"({"alg":"ES256","kid":"k1","jwk":{"kty":"EC"}})",
                             R"({"alg":"ES256","kid":"k1","x5u":"https://evil/cert"})",
                             R"({"alg":"ES256","kid":"k1","x5c":["MII"]})",
                             R"({"alg":"ES256","kid":"k1","crit":["exp"]})",
                             R"({"alg":"ES256","kid":"k1","b64":false})",
                             R"({"alg":"ES256","kid":"k1","zip":"DEF"})",
                             R"({"alg":"none","alg":"ES256","kid":"k1"})",
                             R"({"alg":"ES256","alg":"none","kid":"k1"})",
                             R"({"alg":"ES256","kid":"k1","kid":"k2"})",
                             R"(["ES256","k1"])",
                             R"({"alg":"ES256","kid":"k1"} {})",
                             R"("ES256")",
                             R"({"alg":"ES256",)"}) {
    EXPECT_EQ(Cause(with_header(header)), "HEADER") << header;
  }
  for (const char* kid : {"k2", "../k1", "k1 ", "K1", "k1' OR '1'='1", "/dev/null"}) {
    EXPECT_EQ(Cause(with_header(absl::StrCat(R"({"alg":"ES256","kid":")", kid, R"("})"))), "UNKNOWN_KEY") << kid;
  }
  const TokenSigner other = *TokenSigner::Generate("k1");
  EXPECT_EQ(Cause(*other.Sign(Good())), "SIGNATURE") << "another key under the same id";
}

TEST_F(TokenVerifierTest, RefusesWhatWasTamperedWith) {
  const std::string good = *signer_.Sign(Good());
  const std::vector<std::string> parts = absl::StrSplit(good, '.');
  const std::string forged = absl::WebSafeBase64Escape(absl::StrReplaceAll(Claims(), {{"li-001", "wang-1"}}));
  EXPECT_EQ(Cause(absl::StrCat(parts[0], ".", forged, ".", parts[2])), "SIGNATURE");
  std::string flipped = parts[2];
  flipped[10] = flipped[10] == 'A' ? 'B' : 'A';
  EXPECT_EQ(Cause(absl::StrCat(parts[0], ".", parts[1], ".", flipped)), "SIGNATURE");
  EXPECT_EQ(Cause(absl::StrCat(parts[0], ".", parts[1], ".", absl::WebSafeBase64Escape(std::string(64, '\0')))),
            "SIGNATURE");
  EXPECT_EQ(Cause(absl::StrCat(parts[0], ".", parts[1], ".", parts[2].substr(0, 40))), "SIGNATURE");
  for (const std::string& token :
       {std::string(), std::string("a"), std::string(".."), std::string("a.b"), absl::StrCat(parts[0], ".", parts[1]),
        absl::StrCat(parts[0], ".", parts[1], "."), absl::StrCat(good, ".x"), absl::StrCat(good, "="),
        absl::StrCat(" ", good), absl::StrCat(good, "\n"), absl::StrCat(parts[0], "=.", parts[1], ".", parts[2]),
        absl::StrReplaceAll(good, {{".", "/"}}), absl::StrCat(".", parts[1], ".", parts[2])}) {
    EXPECT_EQ(Cause(token), "MALFORMED") << token;
  }
  EXPECT_EQ(Cause(std::string(4097, 'a')), "TOO_LARGE");
}

TEST_F(TokenVerifierTest, RefusesWhatIsForSomebodyElseOrAnotherTime) {
  EXPECT_EQ(Cause(Sign([](auto& r) { r.issuer = "evil"; })), "ISSUER");
  EXPECT_EQ(Cause(Sign([](auto& r) { r.issuer = "district "; })), "ISSUER");
  EXPECT_EQ(Cause(Sign([](auto& r) { r.audience = "payroll"; })), "AUDIENCE");
  EXPECT_EQ(Cause(Sign([](auto& r) { r.subject = ""; })), "SUBJECT");
  EXPECT_EQ(Cause(Sign([](auto& r) { r.subject = "two words"; })), "SUBJECT");
  EXPECT_EQ(Cause(Sign([](auto& r) { r.subject = std::string(65, 'x'); })), "SUBJECT");
  EXPECT_EQ(Cause(Sign([](auto& r) { r.issued_at = kNow - 1'000; })), "EXPIRED");
  EXPECT_EQ(Cause(Sign([](auto& r) { r.issued_at = kNow + 100; })), "NOT_YET_VALID");
  EXPECT_EQ(Cause(Sign([](auto& r) { r.lifetime_seconds = 43'201; })), "LIFETIME");
  EXPECT_EQ(Cause(Sign([](auto& r) { r.lifetime_seconds = 0; })), "TIMES");
  const std::pair<const char*, const char*> claims[] = {
      {R"(,"nbf":1900000000)", "NOT_YET_VALID"},
      {R"(,"nbf":"now")", "TIMES"},
      {R"(,"nbf":1.5)", "TIMES"},
      {R"(,"nbf":-1)", "TIMES"},
      {R"(,"sub":"staff/boss")", "MALFORMED"},  // twice
      {R"(,"cnf":{})", "CONFIRMATION"},
      {R"(,"cnf":"x")", "CONFIRMATION"},
      {R"(,"cnf":{"x5t#S256":"short"})", "CONFIRMATION"},
      {R"(,"cnf":{"x5t#S256":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","jwk":{}})", "CONFIRMATION"}};
  for (const auto& [more, cause] : claims) EXPECT_EQ(Cause(SignClaims(Claims(more))), cause) << more;
  for (const char* payload :
       {R"({"iss":"district","aud":"dangjian","sub":"a","iat":1800000000})",
        R"({"iss":"district","aud":"dangjian","sub":"a","exp":1800000600})",
        R"({"iss":"district","aud":"dangjian","sub":"a","iat":"1800000000","exp":1800000600})",
        R"({"iss":"district","aud":"dangjian","sub":"a","iat":1800000000,"exp":1800000600.5})",
        R"({"iss":"district","aud":"dangjian","sub":"a","iat":1800000000,"exp":9223372036854775807})"}) {
    EXPECT_EQ(Cause(SignClaims(payload)), "TIMES") << payload;
  }
  for (const char* payload : {"[]", "null", "\"x\"", "{", "{}{}", "\xFF"}) {
    EXPECT_EQ(Cause(SignClaims(payload)), "MALFORMED") << payload;
  }
  EXPECT_EQ(Cause(SignClaims("{}")), "ISSUER");
  EXPECT_EQ(Cause(SignClaims(R"({"iss":["district"]})")), "ISSUER");
  EXPECT_EQ(Cause(SignClaims(R"({"iss":"district","aud":[]})")), "AUDIENCE");
  EXPECT_EQ(Cause(SignClaims(R"({"iss":"district","aud":{"dangjian":1}})")), "AUDIENCE");
}

TEST_F(TokenVerifierTest, AGoodTokenIsRememberedAndExpiresAllTheSame) {
  const std::string token = *signer_.Sign(Good());
  EXPECT_EQ(Cause(token), "good");
  clock_.AdvanceMicros(629 * int64_t{1'000'000});
  EXPECT_EQ(Cause(token), "good");
  clock_.AdvanceMicros(1'000'000);
  EXPECT_EQ(Cause(token), "EXPIRED");
}

TEST_F(TokenVerifierTest, KeysThatChangeForgetEveryToken) {
  const std::string token = *signer_.Sign(Good());
  EXPECT_EQ(Cause(token), "good");
  const TokenSigner next = *TokenSigner::Generate("k2");
  verifier_.SetKeys(std::make_shared<TokenKeys>(*TokenKeys::Parse(next.PublicKeys())));
  EXPECT_EQ(Cause(token), "UNKNOWN_KEY");
  EXPECT_EQ(Cause(*next.Sign(Good())), "good");
  verifier_.SetKeys(nullptr);
  EXPECT_EQ(Cause(*next.Sign(Good())), "UNKNOWN_KEY");
}

TEST_F(TokenVerifierTest, ASignerComesBackFromItsKey) {
  const TokenSigner again = *TokenSigner::Import(signer_.PrivateKey());
  EXPECT_EQ(again.PublicKeys(), signer_.PublicKeys());
  EXPECT_EQ(Cause(*again.Sign(Good())), "good");
  EXPECT_FALSE(TokenSigner::Import("{}").ok());
}

TEST(TokenKeysTest, TakesPublicKeysOfOneCurveOnly) {
  const TokenSigner signer = *TokenSigner::Generate("k1");
  const std::string good = signer.PublicKeys();
  EXPECT_EQ(TokenKeys::Parse(good)->size(), 1u);
  const std::string key = signer.PrivateKey();
  const auto changed = [&good](const char* from, const char* to) { return absl::StrReplaceAll(good, {{from, to}}); };
  for (const std::string& wrong :
       {std::string(), std::string("{}"), std::string("[]"), std::string(R"({"keys":[]})"),
        std::string(R"({"keys":[1]})"), absl::StrCat("{\"keys\":[", key, "]}"), changed("P-256", "P-384"),
        changed("\"EC\"", "\"oct\""), changed("\"kid\":\"k1\"", "\"kid\":\"\""),
        changed("\"kid\":\"k1\"", "\"kid\":\"k 1\""), changed("\"kid\":\"k1\"", "\"kid\":\"k1\",\"use\":\"enc\""),
        changed("\"kid\":\"k1\"", "\"kid\":\"k1\",\"alg\":\"HS256\""),
        std::string(R"({"keys":[{"kty":"EC","crv":"P-256","x":"AA","y":"AA","kid":"k"}]})"),
        std::string(R"({"keys":[{"kty":"oct","k":"AAAA","kid":"k"}]})")}) {
    EXPECT_TRUE(absl::IsInvalidArgument(TokenKeys::Parse(wrong).status())) << wrong;
  }
  const std::string one = good.substr(9, good.size() - 11);
  EXPECT_FALSE(TokenKeys::Parse(absl::StrCat("{\"keys\":[", one, ",", one, "]}")).ok()) << "an id twice";
}

}  // namespace
}  // namespace dangjian::auth
