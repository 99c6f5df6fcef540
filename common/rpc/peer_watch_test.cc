#include "common/rpc/peer_watch.h"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "common/rpc/client.h"
#include "common/rpc/testing/note_server.h"
#include "common/rpc/testing/pausable_proxy.h"
#include "common/status/errors.h"
#include "common/testing/matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace dangjian::rpc {
namespace {

using dangjian::testing::HasReason;
using dangjian::testing::IsOk;
using std::chrono::milliseconds;
using testing::FlashNotesRequest;
using testing::FlashNotesResponse;
using ::testing::HasSubstr;
using testing::Latch;
using testing::Note;
using testing::NoteServer;
using testing::PausableProxy;
using testing::ProbeNotesRequest;
using testing::ProbeNotesResponse;

using State = PeerWatch::State;

constexpr PeerWatch::Options kQuick{.interval = milliseconds(20), .timeout = milliseconds(1000), .failures = 2};

void Await(const std::function<bool()>& condition) {
  while (!condition()) std::this_thread::sleep_for(milliseconds(1));
}

absl::Status Flash(Client& client, int64_t timeout_micros = 30'000'000) {
  return client.Call<FlashNotesResponse>(FlashNotesRequest(), {.timeout_micros = timeout_micros, .max_attempts = 1})
      .status();
}

TEST(PeerWatchTest, SaysWhatThePeerSays) {
  NoteServer server;
  const auto channel = ClientChannel::MakeWatched(server.target(), "notes", kQuick);
  Await([&] { return channel->peer()->state() == State::kNotServing; });
  server.health().SetServing(true);
  Await([&] { return channel->peer()->state() == State::kServing; });
  Client client(channel);
  EXPECT_THAT(Flash(client), IsOk());
  server.health().SetServing(false);
  Await([&] { return channel->peer()->state() == State::kNotServing; });
  EXPECT_THAT(Flash(client), IsOk()) << "what answers decides itself";
}

TEST(PeerWatchTest, CallsToAPeerThatIsGoneFailAtOnceByName) {
  NoteServer server;
  server.health().SetServing(true);
  const auto channel = ClientChannel::MakeWatched(server.target(), "notes", kQuick);
  Client client(channel);
  ASSERT_THAT(Flash(client), IsOk());
  server.Stop();
  Await([&] { return channel->peer()->state() == State::kAway; });
  const auto start = std::chrono::steady_clock::now();
  const absl::Status status = Flash(client);
  EXPECT_LT(std::chrono::steady_clock::now() - start, milliseconds(100));
  EXPECT_THAT(status, HasReason(reasons::kBackendUnavailable));
  EXPECT_GT(RetryMillisOf(status), 0);
  EXPECT_THAT(std::string(status.message()), HasSubstr("notes"));
  auto stream = client.OpenServerStream<Note>(testing::StreamNotesRequest(), {});
  EXPECT_THAT(stream.Next(), HasReason(reasons::kBackendUnavailable));
  EXPECT_EQ(channel->peer()->opened(), 1);
}

TEST(PeerWatchTest, APeerThatHangsIsNoticedWithoutACallAndComesBack) {
  NoteServer server;
  server.health().SetServing(true);
  Latch release;
  server.set_probe([&](CallContext&, const ProbeNotesRequest&) -> absl::StatusOr<ProbeNotesResponse> {
    release.Wait();
    return ProbeNotesResponse();
  });
  PausableProxy proxy(server.target());
  const auto channel = ClientChannel::MakeWatched(proxy.target(), "notes", kQuick);
  Client client(channel);
  Await([&] { return channel->peer()->state() == State::kServing; });
  // A call that waits when the peer hangs is ended, long before its deadline.
  absl::Status waiting;
  Latch ended;
  client.CallAsync<ProbeNotesResponse>(ProbeNotesRequest(), {.timeout_micros = 60'000'000, .max_attempts = 1},
                                       [&](const absl::StatusOr<ProbeNotesResponse>& response) {
                                         waiting = response.status();
                                         ended.Open();
                                       });
  proxy.Pause();
  Await([&] { return channel->peer()->state() == State::kAway; });
  ended.Wait();
  EXPECT_THAT(waiting, HasReason(reasons::kBackendUnavailable));
  EXPECT_THAT(Flash(client), HasReason(reasons::kBackendUnavailable));
  proxy.Resume();
  Await([&] { return channel->peer()->state() == State::kServing; });
  EXPECT_THAT(Flash(client), IsOk());
  release.Open();
}

TEST(PeerWatchTest, ACallerWithHastyDeadlinesCutsOffNobody) {
  NoteServer server;
  server.health().SetServing(true);
  const auto channel = ClientChannel::MakeWatched(server.target(), "notes", kQuick);
  Client client(channel);
  for (int i = 0; i < 200; ++i) Flash(client, 1).IgnoreError();
  EXPECT_EQ(channel->peer()->opened(), 0);
  EXPECT_THAT(Flash(client), IsOk());
}

TEST(PeerWatchTest, TellsItsListenerEveryChange) {
  NoteServer server;
  server.health().SetServing(true);
  const auto channel = ClientChannel::MakeWatched(server.target(), "notes", kQuick);
  Mutex mutex;
  std::vector<State> told;
  channel->peer()->SetListener([&](State state) {
    MutexLock lock(mutex);
    told.push_back(state);
  });
  const auto last = [&] {
    MutexLock lock(mutex);
    return told.back();
  };
  Await([&] { return last() == State::kServing; });
  server.Stop();
  Await([&] { return last() == State::kAway; });
}

}  // namespace
}  // namespace dangjian::rpc
