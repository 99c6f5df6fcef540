#include "seeds/loader/seed_reader.h"

#include "dangjian/registry/v1/organization.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace dangjian::seeds {
namespace {

using ::testing::HasSubstr;

constexpr char kPhrases[] =
    "@phrases\nkind,text,quantity,unit\nsurname,王,,\ngiven_male,刚,,\ngiven_female,芳,,\noccupation,教师,,\n";

std::string ErrorOf(const std::string& text) {
  const auto stages = ReadSeedTexts({{"10_x.csv", text}, {"phrases.csv", kPhrases}});
  return stages.ok() ? "" : std::string(stages.status().message());
}

TEST(SeedReaderTest, RequestRowsAreOneChainInOrder) {
  const auto stages = ReadSeedTexts({{"10_x.csv",
                                      "@dangjian.registry.v1.CreateOrganizationRequest\n"
                                      "organization_id\na\nb\n"
                                      "@dangjian.registry.v1.RelocateOrganizationRequest\n"
                                      "name\norganizations/a\n"}});
  ASSERT_TRUE(stages.ok()) << stages.status();
  ASSERT_EQ(stages->size(), 1);
  ASSERT_EQ(stages->front().chains.size(), 1);
  const auto& calls = stages->front().chains[0].calls();
  ASSERT_EQ(calls.size(), 3);
  EXPECT_EQ(calls[1].source, "10_x.csv:4");
  EXPECT_NE(dynamic_cast<const registry::v1::RelocateOrganizationRequest*>(calls[2].request.get()), nullptr);
}

TEST(SeedReaderTest, RepeatedRowsWithAChainAreSentInOrderAndBesideTheOthers) {
  const auto stages = ReadSeedTexts({{"10_x.csv",
                                      "@dangjian.registry.v1.CreateOrganizationRequest\n"
                                      "=*repeat,1..3\n=*chain,{i}\norganization_id\no-{i}\n"
                                      "@dangjian.registry.v1.RelocateOrganizationRequest\n"
                                      "=*repeat,1..3\n=*chain,{i}\nname\norganizations/o-{i}\n"}});
  ASSERT_TRUE(stages.ok()) << stages.status();
  ASSERT_EQ(stages->front().chains.size(), 3);
  for (const Chain& chain : stages->front().chains) ASSERT_EQ(chain.calls().size(), 2);
  EXPECT_EQ(stages->front().chains[1].calls()[1].request->ShortDebugString(), "name: \"organizations/o-2\"");
}

TEST(SeedReaderTest, BatchesBundleCreates) {
  const auto stages = ReadSeedTexts({{"10_x.csv",
                                      "@dangjian.registry.v1.CreateMemberRequest\n"
                                      "=*repeat,1..5\n=*batch,2\nmember_id\nm-{i}\n"}});
  ASSERT_TRUE(stages.ok()) << stages.status();
  ASSERT_EQ(stages->front().chains.size(), 3);
  EXPECT_EQ(stages->front().chains[2].calls()[0].request->ShortDebugString(), "requests { member_id: \"m-5\" }");
  EXPECT_THAT(ErrorOf("@dangjian.registry.v1.RelocateOrganizationRequest\n=*repeat,1..2\n=*batch,2\nname\nx\n"),
              HasSubstr("there is no BatchCreate"));
}

TEST(SeedReaderTest, GeneratorRowsBecomeIndependentChains) {
  const auto stages = ReadSeedTexts(
      {{"10_x.csv", "@members\nprefix,organization,count\nxi,organizations/xi,3\n"}, {"phrases.csv", kPhrases}});
  ASSERT_TRUE(stages.ok()) << stages.status();
  EXPECT_EQ(stages->front().chains.size(), 3);
  EXPECT_EQ(stages->front().chains[0].calls().size(), 1);
  EXPECT_EQ(stages->front().chains[2].calls().size(), 2) << "the newest member is confirmed later";
}

TEST(SeedReaderTest, NamesLineAndColumnOfWhatIsWrong) {
  EXPECT_THAT(ErrorOf("@dangjian.registry.v1.Nothing\nx\ny\n"), HasSubstr("10_x.csv: @dangjian.registry.v1.Nothing"));
  EXPECT_THAT(ErrorOf("@dangjian.registry.v1.CreateOrganizationRequest\ncolour\nred\n"),
              HasSubstr("10_x.csv:3: CreateOrganizationRequest has no field colour"));
  EXPECT_THAT(ErrorOf("@members\nprefix,organization\nxi,o\n"), HasSubstr("10_x.csv:3: column count is empty"));
  EXPECT_THAT(ErrorOf("@report_ins\nprefix,organization,count\nxi,o,1\n"), HasSubstr("no phrases of kind employer"));
  EXPECT_THAT(ErrorOf("@members\nprefix,organization,count\nxi,o,1\n"
                      "@dangjian.registry.v1.CreateOrganizationRequest\norganization_id\na\n"),
              HasSubstr("files of their own"));
}

TEST(SeedReaderTest, AFolderWithoutSeedsIsAnError) {
  EXPECT_TRUE(absl::IsNotFound(ReadSeeds("/nonexistent").status()));
}

}  // namespace
}  // namespace dangjian::seeds
