#include "services/pledge/pledge/pledge_import.h"

#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/rpc/digest.h"
#include "common/status/errors.h"
#include "common/types/date.h"
#include "common/types/step.h"
#include "services/pledge/pledge/pledge_rules.h"
#include "services/pledge/pledge/pledge_service.h"

namespace dangjian::pledge {
namespace {

std::string NameOf(const v1::ImportedPledge& imported) { return absl::StrCat("pledges/", imported.pledge_id()); }

std::string DigestOf(const v1::ImportedPledge& imported) {
  return absl::BytesToHexString(ToAbsl(rpc::Sha256(rpc::DeterministicBytes(imported))));
}

// Refusals of single pledges have a reason; anything else, a full disk say, ends the import.
bool IsRefusal(const absl::Status& status) {
  return !ReasonOf(status).empty() && !absl::IsUnavailable(status) && !absl::IsInternal(status) &&
         !absl::IsResourceExhausted(status);
}

// One line must say at most one end, and whose word it is.
absl::Status CheckVerdict(const v1::PledgeItemLife& life, int position) {
  Violations violations;
  const std::string path = absl::StrCat("items[", position, "]");
  const bool judged = life.has_verified_on() || life.has_not_met_on();
  if (life.has_verified_on() && life.has_not_met_on()) {
    violations.Add(absl::StrCat(path, ".not_met_on"), reasons::kNoVerdict, "an item is verified or not met, not both");
  }
  if (judged && life.verifier().empty()) {
    violations.Add(absl::StrCat(path, ".verifier"), reasons::kNoVerdict, "say who verified it or found it not met");
  }
  if (life.has_not_met_on() && (life.not_met_cause() == v1::NOT_MET_CAUSE_UNSPECIFIED || life.explanation().empty())) {
    violations.Add(absl::StrCat(path, ".explanation"), reasons::kNoVerdict, "say why it was not met");
  }
  return violations.ToStatus();
}

absl::Status ApplyLife(v1::Pledge& pledge, const v1::PledgeItemLife& life, int position, Step step,
                       const change::RegistryView& registry) {
  RETURN_IF_ERROR(CheckVerdict(life, position));
  if (life.has_claimed_on()) {
    step.day = DayOr(life.claimed_on(), step.today);
    RETURN_IF_ERROR(pledge_rules::ClaimItem(pledge, life.item_id(), life.evidence(), step));
  }
  if (!life.has_verified_on() && !life.has_not_met_on()) return absl::OkStatus();
  step.day = DayOr(life.has_verified_on() ? life.verified_on() : life.not_met_on(), step.today);
  step.on_behalf_of = life.verifier();
  ASSIGN_OR_RETURN(const pledge_rules::Judge judge, JudgeFor(pledge, life.verifier(), step.day, registry));
  if (life.has_verified_on()) return pledge_rules::VerifyItem(pledge, life.item_id(), judge, step);
  return pledge_rules::RecordNotMet(pledge, life.item_id(), judge, life.not_met_cause(), life.explanation(), step);
}

}  // namespace

absl::StatusOr<v1::ImportPledgesResponse> PledgeImport::Run(rpc::StreamReader<v1::ImportPledgesRequest>& reader) {
  std::vector<v1::ImportedPledge> portion;
  v1::ImportPledgesRequest request;
  while (true) {
    ASSIGN_OR_RETURN(const bool more, reader.Read(&request));
    if (!more) break;
    RETURN_IF_ERROR(call_.CheckAlive());
    for (v1::ImportedPledge& imported : *request.mutable_pledges()) {
      portion.push_back(std::move(imported));
      if (portion.size() < kPortion) continue;
      RETURN_IF_ERROR(StorePortion(portion));
      portion.clear();
    }
  }
  if (!portion.empty()) RETURN_IF_ERROR(StorePortion(portion));
  return std::move(response_);
}

absl::Status PledgeImport::StorePortion(const std::vector<v1::ImportedPledge>& portion) {
  std::vector<absl::StatusOr<Outcome>> outcomes;
  ASSIGN_OR_RETURN(const int64_t revision, call_.Transact([&](storage::Transaction& txn) -> absl::Status {
    outcomes.clear();
    for (const v1::ImportedPledge& imported : portion) {
      outcomes.push_back(StoreOne(txn, imported));
      if (!outcomes.back().ok() && !IsRefusal(outcomes.back().status())) return outcomes.back().status();
    }
    return absl::OkStatus();
  }));
  if (revision > 0) response_.set_revision(revision);
  for (size_t i = 0; i < portion.size(); ++i) {
    response_.set_received(response_.received() + 1);
    if (!outcomes[i].ok()) {
      Refuse(portion[i], outcomes[i].status());
    } else if (*outcomes[i] == Outcome::kCreated) {
      response_.set_created(response_.created() + 1);
    } else {
      response_.set_existing(response_.existing() + 1);
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<PledgeImport::Outcome> PledgeImport::StoreOne(storage::Transaction& txn,
                                                             const v1::ImportedPledge& imported) const {
  const std::string digest = DigestOf(imported);
  const absl::StatusOr<v1::Pledge> stored = pledges_.Get(txn.reader(), NameOf(imported));
  if (stored.ok() && stored->import_digest() == digest) return Outcome::kExisting;
  if (stored.ok()) {
    return Error(dangjian::reasons::kRecordExists, absl::StrCat(NameOf(imported), " is stored with other content"),
                 {{"resource", NameOf(imported)}});
  }
  if (!absl::IsNotFound(stored.status())) return stored.status();
  const change::RegistryView registry(directory_, txn.reader(), txn.tree());
  ASSIGN_OR_RETURN(v1::Pledge pledge, Live(imported, registry, txn.revision()));
  pledge.set_import_digest(digest);
  // Every rule has been passed, so a refusal cannot leave half a pledge in the transaction.
  RETURN_IF_ERROR(pledges_.Insert(txn, pledge));
  return Outcome::kCreated;
}

absl::StatusOr<v1::Pledge> PledgeImport::Live(const v1::ImportedPledge& imported, const change::RegistryView& registry,
                                              int64_t revision) const {
  v1::Pledge pledge = imported.pledge();
  pledge.set_name(NameOf(imported));
  pledge_rules::Initialize(pledge);
  pledge.set_back_entry(true);
  const Day published = DayOr(imported.published_on(), call_.today());
  RETURN_IF_ERROR(CheckReferences(imported, registry));
  RETURN_IF_ERROR(CheckPledge(pledge, "pledge", published, registry, campaigns_));
  Step step{.day = DayOr(imported.submitted_on(), published),
            .today = call_.today(),
            .actor = call_.principal().subject,
            .revision = revision};
  RETURN_IF_ERROR(pledge_rules::Submit(pledge, step));
  step.day = DayOr(imported.reviewed_on(), published);
  step.on_behalf_of = imported.reviewer();
  RETURN_IF_ERROR(pledge_rules::Review(pledge, step));
  step.day = published;
  step.on_behalf_of.clear();
  RETURN_IF_ERROR(pledge_rules::Publish(pledge, step));
  for (int i = 0; i < imported.items_size(); ++i) {
    RETURN_IF_ERROR(ApplyLife(pledge, imported.items(i), i, step, registry));
  }
  return pledge;
}

absl::Status PledgeImport::CheckReferences(const v1::ImportedPledge& imported,
                                           const change::RegistryView& registry) const {
  Violations violations;
  const auto check = [&](std::string_view field, const std::string& name) -> absl::Status {
    if (name.empty()) return absl::OkStatus();
    const storage::TableCore& table = name.rfind("campaigns/", 0) == 0       ? campaigns_.core()
                                      : name.rfind("organizations/", 0) == 0 ? directory_.organizations().core()
                                                                             : directory_.members().core();
    ASSIGN_OR_RETURN(const bool exists, table.Exists(registry.reader(), name));
    if (!exists) violations.Add(field, dangjian::reasons::kReferenceNotFound, absl::StrCat(name, " does not exist"));
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(check("pledge.campaign", imported.pledge().campaign()));
  RETURN_IF_ERROR(check("pledge.pledger", imported.pledge().pledger()));
  RETURN_IF_ERROR(check("pledge.organization", imported.pledge().organization()));
  RETURN_IF_ERROR(check("reviewer", imported.reviewer()));
  for (int i = 0; i < imported.items_size(); ++i) {
    RETURN_IF_ERROR(check(absl::StrCat("items[", i, "].verifier"), imported.items(i).verifier()));
  }
  return violations.ToStatus();
}

void PledgeImport::Refuse(const v1::ImportedPledge& imported, const absl::Status& status) {
  response_.set_refused(response_.refused() + 1);
  if (response_.refusals_size() >= kMaxRefusals) return;
  v1::ImportRefusal& refusal = *response_.add_refusals();
  refusal.set_name(NameOf(imported));
  refusal.set_reason(ReasonOf(status));
  refusal.set_message(std::string(ToStd(status.message())));
}

}  // namespace dangjian::pledge
