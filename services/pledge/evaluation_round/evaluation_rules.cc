#include "services/pledge/evaluation_round/evaluation_rules.h"

#include <algorithm>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/types/date.h"
#include "common/types/enum_name.h"
#include "services/pledge/evaluation_round/exact_sum.h"

namespace dangjian::pledge::evaluation_rules {
namespace {

std::string_view NameOf(v1::EvaluationState state) {
  return StripPrefix(v1::EvaluationState_Name(state), "EVALUATION_STATE_");
}

absl::Status RequireState(const v1::EvaluationRound& round, std::initializer_list<v1::EvaluationState> allowed,
                          std::string_view verb) {
  if (std::find(allowed.begin(), allowed.end(), round.state()) != allowed.end()) return absl::OkStatus();
  return IllegalTransition(round.name(), NameOf(round.state()), verb);
}

absl::Status Enter(v1::EvaluationRound& round, v1::EvaluationState state, const Step& step,
                   Day not_before = Day::Min()) {
  RETURN_IF_ERROR(CheckStep(step, std::max(not_before, LastStepDay(round.transitions()))));
  round.set_state(state);
  AddTransition(*round.mutable_transitions(), NameOf(state), step);
  return absl::OkStatus();
}

const v1::EvaluationGrade* FindGrade(const v1::EvaluationScheme& scheme, std::string_view code) {
  for (const v1::EvaluationGrade& grade : scheme.grades()) {
    if (grade.code() == code) return &grade;
  }
  return nullptr;
}

bool HasGroup(const v1::EvaluationScheme& scheme, std::string_view code) {
  return std::any_of(scheme.groups().begin(), scheme.groups().end(),
                     [code](const v1::RaterGroup& group) { return group.code() == code; });
}

// A round may rate a thousand members.
using Ratees = absl::flat_hash_set<absl::string_view>;
Ratees RateesOf(const v1::EvaluationRound& round) { return {round.ratees().begin(), round.ratees().end()}; }

void CheckGrades(const v1::EvaluationScheme& scheme, const v1::TallySheet& sheet, const std::string& path,
                 Violations& violations) {
  absl::flat_hash_set<std::string> seen;
  int64_t sum = 0;
  for (int i = 0; i < sheet.grades_size(); ++i) {
    const v1::GradeCount& count = sheet.grades(i);
    sum += count.ballots();
    const std::string field = absl::StrCat(path, ".grades[", i, "].grade");
    if (FindGrade(scheme, count.grade()) == nullptr) {
      violations.Add(field, reasons::kUnknownGrade, absl::StrCat("the scheme has no grade ", count.grade()));
    } else if (!seen.insert(count.grade()).second) {
      violations.Add(field, reasons::kDuplicateCode, absl::StrCat(count.grade(), " is counted twice"));
    }
  }
  if (sum != sheet.valid()) {
    violations.Add(absl::StrCat(path, ".grades"), reasons::kBallotsDoNotAddUp,
                   absl::StrCat("the grades add up to ", sum, ", not to ", sheet.valid(), " valid ballots"));
  }
}

void CheckSheet(const v1::EvaluationRound& round, const Ratees& ratees, const v1::TallySheet& sheet,
                const std::string& path, Violations& violations) {
  const bool of_members = round.direction() == v1::EVALUATION_DIRECTION_MEMBERS;
  if (of_members ? !ratees.contains(sheet.ratee()) : !sheet.ratee().empty()) {
    violations.Add(absl::StrCat(path, ".ratee"), reasons::kUnknownRatee,
                   of_members ? "name one of the members rated" : "the committees are rated together: leave it empty");
  }
  CheckBallots(round.scheme(), sheet, path, violations);
}

// The sheets of a round by ratee and group.
using SheetsByBox = absl::flat_hash_map<std::pair<std::string, std::string>, v1::TallySheet*>;
SheetsByBox SheetsOf(v1::EvaluationRound& round) {
  SheetsByBox sheets;
  for (v1::TallySheet& sheet : *round.mutable_tally_sheets()) sheets[{sheet.ratee(), sheet.group()}] = &sheet;
  return sheets;
}

int64_t PointsOf(const v1::EvaluationScheme& scheme, const v1::TallySheet& sheet) {
  int64_t points = 0;
  for (const v1::GradeCount& count : sheet.grades()) {
    points += int64_t{FindGrade(scheme, count.grade())->points()} * count.ballots();
  }
  return points;
}

v1::EvaluationScore ScoreOf(const v1::EvaluationScheme& scheme, const std::string& ratee, const SheetsByBox& sheets) {
  const BallotCount count = CountBallots(scheme, [&](const std::string& group) -> const v1::TallySheet* {
    const auto sheet = sheets.find({ratee, group});
    return sheet == sheets.end() ? nullptr : sheet->second;
  });
  v1::EvaluationScore score;
  score.set_ratee(ratee);
  score.mutable_missing_groups()->Add(count.missing_groups.begin(), count.missing_groups.end());
  score.set_incomplete(score.missing_groups_size() > 0);
  if (!score.incomplete()) score.set_score_hundredths(WeightedScore(count.groups));
  return score;
}

absl::Status CheckGradeLimits(const v1::EvaluationRound& round) {
  for (const v1::EvaluationGrade& grade : round.scheme().grades()) {
    if (grade.at_most_one_in() == 0) continue;
    const auto given = std::count_if(round.member_results().begin(), round.member_results().end(),
                                     [&](const v1::MemberResult& result) { return result.grade() == grade.code(); });
    // Multiplied, not divided: of 37 members a third is 12, and 13 are too many.
    if (int64_t{given} * grade.at_most_one_in() <= round.ratees_size()) continue;
    return Error(reasons::kGradeLimitExceeded,
                 absl::StrCat(given, " of ", round.ratees_size(), " members have the grade ", grade.code(),
                              "; at most one in ", grade.at_most_one_in(), " may"),
                 {{"resource", round.name()}, {"grade", grade.code()}});
  }
  return absl::OkStatus();
}

}  // namespace

void CheckScheme(const v1::EvaluationScheme& scheme, std::string_view path, Violations& violations) {
  CheckCodes(scheme.grades(), absl::StrCat(ToAbsl(path), ".grades"), violations);
  CheckCodes(scheme.groups(), absl::StrCat(ToAbsl(path), ".groups"), violations);
  int64_t weights = 0;
  for (const v1::RaterGroup& group : scheme.groups()) weights += group.weight_bps();
  if (weights == 10'000) return;
  violations.Add(absl::StrCat(ToAbsl(path), ".groups"), reasons::kWeightsDoNotAddUp,
                 absl::StrCat("the weights add up to ", weights, ", not to 10000"));
}

void CheckBallots(const v1::EvaluationScheme& scheme, const v1::TallySheet& sheet, const std::string& path,
                  Violations& violations) {
  if (!HasGroup(scheme, sheet.group())) {
    violations.Add(absl::StrCat(path, ".group"), reasons::kUnknownGroup,
                   absl::StrCat("the scheme has no group ", sheet.group()));
  }
  if (sheet.returned() > sheet.issued()) {
    violations.Add(absl::StrCat(path, ".returned"), reasons::kReturnedExceedsIssued,
                   absl::StrCat(sheet.returned(), " returned of ", sheet.issued(), " issued"));
  }
  const int64_t parts = int64_t{sheet.valid()} + sheet.blank() + sheet.spoiled();
  if (sheet.returned() != parts) {
    violations.Add(absl::StrCat(path, ".returned"), reasons::kBallotsDoNotAddUp,
                   absl::StrCat(sheet.returned(), " returned, but valid, blank and spoiled add up to ", parts));
  }
  CheckGrades(scheme, sheet, path, violations);
}

BallotCount CountBallots(const v1::EvaluationScheme& scheme,
                         const std::function<const v1::TallySheet*(const std::string& group)>& sheet_of) {
  BallotCount count;
  for (const v1::RaterGroup& group : scheme.groups()) {
    const v1::TallySheet* sheet = sheet_of(group.code());
    // A mean over no ballots does not exist, whatever the minimum is.
    if (sheet == nullptr || sheet->valid() < std::max(1, group.minimum_ballots())) {
      count.missing_groups.push_back(group.code());
      continue;
    }
    count.groups.push_back({group.weight_bps(), PointsOf(scheme, *sheet), sheet->valid(), group.code()});
  }
  return count;
}

int32_t WeightedScore(const std::vector<GroupCount>& groups) {
  // Bounds: 5 denominators of at most 10^6, weights of 10^4 in all, a score of at most 100.
  ExactSum sum;
  for (const GroupCount& group : groups) sum.Add(int64_t{group.weight_bps} * group.points, group.valid);
  // Weights are in 1/10,000 and the result in 1/100: one more division by 100.
  return static_cast<int32_t>(sum.DividedHalfUp(100));
}

void Initialize(v1::EvaluationRound& round) {
  round.set_state(v1::EVALUATION_STATE_DRAFT);
  round.clear_tally_sheets();
  round.clear_scores();
  round.clear_member_results();
  round.clear_transitions();
}

void CheckContent(const v1::EvaluationRound& round, Violations& violations) {
  CheckScheme(round.scheme(), "evaluation_round.scheme", violations);
  const std::string wanted = round.direction() == v1::EVALUATION_DIRECTION_MEMBERS ? "members/" : "organizations/";
  absl::flat_hash_set<std::string> seen;
  for (int i = 0; i < round.ratees_size(); ++i) {
    const std::string field = absl::StrCat("evaluation_round.ratees[", i, "]");
    if (round.ratees(i).rfind(wanted, 0) != 0) {
      violations.Add(field, reasons::kRateeKindMismatch,
                     absl::StrCat("in this direction a ratee begins with ", wanted));
    } else if (!seen.insert(round.ratees(i)).second) {
      violations.Add(field, reasons::kDuplicateRatee, absl::StrCat(round.ratees(i), " is named twice"));
    }
  }
}

absl::Status CheckEditable(const v1::EvaluationRound& round) {
  return RequireState(round, {v1::EVALUATION_STATE_DRAFT}, "an update");
}

absl::Status Open(v1::EvaluationRound& round, const Step& step) {
  RETURN_IF_ERROR(RequireState(round, {v1::EVALUATION_STATE_DRAFT}, "opening"));
  return Enter(round, v1::EVALUATION_STATE_OPEN, step);
}

absl::Status AddTallySheets(v1::EvaluationRound& round,
                            const google::protobuf::RepeatedPtrField<v1::TallySheet>& sheets) {
  RETURN_IF_ERROR(RequireState(round, {v1::EVALUATION_STATE_OPEN}, "a tally sheet"));
  const Ratees ratees = RateesOf(round);
  Violations violations;
  for (int i = 0; i < sheets.size(); ++i) {
    CheckSheet(round, ratees, sheets[i], absl::StrCat("tally_sheets[", i, "]"), violations);
  }
  RETURN_IF_ERROR(violations.ToStatus());
  SheetsByBox present = SheetsOf(round);
  for (const v1::TallySheet& sheet : sheets) {
    v1::TallySheet*& place = present[{sheet.ratee(), sheet.group()}];
    if (place == nullptr) place = round.add_tally_sheets();
    *place = sheet;
  }
  return absl::OkStatus();
}

absl::Status Close(v1::EvaluationRound& round, const Step& step) {
  RETURN_IF_ERROR(RequireState(round, {v1::EVALUATION_STATE_OPEN}, "closing"));
  return Enter(round, v1::EVALUATION_STATE_CLOSED, step, DayOr(round.held_on(), Day::Min()));
}

absl::Status Tally(v1::EvaluationRound& round, const Step& step) {
  RETURN_IF_ERROR(RequireState(round, {v1::EVALUATION_STATE_CLOSED}, "the tally"));
  const SheetsByBox sheets = SheetsOf(round);
  round.clear_scores();
  if (round.direction() == v1::EVALUATION_DIRECTION_MEMBERS) {
    for (const std::string& ratee : round.ratees()) *round.add_scores() = ScoreOf(round.scheme(), ratee, sheets);
  } else {
    *round.add_scores() = ScoreOf(round.scheme(), "", sheets);
  }
  const bool complete = std::none_of(round.scores().begin(), round.scores().end(),
                                     [](const v1::EvaluationScore& score) { return score.incomplete(); });
  return Enter(round, complete ? v1::EVALUATION_STATE_TALLIED : v1::EVALUATION_STATE_INCOMPLETE, step);
}

absl::Status SetMemberResults(v1::EvaluationRound& round,
                              const google::protobuf::RepeatedPtrField<v1::MemberResult>& results) {
  if (round.direction() != v1::EVALUATION_DIRECTION_MEMBERS) {
    return Error(reasons::kWrongDirection, absl::StrCat(round.name(), " rates committees, not members"),
                 {{"resource", round.name()}});
  }
  RETURN_IF_ERROR(RequireState(round, {v1::EVALUATION_STATE_TALLIED}, "a result"));
  const Ratees ratees = RateesOf(round);
  Violations violations;
  for (int i = 0; i < results.size(); ++i) {
    const std::string path = absl::StrCat("member_results[", i, "]");
    if (!ratees.contains(results[i].member())) {
      violations.Add(absl::StrCat(path, ".member"), reasons::kUnknownRatee, "the round does not rate this member");
    }
    if (FindGrade(round.scheme(), results[i].grade()) == nullptr) {
      violations.Add(absl::StrCat(path, ".grade"), reasons::kUnknownGrade,
                     absl::StrCat("the scheme has no grade ", results[i].grade()));
    }
  }
  RETURN_IF_ERROR(violations.ToStatus());
  absl::flat_hash_map<std::string, v1::MemberResult*> present;
  for (v1::MemberResult& result : *round.mutable_member_results()) present[result.member()] = &result;
  for (const v1::MemberResult& result : results) {
    v1::MemberResult*& place = present[result.member()];
    if (place == nullptr) place = round.add_member_results();
    *place = result;
  }
  return absl::OkStatus();
}

absl::Status Confirm(v1::EvaluationRound& round, const Step& step) {
  RETURN_IF_ERROR(RequireState(round, {v1::EVALUATION_STATE_TALLIED}, "confirmation"));
  if (round.direction() == v1::EVALUATION_DIRECTION_MEMBERS && round.member_results_size() < round.ratees_size()) {
    return Error(reasons::kResultsMissing,
                 absl::StrCat(round.member_results_size(), " of ", round.ratees_size(), " members have a result"),
                 {{"resource", round.name()}});
  }
  RETURN_IF_ERROR(CheckGradeLimits(round));
  return Enter(round, v1::EVALUATION_STATE_CONFIRMED, step);
}

absl::Status Notify(v1::EvaluationRound& round, const Step& step) {
  RETURN_IF_ERROR(RequireState(round, {v1::EVALUATION_STATE_CONFIRMED}, "notification"));
  return Enter(round, v1::EVALUATION_STATE_NOTIFIED, step);
}

absl::Status Reopen(v1::EvaluationRound& round, const Step& step) {
  RETURN_IF_ERROR(
      RequireState(round,
                   {v1::EVALUATION_STATE_CLOSED, v1::EVALUATION_STATE_TALLIED, v1::EVALUATION_STATE_INCOMPLETE,
                    v1::EVALUATION_STATE_CONFIRMED, v1::EVALUATION_STATE_NOTIFIED},
                   "reopening"));
  RETURN_IF_ERROR(Enter(round, v1::EVALUATION_STATE_OPEN, step));
  round.clear_scores();
  return absl::OkStatus();
}

}  // namespace dangjian::pledge::evaluation_rules
