#include "services/gateway/backend/backends.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace dangjian::gateway {
namespace {

using ::testing::HasSubstr;

std::shared_ptr<grpc::ChannelCredentials> Open(std::string_view) { return grpc::InsecureChannelCredentials(); }

TEST(BackendsTest, ReadsNamesAndAddresses) {
  const auto backends = Backends::Parse("registry=127.0.0.1:7401,pledge=unix:/run/a=b.sock", Open);
  ASSERT_TRUE(backends.ok()) << backends.status();
  EXPECT_EQ(backends->Names(), "pledge, registry");
  ASSERT_NE(backends->Find("pledge"), nullptr);
  EXPECT_EQ(backends->Find("pledge")->name, "pledge");
  EXPECT_NE(backends->Find("pledge")->client, nullptr);
  EXPECT_EQ(backends->Find("welfare"), nullptr);
}

TEST(BackendsTest, SaysWhatIsWrong) {
  const auto mistake = [](const std::string& flag) {
    return std::string(Backends::Parse(flag, Open).status().message());
  };
  EXPECT_THAT(mistake(""), HasSubstr("give --backend NAME=ADDRESS"));
  EXPECT_THAT(mistake("registry"), HasSubstr("--backend registry: must be NAME=ADDRESS"));
  EXPECT_THAT(mistake("registry="), HasSubstr("must be NAME=ADDRESS"));
  EXPECT_THAT(mistake("Registry=a:1"), HasSubstr("must be NAME=ADDRESS"));
  EXPECT_THAT(mistake("a=h:1,a=h:2"), HasSubstr("has an address already"));
}

}  // namespace
}  // namespace dangjian::gateway
