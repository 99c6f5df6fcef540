#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "dangjian/gateway/v1/report_template.pb.h"

namespace dangjian::gateway {

// Most templates that a gateway loads, all versions counted.
inline constexpr size_t kMaxTemplates = 100;
// Most figures of a template: one question to a service then stays within the 500 selectors that it answers.
inline constexpr int kMaxFigures = 100;

// The report templates of this gateway, read once at start. Immutable, so safe from any thread.
class TemplateStore {
 public:
  // Reads every `*.textproto` of a folder. `services` are the names that terms may use. INVALID_ARGUMENT naming file,
  // line and mistake of the first file that is wrong; nothing is loaded by halves. NOT_FOUND when the folder holds
  // none.
  static absl::StatusOr<TemplateStore> Load(const std::string& folder, const std::set<std::string>& services);

  // Parses and checks one template; errors begin with `<file>:<line>:`, lines counted from 1.
  static absl::StatusOr<v1::ReportTemplate> Parse(std::string_view file, const std::string& text,
                                                  const std::set<std::string>& services);

  // Adds a checked template. ALREADY_EXISTS when its id and version are taken.
  absl::Status Add(v1::ReportTemplate report);

  // Version 0 means the highest. NOT_FOUND with reason TEMPLATE_NOT_FOUND.
  absl::StatusOr<const v1::ReportTemplate*> Find(std::string_view id, int32_t version) const;
  // Sorted by id and version.
  std::vector<const v1::ReportTemplate*> All() const;

 private:
  std::map<std::pair<std::string, int32_t>, v1::ReportTemplate> templates_;
};

// SHA-256 of a definition, the first 16 bytes: equal for equal definitions, on every machine.
std::string DefinitionDigest(const v1::FigureDefinition& figure);

}  // namespace dangjian::gateway
