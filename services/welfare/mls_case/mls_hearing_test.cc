#include "services/welfare/mls_case/mls_hearing.h"

#include "common/testing/matchers.h"
#include "common/types/date.h"
#include "services/welfare/mls_case/mls_life.h"

namespace dangjian::welfare::mls {
namespace {

using testing::HasReason;
using testing::IsOk;
using testing::Proto;
using testing::ViolationsOf;

Step On(int month, int day) {
  return {.day = Day::Of(2026, month, day), .today = Day::Of(2026, 12, 31), .actor = "clerk"};
}

v1::NotifyMlsHearingRequest Notice(const std::string& intended) {
  return Proto<v1::NotifyMlsHearingRequest>("matter: '拟减发' intended: MLS_DECISION_KIND_" + intended);
}

// An active case; notice of a cut to 15.00 yuan was given on 1 June, the opinion recorded on the 3rd.
v1::MlsCase Heard() {
  auto row = Proto<v1::MlsCase>("name: 'mlsCases/c' state: MLS_CASE_STATE_ACTIVE");
  EXPECT_THAT(NotifyHearing(row, Notice("ADJUST intended_amount_fen: 1500"), On(6, 1)), IsOk());
  const auto held = Proto<v1::RecordMlsHearingRequest>("number: 1 outcome: MLS_HEARING_OUTCOME_WAIVED opinion: '无'");
  EXPECT_THAT(RecordHearing(row, held, On(6, 3)), IsOk());
  return row;
}

Proposal Cut() {
  return {.kind = v1::MLS_DECISION_KIND_ADJUST,
          .decided_on = Day::Of(2026, 6, 10),
          .since = Day::Of(2026, 6, 1),
          .amount_fen = 1'500};
}

TEST(MlsHearingTest, OnlyAHearingOnThisDecisionServesIt) {
  v1::MlsCase row = Heard();
  Proposal lower = Cut();
  lower.amount_fen = 1'499;
  EXPECT_THAT(FindHearing(row, lower), HasReason(reasons::kHearingRequired));
  Proposal stop = Cut();
  stop.kind = v1::MLS_DECISION_KIND_STOP;
  EXPECT_THAT(FindHearing(row, stop), HasReason(reasons::kHearingRequired));
  Proposal person = Cut();
  person.resident = "residents/b";
  EXPECT_THAT(FindHearing(row, person), HasReason(reasons::kHearingRequired));
  Proposal early = Cut();
  early.decided_on = Day::Of(2026, 6, 3);
  EXPECT_THAT(FindHearing(row, early), HasReason(reasons::kHearingRequired)) << "on the day of the hearing";
  Proposal late = Cut();
  late.since = Day::Of(2026, 6, 2);
  EXPECT_THAT(FindHearing(row, late), HasReason(reasons::kHearingRequired)) << "something came after the notice";
  Proposal milder = Cut();
  milder.amount_fen = 1'600;
  EXPECT_THAT(FindHearing(row, milder), IsOk()) << "the opinion may have helped";
  const auto found = FindHearing(row, Cut());
  ASSERT_THAT(found, IsOk());
  (*found)->set_decision_number(1);
  EXPECT_THAT(FindHearing(row, Cut()), HasReason(reasons::kHearingRequired)) << "it serves once";
}

TEST(MlsHearingTest, AnnouncedOnlyIsNotHeard) {
  auto row = Proto<v1::MlsCase>("state: MLS_CASE_STATE_ACTIVE");
  ASSERT_THAT(NotifyHearing(row, Notice("STOP"), On(6, 1)), IsOk());
  EXPECT_THAT(FindHearing(row, ProposalOf(row, v1::MLS_DECISION_KIND_STOP, On(6, 10))),
              HasReason(reasons::kHearingRequired));
}

TEST(MlsHearingTest, AProposalIsNewerThanEveryDecisionAndReview) {
  v1::MlsCase row;
  EXPECT_EQ(ProposalOf(row, v1::MLS_DECISION_KIND_STOP, On(6, 10)).since, Day::Min());
  *row.add_decisions()->mutable_decided_on() = DayToProto(Day::Of(2026, 3, 18));
  EXPECT_EQ(ProposalOf(row, v1::MLS_DECISION_KIND_STOP, On(6, 10)).since, Day::Of(2026, 3, 18));
  *row.add_reviews()->mutable_reviewed_on() = DayToProto(Day::Of(2026, 5, 2));
  const Proposal proposal = ProposalOf(row, v1::MLS_DECISION_KIND_STOP, On(6, 10));
  EXPECT_EQ(proposal.since, Day::Of(2026, 5, 2));
  EXPECT_EQ(proposal.decided_on, Day::Of(2026, 6, 10));
}

TEST(MlsHearingTest, ANoticeSaysWhatIsIntended) {
  auto row = Proto<v1::MlsCase>("state: MLS_CASE_STATE_ACTIVE");
  const std::vector<std::pair<std::string, std::vector<std::string>>> cases = {
      {"GRANT", {"intended NO_HEARING_FOR_DECISION"}},
      {"ADJUST", {"intended_amount_fen FIELD_REQUIRED"}},
      {"ADJUST intended_amount_fen: 1 resident: 'residents/b'", {"resident HEARING_MATTER_UNFIT"}},
      {"CAP", {"intended_amount_fen FIELD_REQUIRED", "resident FIELD_REQUIRED"}},
      {"GRACE intended_amount_fen: 1", {"intended_amount_fen HEARING_MATTER_UNFIT"}},
      {"STOP resident: 'residents/b'", {"resident HEARING_MATTER_UNFIT"}}};
  for (const auto& [intended, violations] : cases) {
    EXPECT_THAT(ViolationsOf(NotifyHearing(row, Notice(intended), On(6, 1))), ::testing::ElementsAreArray(violations))
        << intended;
  }
  EXPECT_EQ(row.hearings_size(), 0);
  EXPECT_THAT(NotifyHearing(row, Notice("CAP intended_amount_fen: 1 resident: 'residents/b'"), On(6, 1)), IsOk());
}

TEST(MlsHearingTest, OneOutcomeForEachNotice) {
  v1::MlsCase row = Heard();
  for (const char* number : {"1", "2"}) {
    const auto held =
        Proto<v1::RecordMlsHearingRequest>(std::string("outcome: MLS_HEARING_OUTCOME_WAIVED number: ") + number);
    EXPECT_THAT(RecordHearing(row, held, On(6, 4)), HasReason(reasons::kUnknownHearing)) << number;
  }
  ASSERT_THAT(NotifyHearing(row, Notice("STOP"), On(6, 5)), IsOk());
  const auto held = Proto<v1::RecordMlsHearingRequest>("outcome: MLS_HEARING_OUTCOME_WAIVED number: 2");
  EXPECT_THAT(RecordHearing(row, held, On(6, 4)), HasReason("STEPS_OUT_OF_ORDER")) << "before its notice";
}

}  // namespace
}  // namespace dangjian::welfare::mls
