#include "common/base/sha256.h"

#include <gtest/gtest.h>

#include "absl/strings/escaping.h"

namespace dangjian {
namespace {

std::string Hex(const std::string& bytes) { return absl::BytesToHexString(bytes); }

// The example of FIPS 180-4.
constexpr char kAbc[] = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

TEST(Sha256Test, GivesTheDigestOfTheStandard) {
  EXPECT_EQ(Hex(Sha256("abc")), kAbc);
  EXPECT_EQ(Hex(Sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Sha256Test, PiecesGiveTheDigestOfTheWholeAndAHasherBeginsAnew) {
  Sha256Hasher hasher;
  hasher.Add("a");
  hasher.Add("bc");
  EXPECT_EQ(hasher.Finish(), Sha256("abc"));
  EXPECT_EQ(hasher.Finish(), Sha256(""));
}

}  // namespace
}  // namespace dangjian
