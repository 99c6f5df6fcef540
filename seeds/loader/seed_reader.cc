#include "seeds/loader/seed_reader.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <system_error>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "dangjian/pledge/v1/campaign.pb.h"
#include "dangjian/pledge/v1/campaign_fund.pb.h"
#include "dangjian/pledge/v1/demonstration_site.pb.h"
#include "dangjian/pledge/v1/disclosure.pb.h"
#include "dangjian/pledge/v1/evaluation_round.pb.h"
#include "dangjian/pledge/v1/pledge.pb.h"
#include "dangjian/pledge/v1/target.pb.h"
#include "dangjian/registry/v1/assignment.pb.h"
#include "dangjian/registry/v1/calendar.pb.h"
#include "dangjian/registry/v1/member.pb.h"
#include "dangjian/registry/v1/organization.pb.h"
#include "dangjian/registry/v1/report_in.pb.h"
#include "dangjian/registry/v1/transfer.pb.h"
#include "dangjian/registry/v1/unit.pb.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "seeds/loader/generators.h"
#include "seeds/loader/phrases.h"
#include "seeds/loader/request_builder.h"
#include "seeds/loader/seed_file.h"

namespace dangjian::seeds {
namespace {

using google::protobuf::Message;

constexpr std::string_view kPhrasesFile = "phrases.csv";

// Requests are found by name at run time; this keeps the linker from leaving their files out. One message a file is
// enough.
void LinkContracts() {
  using google::protobuf::LinkMessageReflection;
  LinkMessageReflection<registry::v1::Organization>();
  LinkMessageReflection<registry::v1::Member>();
  LinkMessageReflection<registry::v1::MemberTransfer>();
  LinkMessageReflection<registry::v1::CommunityReportIn>();
  LinkMessageReflection<registry::v1::Assignment>();
  LinkMessageReflection<registry::v1::Calendar>();
  LinkMessageReflection<registry::v1::Unit>();
  LinkMessageReflection<pledge::v1::Campaign>();
  LinkMessageReflection<pledge::v1::CampaignFund>();
  LinkMessageReflection<pledge::v1::DemonstrationSite>();
  LinkMessageReflection<pledge::v1::Disclosure>();
  LinkMessageReflection<pledge::v1::EvaluationRound>();
  LinkMessageReflection<pledge::v1::Pledge>();
  LinkMessageReflection<pledge::v1::Target>();
}

// nullptr when there is no such message.
const Message* FindRequest(const std::string& full_name) {
  LinkContracts();
  const auto* descriptor = google::protobuf::DescriptorPool::generated_pool()->FindMessageTypeByName(full_name);
  if (descriptor == nullptr) return nullptr;
  return google::protobuf::MessageFactory::generated_factory()->GetPrototype(descriptor);
}

absl::StatusOr<Call> MakeCall(const Message& prototype, const std::vector<std::string>& columns, const SeedRow& row) {
  Call call{.request = std::unique_ptr<Message>(prototype.New()), .source = row.source};
  for (const std::string& column : columns) {
    const std::string& cell = row.Get(column);
    if (cell.empty()) continue;
    if (absl::Status set = SetField(*call.request, column, cell); !set.ok()) {
      return absl::InvalidArgumentError(absl::StrCat(row.source, ": ", set.message()));
    }
  }
  return call;
}

// Adds a section's calls to the chain of the stage that is sent in order, or its chains beside it.
absl::Status AddSection(const SeedSection& section, const Phrases& phrases, Chain& in_order,
                        std::vector<Chain>& chains) {
  if (const Generator generator = FindGenerator(section.target); generator != nullptr) {
    for (const SeedRow& row : section.rows) {
      ASSIGN_OR_RETURN(std::vector<Chain> generated, generator(row, phrases));
      std::move(generated.begin(), generated.end(), std::back_inserter(chains));
    }
    return absl::OkStatus();
  }
  const Message* prototype = FindRequest(section.target);
  if (prototype == nullptr) {
    return absl::InvalidArgumentError(absl::StrCat("@", section.target, " is neither a request nor a generator"));
  }
  for (const SeedRow& row : section.rows) {
    ASSIGN_OR_RETURN(Call call, MakeCall(*prototype, section.columns, row));
    in_order.Add(std::move(call));
  }
  return absl::OkStatus();
}

absl::StatusOr<Stage> MakeStage(const std::string& file, const std::vector<SeedSection>& sections,
                                const Phrases& phrases) {
  Stage stage{.title = file, .chains = {}};
  Chain in_order(file);
  for (const SeedSection& section : sections) {
    if (absl::Status added = AddSection(section, phrases, in_order, stage.chains); !added.ok()) {
      // Rows name their line themselves.
      return absl::StartsWith(added.message(), file)
                 ? added
                 : absl::InvalidArgumentError(absl::StrCat(file, ": ", added.message()));
    }
  }
  if (!in_order.calls().empty()) {
    if (!stage.chains.empty()) {
      return absl::InvalidArgumentError(
          absl::StrCat(file, ": requests and generators stand in files of their own, so that their order is plain"));
    }
    stage.chains.push_back(std::move(in_order));
  }
  return stage;
}

bool IsStageFile(const std::string& name) {
  return name.size() > 7 && absl::ascii_isdigit(static_cast<unsigned char>(name[0])) &&
         absl::ascii_isdigit(static_cast<unsigned char>(name[1])) && name[2] == '_' && absl::EndsWith(name, ".csv");
}

}  // namespace

absl::StatusOr<std::vector<Stage>> ReadSeedTexts(const std::vector<std::pair<std::string, std::string>>& files) {
  Phrases phrases;
  for (const auto& [name, text] : files) {
    if (name != kPhrasesFile) continue;
    ASSIGN_OR_RETURN(const std::vector<SeedSection> sections, ParseSeedFile(name, text));
    for (const SeedSection& section : sections) RETURN_IF_ERROR(phrases.Add(section));
  }
  std::vector<Stage> stages;
  for (const auto& [name, text] : files) {
    if (name == kPhrasesFile) continue;
    ASSIGN_OR_RETURN(const std::vector<SeedSection> sections, ParseSeedFile(name, text));
    ASSIGN_OR_RETURN(Stage stage, MakeStage(name, sections, phrases));
    stages.push_back(std::move(stage));
  }
  return stages;
}

absl::StatusOr<std::vector<Stage>> ReadSeeds(const std::string& folder) {
  std::vector<std::pair<std::string, std::string>> files;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    if (name != kPhrasesFile && !IsStageFile(name)) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    if (!file) return absl::UnavailableError(absl::StrCat("cannot read ", entry.path().string()));
    files.emplace_back(name, text.str());
  }
  if (error || files.empty()) {
    return absl::NotFoundError(absl::StrCat("no seed files (NN_topic.csv) in ", folder));
  }
  std::sort(files.begin(), files.end());
  return ReadSeedTexts(files);
}

}  // namespace dangjian::seeds
