#include "services/pledge/honour_award/honour_schema.h"

#include "common/types/date.h"
#include "common/types/enum_name.h"
#include "services/pledge/honour_award/honour_rules.h"
#include "services/pledge/tags.h"

namespace dangjian::pledge {
namespace {

const storage::MeasureDef kHonours{.tag = tags::kHonours,
                                   .id = "honours",
                                   .label_zh = "荣誉数",
                                   .label_en = "Honours awarded",
                                   .unit = "honour",
                                   .kind = measure::v1::MEASURE_KIND_EVENT,
                                   .time = measure::v1::MEASURE_TIME_FLOW,
                                   .dimensions = {"title", "level", "awardee_kind"}};
const storage::MeasureDef kCommended{.tag = tags::kMembersCommendedDistrict,
                                     .id = "members_commended_district",
                                     .label_zh = "受区级以上表彰的党员",
                                     .label_en = "Members commended at district level or above",
                                     .unit = "person",
                                     .kind = measure::v1::MEASURE_KIND_PERSON_DISTINCT,
                                     .time = measure::v1::MEASURE_TIME_FLOW};
const storage::MeasureDef kAdvanced{.tag = tags::kMembersNamedAdvanced,
                                    .id = "members_named_advanced",
                                    .label_zh = "先进党员典型",
                                    .label_en = "Members named as advanced examples",
                                    .unit = "person",
                                    .kind = measure::v1::MEASURE_KIND_PERSON_DISTINCT,
                                    .time = measure::v1::MEASURE_TIME_FLOW};
const storage::MeasureDef kHouseholds{.tag = tags::kHouseholdsHonoured,
                                      .id = "households_honoured",
                                      .label_zh = "受表彰的家庭",
                                      .label_en = "Households honoured",
                                      .unit = "household",
                                      .kind = measure::v1::MEASURE_KIND_HOUSEHOLD_DISTINCT,
                                      .time = measure::v1::MEASURE_TIME_FLOW};

// The title of those who are held up as examples (先进党员典型); a commendation is any other title.
constexpr std::string_view kAdvancedMember = "ADVANCED_MEMBER";

const std::string& CountedHousehold(const v1::HonourAward& award) {
  return award.counted_household().empty() ? award.awardee().household() : award.counted_household();
}

std::vector<storage::Contribution> Contributions(const v1::HonourAward& award) {
  if (award.state() != v1::HONOUR_AWARD_STATE_AWARDED) return {};
  const Day day = DayOr(award.awarded_on(), Day());
  std::vector<storage::Contribution> list;
  list.push_back(
      {.measure = &kHonours,
       .day = day,
       .dimensions = {award.title_code(),
                      std::string(StripPrefix(v1::HonourLevel_Name(award.level()), "HONOUR_LEVEL_")),
                      std::string(StripPrefix(v1::AwardeeKind_Name(award.awardee_kind()), "AWARDEE_KIND_"))}});
  if (!award.awardee().household().empty()) {
    list.push_back({.measure = &kHouseholds, .day = day, .subject = CountedHousehold(award)});
  }
  if (award.awardee().member().empty()) return list;
  if (award.title_code() == kAdvancedMember) {
    list.push_back({.measure = &kAdvanced, .day = day, .subject = award.awardee().member()});
  } else if (award.level() >= v1::HONOUR_LEVEL_DISTRICT) {
    list.push_back({.measure = &kCommended, .day = day, .subject = award.awardee().member()});
  }
  return list;
}

bool ByOrganization(const v1::HonourAward& award, storage::KeyWriter& key) {
  key.Text(award.organization());
  return true;
}

bool ByTitle(const v1::HonourAward& award, storage::KeyWriter& key) {
  key.Text(award.title_code()).Int32(award.year());
  return true;
}

bool ByAwardee(const v1::HonourAward& award, storage::KeyWriter& key) {
  key.Text(honour_rules::AwardeeName(award.awardee())).Date(DayOr(award.awarded_on(), Day()));
  return true;
}

bool ByCounted(const v1::HonourAward& award, storage::KeyWriter& key) {
  key.Text(award.counted_household());
  return !award.counted_household().empty();
}

bool Once(const v1::HonourAward& award, storage::KeyWriter& key) {
  key.Text(award.title_code())
      .Int32(award.year())
      .Text(honour_rules::AwardeeName(award.awardee()))
      .Text(award.awardee().office_name());
  return award.state() == v1::HONOUR_AWARD_STATE_AWARDED;
}

}  // namespace

storage::TableSchema<v1::HonourAward> HonourAwardSchema() {
  return {.tag = tags::kHonourAward,
          .collection = "honourAwards",
          .owner = [](const v1::HonourAward& award) { return award.organization(); },
          .indexes = {{.tag = tags::kHonourAwardByOrganization, .name = "by_organization", .columns = &ByOrganization},
                      {.tag = tags::kHonourAwardByTitle, .name = "by_title", .columns = &ByTitle},
                      {.tag = tags::kHonourAwardByAwardee, .name = "by_awardee", .columns = &ByAwardee},
                      {.tag = tags::kHonourAwardOnce, .name = "title_year_awardee", .columns = &Once, .unique = true},
                      {.tag = tags::kHonourAwardByCounted, .name = "by_counted", .columns = &ByCounted}},
          .measures = {&kHonours, &kCommended, &kAdvanced, &kHouseholds},
          .contributions = &Contributions};
}

}  // namespace dangjian::pledge
