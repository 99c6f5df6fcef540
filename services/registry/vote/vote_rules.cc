#include "services/registry/vote/vote_rules.h"

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/status/errors.h"

namespace dangjian::registry {
namespace {

// More than `numerator`/`denominator` of a whole. Compared by multiplying, never as a percentage.
struct Majority {
  int64_t numerator;
  int64_t denominator;

  bool Holds(int64_t part, int64_t whole) const { return denominator * part > numerator * whole; }
  // The smallest part for which it holds.
  int64_t Least(int64_t whole) const { return numerator * whole / denominator + 1; }
};

constexpr Majority kMoreThanHalf{1, 2};
constexpr Majority kMoreThanFourFifths{4, 5};

absl::Status Check(const v1::ComputeVoteThresholdsRequest& request, int64_t voters) {
  Violations violations;
  if (voters < 0) {
    violations.Add("without_vote", reasons::kWithoutVoteExceedsFull,
                   absl::StrCat("there are only ", voters + request.without_vote(), " full members"));
  }
  if (voters >= 0 && request.count().present() > voters) {
    violations.Add("count.present", reasons::kPresentExceedsVoters, absl::StrCat("there are only ", voters, " voters"));
  }
  if (request.count().yes() > request.count().present()) {
    violations.Add("count.yes", reasons::kYesExceedsPresent,
                   absl::StrCat("only ", request.count().present(), " were present"));
  }
  return violations.ToStatus();
}

}  // namespace

absl::StatusOr<v1::ComputeVoteThresholdsResponse> VoteThresholds(const v1::ComputeVoteThresholdsRequest& request,
                                                                 int64_t full_members) {
  const int64_t voters = full_members - request.without_vote();
  RETURN_IF_ERROR(Check(request, voters));
  const bool is_election = request.kind() == v1::VOTE_KIND_ELECTION;
  const Majority& quorum = is_election ? kMoreThanFourFifths : kMoreThanHalf;
  v1::ComputeVoteThresholdsResponse response;
  response.set_full_members(full_members);
  response.set_voters(voters);
  response.set_least_present(quorum.Least(voters));
  const int64_t present = request.has_count() ? request.count().present() : response.least_present();
  // An admission is decided by those due, an election by those present.
  const int64_t deciding = is_election ? present : voters;
  response.set_least_yes(kMoreThanHalf.Least(deciding));
  if (!request.has_count()) return response;
  response.set_outcome(!quorum.Holds(present, voters)                          ? v1::VOTE_OUTCOME_TOO_FEW_PRESENT
                       : !kMoreThanHalf.Holds(request.count().yes(), deciding) ? v1::VOTE_OUTCOME_TOO_FEW_YES
                                                                               : v1::VOTE_OUTCOME_CARRIED);
  return response;
}

}  // namespace dangjian::registry
