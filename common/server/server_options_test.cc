#include "common/server/server_options.h"

#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "common/testing/matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace dangjian::server {
namespace {

using ::dangjian::testing::IsOk;
using ::dangjian::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class ServerOptionsTest : public ::testing::Test {
 protected:
  ~ServerOptionsTest() override {
    for (const std::string& name : set_) ::unsetenv(name.c_str());
  }

  ParsedOptions Parse(std::vector<const char*> arguments) const {
    arguments.insert(arguments.begin(), "dangjian-test");
    return ParseOptions(static_cast<int>(arguments.size()), arguments.data(), spec_);
  }
  void SetEnvironment(const std::string& name, const std::string& value) {
    ::setenv(name.c_str(), value.c_str(), 1);
    set_.push_back(name);
  }
  std::string ConfigFile(const std::string& text) const {
    const std::string path = ::testing::TempDir() + "/options_" + std::to_string(::getpid()) + ".conf";
    std::ofstream(path) << text;
    return path;
  }

  OptionsSpec spec_{.name = "dangjian-test",
                    .default_listen = "127.0.0.1:7000",
                    .default_admin = "127.0.0.1:9000",
                    .uses_directory = true,
                    .extra_flags = {{.name = "pledge-address", .help = "Where.", .default_value = "localhost:1"}}};
  std::vector<std::string> set_;
};

TEST_F(ServerOptionsTest, DefaultsServeOnLoopback) {
  const ParsedOptions parsed = Parse({});
  EXPECT_FALSE(parsed.exit);
  EXPECT_EQ(ServerOptions::Command::kServe, parsed.options.command);
  EXPECT_THAT(parsed.options.listen, ElementsAre("127.0.0.1:7000"));
  EXPECT_EQ("127.0.0.1:9000", parsed.options.admin_listen);
  EXPECT_EQ("localhost:1", parsed.options.extra.at("pledge-address"));
}

TEST_F(ServerOptionsTest, TheFlagWinsOverTheEnvironmentOverTheFile) {
  const std::string file = ConfigFile("queue=1\ndrain-seconds=1\nlog-level=\"debug\"\n");
  SetEnvironment("DANGJIAN_DRAIN_SECONDS", "2");
  SetEnvironment("DANGJIAN_LOG_LEVEL", "warning");
  const ParsedOptions parsed = Parse({"--config", file.c_str(), "--log-level=error"});
  ASSERT_FALSE(parsed.exit) << parsed.err;
  EXPECT_EQ(1, parsed.options.queue);
  EXPECT_EQ(2, parsed.options.drain_seconds);
  EXPECT_EQ("error", parsed.options.log_level);
}

TEST_F(ServerOptionsTest, TheFileMayBeNamedByTheEnvironment) {
  SetEnvironment("DANGJIAN_CONFIG", ConfigFile("queue=7\n"));
  EXPECT_EQ(7, Parse({}).options.queue);
}

TEST_F(ServerOptionsTest, SeveralListeners) {
  EXPECT_THAT(Parse({"--listen=127.0.0.1:0", "--listen", "unix:/tmp/a"}).options.listen,
              ElementsAre("127.0.0.1:0", "unix:/tmp/a"));
  SetEnvironment("DANGJIAN_LISTEN", "127.0.0.1:1,[::1]:2");
  EXPECT_THAT(Parse({}).options.listen, ElementsAre("127.0.0.1:1", "[::1]:2"));
}

TEST_F(ServerOptionsTest, FlagsOfOneKindOfProcessAreJoined) {
  EXPECT_EQ("a:1,b:2", Parse({"--pledge-address=a:1", "--pledge-address", "b:2"}).options.extra.at("pledge-address"));
}

TEST_F(ServerOptionsTest, FlagsMayFollowTheCommand) {
  const ParsedOptions parsed = Parse({"init", "--data", "/d"});
  ASSERT_FALSE(parsed.exit) << parsed.err;
  EXPECT_EQ(ServerOptions::Command::kInit, parsed.options.command);
  EXPECT_EQ("/d", parsed.options.data);
}

TEST_F(ServerOptionsTest, UnknownKeysOfTheFileAreRefused) {
  const std::string file = ConfigFile("queue=1\nqeue=2\n");
  const ParsedOptions parsed = Parse({"--config", file.c_str()});
  EXPECT_TRUE(parsed.exit);
  EXPECT_EQ(2, parsed.exit_code);
  EXPECT_THAT(parsed.err, HasSubstr("qeue"));
}

TEST_F(ServerOptionsTest, WrongUsageIsExitCodeTwo) {
  for (const char* wrong : {"--no-such-flag", "--queue=0", "--queue=many", "--auth=none", "--log-level=loud", "stop",
                            "--drain-seconds=-1", "--config=/no/such/file"}) {
    const ParsedOptions parsed = Parse({wrong});
    EXPECT_TRUE(parsed.exit) << wrong;
    EXPECT_EQ(2, parsed.exit_code) << wrong;
    EXPECT_THAT(parsed.err, HasSubstr("dangjian-test: ")) << wrong;
    EXPECT_EQ("", parsed.out) << wrong;
  }
}

TEST_F(ServerOptionsTest, HelpAndVersionGoToStdout) {
  const ParsedOptions help = Parse({"--help"});
  EXPECT_EQ(0, help.exit_code);
  EXPECT_THAT(help.out, HasSubstr("--drain-seconds"));
  const ParsedOptions version = Parse({"--version"});
  EXPECT_EQ(0, version.exit_code);
  EXPECT_THAT(version.out, ::testing::MatchesRegex("dangjian-test [0-9]+\\.[0-9]+\\.[0-9]+\n"));
}

TEST_F(ServerOptionsTest, PrintedSettingsAreAConfigFile) {
  const ParsedOptions printed = Parse({"--queue=9", "--listen=127.0.0.1:1", "--listen=127.0.0.1:2", "--data=/a b",
                                       "--pledge-address=x:1", "--print-config"});
  ASSERT_TRUE(printed.exit);
  EXPECT_EQ(0, printed.exit_code) << printed.err;
  const std::string file = ConfigFile(printed.out);
  const ParsedOptions parsed = Parse({"--config", file.c_str()});
  ASSERT_FALSE(parsed.exit) << parsed.err << printed.out;
  EXPECT_EQ(9, parsed.options.queue);
  EXPECT_THAT(parsed.options.listen, ElementsAre("127.0.0.1:1", "127.0.0.1:2"));
  EXPECT_EQ("/a b", parsed.options.data);
  EXPECT_EQ("x:1", parsed.options.extra.at("pledge-address"));
  EXPECT_EQ("", parsed.options.auth);
}

TEST_F(ServerOptionsTest, KnowsAddressesThatOnlyThisMachineReaches) {
  for (const char* local : {"127.0.0.1:1", "127.9.9.9:1", "localhost:1", "[::1]:1", "unix:/tmp/a"}) {
    EXPECT_TRUE(IsLocalAddress(local)) << local;
  }
  for (const char* open : {"0.0.0.0:1", "[::]:1", "10.0.0.1:1", "127.0.0.1.example.org:1", "example.org:1", ":1", ""}) {
    EXPECT_FALSE(IsLocalAddress(open)) << open;
  }
}

ServerOptions Complete() {
  return {.listen = {"127.0.0.1:0"},
          .admin_listen = "127.0.0.1:0",
          .data = "/d",
          .auth = "development",
          .registry_address = "localhost:1"};
}

TEST_F(ServerOptionsTest, AcceptsCompleteOptions) { EXPECT_THAT(CheckOptions(Complete(), spec_), IsOk()); }

TEST_F(ServerOptionsTest, DoesNotStartWithoutAnAuth) {
  ServerOptions options = Complete();
  options.auth.clear();
  const absl::Status status = CheckOptions(options, spec_);
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(std::string(status.message()), HasSubstr("--auth=development"));
}

TEST_F(ServerOptionsTest, DevelopmentAuthIsRefusedWhereOtherMachinesReach) {
  ServerOptions options = Complete();
  options.listen.push_back("0.0.0.0:7000");
  const absl::Status status = CheckOptions(options, spec_);
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(std::string(status.message()), HasSubstr("0.0.0.0:7000"));
}

TEST_F(ServerOptionsTest, SaysWhichFlagIsMissingOrMalformed) {
  const auto message = [this](auto change) {
    ServerOptions options = Complete();
    change(options);
    return std::string(CheckOptions(options, spec_).message());
  };
  EXPECT_THAT(message([](ServerOptions& o) { o.data.clear(); }), HasSubstr("--data"));
  EXPECT_THAT(message([](ServerOptions& o) { o.registry_address.clear(); }), HasSubstr("--registry-address"));
  EXPECT_THAT(message([](ServerOptions& o) { o.listen = {"localhost"}; }), HasSubstr("--listen=localhost"));
  EXPECT_THAT(message([](ServerOptions& o) { o.listen = {"127.0.0.1:70000"}; }), HasSubstr("--listen="));
  EXPECT_THAT(message([](ServerOptions& o) { o.listen = {"::1:7"}; }), HasSubstr("--listen="));
  EXPECT_THAT(message([](ServerOptions& o) { o.admin_listen = "unix:/a"; }), HasSubstr("--admin-listen="));
}

TEST_F(ServerOptionsTest, InitNeedsOnlyTheFolder) {
  EXPECT_THAT(CheckOptions({.command = ServerOptions::Command::kInit, .data = "/d"}, spec_), IsOk());
}

}  // namespace
}  // namespace dangjian::server
