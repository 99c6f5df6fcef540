#include "common/auth/tls_stager.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "common/auth/authority.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace dangjian::auth {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

constexpr int64_t kNow = 1'800'000'000;
constexpr int64_t kDay = 86'400;

class TlsStagerTest : public ::testing::Test {
 protected:
  TlsStagerTest() : folder_(absl::StrCat(::testing::TempDir(), "/stager_", ::getpid())) {
    fs::remove_all(folder_);
    EXPECT_TRUE(Authority::Create(folder_ + "/pki", kNow, 3650 * kDay).ok());
    Mount(Issue());
  }
  ~TlsStagerTest() override { fs::remove_all(folder_); }

  KeyPair Issue(int64_t lifetime = 90 * kDay) const {
    return *Authority::Open(folder_ + "/pki")
                ->Issue({.name = "registry",
                         .service = true,
                         .hosts = {"localhost"},
                         .now = kNow,
                         .lifetime_seconds = lifetime});
  }
  void Mount(const KeyPair& pair) const {
    std::ofstream(folder_ + "/tls.crt") << pair.certificate;
    std::ofstream(folder_ + "/tls.key") << pair.key;
  }
  TlsFiles Files() const {
    return {.certificate = folder_ + "/tls.crt",
            .key = folder_ + "/tls.key",
            .authorities = folder_ + "/pki/ca.pem",
            .revocations = folder_ + "/pki/crl.pem"};
  }
  // One that looks only when it is told to.
  std::unique_ptr<TlsStager> Start() {
    auto stager = TlsStager::Start(Files(), clock_, {.interval = std::chrono::hours(1)});
    EXPECT_TRUE(stager.ok()) << stager.status();
    return stager.ok() ? *std::move(stager) : nullptr;
  }
  static std::string Bytes(const std::string& path) {
    return (std::ostringstream() << std::ifstream(path).rdbuf()).str();
  }

  FakeClock clock_{kNow * 1'000'000};
  const std::string folder_;
};

TEST_F(TlsStagerTest, StagesAGoodSetForItsOwnAccountAndCleansUp) {
  auto stager = Start();
  const TlsFiles staged = stager->staged();
  EXPECT_EQ(Bytes(staged.certificate), Bytes(folder_ + "/tls.crt"));
  EXPECT_EQ(Bytes(staged.revocations), Bytes(folder_ + "/pki/crl.pem"));
  EXPECT_EQ(stager->certificate().uri, "spiffe://dangjian/service/registry");
  const fs::path private_folder = fs::path(staged.key).parent_path();
  EXPECT_EQ(fs::status(private_folder).permissions(), fs::perms::owner_all);
  EXPECT_EQ(fs::status(staged.key).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  stager.reset();
  EXPECT_FALSE(fs::exists(private_folder));
}

TEST_F(TlsStagerTest, TakesOverANewPairAndANewList) {
  const auto stager = Start();
  const std::string serial = stager->certificate().serial;
  Mount(Issue());
  EXPECT_TRUE(stager->Look().ok());
  EXPECT_NE(stager->certificate().serial, serial);
  EXPECT_EQ(Bytes(stager->staged().key), Bytes(folder_ + "/tls.key"));
  EXPECT_FALSE(stager->IsRevoked(serial));
  ASSERT_TRUE(Authority::Open(folder_ + "/pki")->Revoke(serial, kNow).ok());
  EXPECT_TRUE(stager->Look().ok());
  EXPECT_TRUE(stager->IsRevoked(serial));
  EXPECT_EQ(stager->refused(), 0);
}

TEST_F(TlsStagerTest, KeepsTheLastGoodSetBesideABadOne) {
  const auto stager = Start();
  const std::string key = Bytes(folder_ + "/tls.key");
  const KeyPair next = Issue();
  std::ofstream(folder_ + "/tls.crt") << next.certificate;  // its key has not come yet
  EXPECT_THAT(std::string(stager->Look().message()), HasSubstr("not the certificate's"));
  EXPECT_TRUE(stager->Look().ok()) << "nothing new to say";
  EXPECT_EQ(Bytes(stager->staged().key), key);
  EXPECT_EQ(stager->refused(), 1);
  std::ofstream(folder_ + "/tls.key") << next.key;
  EXPECT_TRUE(stager->Look().ok());
  EXPECT_EQ(Bytes(stager->staged().certificate), next.certificate);
  std::ofstream(folder_ + "/pki/crl.pem") << "nonsense";
  EXPECT_FALSE(stager->Look().ok());
  fs::remove(folder_ + "/tls.key");
  EXPECT_TRUE(absl::IsUnavailable(stager->Look()));
  EXPECT_EQ(Bytes(stager->staged().certificate), next.certificate);
}

TEST_F(TlsStagerTest, DoesNotStartWithABadSet) {
  Mount(Issue(-kDay));
  EXPECT_THAT(std::string(TlsStager::Start(Files(), clock_, {}).status().message()), HasSubstr("expired"));
  fs::remove(folder_ + "/tls.crt");
  EXPECT_TRUE(absl::IsUnavailable(TlsStager::Start(Files(), clock_, {}).status()));
}

TEST_F(TlsStagerTest, WatchesByItself) {
  std::string said;
  const auto stager = *TlsStager::Start(Files(), clock_, {.interval = std::chrono::milliseconds(5)});
  const std::string serial = stager->certificate().serial;
  Mount(Issue());
  while (stager->certificate().serial == serial) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  EXPECT_EQ(Bytes(stager->staged().certificate), Bytes(folder_ + "/tls.crt"));
}

}  // namespace
}  // namespace dangjian::auth
