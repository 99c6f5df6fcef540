#include "common/rpc/peer_watch.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/steady.h"
#include "common/rpc/wire.h"
#include "common/status/errors.h"
#include "common/status/grpc_status.h"
#include "grpc/health/v1/health.pb.h"
#include "grpcpp/generic/generic_stub.h"

namespace dangjian::rpc {
namespace {

using grpc::health::v1::HealthCheckRequest;
using grpc::health::v1::HealthCheckResponse;

// However many calls fail, the peer is not asked more often than this.
constexpr std::chrono::milliseconds kLeastPause{50};
constexpr std::chrono::milliseconds kAwayPause{200};

// Whether an error came from the connection and not from a program at its other end, which always gives a reason.
bool IsOfTheConnection(const absl::Status& status) {
  const bool passes = absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status);
  return passes && ReasonOf(status).empty();
}

}  // namespace

PeerWatch::PeerWatch(std::string name, std::shared_ptr<grpc::Channel> probe, Channels channels, Options options)
    : name_(std::move(name)),
      probe_(std::move(probe)),
      channels_(std::move(channels)),
      options_(options),
      thread_([this] { Run(); }) {}

PeerWatch::~PeerWatch() {
  {
    MutexLock lock(mutex_);
    stopping_ = true;
    if (probing_ != nullptr) probing_->TryCancel();
    wake_.NotifyAll();
  }
  thread_.join();
}

void PeerWatch::Ticket::Release() {
  PeerWatch* watch = std::exchange(watch_, nullptr);
  if (watch == nullptr) return;
  MutexLock lock(watch->mutex_);
  watch->calls_.erase(id_);
}

absl::Status PeerWatch::Admit(const std::shared_ptr<grpc::ClientContext>& call, Ticket& ticket) {
  MutexLock lock(mutex_);
  if (state_ == State::kAway) return Away();
  ticket.watch_ = this;
  ticket.id_ = ++next_id_;
  calls_.emplace(ticket.id_, call);
  return absl::OkStatus();
}

absl::Status PeerWatch::Judge(absl::Status outcome) {
  if (!absl::IsCancelled(outcome) && !IsOfTheConnection(outcome)) return outcome;
  MutexLock lock(mutex_);
  if (state_ == State::kAway) return Away();
  if (absl::IsCancelled(outcome)) return outcome;
  suspected_ = true;
  wake_.NotifyAll();
  return outcome;
}

absl::Status PeerWatch::Away() const {
  return Error(reasons::kBackendUnavailable, absl::StrCat("service ", name_, " does not answer; try again later"),
               {{"service", name_}});
}

absl::Status PeerWatch::Available() const { return state() == State::kAway ? Away() : absl::OkStatus(); }

PeerWatch::State PeerWatch::state() const {
  MutexLock lock(mutex_);
  return state_;
}

int64_t PeerWatch::opened() const {
  MutexLock lock(mutex_);
  return opened_;
}

void PeerWatch::SetListener(std::function<void(State)> listener) {
  MutexLock lock(listener_mutex_);
  listener_ = std::move(listener);
  if (listener_) listener_(state());
}

void PeerWatch::Run() {
  int64_t started = SteadyMicros();
  do {
    started = SteadyMicros();
    Note(Probe());
  } while (Pause(started));
}

bool PeerWatch::Pause(int64_t started_micros) {
  MutexLock lock(mutex_);
  while (!stopping_) {
    // One that did not answer is asked again soon, to be sure, and one that is away often, so that it is missed no
    // longer than it has to be.
    const bool unsure = suspected_ || (unanswered_ > 0 && state_ != State::kAway);
    const auto usual = state_ == State::kAway ? std::min(options_.interval, kAwayPause) : options_.interval;
    const std::chrono::microseconds pause = unsure ? kLeastPause : usual;
    const auto rest = pause - std::chrono::microseconds(SteadyMicros() - started_micros);
    if (rest <= std::chrono::microseconds::zero()) break;
    wake_.WaitFor(mutex_, rest);
  }
  suspected_ = false;
  return !stopping_;
}

PeerWatch::State PeerWatch::Probe() {
  const auto deadline = std::chrono::system_clock::now() + options_.timeout;
  const auto context = std::make_shared<grpc::ClientContext>();
  context->set_deadline(deadline);
  grpc::ByteBuffer request = ToBuffer(HealthCheckRequest());
  grpc::ByteBuffer answer;
  std::optional<grpc::Status> status;
  {
    MutexLock lock(mutex_);
    if (stopping_) return state_;
    probing_ = context;
  }
  grpc::GenericStub(probe_).UnaryCall(context.get(), "/grpc.health.v1.Health/Check", grpc::StubOptions(), &request,
                                      &answer, [&](grpc::Status outcome) {
                                        MutexLock ended(mutex_);
                                        status = std::move(outcome);
                                        wake_.NotifyAll();
                                      });
  MutexLock lock(mutex_);
  while (!status.has_value()) wake_.Wait(mutex_);
  probing_ = nullptr;
  if (!status->ok()) return IsOfTheConnection(FromGrpcStatus(*status)) ? State::kAway : State::kNotServing;
  HealthCheckResponse response;
  const bool serves = FromBuffer(answer, response) && response.status() == HealthCheckResponse::SERVING;
  return serves ? State::kServing : State::kNotServing;
}

void PeerWatch::Note(State seen) {
  unanswered_ = seen == State::kAway ? unanswered_ + 1 : 0;
  if (seen == State::kAway && unanswered_ < options_.failures) return;
  MutexLock listening(listener_mutex_);
  std::vector<std::shared_ptr<grpc::ClientContext>> cut_off;
  {
    MutexLock lock(mutex_);
    if (state_ == seen) return;
    state_ = seen;
    if (seen == State::kAway) {
      ++opened_;
      for (const auto& [id, call] : calls_) cut_off.push_back(call.lock());
    }
  }
  // Not under the lock: the calls end on this very thread.
  for (const auto& call : cut_off) {
    if (call != nullptr) call->TryCancel();
  }
  if (seen != State::kAway) {
    for (const auto& channel : channels_) grpc::experimental::ChannelResetConnectionBackoff(channel.get());
  }
  if (listener_) listener_(seen);
}

}  // namespace dangjian::rpc
