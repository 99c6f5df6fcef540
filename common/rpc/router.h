#pragma once

#include <any>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/rpc/call_context.h"
#include "common/rpc/method_table.h"
#include "google/protobuf/message.h"

namespace dangjian::rpc {

// Where a handler runs. Writes of records always run on the store's committing thread.
enum class Run {
  kInline,                  // on the thread that received the call: only for reads of a few keys
  kPool,                    // on the bounded executor: scans, fan-outs, anything that may take a millisecond
  kPoolOutsideTransaction,  // there too, for a method that changes something else than records: a copy of the store
};

// Sends messages of a server stream. Write blocks until the transport took the message: back-pressure reaches the
// handler.
template <class Resp>
class StreamWriter {
 public:
  virtual ~StreamWriter() = default;
  // CANCELLED when the caller has left.
  virtual absl::Status Write(const Resp& message) = 0;
};

// Receives messages of a client stream.
template <class Req>
class StreamReader {
 public:
  virtual ~StreamReader() = default;
  // false at the end of the stream; an error when a message is refused or the caller has left. Each message is
  // validated.
  virtual absl::StatusOr<bool> Read(Req* message) = 0;
};

// The handlers of a process. Handlers are plain member functions: a method is found by its request type, which is
// unique. Registration happens while the process starts; Check() then proves that every method of every service has its
// handler.
class Router {
 public:
  // `methods` must outlive the router.
  explicit Router(const MethodTable& methods) : methods_(methods) {}

  template <class S, class Req, class Resp>
  void Unary(S* service, absl::StatusOr<Resp> (S::*handler)(CallContext&, const Req&), Run run = Run::kPool);

  // What the write that takes `Req` does before its transaction, on the bounded executor: it may wait and scan, as a
  // read does, so that the committing thread need not. Its result is CallContext::prepared in the handler; its error
  // ends the call. After the handler was registered; aborts for a method without one, and for reads.
  template <class S, class Req, class T>
  void Prepare(S* service, absl::StatusOr<T> (S::*prepare)(CallContext&, const Req&));

  template <class S, class Req, class Resp>
  void ServerStream(S* service, absl::Status (S::*handler)(CallContext&, const Req&, StreamWriter<Resp>&));

  template <class S, class Req, class Resp>
  void ClientStream(S* service, absl::StatusOr<Resp> (S::*handler)(CallContext&, StreamReader<Req>&));

  using Message = google::protobuf::Message;
  using UnaryFn = std::function<absl::StatusOr<std::unique_ptr<Message>>(CallContext&, const Message&)>;
  using RawWriter = std::function<absl::Status(const Message&)>;
  using RawReader = std::function<absl::StatusOr<bool>(Message*)>;
  using PrepareFn = std::function<absl::StatusOr<std::any>(CallContext&, const Message&)>;
  using ServerStreamFn = std::function<absl::Status(CallContext&, const Message&, const RawWriter&)>;
  using ClientStreamFn = std::function<absl::StatusOr<std::unique_ptr<Message>>(CallContext&, const RawReader&)>;
  using BidiStreamFn = std::function<absl::Status(CallContext&, const RawReader&, const RawWriter&)>;

  // One registered method, types erased. Exactly one of the functions is set.
  struct Entry {
    const MethodInfo* method = nullptr;
    const Message* request = nullptr;  // prototype
    Run run = Run::kPool;
    bool batch = false;  // the handler gathers what is wrong with its rows (`requests`) in CallContext::batch
    UnaryFn unary;
    PrepareFn prepare;  // of some unary writes
    ServerStreamFn server_stream;
    ClientStreamFn client_stream;
    BidiStreamFn bidi_stream;
    // Fields of the request that the pipeline reads; filled by Register, nullptr when there is none.
    const google::protobuf::FieldDescriptor* request_id = nullptr;
    const google::protobuf::FieldDescriptor* validate_only = nullptr;
  };
  // For handlers that work on any message: the standard methods, health, reflection. Aborts when `method` is null or
  // already has a handler, or when the kind of function is not the method's.
  void Register(Entry entry);

  // FAILED_PRECONDITION naming every method of the table that has no handler; forwarded methods need none.
  absl::Status Check() const;
  // nullptr when there is no such path or it has no handler.
  const Entry* Find(std::string_view path) const;
  const MethodTable& methods() const { return methods_; }

 private:
  template <class Req>
  Entry MakeEntry() const;
  void AddPreparation(const google::protobuf::Descriptor& request, PrepareFn prepare);

  const MethodTable& methods_;
  absl::flat_hash_map<std::string, Entry> entries_;
};

template <class Req>
Router::Entry Router::MakeEntry() const {
  Entry entry;
  entry.method = methods_.FindByRequest(*Req::descriptor());
  entry.request = &Req::default_instance();
  return entry;
}

template <class S, class Req, class Resp>
void Router::Unary(S* service, absl::StatusOr<Resp> (S::*handler)(CallContext&, const Req&), Run run) {
  Entry entry = MakeEntry<Req>();
  entry.run = run;
  entry.unary = [service, handler](CallContext& context,
                                   const Message& request) -> absl::StatusOr<std::unique_ptr<Message>> {
    absl::StatusOr<Resp> response = (service->*handler)(context, static_cast<const Req&>(request));
    if (!response.ok()) return response.status();
    return std::make_unique<Resp>(*std::move(response));
  };
  Register(std::move(entry));
}

template <class S, class Req, class T>
void Router::Prepare(S* service, absl::StatusOr<T> (S::*prepare)(CallContext&, const Req&)) {
  AddPreparation(*Req::descriptor(),
                 [service, prepare](CallContext& context, const Message& request) -> absl::StatusOr<std::any> {
                   absl::StatusOr<T> prepared = (service->*prepare)(context, static_cast<const Req&>(request));
                   if (!prepared.ok()) return prepared.status();
                   return std::any(*std::move(prepared));
                 });
}

template <class S, class Req, class Resp>
void Router::ServerStream(S* service, absl::Status (S::*handler)(CallContext&, const Req&, StreamWriter<Resp>&)) {
  class Writer final : public StreamWriter<Resp> {
   public:
    explicit Writer(const RawWriter& write) : write_(write) {}
    absl::Status Write(const Resp& message) override { return write_(message); }

   private:
    const RawWriter& write_;
  };
  Entry entry = MakeEntry<Req>();
  entry.server_stream = [service, handler](CallContext& context, const Message& request, const RawWriter& write) {
    Writer writer(write);
    return (service->*handler)(context, static_cast<const Req&>(request), writer);
  };
  Register(std::move(entry));
}

template <class S, class Req, class Resp>
void Router::ClientStream(S* service, absl::StatusOr<Resp> (S::*handler)(CallContext&, StreamReader<Req>&)) {
  class Reader final : public StreamReader<Req> {
   public:
    explicit Reader(const RawReader& read) : read_(read) {}
    absl::StatusOr<bool> Read(Req* message) override { return read_(message); }

   private:
    const RawReader& read_;
  };
  Entry entry = MakeEntry<Req>();
  entry.client_stream = [service, handler](CallContext& context,
                                           const RawReader& read) -> absl::StatusOr<std::unique_ptr<Message>> {
    Reader reader(read);
    absl::StatusOr<Resp> response = (service->*handler)(context, reader);
    if (!response.ok()) return response.status();
    return std::make_unique<Resp>(*std::move(response));
  };
  Register(std::move(entry));
}

}  // namespace dangjian::rpc
