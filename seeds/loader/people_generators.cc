#include "seeds/loader/people_generators.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/base/day.h"
#include "common/base/status_macros.h"
#include "common/types/date.h"
#include "dangjian/registry/v1/member.pb.h"
#include "dangjian/registry/v1/report_in.pb.h"

namespace dangjian::seeds {
namespace {

constexpr int kRetirementYear = 1964;  // born in or before this year: retired in 2024

// A day of the year that every year has; `key` decides.
Day DayInYear(const std::string& key, int year) {
  return Day::Of(year, 1 + Roll(absl::StrCat(key, " month"), 12), 1 + Roll(absl::StrCat(key, " day"), 28));
}

Day SameDayNextYear(Day day) { return Day::Of(day.year() + 1, day.month(), day.civil().day()); }

absl::StatusOr<std::string> PersonName(const Phrases& phrases, const std::string& key, bool male) {
  ASSIGN_OR_RETURN(const Phrase surname, phrases.Pick("surname", absl::StrCat(key, " surname")));
  ASSIGN_OR_RETURN(const Phrase given, phrases.Pick(male ? "given_male" : "given_female", absl::StrCat(key, " given")));
  return absl::StrCat(surname.text, given.text);
}

absl::StatusOr<Chain> GenerateMember(const SeedRow& row, const std::string& id, const std::string& organization,
                                     bool newest, const Phrases& phrases) {
  const bool male = Roll(absl::StrCat(id, " sex"), 100) < 58;
  const int birth_year =
      newest ? 1990 + Roll(absl::StrCat(id, " birth"), 8) : 1946 + Roll(absl::StrCat(id, " birth"), 44);
  // The newest was admitted in the second half of 2023: in probation on 2024-06-30.
  const Day admitted = newest ? Day::Of(2023, 7 + Roll(absl::StrCat(id, " month"), 5), 15)
                              : DayInYear(id, birth_year + 20 + Roll(absl::StrCat(id, " age"), 12));
  Chain chain(row.source);
  auto& create = chain.Add<registry::v1::CreateMemberRequest>();
  create.set_member_id(id);
  registry::v1::Member& member = *create.mutable_member();
  ASSIGN_OR_RETURN(*member.mutable_display_name(), PersonName(phrases, id, male));
  member.set_sex(male ? registry::v1::SEX_MALE : registry::v1::SEX_FEMALE);
  *member.mutable_birth_date() = DayToProto(DayInYear(absl::StrCat(id, " birthday"), birth_year));
  member.set_ethnicity_code("01");
  ASSIGN_OR_RETURN(const Phrase occupation, phrases.Pick("occupation", id));
  member.set_occupation(occupation.text);
  member.set_retired(birth_year <= kRetirementYear);
  *member.mutable_admitted_on() = DayToProto(admitted);
  member.add_relations()->set_organization(organization);
  if (!newest) {
    *member.mutable_full_on() = DayToProto(SameDayNextYear(admitted) + Roll(absl::StrCat(id, " full"), 20));
    return chain;
  }
  auto& confirm = chain.Add<registry::v1::ConfirmMemberRequest>();
  confirm.set_name(absl::StrCat("members/", id));
  *confirm.mutable_occurred_on() = DayToProto(SameDayNextYear(admitted) + 5);
  confirm.set_reason("预备期满,支部大会讨论通过");
  return chain;
}

}  // namespace

absl::StatusOr<std::vector<Chain>> GenerateMembers(const SeedRow& row, const Phrases& phrases) {
  ASSIGN_OR_RETURN(const std::string prefix, row.Text("prefix"));
  ASSIGN_OR_RETURN(const std::string organization, row.Text("organization"));
  ASSIGN_OR_RETURN(const int32_t count, row.Count("count"));
  std::vector<Chain> chains;
  for (int32_t i = 1; i <= count; ++i) {
    const std::string id = absl::StrFormat("%s-%03d", prefix, i);
    ASSIGN_OR_RETURN(Chain chain, GenerateMember(row, id, organization, i == count, phrases));
    chains.push_back(std::move(chain));
  }
  return chains;
}

absl::StatusOr<std::vector<Chain>> GenerateReportIns(const SeedRow& row, const Phrases& phrases) {
  ASSIGN_OR_RETURN(const std::string prefix, row.Text("prefix"));
  ASSIGN_OR_RETURN(const std::string organization, row.Text("organization"));
  ASSIGN_OR_RETURN(const int32_t count, row.Count("count"));
  std::vector<Chain> chains;
  for (int32_t i = 1; i <= count; ++i) {
    const std::string id = absl::StrFormat("%s-%03d", prefix, i);
    Chain chain(row.source);
    auto& create = chain.Add<registry::v1::CreateCommunityReportInRequest>();
    create.set_community_report_in_id(id);
    registry::v1::CommunityReportIn& report_in = *create.mutable_community_report_in();
    report_in.set_organization(organization);
    ASSIGN_OR_RETURN(*report_in.mutable_person_name(), PersonName(phrases, id, Roll(absl::StrCat(id, " sex"), 2) == 0));
    ASSIGN_OR_RETURN(const Phrase employer, phrases.Pick("employer", id));
    report_in.set_employer(employer.text);
    ASSIGN_OR_RETURN(const Phrase skill, phrases.Pick("skill", id));
    report_in.set_skills(skill.text);
    *report_in.mutable_reported_on() = DayToProto(Day::Of(2023, 3, 1) + Roll(absl::StrCat(id, " day"), 330));
    chains.push_back(std::move(chain));
  }
  return chains;
}

}  // namespace dangjian::seeds
