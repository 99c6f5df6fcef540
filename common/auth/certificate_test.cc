#include "common/auth/certificate.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/auth/authority.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace dangjian::auth {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr int64_t kNow = 1'800'000'000;
constexpr int64_t kDay = 86'400;

class CertificateTest : public ::testing::Test {
 protected:
  CertificateTest() : folder_(absl::StrCat(::testing::TempDir(), "/authority_", ::getpid())) {
    std::filesystem::remove_all(folder_);
    EXPECT_TRUE(Authority::Create(folder_, kNow, 3650 * kDay).ok());
  }
  ~CertificateTest() override { std::filesystem::remove_all(folder_); }

  Authority authority() const { return *Authority::Open(folder_); }
  std::string File(const std::string& name) const {
    return (std::ostringstream() << std::ifstream(folder_ + "/" + name).rdbuf()).str();
  }
  KeyPair Issue(const std::string& name, bool service = true, int64_t lifetime = 90 * kDay) const {
    return *authority().Issue({.name = name,
                               .service = service,
                               .hosts = {"localhost", "127.0.0.1"},
                               .now = kNow,
                               .lifetime_seconds = lifetime});
  }
  TlsMaterial Material(const KeyPair& pair) const {
    return {.certificate = pair.certificate,
            .key = pair.key,
            .authorities = authority().certificate(),
            .revocations = File("crl.pem")};
  }
  static std::string Fault(const TlsMaterial& material, int64_t now = kNow) {
    const absl::Status status = CheckTlsMaterial(material, now);
    EXPECT_TRUE(status.ok() || absl::IsFailedPrecondition(status)) << status;
    return std::string(status.message());
  }

  const std::string folder_;
};

TEST_F(CertificateTest, ACertificateSaysWhoseItIs) {
  const auto registry = ParseCertificate(Issue("registry").certificate);
  ASSERT_TRUE(registry.ok()) << registry.status();
  EXPECT_EQ(registry->common_name, "registry");
  EXPECT_EQ(registry->uri, "spiffe://dangjian/service/registry");
  EXPECT_EQ(registry->not_after, kNow + 90 * kDay);
  EXPECT_EQ(registry->thumbprint.size(), 32u);
  EXPECT_EQ(registry->serial.size(), 32u);
  const auto caller = ParseCertificate(Issue("li-001", false).certificate);
  EXPECT_EQ(caller->uri, "spiffe://dangjian/client/li-001");
  EXPECT_NE(caller->serial, registry->serial);
  EXPECT_TRUE(absl::IsInvalidArgument(ParseCertificate("none").status()));
}

TEST_F(CertificateTest, GoodMaterialIsGood) { EXPECT_EQ(Fault(Material(Issue("registry"))), ""); }

TEST_F(CertificateTest, NamesWhatIsWrongWithMaterial) {
  const KeyPair pair = Issue("registry");
  TlsMaterial wrong = Material(pair);
  wrong.certificate = "-----BEGIN CERTIFICATE-----\nnonsense";
  EXPECT_THAT(Fault(wrong), HasSubstr("no certificate"));
  wrong = Material(pair);
  wrong.certificate = pair.certificate.substr(0, pair.certificate.size() / 2);
  EXPECT_THAT(Fault(wrong), HasSubstr("no certificate"));
  wrong = Material(pair);
  wrong.key = "";
  EXPECT_THAT(Fault(wrong), HasSubstr("no private key"));
  wrong = Material(pair);
  wrong.key = Issue("pledge").key;
  EXPECT_THAT(Fault(wrong), HasSubstr("not the certificate's"));
  wrong = Material(pair);
  wrong.authorities = "";
  EXPECT_THAT(Fault(wrong), HasSubstr("no authority"));
  wrong = Material(pair);
  wrong.revocations = "nonsense";
  EXPECT_THAT(Fault(wrong), HasSubstr("no PEM list"));
  EXPECT_THAT(Fault(Material(pair), kNow + 91 * kDay), HasSubstr("expired"));
  EXPECT_THAT(Fault(Material(pair), kNow - kDay), HasSubstr("not yet valid"));
}

TEST_F(CertificateTest, BelievesOnlyItsAuthorities) {
  const KeyPair pair = Issue("registry");
  std::filesystem::remove_all(folder_);
  ASSERT_TRUE(Authority::Create(folder_, kNow, 3650 * kDay).ok());
  TlsMaterial wrong = Material(pair);
  EXPECT_THAT(Fault(wrong), HasSubstr("certificate is not good"));
  // The list of one authority beside the certificates of another.
  const std::string list = File("crl.pem");
  std::filesystem::remove_all(folder_);
  ASSERT_TRUE(Authority::Create(folder_, kNow, 3650 * kDay).ok());
  wrong = Material(Issue("registry"));
  wrong.revocations = list;
  EXPECT_THAT(Fault(wrong), HasSubstr("signed by none"));
}

TEST_F(CertificateTest, RevokedCertificatesAreOnTheList) {
  const std::string serial = ParseCertificate(Issue("li-001", false).certificate)->serial;
  Issue("wang-002", false);
  EXPECT_THAT(*RevokedSerials(File("crl.pem")), ElementsAre());
  ASSERT_TRUE(authority().Revoke(serial, kNow + 5).ok());
  ASSERT_TRUE(authority().Revoke(serial, kNow + 6).ok()) << "twice is once";
  EXPECT_THAT(*RevokedSerials(File("crl.pem")), ElementsAre(serial));
  EXPECT_TRUE(absl::IsNotFound(authority().Revoke("00", kNow)));
}

TEST_F(CertificateTest, AnAuthorityIsMadeOnceAndItsKeyIsASecret) {
  EXPECT_TRUE(absl::IsAlreadyExists(Authority::Create(folder_, kNow, kDay)));
  EXPECT_EQ(std::filesystem::status(folder_ + "/ca.key").permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  EXPECT_TRUE(absl::IsNotFound(Authority::Open(folder_ + "/none").status()));
  std::ofstream(folder_ + "/ca.key") << "nonsense";
  EXPECT_TRUE(absl::IsFailedPrecondition(Authority::Open(folder_).status()));
}

TEST_F(CertificateTest, RefusesNamesAndHostsThatAreNone) {
  for (const char* name : {"", "Li", "a b", "a/b", "../x", "a,URI:spiffe://dangjian/service/registry"}) {
    EXPECT_TRUE(
        absl::IsInvalidArgument(authority().Issue({.name = name, .now = kNow, .lifetime_seconds = kDay}).status()))
        << name;
  }
  for (const char* host : {"", "a b", "x,DNS:y", "URI:z"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(
        authority().Issue({.name = "a", .hosts = {host}, .now = kNow, .lifetime_seconds = kDay}).status()))
        << host;
  }
}

}  // namespace
}  // namespace dangjian::auth
