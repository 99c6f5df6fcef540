#include "common/rpc/client.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "common/base/id.h"
#include "common/base/mutex.h"
#include "common/rpc/client_stream.h"
#include "common/rpc/field_access.h"
#include "common/rpc/wire.h"
#include "common/status/errors.h"
#include "common/status/grpc_status.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/descriptor_database.h"
#include "grpcpp/alarm.h"
#include "grpcpp/generic/generic_stub.h"

namespace dangjian::rpc {

using google::protobuf::Descriptor;
using google::protobuf::Message;
using google::protobuf::MethodDescriptor;

namespace {

using SystemTime = std::chrono::system_clock::time_point;
constexpr int64_t kFirstPauseMicros = 50'000;

absl::Status NoMethod(const Descriptor& request) {
  return absl::InternalError(absl::StrCat("no method takes the request ", request.full_name()));
}

absl::Status NotThisMessage(const Message& response) {
  return Error(reasons::kInternal, absl::StrCat("the answer is not a valid ", response.GetTypeName()));
}

// True when a second delivery of the same request does no harm.
bool IsRepeatable(const MethodDescriptor& method, const Message& request) {
  return method.options().idempotency_level() == google::protobuf::MethodOptions::NO_SIDE_EFFECTS ||
         !GetText(request, "request_id").empty();
}

// One unary call with its repetitions. Keeps itself alive until `done` has run.
class UnaryAttempts : public std::enable_shared_from_this<UnaryAttempts> {
 public:
  UnaryAttempts(std::shared_ptr<ClientChannel> channel, const CallOptions& options, const MethodDescriptor& method,
                const Message& request, Message* response, std::function<void(absl::Status)> done)
      : channel_(std::move(channel)),
        options_(options),
        path_(PathOf(method)),
        deadline_(std::chrono::system_clock::now() + std::chrono::microseconds(options.timeout_micros)),
        attempts_left_(IsRepeatable(method, request) ? options.max_attempts : 1),
        request_(ToBuffer(request)),
        response_(response),
        done_(std::move(done)) {}

  void Start() {
    --attempts_left_;
    context_ = NewClientContext(options_, deadline_);
    if (channel_->peer() != nullptr) {
      if (absl::Status away = channel_->peer()->Admit(context_, ticket_); !away.ok()) return Finish(away);
    }
    answer_.Clear();
    grpc::GenericStub(channel_->Next())
        .UnaryCall(context_.get(), path_, grpc::StubOptions(), &request_, &answer_,
                   [self = shared_from_this()](grpc::Status status) { self->Finished(status); });
  }

 private:
  void Finished(const grpc::Status& status) {
    ticket_.Release();
    if (status.ok()) {
      if (options_.replayed != nullptr) {
        *options_.replayed = context_->GetServerTrailingMetadata().count("dangjian-replayed") > 0;
      }
      return Finish(FromBuffer(answer_, *response_) ? absl::OkStatus() : NotThisMessage(*response_));
    }
    absl::Status outcome = FromGrpcStatus(status);
    PeerWatch* peer = channel_->peer();
    if (peer != nullptr) outcome = peer->Judge(std::move(outcome));
    const bool away = peer != nullptr && peer->state() == PeerWatch::State::kAway;
    const SystemTime next = std::chrono::system_clock::now() + Pause(RetryMillisOf(outcome));
    if (away || !Passes(outcome) || attempts_left_ <= 0 || next >= deadline_) return Finish(outcome);
    // The alarm keeps its callback after it has gone off: what the callback held would hold the alarm for ever.
    waiting_ = shared_from_this();
    alarm_.Set(next, [this](bool) { std::exchange(waiting_, nullptr)->Start(); });
  }

  // Whether the same call may do better a moment later.
  static bool Passes(const absl::Status& outcome) {
    return absl::IsUnavailable(outcome) || ReasonOf(outcome) == reasons::kOverloaded.name;
  }

  // Lets go of the channel first: the caller may drop its own hold as soon as `done` has run, and gRPC 1.51 does not
  // survive that the last one goes on the thread that brought the answer.
  void Finish(const absl::Status& outcome) {
    context_.reset();
    channel_.reset();
    done_(outcome);
  }

  // Doubles each time; between half and one and a half of that, so that callers who failed together do not return
  // together. An overloaded server says itself when to come again.
  std::chrono::microseconds Pause(int64_t told_millis) {
    const int64_t pause = std::max(pause_micros_, told_millis * 1000);
    pause_micros_ *= 2;
    return std::chrono::microseconds(pause / 2 + static_cast<int64_t>(RandomBits() % static_cast<uint64_t>(pause)));
  }

  std::shared_ptr<ClientChannel> channel_;
  const CallOptions options_;
  const std::string path_;
  const SystemTime deadline_;
  int32_t attempts_left_;
  int64_t pause_micros_ = kFirstPauseMicros;
  grpc::ByteBuffer request_;
  grpc::ByteBuffer answer_;
  Message* const response_;
  const std::function<void(absl::Status)> done_;
  std::shared_ptr<grpc::ClientContext> context_;
  PeerWatch::Ticket ticket_;
  grpc::Alarm alarm_;
  std::shared_ptr<UnaryAttempts> waiting_;  // itself, while only the alarm knows it
};

}  // namespace

CallOptions FromContext(const CallContext& context) {
  CallOptions options;
  options.timeout_micros = std::max<int64_t>(context.remaining_micros(), 0);
  for (const char* key : {"authorization", "dangjian-caller"}) {
    const std::string_view value = context.credentials().Metadata(key);
    if (!value.empty()) options.metadata.emplace_back(key, std::string(value));
  }
  options.metadata.emplace_back("traceparent", absl::StrCat("00-", context.trace_id(), "-",
                                                            absl::Hex(RandomBits() | 1, absl::kZeroPad16), "-01"));
  return options;
}

namespace {

using MethodIndex = absl::flat_hash_map<const Descriptor*, const MethodDescriptor*>;

void AddMethods(const google::protobuf::FileDescriptor& file, MethodIndex& index) {
  for (int i = 0; i < file.service_count(); ++i) {
    for (int j = 0; j < file.service(i)->method_count(); ++j) {
      const MethodDescriptor* method = file.service(i)->method(j);
      index.emplace(method->input_type(), method);
    }
  }
}

// Every method of the contracts that are linked.
MethodIndex IndexAll() {
  using google::protobuf::DescriptorPool;
  std::vector<std::string> names;
  DescriptorPool::internal_generated_database()->FindAllFileNames(&names);
  MethodIndex index;
  for (const std::string& name : names) AddMethods(*DescriptorPool::generated_pool()->FindFileByName(name), index);
  return index;
}

}  // namespace

const MethodDescriptor* MethodOf(const Descriptor& request) {
  static const MethodIndex& index = *new MethodIndex(IndexAll());
  const auto found = index.find(&request);
  return found == index.end() ? nullptr : found->second;
}

std::string PathOf(const MethodDescriptor& method) {
  return absl::StrCat("/", method.service()->full_name(), "/", method.name());
}

std::shared_ptr<grpc::ClientContext> NewClientContext(const CallOptions& options, SystemTime deadline) {
  auto context = std::make_shared<grpc::ClientContext>();
  context->set_deadline(deadline);
  context->set_wait_for_ready(options.wait_for_ready);
  for (const auto& [key, value] : options.metadata) context->AddMetadata(key, value);
  return context;
}

absl::Status Client::CallRaw(const Message& request, Message* response, const CallOptions& options) {
  Mutex mutex;
  CondVar changed;
  bool finished = false;
  absl::Status outcome;
  CallRawAsync(request, response, options, [&](absl::Status status) {
    MutexLock lock(mutex);
    outcome = std::move(status);
    finished = true;
    changed.NotifyAll();
  });
  MutexLock lock(mutex);
  while (!finished) changed.Wait(mutex);
  return outcome;
}

void Client::CallRawAsync(const Message& request, Message* response, const CallOptions& options,
                          std::function<void(absl::Status)> done) {
  const MethodDescriptor* method = MethodOf(*request.GetDescriptor());
  if (method == nullptr) return done(NoMethod(*request.GetDescriptor()));
  std::make_shared<UnaryAttempts>(channel_, options, *method, request, response, std::move(done))->Start();
}

std::unique_ptr<Client::RawStream> Client::OpenStream(const Descriptor* request_type, const CallOptions& options,
                                                      const Message* request) {
  const MethodDescriptor* method = MethodOf(*request_type);
  if (method == nullptr) return NewFailedStream(NoMethod(*request_type));
  return NewClientStream(channel_, *method, options, request);
}

absl::Status Client::ReadAll(const Message& request, Message* message, const CallOptions& options,
                             const std::function<void()>& receive) {
  const std::unique_ptr<RawStream> stream = OpenStream(request.GetDescriptor(), options, &request);
  while (true) {
    ASSIGN_OR_RETURN(const bool more, stream->Read(message));
    if (!more) return absl::OkStatus();
    receive();
  }
}

}  // namespace dangjian::rpc
