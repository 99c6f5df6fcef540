#include "common/change/directory_feed.h"

#include <algorithm>
#include <limits>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "common/base/id.h"
#include "common/base/status_macros.h"
#include "common/base/steady.h"
#include "common/base/strings.h"
#include "common/change/change_service.h"
#include "common/status/errors.h"

namespace dangjian::change {
namespace {

constexpr int64_t kMicrosPerSecond = 1'000'000;
// As long as the contract allows; the registry ends the stream well before, and the feed resumes.
constexpr int64_t kStreamMicros = 600 * kMicrosPerSecond;
// A position without events is worth a write of its own only now and then: it spares a restart the way up to it.
constexpr int64_t kPositionStride = 10'000;
constexpr int64_t kRetryMillis = 1000;

storage::v1::FeedPosition PositionOf(const v1::WatchResponse& response) {
  storage::v1::FeedPosition position;
  position.set_revision(response.revision());
  position.set_epoch(response.epoch());
  return position;
}

// Also a store that has fewer revisions than were received from it: it was put back without a new epoch.
bool IsAnotherStore(const absl::Status& status) {
  const std::string reason = ReasonOf(status);
  return reason == reasons::kEpochChanged.name || reason == reasons::kRevisionInFuture.name;
}

absl::Status Behind(std::string_view why) { return WithRetryDelay(Error(rpc::kDirectoryBehind, why), kRetryMillis); }

absl::Status Silent() {
  return WithRetryDelay(Error(dangjian::reasons::kBackendUnavailable, "the registry does not answer: try again later"),
                        kRetryMillis);
}

}  // namespace

DirectoryFeed::DirectoryFeed(DirectoryWriter& writer, rpc::Client& registry, rpc::ReplicaAge& age,
                             obs::Metrics& metrics, obs::Logger& logger, DirectoryFeedOptions options)
    : writer_(writer),
      registry_(registry),
      age_(age),
      logger_(logger),
      options_(std::move(options)),
      made_micros_(SteadyMicros()),
      resyncs_(metrics.AddCounter("dangjian_directory_resyncs_total",
                                  "Times that the directory was read anew because the registry's store changed.")),
      reconnects_(metrics.AddCounter("dangjian_directory_reconnects_total", "Times that the feed broke off.")) {
  metrics.AddCallback(obs::Metrics::Kind::kGauge, "dangjian_directory_lag_seconds",
                      "Time since the directory was last known to be complete, or since the start of the process.",
                      [this] {
                        const auto since_start = std::chrono::microseconds(SteadyMicros() - made_micros_);
                        const std::chrono::duration<double> lag = age_.Now().age.value_or(since_start);
                        return std::vector<obs::Sample>{{.value = lag.count()}};
                      });
  metrics.AddCallback(obs::Metrics::Kind::kGauge, "dangjian_directory_lag_revisions",
                      "Revisions of the registry that the directory lacks; not a number when that is not known.",
                      [this] {
                        const rpc::ReplicaAge::State state = age_.Now();
                        // Of a registry that has fallen silent while all seemed to be here nobody knows.
                        const bool known = !state.stale || state.missing > 0;
                        return std::vector<obs::Sample>{{.value = known ? static_cast<double>(state.missing)
                                                                        : std::numeric_limits<double>::quiet_NaN()}};
                      });
}

DirectoryFeed::~DirectoryFeed() { Stop(); }

void DirectoryFeed::Start() {
  thread_ = std::thread([this] { Run(); });
}

void DirectoryFeed::Stop() {
  {
    MutexLock lock(mutex_);
    stopping_ = true;
    if (stream_ != nullptr) stream_->Cancel();
    stop_.NotifyAll();
  }
  if (thread_.joinable()) thread_.join();
}

absl::Status DirectoryFeed::Ready() const {
  const rpc::ReplicaAge::State state = age_.Now();
  if (!state.stale) return absl::OkStatus();
  if (!state.age.has_value()) return absl::UnavailableError("no full copy of the registry yet");
  const auto seconds = [](auto time) { return std::chrono::duration_cast<std::chrono::seconds>(time).count(); };
  return absl::UnavailableError(absl::StrCat("the copy of the registry is ", seconds(*state.age),
                                             " s old, more than the ", seconds(age_.limit()), " s allowed"));
}

rpc::CallOptions DirectoryFeed::Options(int64_t timeout_micros) const {
  return {.timeout_micros = timeout_micros, .metadata = {{"dangjian-caller", options_.caller}}};
}

absl::Status DirectoryFeed::CatchUp(std::chrono::microseconds timeout) {
  const auto end = std::chrono::steady_clock::now() + timeout;
  const DirectoryWriter::Reached reached = writer_.reached();
  if (reached.epoch.empty()) return Behind("no full copy of the registry yet");
  v1::WatchRequest request;
  for (const std::string_view collection : writer_.Collections()) request.add_collections(std::string(collection));
  request.set_after_revision(reached.revision);
  request.set_epoch(reached.epoch);
  Stream stream = registry_.OpenServerStream<v1::WatchResponse>(request, Options(timeout.count()));
  // What lies between here and there, as the registry tells it; the feed itself applies it.
  std::optional<int64_t> latest;
  int64_t newest_change = reached.revision;
  for (int64_t heard = 0; !latest.has_value() || heard < *latest;) {
    const absl::StatusOr<std::optional<v1::WatchResponse>> next = stream.Next();
    if (IsAnotherStore(next.status())) return Behind("the registry's store was restored or replaced");
    if (!next.ok() || !next->has_value()) return Silent();
    heard = (*next)->revision();
    if (!latest.has_value()) latest = (*next)->latest_revision();
    if ((*next)->events_size() > 0) newest_change = (*next)->events().rbegin()->revision();
  }
  const auto rest = std::chrono::duration_cast<std::chrono::microseconds>(end - std::chrono::steady_clock::now());
  return writer_.WaitReached(reached.epoch, newest_change, rest) ? absl::OkStatus() : Behind("the feed lags");
}

bool DirectoryFeed::IsStopping() const {
  MutexLock lock(mutex_);
  return stopping_;
}

bool DirectoryFeed::Pause(std::chrono::milliseconds length) {
  // Between half and the whole, so that many services do not come back at once.
  const auto half = length / 2;
  const auto jitter =
      std::chrono::milliseconds(static_cast<int64_t>(RandomBits() % static_cast<uint64_t>(half.count() + 1)));
  const auto end = std::chrono::steady_clock::now() + half + jitter;
  MutexLock lock(mutex_);
  while (!stopping_) {
    const auto rest = end - std::chrono::steady_clock::now();
    if (rest <= std::chrono::steady_clock::duration::zero()) return true;
    stop_.WaitFor(mutex_, rest);
  }
  return false;
}

void DirectoryFeed::Run() {
  std::chrono::milliseconds pause = options_.first_pause;
  while (!IsStopping()) {
    spoke_ = false;
    const absl::Status status = WatchOnce();
    if (IsStopping()) return;
    if (status.ok() && spoke_) continue;  // its time was up
    reconnects_.Increment();
    if (spoke_) pause = options_.first_pause;
    if (IsAnotherStore(status) && !anew_) {
      logger_.Error("the registry's store was restored or replaced: the directory is read anew",
                    {{"known_epoch", stored_.epoch()}, {"known_revision", stored_.revision()}});
      resyncs_.Increment();
      age_.Forget();  // what is here is the copy of another store
      anew_ = true;
      continue;
    }
    if (!status.ok() && !absl::IsDeadlineExceeded(status)) {
      logger_.Warning("the feed of the directory broke off", {{"error", ToStd(status.message())}});
    }
    if (!Pause(pause)) return;
    pause = std::min(pause * 2, options_.longest_pause);
  }
}

absl::Status DirectoryFeed::WatchOnce() {
  ASSIGN_OR_RETURN(stored_, writer_.Position());
  if (!anew_) age_.Reached(stored_.revision(), stored_.epoch());
  writer_.NoteReached(anew_ ? DirectoryWriter::Reached()
                            : DirectoryWriter::Reached{stored_.epoch(), stored_.revision()});
  v1::WatchRequest request;
  for (const std::string_view collection : writer_.Collections()) request.add_collections(std::string(collection));
  if (anew_) {
    ForgetAnew();
    writer_.ForgetFetched();
  } else {
    request.set_after_revision(stored_.revision());
    request.set_epoch(stored_.epoch());
  }
  Stream stream = registry_.OpenServerStream<v1::WatchResponse>(request, Options(kStreamMicros));
  {
    MutexLock lock(mutex_);
    if (stopping_) return absl::OkStatus();
    stream_ = &stream;
  }
  absl::Status status;
  while (status.ok()) {
    const absl::StatusOr<std::optional<v1::WatchResponse>> next = stream.Next();
    status = next.status();
    if (!status.ok() || !next->has_value()) break;
    spoke_ = true;
    age_.Heard((*next)->latest_revision());
    status = anew_ ? ReceiveAnew(**next) : Receive(**next);
    if (!status.ok() || anew_) continue;
    age_.Reached((*next)->revision(), (*next)->epoch());
    writer_.NoteReached({(*next)->epoch(), (*next)->revision()});
  }
  MutexLock lock(mutex_);
  stream_ = nullptr;
  return status;
}

absl::Status DirectoryFeed::Receive(const v1::WatchResponse& response) {
  const storage::v1::FeedPosition position = PositionOf(response);
  const bool first_copy = stored_.epoch().empty() && response.revision() >= response.latest_revision();
  if (response.events_size() > 0 || first_copy || position.revision() >= stored_.revision() + kPositionStride) {
    const std::vector<v1::ChangeEvent> events(response.events().begin(), response.events().end());
    RETURN_IF_ERROR(writer_.Apply(events, &position));
    stored_ = position;
  }
  return absl::OkStatus();
}

absl::Status DirectoryFeed::ReceiveAnew(const v1::WatchResponse& response) {
  if (!anew_target_.has_value()) anew_target_ = response.latest_revision();
  for (const v1::ChangeEvent& event : response.events()) {
    // The place of the first version: those that others refer to stay before them.
    const auto [it, is_new] = anew_place_.try_emplace(event.name(), anew_events_.size());
    if (is_new) anew_events_.emplace_back();
    anew_events_[it->second] = event;
  }
  return response.revision() < *anew_target_ ? absl::OkStatus() : FinishAnew(PositionOf(response));
}

absl::Status DirectoryFeed::FinishAnew(const storage::v1::FeedPosition& position) {
  absl::flat_hash_set<std::string> kept;
  for (const v1::ChangeEvent& event : anew_events_) {
    if (event.operation() != v1::CHANGE_OPERATION_DELETE) kept.insert(event.name());
  }
  // The position is stored only at the end: a copy that is cut off begins again.
  RETURN_IF_ERROR(writer_.Apply(anew_events_, nullptr));
  RETURN_IF_ERROR(writer_.RemoveOthers(kept, position));
  stored_ = position;
  anew_ = false;
  ForgetAnew();
  logger_.Info("the directory was read anew", {{"epoch", position.epoch()}, {"revision", position.revision()}});
  return absl::OkStatus();
}

void DirectoryFeed::ForgetAnew() {
  anew_target_.reset();
  anew_place_.clear();
  anew_events_ = {};
}

}  // namespace dangjian::change
