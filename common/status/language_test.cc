#include "common/status/language.h"

#include <optional>
#include <string>

#include "common/status/errors.h"
#include "common/status/grpc_status.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "gtest/gtest.h"

namespace dangjian {
namespace {

google::rpc::LocalizedMessage Localized(const absl::Status& status, std::string_view accept_language) {
  google::rpc::Status details;
  EXPECT_TRUE(details.ParseFromString(ToGrpcStatus(status, accept_language).error_details()));
  google::rpc::LocalizedMessage localized;
  for (const auto& detail : details.details()) {
    if (detail.UnpackTo(&localized)) break;
  }
  return localized;
}

TEST(PreferredLanguageTest, IsChineseUnlessEnglishWeighsMore) {
  for (const char* chinese :
       {"", "zh", "zh-CN", "zh-TW,en;q=0.9", "fr", "*", "en;q=0.5, zh-CN;q=0.8", "en;q=0", "zh, en", "english",
        "zh-Hans-CN;q=1.0,en-GB;q=0.999", ";;,,=", "en;q=2", "en;q=x", "en;q=0.1234"}) {
    EXPECT_EQ(PreferredLanguage(chinese), Language::kChinese) << chinese;
  }
  for (const char* english :
       {"en", "EN-us", "en-GB,en;q=0.8", "fr, en;q=0.3", "zh;q=0.2, en;q=0.3", "en, zh", "zh;q=0, *", "de, en;q=0.001",
        " en ; q=1 , zh ; q=0.9 ", "zh;q=0.1, *;q=0.5", "bad;q=9, en"}) {
    EXPECT_EQ(PreferredLanguage(english), Language::kEnglish) << english;
  }
}

TEST(PreferredLanguageTest, ReadsOnlyTheBeginningOfAnEndlessList) {
  std::string list;
  for (int i = 0; i < 100'000; ++i) list += "fr,";
  EXPECT_EQ(PreferredLanguage(list + "en"), Language::kChinese);
}

TEST(InLanguageTest, ChoosesTheTextOfAnError) {
  const absl::Status error = Error(reasons::kStaleEtag, "the record has changed");
  EXPECT_EQ(Localized(error, "").locale(), "zh-CN");
  EXPECT_EQ(Localized(error, "").message(), std::string(reasons::kStaleEtag.zh));
  EXPECT_EQ(Localized(error, "en").locale(), "en");
  EXPECT_EQ(Localized(error, "en").message(), "the record has changed");
  EXPECT_EQ(ToGrpcStatus(error, "en").error_message(), "the record has changed");
}

TEST(InLanguageTest, NamesEveryBadField) {
  Violations violations;
  violations.Add("note.title", reasons::kRequired, "the field is required");
  violations.Add("note.pages", reasons::kOutOfBounds, "501 is not between 0 and 500");
  EXPECT_EQ(Localized(violations.ToStatus(), "en").message(),
            "note.title: the field is required; note.pages: 501 is not between 0 and 500");
}

TEST(InLanguageTest, HoldsForErrorsThatNobodyGaveAReason) {
  EXPECT_EQ(Localized(absl::InternalError("engine text"), "en").locale(), "en");
  EXPECT_EQ(Localized(absl::InternalError("engine text"), "en").message().find("engine"), std::string::npos);
}

}  // namespace
}  // namespace dangjian
