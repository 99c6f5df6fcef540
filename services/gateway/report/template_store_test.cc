#include "services/gateway/report/template_store.h"

#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "common/status/errors.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace dangjian::gateway {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

const std::set<std::string>& Services() {
  static const auto* const services = new std::set<std::string>{"registry", "pledge"};
  return *services;
}

// Lines 1 to 14.
constexpr char kGood[] = R"(id: "half-year"
version: 1
title_zh: "半年报"
title_en: "Half-year report"
figures {
  figure_id: "A1" label_zh: "党员" label_en: "Members" unit: "member" unit_zh: "名"
  measure { service: "registry" measure: "members" }
}
figures {
  figure_id: "A2" label_zh: "率" label_en: "Share" unit: "percent" unit_zh: "%"
  ratio { numerator { service: "pledge" measure: "kept" } denominator { service: "pledge" measure: "made" } }
}
)";

std::string MistakeIn(const std::string& text) {
  const auto report = TemplateStore::Parse("half.textproto", text, Services());
  return report.ok() ? "accepted" : std::string(report.status().message());
}

std::string MistakeAfter(const std::string& from, const std::string& to) {
  return MistakeIn(absl::StrReplaceAll(kGood, {{from, to}}));
}

class TempFolder {
 public:
  TempFolder() {
    std::string pattern = testing::TempDir() + "/templatesXXXXXX";
    path_ = mkdtemp(pattern.data());
  }
  ~TempFolder() { std::filesystem::remove_all(path_); }
  void Write(const std::string& name, const std::string& text) { std::ofstream(path_ + "/" + name) << text; }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

TEST(TemplateStoreTest, AcceptsAGoodTemplate) {
  const auto report = TemplateStore::Parse("half.textproto", kGood, Services());
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->figures_size(), 2);
  EXPECT_EQ(report->figures(1).ratio().denominator().measure(), "made");
}

TEST(TemplateStoreTest, NamesFileAndLineOfAMistake) {
  EXPECT_THAT(MistakeAfter("version: 1", "versoin: 1"), StartsWith("half.textproto:2: "));
  EXPECT_THAT(MistakeAfter("version: 1", "versoin: 1"), HasSubstr("versoin"));
  EXPECT_THAT(MistakeAfter("A2", "A1"), StartsWith("half.textproto:9: figure_id `A1` occurs twice"));
  EXPECT_THAT(MistakeAfter("version: 1", "version: 0"), StartsWith("half.textproto:2: version"));
  EXPECT_THAT(MistakeAfter("half-year", "Half Year"), StartsWith("half.textproto:1: id"));
  EXPECT_THAT(MistakeAfter("service: \"registry\"", "service: \"welfare\""),
              StartsWith("half.textproto:5: no service `welfare`"));
  EXPECT_THAT(MistakeAfter("unit_zh: \"%\"", ""), StartsWith("half.textproto:9: A2 needs"));
  EXPECT_THAT(MistakeAfter("measure: \"members\"", "measure: \"Members\""), StartsWith("half.textproto:5: measure"));
  EXPECT_THAT(MistakeAfter("measure { service: \"registry\" measure: \"members\" }", ""),
              HasSubstr("needs one of measure, ratio, lowest_ratio"));
  EXPECT_THAT(MistakeAfter("} }", "} factor: -1 }"), StartsWith("half.textproto:9: factor"));
  EXPECT_THAT(MistakeAfter("A2", "A 2"), StartsWith("half.textproto:9: figure_id"));
  EXPECT_THAT(MistakeAfter("title_en: \"Half-year report\"", ""), HasSubstr("title_en"));
}

TEST(TemplateStoreTest, RefusesWrongFilters) {
  const std::string members = "measure: \"members\"";
  EXPECT_THAT(MistakeAfter(members, members + " filters { dimension: \"kind\" }"), HasSubstr("needs a dimension"));
  EXPECT_THAT(MistakeAfter(members, members + " filters { dimension: \"kind\" values: \"A\" }"
                                              " filters { dimension: \"kind\" values: \"B\" }"),
              HasSubstr("one dimension"));
}

TEST(TemplateStoreTest, RefusesTwoFormulasOfOneFigure) {
  EXPECT_THAT(MistakeAfter("ratio {", "measure { service: \"pledge\" measure: \"made\" } ratio {"),
              StartsWith("half.textproto:11: "));
}

TEST(TemplateStoreTest, ALowestRatioNeedsAFreeDimension) {
  EXPECT_THAT(MistakeAfter("ratio {", "lowest_ratio {"), HasSubstr("needs group_by"));
  const std::string text = absl::StrReplaceAll(
      kGood, {{"ratio {", "lowest_ratio { group_by: \"target\""},
              {"measure: \"kept\"", "measure: \"kept\" filters { dimension: \"target\" values: \"t\" }"}});
  EXPECT_THAT(MistakeIn(text), HasSubstr("dimension that it groups by"));
}

TEST(TemplateStoreTest, RefusesTooManyFigures) {
  std::string text = kGood;
  for (int i = 0; i < kMaxFigures; ++i) {
    absl::StrAppend(&text, "figures { figure_id: \"B", i,
                    "\" label_zh: \"x\" label_en: \"x\" unit: \"x\" unit_zh: \"x\"",
                    " measure { service: \"pledge\" measure: \"made\" } }\n");
  }
  EXPECT_THAT(MistakeIn(text), HasSubstr("1 to 100 figures"));
}

TEST(TemplateStoreTest, LoadsAFolderAndFindsVersions) {
  TempFolder folder;
  folder.Write("one.textproto", kGood);
  folder.Write("two.textproto", absl::StrReplaceAll(kGood, {{"version: 1", "version: 2"}}));
  folder.Write("other.textproto", absl::StrReplaceAll(kGood, {{"half-year", "half-year-b"}}));
  folder.Write("README.md", "no template");
  const auto store = TemplateStore::Load(folder.path(), Services());
  ASSERT_TRUE(store.ok()) << store.status();
  EXPECT_EQ(store->All().size(), 3u);
  EXPECT_EQ((*store->Find("half-year", 0))->version(), 2);
  EXPECT_EQ((*store->Find("half-year", 1))->version(), 1);
  EXPECT_EQ((*store->Find("half-year-b", 0))->version(), 1);
  EXPECT_EQ(ReasonOf(store->Find("half-year", 3).status()), "TEMPLATE_NOT_FOUND");
  EXPECT_EQ(ReasonOf(store->Find("half", 0).status()), "TEMPLATE_NOT_FOUND");
}

TEST(TemplateStoreTest, RefusesAFolderWithAMistake) {
  TempFolder folder;
  EXPECT_THAT(std::string(TemplateStore::Load(folder.path(), Services()).status().message()),
              HasSubstr("holds no *.textproto"));
  EXPECT_THAT(std::string(TemplateStore::Load(folder.path() + "/none", Services()).status().message()),
              HasSubstr("--templates"));
  EXPECT_THAT(std::string(TemplateStore::Load("", Services()).status().message()), HasSubstr("with --templates"));
  folder.Write("one.textproto", kGood);
  folder.Write("two.textproto", kGood);
  EXPECT_THAT(std::string(TemplateStore::Load(folder.path(), Services()).status().message()),
              HasSubstr("two.textproto:1: version 1 of `half-year` is there already"));
}

// The two work summaries have 21 and 59 figures, numbered without gaps.
TEST(TemplateStoreTest, TheShippedTemplatesAreComplete) {
  const auto store = TemplateStore::Load(DANGJIAN_TEMPLATES, {"registry", "pledge", "welfare", "activity"});
  ASSERT_TRUE(store.ok()) << store.status();
  for (const auto& [id, letter, count] : {std::tuple("dongfenglu-half-year", 'D', 21), {"guangming-biennial", 'G', 59}}) {
    const auto report = store->Find(id, 0);
    ASSERT_TRUE(report.ok()) << id;
    ASSERT_EQ((*report)->figures_size(), count) << id;
    for (int i = 0; i < count; ++i) {
      EXPECT_EQ((*report)->figures(i).figure_id(), absl::StrFormat("%c%02d", letter, i + 1));
    }
  }
}

TEST(DefinitionDigestTest, DiffersWithTheDefinition) {
  const auto report = TemplateStore::Parse("half.textproto", kGood, Services());
  v1::FigureDefinition figure = report->figures(0);
  const std::string digest = DefinitionDigest(figure);
  EXPECT_EQ(digest.size(), 16u);
  EXPECT_EQ(DefinitionDigest(figure), digest);
  figure.mutable_measure()->set_measure("other");
  EXPECT_NE(DefinitionDigest(figure), digest);
}

}  // namespace
}  // namespace dangjian::gateway
