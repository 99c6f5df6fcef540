#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <functional>
#include <thread>

#include "absl/strings/str_cat.h"
#include "common/auth/authority.h"
#include "common/auth/tls_stager.h"
#include "common/rpc/tls_credentials.h"
#include "common/server/listener.h"
#include "gmock/gmock.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/generic/generic_stub.h"
#include "gtest/gtest.h"

// Mutual TLS over connections that are handed over: who gets in, who does not, and what a rotation costs.

namespace dangjian::server {
namespace {

namespace fs = std::filesystem;
using auth::Authority;
using auth::KeyPair;
using auth::TlsFiles;
using auth::TlsStager;

constexpr int64_t kDay = 86'400;
constexpr char kServerUri[] = "spiffe://dangjian/service/registry";

// Answers every call with its own message.
class Echo final : public grpc::CallbackGenericService {
 public:
  grpc::ServerGenericBidiReactor* CreateReactor(grpc::GenericCallbackServerContext* context) override {
    ++calls;
    for (const grpc::string_ref& pem : context->auth_context()->FindPropertyValues("x509_pem_cert")) {
      seen = auth::ParseCertificate({pem.data(), pem.size()})->uri;
    }
    return new Reactor();
  }
  std::atomic<int> calls{0};
  std::string seen;  // of the newest call

 private:
  class Reactor final : public grpc::ServerGenericBidiReactor {
   public:
    Reactor() { StartRead(&message_); }
    void OnReadDone(bool ok) override {
      if (!ok) return Finish(grpc::Status::OK);
      StartWriteAndFinish(&message_, grpc::WriteOptions(), grpc::Status::OK);
    }
    void OnDone() override { delete this; }

   private:
    grpc::ByteBuffer message_;
  };
};

// The files of one party: a folder with a pair, and an authority to believe.
struct Party {
  std::string folder;
  TlsFiles Files() const {
    return {.certificate = folder + "/tls.crt",
            .key = folder + "/tls.key",
            .authorities = folder + "/ca.pem",
            .revocations = folder + "/crl.pem"};
  }
};

class TlsTest : public ::testing::Test {
 protected:
  TlsTest() : root_(absl::StrCat(::testing::TempDir(), "/tls_", ::getpid())), now_(clock_.NowMicros() / 1'000'000) {
    fs::remove_all(root_);
    MakeAuthority("pki");
  }
  ~TlsTest() override {
    if (listener_.acceptor != nullptr) listener_.acceptor->Stop();
    if (listener_.server != nullptr) listener_.server->Shutdown(std::chrono::system_clock::now());
    listener_ = {};
    stagers_.clear();
    fs::remove_all(root_);
  }

  void MakeAuthority(const std::string& name) const {
    EXPECT_TRUE(Authority::Create(absl::StrCat(root_, "/", name), now_, 3650 * kDay).ok());
  }
  KeyPair Issue(const std::string& authority, auth::CertificateRequest request) const {
    request.now = request.now == 0 ? now_ : request.now;
    if (request.lifetime_seconds == 0) request.lifetime_seconds = kDay;
    return *Authority::Open(absl::StrCat(root_, "/", authority))->Issue(request);
  }
  Party MakeParty(const std::string& name, const KeyPair& pair, const std::string& believes = "pki") const {
    const Party party{absl::StrCat(root_, "/", name)};
    fs::create_directories(party.folder);
    std::ofstream(party.folder + "/tls.crt") << pair.certificate;
    std::ofstream(party.folder + "/tls.key") << pair.key;
    for (const char* file : {"/ca.pem", "/crl.pem"}) {
      fs::copy_file(absl::StrCat(root_, "/", believes, file), party.folder + file,
                    fs::copy_options::overwrite_existing);
    }
    return party;
  }
  const TlsStager& Stage(const Party& party) {
    stagers_.push_back(*TlsStager::Start(party.Files(), clock_, {.interval = std::chrono::milliseconds(50)}));
    return *stagers_.back();
  }

  void Serve() {
    server_party_ = MakeParty("registry", Issue("pki", {.name = "registry", .service = true, .hosts = {"127.0.0.1"}}));
    auto listener = Listen(echo_, {"127.0.0.1:0"}, {}, rpc::MakeServerCredentials(Stage(server_party_)));
    ASSERT_TRUE(listener.ok()) << listener.status();
    listener_ = *std::move(listener);
  }
  std::string address() const { return listener_.acceptor->addresses().front(); }

  std::shared_ptr<grpc::ChannelCredentials> CredentialsOf(const Party& party, const std::string& uri = kServerUri) {
    return rpc::MakeChannelCredentials(Stage(party), uri);
  }
  // One call on a connection of its own.
  grpc::StatusCode Call(const std::shared_ptr<grpc::ChannelCredentials>& credentials, int millis = 2'000) const {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    return Call(grpc::CreateCustomChannel(address(), credentials, arguments), millis);
  }
  static grpc::StatusCode Call(const std::shared_ptr<grpc::Channel>& channel, int millis = 2'000) {
    grpc::GenericStub stub(channel);
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(millis));
    grpc::CompletionQueue queue;
    const grpc::Slice slice("ping");
    const grpc::ByteBuffer request(&slice, 1);
    auto call = stub.PrepareUnaryCall(&context, "/x.Y/Z", request, &queue);
    call->StartCall();
    grpc::ByteBuffer response;
    grpc::Status status;
    call->Finish(&response, &status, nullptr);
    void* tag = nullptr;
    bool ok = false;
    queue.Next(&tag, &ok);
    return status.error_code();
  }

  const SystemClock clock_;
  const std::string root_;
  const int64_t now_;
  Echo echo_;
  Party server_party_;
  std::vector<std::unique_ptr<TlsStager>> stagers_;
  Listener listener_;
};

TEST_F(TlsTest, BothSidesKnowEachOther) {
  Serve();
  const Party caller = MakeParty("li", Issue("pki", {.name = "li-001"}));
  EXPECT_EQ(Call(CredentialsOf(caller)), grpc::StatusCode::OK);
  EXPECT_EQ(echo_.seen, "spiffe://dangjian/client/li-001");
  EXPECT_EQ(Call(CredentialsOf(caller, "")), grpc::StatusCode::OK) << "by the address in the certificate";
}

TEST_F(TlsTest, NobodyWithoutAGoodCertificateReachesAHandler) {
  Serve();
  MakeAuthority("evil");
  const std::string ca = absl::StrCat(root_, "/pki/ca.pem");
  const auto plain_tls = [&](const KeyPair& pair) {
    grpc::SslCredentialsOptions options;
    std::ifstream file(ca);
    options.pem_root_certs = std::string(std::istreambuf_iterator<char>(file), {});
    options.pem_cert_chain = pair.certificate;
    options.pem_private_key = pair.key;
    return grpc::SslCredentials(options);
  };
  const KeyPair good = Issue("pki", {.name = "li-001"});
  const KeyPair other = Issue("evil", {.name = "li-001"});
  const std::pair<const char*, std::shared_ptr<grpc::ChannelCredentials>> bad[] = {
      {"no TLS", grpc::InsecureChannelCredentials()},
      {"no certificate", plain_tls({})},
      {"another authority", plain_tls(other)},
      {"expired", plain_tls(Issue("pki", {.name = "li-001", .now = now_ - 10 * kDay, .lifetime_seconds = kDay}))},
      {"not yet valid", plain_tls(Issue("pki", {.name = "li-001", .now = now_ + kDay, .lifetime_seconds = kDay}))},
      {"key of another certificate", plain_tls({good.certificate, Issue("pki", {.name = "li-001"}).key})},
      {"another authority's chain behind it", plain_tls({other.certificate + good.certificate, other.key})},
      {"the authority itself", plain_tls({Authority::Open(absl::StrCat(root_, "/evil"))->certificate(), other.key})},
  };
  for (const auto& [what, credentials] : bad) {
    EXPECT_NE(Call(credentials, 700), grpc::StatusCode::OK) << what;
  }
  EXPECT_EQ(echo_.calls, 0);
  EXPECT_EQ(Call(plain_tls(good)), grpc::StatusCode::OK);
}

TEST_F(TlsTest, ACallerDoesNotTalkToAnImpostor) {
  Serve();
  MakeAuthority("evil");
  const KeyPair pair = Issue("pki", {.name = "li-001"});
  EXPECT_NE(Call(CredentialsOf(MakeParty("li", pair), "spiffe://dangjian/service/welfare"), 700), grpc::StatusCode::OK);
  fs::create_directories(root_ + "/fooled");
  EXPECT_NE(Call(CredentialsOf(MakeParty("fooled", Issue("evil", {.name = "li-001"}), "evil")), 700),
            grpc::StatusCode::OK);
  EXPECT_EQ(echo_.calls, 0);
}

TEST_F(TlsTest, ARevokedCertificateOpensNoConnection) {
  Serve();
  const KeyPair pair = Issue("pki", {.name = "li-001"});
  const Party caller = MakeParty("li", pair);
  EXPECT_EQ(Call(CredentialsOf(caller)), grpc::StatusCode::OK);
  const std::string serial = auth::ParseCertificate(pair.certificate)->serial;
  ASSERT_TRUE(Authority::Open(root_ + "/pki")->Revoke(serial, now_).ok());
  fs::copy_file(root_ + "/pki/crl.pem", server_party_.folder + "/crl.pem", fs::copy_options::overwrite_existing);
  while (!stagers_.front()->IsRevoked(serial)) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  EXPECT_NE(Call(CredentialsOf(caller), 700), grpc::StatusCode::OK);
  EXPECT_EQ(Call(CredentialsOf(MakeParty("wang", Issue("pki", {.name = "wang-002"})))), grpc::StatusCode::OK);
}

TEST_F(TlsTest, ARotationUnderLoadFailsNoCall) {
  Serve();
  const auto credentials = CredentialsOf(MakeParty("li", Issue("pki", {.name = "li-001"})));
  std::atomic<bool> done{false};
  std::atomic<int> calls{0};
  std::atomic<int> failed{0};
  std::vector<std::thread> callers;
  for (int i = 0; i < 3; ++i) {
    callers.emplace_back([&, i] {
      const auto kept = grpc::CreateChannel(address(), credentials);
      while (!done) {
        // One caller keeps its connection, the others make a new one for each call.
        failed += (i == 0 ? Call(kept) : Call(credentials)) != grpc::StatusCode::OK;
        ++calls;
      }
    });
  }
  for (int round = 0; round < 4; ++round) {
    const KeyPair next = Issue("pki", {.name = "registry", .service = true, .hosts = {"127.0.0.1"}});
    const std::string serial = auth::ParseCertificate(next.certificate)->serial;
    std::ofstream(server_party_.folder + "/tls.crt") << next.certificate;
    std::this_thread::sleep_for(std::chrono::milliseconds(120));  // a mounted pair changes file by file
    std::ofstream(server_party_.folder + "/tls.key") << next.key;
    while (stagers_.front()->certificate().serial != serial) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    std::this_thread::sleep_for(std::chrono::milliseconds(1'200));
  }
  done = true;
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(failed, 0) << "of " << calls;
  EXPECT_GT(calls, 100);
  EXPECT_GE(stagers_.front()->refused(), 1) << "half a rotation was never used";
}

}  // namespace
}  // namespace dangjian::server
