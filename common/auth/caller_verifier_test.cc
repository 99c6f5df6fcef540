#include "common/auth/caller_verifier.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "common/auth/authority.h"
#include "common/auth/token_signer.h"
#include "common/status/errors.h"
#include "gtest/gtest.h"

namespace dangjian::auth {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kNow = 1'800'000'000;
constexpr int64_t kDay = 86'400;

class Call final : public Credentials {
 public:
  std::string_view Metadata(std::string_view key) const override {
    if (key == "authorization") return authorization_;
    if (key == "dangjian-caller") return "dangjian-registry";  // what nobody may believe
    return {};
  }
  std::string_view peer() const override { return "ipv4:127.0.0.1:5000"; }
  std::string_view certificate() const override { return certificate_; }

  std::string certificate_;
  std::string authorization_;
};

class CallerVerifierTest : public ::testing::Test {
 protected:
  CallerVerifierTest() : folder_(absl::StrCat(::testing::TempDir(), "/caller_", ::getpid())) {
    fs::remove_all(folder_);
    EXPECT_TRUE(Authority::Create(folder_, kNow, 3650 * kDay).ok());
    const KeyPair own = Issue("registry", true);
    std::ofstream(folder_ + "/tls.crt") << own.certificate;
    std::ofstream(folder_ + "/tls.key") << own.key;
    tls_ = *TlsStager::Start({.certificate = folder_ + "/tls.crt",
                              .key = folder_ + "/tls.key",
                              .authorities = folder_ + "/ca.pem",
                              .revocations = folder_ + "/crl.pem"},
                             clock_, {.interval = std::chrono::hours(1)});
    tokens_.SetKeys(std::make_shared<TokenKeys>(*TokenKeys::Parse(signer_.PublicKeys())));
  }
  ~CallerVerifierTest() override {
    tls_.reset();
    fs::remove_all(folder_);
  }

  KeyPair Issue(const std::string& name, bool service, int64_t lifetime = 90 * kDay) const {
    return *Authority::Open(folder_)->Issue(
        {.name = name, .service = service, .hosts = {}, .now = kNow, .lifetime_seconds = lifetime});
  }
  std::string Bearer(const std::string& subject, const std::string& bound_to = "") const {
    const std::string thumbprint = bound_to.empty() ? "" : ParseCertificate(bound_to)->thumbprint;
    return absl::StrCat("Bearer ", *signer_.Sign({.issuer = "district",
                                                  .audience = "dangjian",
                                                  .subject = subject,
                                                  .certificate = thumbprint,
                                                  .issued_at = kNow,
                                                  .lifetime_seconds = 600}));
  }
  // `subject [service]`, or the reason of the refusal.
  std::string Who(const std::string& certificate, const std::string& authorization = "") {
    Call call;
    call.certificate_ = certificate;
    call.authorization_ = authorization;
    const auto principal = CallerVerifier(tokens_, *tls_, clock_).Verify(call);
    if (!principal.ok()) return ReasonOf(principal.status());
    EXPECT_TRUE(principal->permissions.empty()) << "who somebody is grants nothing";
    return absl::StrCat(principal->subject, " [", principal->service, "]");
  }

  FakeClock clock_{kNow * 1'000'000};
  const std::string folder_;
  const TokenSigner signer_ = *TokenSigner::Generate("k1");
  TokenVerifier tokens_{{.issuer = "district", .audience = "dangjian"}, clock_};
  std::unique_ptr<TlsStager> tls_;
};

constexpr char kRefused[] = "UNAUTHENTICATED";

TEST_F(CallerVerifierTest, AServiceIsItselfByItsCertificate) {
  EXPECT_EQ(Who(Issue("welfare", true).certificate), "service/welfare [welfare]");
}

TEST_F(CallerVerifierTest, AClientIsTheBearerOfItsToken) {
  const std::string client = Issue("desk-3", false).certificate;
  EXPECT_EQ(Who(client, Bearer("staff/li-001")), "staff/li-001 []");
  EXPECT_EQ(Who(client), kRefused) << "a certificate of a client is nobody";
  EXPECT_EQ(Who(client, "Basic bGk6eA=="), kRefused);
  EXPECT_EQ(Who(client, "Bearer nonsense"), kRefused);
  EXPECT_EQ(Who(client, "bearer " + Bearer("staff/li-001").substr(7)), kRefused);
}

TEST_F(CallerVerifierTest, ACallerThatIsHandedOnKeepsItsIdentity) {
  EXPECT_EQ(Who(Issue("gateway", true).certificate, Bearer("staff/li-001")), "staff/li-001 []");
  EXPECT_EQ(Who(Issue("gateway", true).certificate, "Bearer nonsense"), kRefused)
      << "a bad token is not replaced by who hands it on";
}

TEST_F(CallerVerifierTest, ABoundTokenComesOverItsCertificateOrAService) {
  const std::string own = Issue("desk-3", false).certificate;
  const std::string token = Bearer("staff/li-001", own);
  EXPECT_EQ(Who(own, token), "staff/li-001 []");
  EXPECT_EQ(Who(Issue("desk-4", false).certificate, token), kRefused);
  EXPECT_EQ(Who(Issue("desk-3", false).certificate, token), kRefused) << "the name alone is not the certificate";
  EXPECT_EQ(Who(Issue("gateway", true).certificate, token), "staff/li-001 []");
  EXPECT_EQ(Who(Issue("gateway", false).certificate, token), kRefused) << "a client called gateway is no gateway";
}

TEST_F(CallerVerifierTest, ATokenCannotMakeAService) {
  EXPECT_EQ(Who(Issue("desk-3", false).certificate, Bearer("service/registry")), kRefused);
}

TEST_F(CallerVerifierTest, RefusesConnectionsThatShowNothing) {
  EXPECT_EQ(Who(""), kRefused);
  EXPECT_EQ(Who("", Bearer("staff/li-001")), kRefused);
  EXPECT_EQ(Who("nonsense", Bearer("staff/li-001")), kRefused);
  // A certificate of the authority that is neither a service's nor a client's: its own.
  EXPECT_EQ(Who(Authority::Open(folder_)->certificate(), Bearer("staff/li-001")), kRefused);
}

TEST_F(CallerVerifierTest, ACertificateThatWasRevokedOrRanOutIsGoodNoLonger) {
  const std::string client = Issue("desk-3", false, 300).certificate;
  const std::string other = Issue("desk-4", false).certificate;
  EXPECT_EQ(Who(client, Bearer("staff/li-001")), "staff/li-001 []");
  clock_.AdvanceMicros(int64_t{301} * 1'000'000);
  EXPECT_EQ(Who(client, Bearer("staff/li-001")), kRefused);
  EXPECT_EQ(Who(other, Bearer("staff/li-001")), "staff/li-001 []");
  ASSERT_TRUE(Authority::Open(folder_)->Revoke(ParseCertificate(other)->serial, kNow).ok());
  ASSERT_TRUE(tls_->Look().ok());
  EXPECT_EQ(Who(other, Bearer("staff/li-001")), kRefused);
}

}  // namespace
}  // namespace dangjian::auth
