#include "services/gateway/report/template_store.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <limits>
#include <sstream>
#include <system_error>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/rpc/digest.h"
#include "common/status/errors.h"
#include "google/protobuf/io/tokenizer.h"
#include "google/protobuf/text_format.h"
#include "re2/re2.h"
#include "services/gateway/reasons.h"

namespace dangjian::gateway {
namespace {

using google::protobuf::TextFormat;
using v1::FigureDefinition;
using v1::MeasureTerm;
using v1::ReportTemplate;

constexpr int kMaxMonths = 1200;  // of a window
constexpr size_t kDigestBytes = 16;

// Keeps the first mistake with its line.
class FirstError final : public google::protobuf::io::ErrorCollector {
 public:
  explicit FirstError(std::string_view file) : file_(file) {}
  void AddError(int line, int, const std::string& message) override { Set(line, message); }
  void AddWarning(int line, int, const std::string& message) override { Set(line, message); }
  absl::Status status() const { return status_; }

 private:
  void Set(int line, const std::string& message) {
    if (status_.ok()) status_ = absl::InvalidArgumentError(absl::StrCat(ToAbsl(file_), ":", line + 1, ": ", message));
  }
  std::string_view file_;
  absl::Status status_;
};

// Checks one template against the rules of its messages, naming the line of each mistake.
class Checker {
 public:
  Checker(std::string_view file, const std::set<std::string>& services, TextFormat::ParseInfoTree& lines)
      : file_(file), services_(services), lines_(lines) {}

  absl::Status Check(const ReportTemplate& report) {
    if (!RE2::FullMatch(report.id(), "[a-z][a-z0-9-]{0,62}")) {
      return Wrong(LineOf("id", -1), "id must match [a-z][a-z0-9-]{0,62}");
    }
    if (report.version() < 1) return Wrong(LineOf("version", -1), "version must be 1 or more");
    if (report.title_zh().empty() || report.title_en().empty()) {
      return Wrong(0, "title_zh and title_en must be set");
    }
    if (report.figures_size() < 1 || report.figures_size() > kMaxFigures) {
      return Wrong(0, absl::StrCat("a template has 1 to ", kMaxFigures, " figures"));
    }
    absl::flat_hash_set<std::string> seen;
    for (int i = 0; i < report.figures_size(); ++i) {
      const FigureDefinition& figure = report.figures(i);
      line_ = LineOf("figures", i);
      RETURN_IF_ERROR(CheckFigure(figure));
      if (!seen.insert(figure.figure_id()).second) {
        return Wrong(line_, absl::StrCat("figure_id `", figure.figure_id(), "` occurs twice"));
      }
    }
    return absl::OkStatus();
  }

 private:
  // Line of a field of the template, counted from 0; 0 when the file does not set it.
  int LineOf(const char* field, int index) const {
    return std::max(0, lines_.GetLocation(ReportTemplate::descriptor()->FindFieldByName(field), index).line);
  }

  absl::Status Wrong(int line, std::string_view message) const {
    return absl::InvalidArgumentError(absl::StrCat(ToAbsl(file_), ":", line + 1, ": ", ToAbsl(message)));
  }

  absl::Status CheckFigure(const FigureDefinition& figure) const {
    if (!RE2::FullMatch(figure.figure_id(), "[A-Za-z0-9_-]{1,32}")) {
      return Wrong(line_, "figure_id must match [A-Za-z0-9_-]{1,32}");
    }
    if (figure.label_zh().empty() || figure.label_en().empty() || figure.unit().empty() || figure.unit_zh().empty()) {
      return Wrong(line_, absl::StrCat(figure.figure_id(), " needs label_zh, label_en, unit and unit_zh"));
    }
    if (figure.has_window() && (figure.window().skip_months() < 0 || figure.window().skip_months() > kMaxMonths ||
                                figure.window().months() < 1 || figure.window().months() > kMaxMonths)) {
      return Wrong(line_, absl::StrCat("a window has skip_months 0 to ", kMaxMonths, " and months 1 to ", kMaxMonths));
    }
    switch (figure.formula_case()) {
      case FigureDefinition::kMeasure:
        return CheckTerm(figure.measure());
      case FigureDefinition::kRatio:
        return CheckFraction(figure.ratio().numerator(), figure.ratio().denominator(), figure.ratio().factor());
      case FigureDefinition::kLowestRatio:
        return CheckLowest(figure);
      case FigureDefinition::kYearOnYear:
        return CheckTerm(figure.year_on_year().term());
      case FigureDefinition::kGroupCount:
        if (figure.group_count().group_by().empty()) {
          return Wrong(line_, absl::StrCat(figure.figure_id(), " needs group_by"));
        }
        return CheckTerm(figure.group_count().term());
      case FigureDefinition::FORMULA_NOT_SET:
        break;
    }
    return Wrong(line_, absl::StrCat(figure.figure_id(),
                                     " needs one of measure, ratio, lowest_ratio, year_on_year and group_count"));
  }

  absl::Status CheckLowest(const FigureDefinition& figure) const {
    const v1::LowestRatioFormula& lowest = figure.lowest_ratio();
    if (lowest.group_by().empty()) return Wrong(line_, absl::StrCat(figure.figure_id(), " needs group_by"));
    for (const MeasureTerm* term : {&lowest.numerator(), &lowest.denominator()}) {
      for (const auto& filter : term->filters()) {
        // The explanation of a lowest figure narrows the same dimension to its group.
        if (filter.dimension() == lowest.group_by()) {
          return Wrong(line_, absl::StrCat(figure.figure_id(), " filters by the dimension that it groups by"));
        }
      }
    }
    return CheckFraction(lowest.numerator(), lowest.denominator(), lowest.factor());
  }

  absl::Status CheckFraction(const MeasureTerm& numerator, const MeasureTerm& denominator, int32_t factor) const {
    if (factor < 0 || factor > 10000) return Wrong(line_, "factor must be 0 (meaning 100) to 10000");
    RETURN_IF_ERROR(CheckTerm(numerator));
    return CheckTerm(denominator);
  }

  absl::Status CheckTerm(const MeasureTerm& term) const {
    if (!services_.contains(term.service())) {
      return Wrong(line_, absl::StrCat("no service `", term.service(), "`: give its address with --backend ",
                                       term.service(), "=HOST:PORT, or correct the template"));
    }
    if (!RE2::FullMatch(term.measure(), "[a-z][a-z0-9_]{0,63}")) {
      return Wrong(line_, absl::StrCat("measure `", term.measure(), "` must match [a-z][a-z0-9_]{0,63}"));
    }
    absl::flat_hash_set<std::string> dimensions;
    for (const auto& filter : term.filters()) {
      if (filter.dimension().empty() || filter.values().empty()) {
        return Wrong(line_, absl::StrCat("a filter of `", term.measure(), "` needs a dimension and values"));
      }
      if (!dimensions.insert(filter.dimension()).second) {
        return Wrong(line_, absl::StrCat("two filters of `", term.measure(), "` use one dimension"));
      }
    }
    return absl::OkStatus();
  }

  std::string_view file_;
  const std::set<std::string>& services_;
  TextFormat::ParseInfoTree& lines_;
  int line_ = 0;  // of the figure under check
};

absl::StatusOr<std::string> ReadFile(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in) return absl::UnavailableError(absl::StrCat(path.string(), ": cannot be read"));
  return text.str();
}

absl::StatusOr<std::vector<std::filesystem::path>> TemplateFiles(const std::string& folder) {
  if (folder.empty()) return absl::InvalidArgumentError("name the folder of the report templates with --templates");
  std::error_code error;
  std::vector<std::filesystem::path> files;
  for (std::filesystem::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    if (it->path().extension() == ".textproto") files.push_back(it->path());
  }
  if (error) return absl::NotFoundError(absl::StrCat(folder, ": cannot be read; name a folder with --templates"));
  if (files.empty()) {
    return absl::NotFoundError(absl::StrCat(folder, ": holds no *.textproto; name the folder with --templates"));
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

absl::StatusOr<v1::ReportTemplate> TemplateStore::Parse(std::string_view file, const std::string& text,
                                                        const std::set<std::string>& services) {
  TextFormat::ParseInfoTree lines;
  FirstError error(file);
  TextFormat::Parser parser;
  parser.RecordErrorsTo(&error);
  parser.WriteLocationsTo(&lines);
  ReportTemplate report;
  const bool parsed = parser.ParseFromString(text, &report);
  RETURN_IF_ERROR(error.status());
  if (!parsed) return absl::InvalidArgumentError(absl::StrCat(ToAbsl(file), ":1: is no template"));
  RETURN_IF_ERROR(Checker(file, services, lines).Check(report));
  return report;
}

absl::StatusOr<TemplateStore> TemplateStore::Load(const std::string& folder, const std::set<std::string>& services) {
  ASSIGN_OR_RETURN(const std::vector<std::filesystem::path> files, TemplateFiles(folder));
  TemplateStore store;
  for (const std::filesystem::path& path : files) {
    ASSIGN_OR_RETURN(const std::string text, ReadFile(path));
    ASSIGN_OR_RETURN(ReportTemplate report, Parse(path.string(), text, services));
    if (const absl::Status added = store.Add(std::move(report)); !added.ok()) {
      return absl::InvalidArgumentError(absl::StrCat(path.string(), ":1: ", added.message()));
    }
  }
  return store;
}

absl::Status TemplateStore::Add(ReportTemplate report) {
  if (templates_.size() == kMaxTemplates) {
    return absl::ResourceExhaustedError(absl::StrCat("more than ", kMaxTemplates, " templates"));
  }
  const auto key = std::make_pair(report.id(), report.version());
  if (!templates_.emplace(key, std::move(report)).second) {
    return absl::AlreadyExistsError(absl::StrCat("version ", key.second, " of `", key.first, "` is there already"));
  }
  return absl::OkStatus();
}

absl::StatusOr<const ReportTemplate*> TemplateStore::Find(std::string_view id, int32_t version) const {
  if (version > 0) {
    const auto exact = templates_.find({std::string(id), version});
    if (exact != templates_.end()) return &exact->second;
  } else {
    // The highest version stands just before where the next id would begin.
    auto after = templates_.upper_bound({std::string(id), std::numeric_limits<int32_t>::max()});
    if (after != templates_.begin() && (--after)->first.first == id) return &after->second;
  }
  return Error(reasons::kTemplateNotFound, absl::StrCat("no template `", ToAbsl(id), "` of version ", version),
               {{"template", std::string(id)}, {"version", absl::StrCat(version)}});
}

std::vector<const ReportTemplate*> TemplateStore::All() const {
  std::vector<const ReportTemplate*> all;
  for (const auto& [key, report] : templates_) all.push_back(&report);
  return all;
}

std::string DefinitionDigest(const FigureDefinition& figure) {
  return rpc::Sha256(rpc::DeterministicBytes(figure)).substr(0, kDigestBytes);
}

}  // namespace dangjian::gateway
