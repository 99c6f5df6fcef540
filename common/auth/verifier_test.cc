#include "common/auth/verifier.h"

#include <string>
#include <utility>

#include "common/status/errors.h"
#include "gtest/gtest.h"

namespace dangjian::auth {
namespace {

// Metadata with nothing but the caller.
class FakeCredentials final : public Credentials {
 public:
  explicit FakeCredentials(std::string caller) : caller_(std::move(caller)) {}
  std::string_view Metadata(std::string_view key) const override {
    return key == "dangjian-caller" ? std::string_view(caller_) : std::string_view();
  }
  std::string_view peer() const override { return "ipv4:127.0.0.1:5000"; }

 private:
  const std::string caller_;
};

TEST(DevelopmentVerifierTest, TakesTheCallersWord) {
  const auto principal = NewDevelopmentVerifier()->Verify(FakeCredentials("clerk-12"));
  ASSERT_TRUE(principal.ok());
  EXPECT_EQ(principal->subject, "clerk-12");
  EXPECT_TRUE(Authorize(*principal, "pledges.create").ok());
}

TEST(DevelopmentVerifierTest, KnowsTheServicesOfTheSuite) {
  EXPECT_EQ(NewDevelopmentVerifier()->Verify(FakeCredentials("dangjian-welfare"))->service, "welfare");
  for (const char* name : {"clerk-12", "dangjian-", "dangjian-Welfare", "dangjian-2", "xdangjian-welfare"}) {
    EXPECT_EQ(NewDevelopmentVerifier()->Verify(FakeCredentials(name))->service, "") << name;
  }
}

TEST(DevelopmentVerifierTest, NamesANamelessCaller) {
  EXPECT_EQ(NewDevelopmentVerifier()->Verify(FakeCredentials(""))->subject, "developer");
}

TEST(DevelopmentVerifierTest, RefusesANameThatCannotBeLogged) {
  for (const std::string& name : {std::string("two words"), std::string("line\nbreak"), std::string(65, 'x')}) {
    const auto principal = NewDevelopmentVerifier()->Verify(FakeCredentials(name));
    EXPECT_EQ(ReasonOf(principal.status()), "UNAUTHENTICATED") << name;
    EXPECT_EQ(principal.status().code(), absl::StatusCode::kUnauthenticated);
  }
}

TEST(AuthorizeTest, AsksForThePermission) {
  Principal principal;
  principal.permissions.insert("pledges.get");
  EXPECT_TRUE(Authorize(principal, "pledges.get").ok());
  const absl::Status refused = Authorize(principal, "pledges.create");
  EXPECT_EQ(refused.code(), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(ReasonOf(refused), "PERMISSION_DENIED");
}

}  // namespace
}  // namespace dangjian::auth
