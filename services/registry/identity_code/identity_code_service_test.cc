#include <string>

#include "absl/strings/str_cat.h"
#include "dangjian/registry/v1/identity_code.pb.h"
#include "services/registry/testing/harness.h"

namespace dangjian::registry {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;

class IdentityCodeServiceTest : public RegistryTest {
 protected:
  absl::StatusOr<v1::CheckIdentityCodeResponse> Check(const std::string& kind, const std::string& code) {
    return Call<v1::CheckIdentityCodeResponse, v1::CheckIdentityCodeRequest>(
        absl::StrCat("kind: IDENTITY_CODE_KIND_", kind, " code: '", code, "'"));
  }
};

TEST_F(IdentityCodeServiceTest, ACitizenNumberIsCheckedAndNotSentBack) {
  for (const char* code : {"11010519491231002X", "11010519491231002x", "110105491231002"}) {
    const auto checked = Check("CITIZEN_NUMBER", code);
    ASSERT_THAT(checked, IsOk());
    EXPECT_EQ(checked->normalized(), "");
  }
  EXPECT_THAT(Check("CITIZEN_NUMBER", "110105194912310021"), HasReason("CITIZEN_NUMBER_CHECK_DIGIT_WRONG"));
  EXPECT_THAT(Check("CITIZEN_NUMBER", "12345"), HasReason("CITIZEN_NUMBER_MALFORMED"));
  EXPECT_EQ(LastRevision(), 0) << "nothing is stored";
}

TEST_F(IdentityCodeServiceTest, AUnifiedSocialCreditCodeIsNormalized) {
  const auto checked = Check("UNIFIED_SOCIAL_CREDIT_CODE", "55610303mf0000013a");
  ASSERT_THAT(checked, IsOk());
  EXPECT_EQ(checked->normalized(), "55610303MF0000013A");
  EXPECT_THAT(Check("UNIFIED_SOCIAL_CREDIT_CODE", "55610303MF00000130"), HasReason("USCC_CHECK_CHARACTER_WRONG"));
  EXPECT_THAT(Check("UNIFIED_SOCIAL_CREDIT_CODE", "55"), HasReason("USCC_MALFORMED"));
}

}  // namespace
}  // namespace dangjian::registry
