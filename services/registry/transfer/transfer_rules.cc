#include "services/registry/transfer/transfer_rules.h"

#include <string_view>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/status/errors.h"
#include "common/types/date.h"

namespace dangjian::registry {
namespace {

using v1::MemberTransfer;

bool IsLegal(v1::MemberTransferState from, v1::MemberTransferState to) {
  switch (to) {
    case v1::MEMBER_TRANSFER_STATE_ISSUED:
      return from == v1::MEMBER_TRANSFER_STATE_REQUESTED;
    case v1::MEMBER_TRANSFER_STATE_RECEIVED:
    case v1::MEMBER_TRANSFER_STATE_EXPIRED:
      return from == v1::MEMBER_TRANSFER_STATE_ISSUED;
    case v1::MEMBER_TRANSFER_STATE_REJECTED:
      return IsOpen(from);
    case v1::MEMBER_TRANSFER_STATE_REQUESTED:
    case v1::MEMBER_TRANSFER_STATE_UNSPECIFIED:
    case v1::MemberTransferState_INT_MIN_SENTINEL_DO_NOT_USE_:
    case v1::MemberTransferState_INT_MAX_SENTINEL_DO_NOT_USE_:
      return false;
  }
  return false;
}

absl::Status CheckStep(const MemberTransfer& transfer, v1::MemberTransferState to, const Step& step) {
  if (!IsLegal(transfer.state(), to)) {
    return IllegalTransition(transfer.name(), ShortName(transfer.state()), ShortName(to));
  }
  return dangjian::CheckStep(step, LastStepDay(transfer.transitions()));
}

void Enter(MemberTransfer& transfer, v1::MemberTransferState state, const Step& step) {
  transfer.set_state(state);
  AddTransition(*transfer.mutable_transitions(), ShortName(state), step);
}

}  // namespace

std::string ShortName(v1::MemberTransferState state) {
  return v1::MemberTransferState_Name(state).substr(std::string_view("MEMBER_TRANSFER_STATE_").size());
}

bool IsOpen(v1::MemberTransferState state) {
  return state == v1::MEMBER_TRANSFER_STATE_REQUESTED || state == v1::MEMBER_TRANSFER_STATE_ISSUED;
}

absl::Status Request(MemberTransfer& created, const std::string& from_organization, const Step& step) {
  Violations violations;
  if (created.to_organization() == from_organization) {
    violations.Add("member_transfer.to_organization", reasons::kTransferToSelf,
                   "the member's relation is there already");
  }
  if (step.day > step.today) {
    violations.Add("member_transfer.requested_on", dangjian::reasons::kDateInFuture, "the request lies in the future");
  }
  RETURN_IF_ERROR(violations.ToStatus());
  created.set_from_organization(from_organization);
  created.clear_transitions();
  Enter(created, v1::MEMBER_TRANSFER_STATE_REQUESTED, step);
  return absl::OkStatus();
}

absl::Status Issue(MemberTransfer& transfer, std::optional<Day> valid_until, const Step& step) {
  RETURN_IF_ERROR(CheckStep(transfer, v1::MEMBER_TRANSFER_STATE_ISSUED, step));
  const Day last = valid_until.value_or(step.day + kLongestLetterDays);
  if (last < step.day || last > step.day + kLongestLetterDays) {
    Violations violations;
    violations.Add("valid_until", reasons::kLetterTooLong,
                   absl::StrCat("a letter is valid for at most ", kLongestLetterDays, " days after its issue"));
    return violations.ToStatus();
  }
  Enter(transfer, v1::MEMBER_TRANSFER_STATE_ISSUED, step);
  *transfer.mutable_valid_until() = DayToProto(last);
  return absl::OkStatus();
}

absl::Status Receive(MemberTransfer& transfer, const Step& step) {
  RETURN_IF_ERROR(CheckStep(transfer, v1::MEMBER_TRANSFER_STATE_RECEIVED, step));
  const Day last = DayOr(transfer.valid_until(), Day::Max());
  if (step.day > last) {
    return Error(reasons::kLetterExpired,
                 absl::StrCat("the letter of ", transfer.name(), " was valid until ", FormatDay(last)));
  }
  Enter(transfer, v1::MEMBER_TRANSFER_STATE_RECEIVED, step);
  *transfer.mutable_received_on() = DayToProto(step.day);
  return absl::OkStatus();
}

absl::Status Reject(MemberTransfer& transfer, const Step& step) {
  RETURN_IF_ERROR(CheckStep(transfer, v1::MEMBER_TRANSFER_STATE_REJECTED, step));
  Enter(transfer, v1::MEMBER_TRANSFER_STATE_REJECTED, step);
  return absl::OkStatus();
}

absl::Status Expire(MemberTransfer& transfer, const Step& step) {
  RETURN_IF_ERROR(CheckStep(transfer, v1::MEMBER_TRANSFER_STATE_EXPIRED, step));
  const Day last = DayOr(transfer.valid_until(), Day::Max());
  if (step.day <= last) {
    return Error(reasons::kLetterStillValid,
                 absl::StrCat("the letter of ", transfer.name(), " is valid until ", FormatDay(last)));
  }
  Enter(transfer, v1::MEMBER_TRANSFER_STATE_EXPIRED, step);
  return absl::OkStatus();
}

}  // namespace dangjian::registry
