#include "common/server/testing/random_operations.h"

#include <algorithm>
#include <iterator>
#include <memory>
#include <string_view>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "common/rpc/field_access.h"
#include "common/server/testing/method_promises.h"
#include "common/server/testing/street_fixture.h"
#include "common/storage/key_codec.h"
#include "common/storage/keyspace.h"
#include "common/types/date.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/text_format.h"

namespace dangjian::server {
namespace {

// Calls meet on few ids; then new ones follow, since records end in states that nothing leaves.
constexpr int kIds = 3;
constexpr int kStepsOfIds = 400;
constexpr int kDays = 330;
// Verbs that lead off the way of a record, or after which little can be done with it: rare in a life.
constexpr std::string_view kDetours[] = {"Cancel", "Delete", "Dissolve",  "MoveOut", "Reject",
                                         "Reopen", "Return", "Terminate", "Withdraw"};

bool IsFailure(const absl::Status& status) {
  return status.code() == absl::StatusCode::kInternal || status.code() == absl::StatusCode::kUnknown ||
         status.code() == absl::StatusCode::kDataLoss || status.code() == absl::StatusCode::kUnimplemented ||
         status.code() == absl::StatusCode::kUnavailable || status.code() == absl::StatusCode::kDeadlineExceeded;
}

}  // namespace

RandomOperations::RandomOperations(std::string package, uint32_t seed, rpc::Client& client, storage::Database& database)
    : package_(std::move(package)), random_(seed), client_(client), database_(database) {
  for (const storage::MeasureDef* measure : database_.measures().All()) unseen_.insert(std::string(measure->id));
}

Day RandomOperations::RandomDay() {
  if (!life_id_.empty() && Pick(8) != 0) return life_day_ = life_day_ + Pick(3);
  // A year passes while the same ids are used, so that steps can follow each other; a fifth is entered late or ahead.
  const int passed = step_ % kStepsOfIds * (kDays - 20) / kStepsOfIds;
  return Day::Of(2026, 1, 1) + (Pick(5) == 0 ? Pick(kDays) : passed + Pick(20));
}

std::string RandomOperations::Expand(std::string text) {
  // The innermost alternatives first.
  for (size_t end = text.find('>'); end != std::string::npos; end = text.find('>')) {
    const size_t begin = text.rfind('<', end);
    const std::string inner = text.substr(begin + 1, end - begin - 1);
    const std::vector<std::string> range = absl::StrSplit(inner, "..");
    const std::vector<std::string> alternatives = absl::StrSplit(inner, '|');
    int first = 0;
    int last = 0;
    const bool is_range = range.size() == 2 && absl::SimpleAtoi(range[0], &first) && absl::SimpleAtoi(range[1], &last);
    text.replace(begin, end - begin + 1,
                 is_range ? absl::StrCat(first + Pick(last - first + 1))
                          : alternatives[static_cast<size_t>(Pick(static_cast<int>(alternatives.size())))]);
  }
  for (size_t at = text.find("@on"); at != std::string::npos; at = text.find("@on")) {
    text.replace(at, 3, Pick(4) != 0 ? "occurred_on @day" : "");
  }
  for (size_t at = text.find("@day"); at != std::string::npos; at = text.find("@day")) {
    text.replace(at, 4, DateText(FormatDay(RandomDay())));
  }
  for (size_t at = text.find("@later"); at != std::string::npos; at = text.find("@later")) {
    const Day from = life_id_.empty() ? RandomDay() : life_day_;
    text.replace(at, 6, DateText(FormatDay(from + 10 + Pick(40))));
  }
  for (size_t at = text.find("@id"); at != std::string::npos; at = text.find("@id")) {
    text.replace(at, 3, RandomId());
  }
  return text;
}

absl::Status RandomOperations::Call(const std::string& request, const std::string& fields) {
  const auto* type =
      google::protobuf::DescriptorPool::generated_pool()->FindMessageTypeByName(absl::StrCat(package_, ".", request));
  if (type == nullptr) return absl::InternalError(absl::StrCat("no message ", request));
  const std::unique_ptr<google::protobuf::Message> message(
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(type)->New());
  if (!google::protobuf::TextFormat::ParseFromString(fields, message.get())) {
    return absl::InternalError(absl::StrCat("cannot be parsed: ", fields));
  }
  const google::protobuf::MethodDescriptor* method = rpc::MethodOf(*type);
  if (method == nullptr) return absl::InternalError(absl::StrCat("no method takes ", request));
  return MethodPromises(client_, database_).Call(*message, rpc::NewMessage(*method->output_type()).get());
}

int RandomOperations::PickOperation(const std::vector<RandomOperation>& operations,
                                    const std::vector<std::string>& wanted) {
  const int count = static_cast<int>(operations.size());
  if (wanted.empty()) return Pick(count);
  const std::string& request = wanted[static_cast<size_t>(Pick(static_cast<int>(wanted.size())))];
  int at = Pick(count);  // from there on, so that each of several with one request is picked
  while (operations[static_cast<size_t>(at)].request != request) at = (at + 1) % count;
  return at;
}

const RandomOperation& RandomOperations::Next(const std::vector<RandomOperation>& operations,
                                              const std::vector<std::string>& wanted) {
  const auto begins = [](const RandomOperation& operation) {
    return operation.request.starts_with("Create") && !operation.joins;
  };
  const int count = static_cast<int>(operations.size());
  if (life_ < 0 && Pick(2) == 0) {
    life_id_.clear();
    life_day_ = RandomDay();
    life_id_ = RandomId();
    life_ = PickOperation(operations, wanted);
    while (life_ > 0 && !begins(operations[static_cast<size_t>(life_)])) --life_;
  }
  while (life_ >= 0) {
    const RandomOperation& next = operations[static_cast<size_t>(life_)];
    life_ = life_ + 1 == count || begins(operations[static_cast<size_t>(life_) + 1]) ? -1 : life_ + 1;
    const bool detour = std::any_of(std::begin(kDetours), std::end(kDetours),
                                    [&](std::string_view verb) { return next.request.starts_with(verb); });
    const bool is_wanted = std::find(wanted.begin(), wanted.end(), next.request) != wanted.end();
    if (is_wanted || (Pick(8) == 0) == detour) return next;
  }
  life_id_.clear();
  return operations[static_cast<size_t>(PickOperation(operations, wanted))];
}

std::string RandomOperations::RandomId() {
  if (!life_id_.empty() && Pick(20) != 0) return life_id_;
  const int round = step_ / kStepsOfIds;
  const int of_round = Pick(10) == 0 ? Pick(round + 1) : round;
  return absl::StrCat("r-", of_round * kIds + Pick(kIds));
}

void RandomOperations::Step(const std::vector<RandomOperation>& operations, const std::vector<std::string>& wanted) {
  ++step_;
  Make(Next(operations, wanted));
}

void RandomOperations::Make(const RandomOperation& operation) {
  const std::string fields = Expand(operation.fields);
  const absl::Status status = Call(operation.request, fields);
  EXPECT_FALSE(IsFailure(status)) << operation.request << " " << fields << ": " << status;
  if (!status.ok()) {
    last_refusal_[operation.request] = absl::StrCat(std::string(status.message()), " for ", fields);
    return;
  }
  ++accepted_;
  done_.insert(operation.request);
  LookAtMeasures();
}

void RandomOperations::LookAtMeasures() {
  const std::shared_ptr<const storage::Snapshot> snapshot = database_.GetSnapshot();
  for (auto unseen = unseen_.begin(); unseen != unseen_.end();) {
    // A stored contribution is never 0.
    const storage::KeyWriter prefix =
        storage::KeyWriter(storage::keyspace::kContribution).Uint16(database_.measures().Find(*unseen)->tag);
    unseen = storage::ScanPrefix(*snapshot, prefix.str())->Valid() ? unseen_.erase(unseen) : std::next(unseen);
  }
}

std::vector<std::string> RandomOperations::NeverSeen() const { return {unseen_.begin(), unseen_.end()}; }

std::vector<std::string> RandomOperations::NeverAccepted(const std::vector<RandomOperation>& operations) const {
  absl::btree_set<std::string> never;
  for (const RandomOperation& operation : operations) {
    if (!done_.contains(operation.request)) never.insert(operation.request);
  }
  return {never.begin(), never.end()};
}

std::string RandomOperations::LastRefusal(const std::string& request) const {
  const auto refusal = last_refusal_.find(request);
  return refusal == last_refusal_.end() ? "never tried" : refusal->second;
}

}  // namespace dangjian::server
