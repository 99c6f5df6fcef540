#include "seeds/loader/seed_reader.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <system_error>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "seeds/loader/expansion.h"
#include "seeds/loader/generators.h"
#include "seeds/loader/phrases.h"
#include "seeds/loader/request_builder.h"
#include "seeds/loader/seed_file.h"

namespace dangjian::seeds {
namespace {

using google::protobuf::Message;

constexpr std::string_view kPhrasesFile = "phrases.csv";

// nullptr when there is no such message.
const Message* FindRequest(const std::string& full_name) {
  const auto* descriptor = google::protobuf::DescriptorPool::generated_pool()->FindMessageTypeByName(full_name);
  if (descriptor == nullptr) return nullptr;
  return google::protobuf::MessageFactory::generated_factory()->GetPrototype(descriptor);
}

absl::StatusOr<Call> MakeCall(const Message& prototype, const std::vector<std::string>& columns, const SeedRow& row) {
  Call call{.request = std::unique_ptr<Message>(prototype.New()), .source = row.source};
  for (const std::string& column : columns) {
    if (column.starts_with('*')) continue;  // a directive
    const std::string& cell = row.Get(column);
    if (cell.empty()) continue;
    if (absl::Status set = SetField(*call.request, column, cell); !set.ok()) {
      return absl::InvalidArgumentError(absl::StrCat(row.source, ": ", set.message()));
    }
  }
  return call;
}

bool HasDirectives(const SeedSection& section) {
  return std::any_of(section.columns.begin(), section.columns.end(),
                     [](const std::string& column) { return column.starts_with('*'); });
}

// The BatchCreate request of the same contract that takes requests of this type; nullptr when there is none.
const Message* FindBatch(const Message& create) {
  const auto& file = *create.GetDescriptor()->file();
  for (int i = 0; i < file.message_type_count(); ++i) {
    const auto* requests = file.message_type(i)->FindFieldByName("requests");
    if (requests != nullptr && requests->is_repeated() && requests->message_type() == create.GetDescriptor()) {
      return google::protobuf::MessageFactory::generated_factory()->GetPrototype(file.message_type(i));
    }
  }
  return nullptr;
}

// The calls of one file while they come in.
class StageMaker {
 public:
  StageMaker(std::string file, const Phrases& phrases)
      : phrases_(phrases), stage_{.title = file, .chains = {}}, in_order_(std::move(file)) {}

  absl::Status Add(const SeedSection& section) {
    if (const Generator generator = FindGenerator(section.target); generator != nullptr) {
      for (const SeedRow& row : section.rows) {
        ASSIGN_OR_RETURN(std::vector<Chain> generated, generator(row, phrases_));
        std::move(generated.begin(), generated.end(), std::back_inserter(stage_.chains));
      }
      return absl::OkStatus();
    }
    const Message* prototype = FindRequest(section.target);
    if (prototype == nullptr) {
      return absl::InvalidArgumentError(absl::StrCat("@", section.target, " is neither a request nor a generator"));
    }
    if (HasDirectives(section)) return AddExpanded(section, *prototype);
    for (const SeedRow& row : section.rows) {
      ASSIGN_OR_RETURN(Call call, MakeCall(*prototype, section.columns, row));
      in_order_.Add(std::move(call));
    }
    return absl::OkStatus();
  }

  absl::StatusOr<Stage> Finish() && {
    if (in_order_.calls().empty()) return std::move(stage_);
    if (!stage_.chains.empty()) {
      return absl::InvalidArgumentError(absl::StrCat(
          stage_.title, ": plain requests stand in files of their own, so that the order of sending is plain"));
    }
    stage_.chains.push_back(std::move(in_order_));
    return std::move(stage_);
  }

 private:
  absl::Status AddExpanded(const SeedSection& section, const Message& prototype) {
    ASSIGN_OR_RETURN(const std::vector<SeedRow> rows, ExpandRows(section, phrases_));
    const std::string batch = rows.empty() ? "" : rows.front().Get("*batch");
    if (!batch.empty()) return AddBatches(section, prototype, rows, batch);
    for (const SeedRow& row : rows) {
      ASSIGN_OR_RETURN(Call call, MakeCall(prototype, section.columns, row));
      ChainOf(row).Add(std::move(call));
    }
    return absl::OkStatus();
  }

  absl::Status AddBatches(const SeedSection& section, const Message& prototype, const std::vector<SeedRow>& rows,
                          const std::string& batch) {
    ASSIGN_OR_RETURN(const int32_t size, rows.front().Count("*batch"));
    const Message* together = FindBatch(prototype);
    if (together == nullptr || size < 1) {
      return absl::InvalidArgumentError(
          absl::StrCat(rows.front().source, ": *batch ", batch, ": there is no BatchCreate of ", section.target));
    }
    const auto* requests = together->GetDescriptor()->FindFieldByName("requests");
    for (size_t begin = 0; begin < rows.size(); begin += static_cast<size_t>(size)) {
      Call bundle{.request = std::unique_ptr<Message>(together->New()), .source = rows[begin].source};
      for (size_t i = begin; i < std::min(rows.size(), begin + static_cast<size_t>(size)); ++i) {
        ASSIGN_OR_RETURN(Call call, MakeCall(prototype, section.columns, rows[i]));
        bundle.request->GetReflection()->AddAllocatedMessage(bundle.request.get(), requests, call.request.release());
      }
      ChainOf(rows[begin]).Add(std::move(bundle));
    }
    return absl::OkStatus();
  }

  Chain& ChainOf(const SeedRow& row) {
    const std::string& key = row.Get("*chain");
    const auto known = chain_of_.find(key);
    if (!key.empty() && known != chain_of_.end()) return stage_.chains[known->second];
    if (!key.empty()) chain_of_.emplace(key, stage_.chains.size());
    return stage_.chains.emplace_back(row.source);
  }

  const Phrases& phrases_;
  Stage stage_;
  Chain in_order_;
  absl::flat_hash_map<std::string, size_t> chain_of_;
};

absl::StatusOr<Stage> MakeStage(const std::string& file, const std::vector<SeedSection>& sections,
                                const Phrases& phrases) {
  StageMaker maker(file, phrases);
  for (const SeedSection& section : sections) {
    if (absl::Status added = maker.Add(section); !added.ok()) {
      // Rows name their line themselves.
      return absl::StartsWith(added.message(), file)
                 ? added
                 : absl::InvalidArgumentError(absl::StrCat(file, ": ", added.message()));
    }
  }
  return std::move(maker).Finish();
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
