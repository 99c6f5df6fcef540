#include "common/storage/rocksdb_kv_store.h"

#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <fstream>
#include <map>
#include <sstream>
#include <thread>

#include "common/status/errors.h"
#include "common/storage/commit_chain.h"
#include "common/storage/keyspace.h"
#include "tests/conformance/crash_writer.h"
#include "tests/conformance/store_under_test.h"

// What only the engine on disk promises: explicit creation, restarts, crashes, and that damage is never served as data.

namespace dangjian::storage {
namespace {

namespace fs = std::filesystem;
using std::string_literals::operator""s;
using testing::HasSubstr;

class RocksDbKvStoreTest : public testing::Test {
 protected:
  void Init() { ASSERT_TRUE(RocksDbKvStore::Init(path(), "test").ok()); }
  std::string path() const { return directory_.store(); }

  static RocksDbOptions Options() {
    RocksDbOptions options;
    options.block_cache_bytes = size_t{8} << 20;
    options.log = [](std::string_view) {};
    return options;
  }
  absl::StatusOr<std::unique_ptr<RocksDbKvStore>> TryOpen() const { return TryOpen(path()); }
  static absl::StatusOr<std::unique_ptr<RocksDbKvStore>> TryOpen(const std::string& path) {
    return RocksDbKvStore::Open(path, Options());
  }
  std::unique_ptr<RocksDbKvStore> Open() const {
    auto store = TryOpen();
    EXPECT_TRUE(store.ok()) << store.status();
    return store.ok() ? *std::move(store) : nullptr;
  }

  // Runs conformance_writer on the store and kills it after `acknowledged` answers; without `file_limit` with SIGKILL.
  // Sets last_acknowledged_ and returns the status of waitpid.
  int RunWriter(int outstanding, int acknowledged, const std::string& file_limit = "") {
    int ends[2];
    EXPECT_EQ(pipe(ends), 0);
    const std::string count = std::to_string(outstanding);
    const pid_t child = fork();
    if (child == 0) {
      dup2(ends[1], STDOUT_FILENO);
      close(ends[0]);
      close(ends[1]);
      execl(CONFORMANCE_WRITER, CONFORMANCE_WRITER, path().c_str(), count.c_str(),
            file_limit.empty() ? nullptr : file_limit.c_str(), nullptr);
      _exit(127);
    }
    close(ends[1]);
    int64_t revision = 0;
    for (int answers = 0; read(ends[0], &revision, sizeof(revision)) == sizeof(revision);) {
      EXPECT_EQ(revision, last_acknowledged_ + 1);
      last_acknowledged_ = revision;
      if (++answers == acknowledged) kill(child, SIGKILL);
    }
    close(ends[0]);
    int status = 0;
    EXPECT_EQ(waitpid(child, &status, 0), child);
    return status;
  }

  // Everything acknowledged is there, and every revision is whole or absent.
  void ExpectWhole(const KvStore& store) {
    const auto snapshot = store.GetSnapshot();
    EXPECT_GE(snapshot->revision(), last_acknowledged_);
    Entries expected;
    for (int64_t revision = 1; revision <= snapshot->revision(); ++revision) {
      for (int32_t part = 0; part < kCrashParts; ++part) {
        expected.emplace_back(CrashKey(revision, part), CrashValue(revision));
      }
    }
    const std::string prefix = KeyWriter(kCrashTable).str();
    EXPECT_TRUE(ReadRange(*snapshot, prefix, PrefixEnd(prefix)) == expected);
    EXPECT_EQ(ReadCell(*snapshot, CrashCell()).value(), snapshot->revision());
  }

  // The engine's files with this extension.
  std::vector<fs::path> Files(std::string_view extension) const {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(path() + "/db")) {
      if (entry.path().extension() == extension) files.push_back(entry.path());
    }
    return files;
  }
  // The log that holds the newest commits.
  fs::path LiveLog() const {
    const auto logs = Files(".log");
    return *std::max_element(logs.begin(), logs.end());
  }
  static void FlipBit(const fs::path& file, std::streamoff offset) {
    std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
    char byte = 0;
    stream.seekg(offset).get(byte);
    stream.seekp(offset).put(static_cast<char>(byte ^ 0x10));
  }

  static std::string Bytes(const fs::path& file) {
    return (std::ostringstream() << std::ifstream(file, std::ios::binary).rdbuf()).str();
  }

  // CURRENT and the file that it names: which tables and logs the engine knows.
  using FileBytes = std::map<std::string, std::string>;
  FileBytes ListOfFiles() const {
    FileBytes list;
    for (const auto& entry : fs::directory_iterator(path() + "/db")) {
      const std::string name = entry.path().filename();
      if (name == "CURRENT" || name.starts_with("MANIFEST")) list[name] = Bytes(entry.path());
    }
    return list;
  }
  void PutListOfFiles(const FileBytes& list) const {
    for (const auto& [name, bytes] : ListOfFiles()) fs::remove(path() + "/db/" + name);
    for (const auto& [name, bytes] : list) std::ofstream(path() + "/db/" + name, std::ios::binary) << bytes;
  }
  // Every file of the engine with its size.
  std::string FileNames() const {
    std::map<std::string, std::uintmax_t> files;
    for (const auto& entry : fs::directory_iterator(path() + "/db")) files[entry.path().filename()] = entry.file_size();
    std::string text;
    for (const auto& [name, size] : files) text += name + " " + std::to_string(size) + "\n";
    return text;
  }

  ScratchDirectory directory_;
  int64_t last_acknowledged_ = 0;
};

absl::Status PutOne(KvTxn& txn) {
  txn.Put("k", "v");
  return absl::OkStatus();
}

TEST_F(RocksDbKvStoreTest, OpenNeverCreates) {
  absl::Status missing = TryOpen().status();
  EXPECT_TRUE(absl::IsNotFound(missing)) << missing;
  EXPECT_THAT(std::string(missing.message()), HasSubstr("init"));
  EXPECT_FALSE(fs::exists(path()));
  fs::create_directories(path());
  EXPECT_TRUE(absl::IsNotFound(TryOpen().status()));
  EXPECT_TRUE(fs::is_empty(path()));
}

TEST_F(RocksDbKvStoreTest, InitRefusesADirectoryThatHoldsAStore) {
  Init();
  const std::string epoch = Open()->epoch();
  EXPECT_TRUE(absl::IsAlreadyExists(RocksDbKvStore::Init(path(), "test")));
  EXPECT_EQ(Open()->epoch(), epoch);
}

TEST_F(RocksDbKvStoreTest, InitFinishesWhereAnEarlierOneDied) {
  fs::create_directories(path() + "/db.init");
  std::ofstream(path() + "/db.init/CURRENT") << "half";
  EXPECT_TRUE(absl::IsNotFound(TryOpen().status()));
  Init();
  EXPECT_EQ(Open()->LastRevision(), 0);
}

TEST_F(RocksDbKvStoreTest, InitRefusesToCoverUpLostData) {
  Init();
  ASSERT_TRUE(Open()->Transact(PutOne).ok());
  fs::remove_all(path() + "/db");
  EXPECT_TRUE(absl::IsNotFound(TryOpen().status()));
  EXPECT_TRUE(absl::IsFailedPrecondition(RocksDbKvStore::Init(path(), "test")));
}

TEST_F(RocksDbKvStoreTest, DescribesItselfAsDocumented) {
  Init();
  const auto store = Open();
  EXPECT_EQ(ReadRange(*store->GetSnapshot(), "", ""),
            (Entries{{"\x00\x01"
                      "epoch\x00\x01"s,
                      store->epoch()},
                     {"\x00\x01"
                      "format\x00\x01"s,
                      "\x00\x00\x00\x00\x00\x00\x00\x03"s},
                     {"\x00\x01last_revision\x00\x01"s, "\x00\x00\x00\x00\x00\x00\x00\x00"s},
                     {"\x00\x01service\x00\x01"s, "test"},
                     {"\x00\x01store\x00\x01"s, store->id()}}));
  EXPECT_EQ(store->id().size(), 32u);
}

TEST_F(RocksDbKvStoreTest, InitNamesADirectoryThatCannotBeUsed) {
  std::ofstream(path()) << "a file";
  const absl::Status status = RocksDbKvStore::Init(path(), "test");
  EXPECT_TRUE(absl::IsUnavailable(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr(path()));
}

TEST_F(RocksDbKvStoreTest, RefusesASecondProcess) {
  Init();
  const auto store = Open();
  const absl::Status second = TryOpen().status();
  EXPECT_TRUE(absl::IsFailedPrecondition(second)) << second;
  EXPECT_THAT(std::string(second.message()), HasSubstr("in use"));
}

TEST_F(RocksDbKvStoreTest, RefusesAnUnknownFormat) {
  Init();
  ASSERT_TRUE(Open()
                  ->Transact([](KvTxn& txn) {
                    txn.Put(KeyWriter(keyspace::kMeta).Text("format").str(), EncodeCell(4));
                    return absl::OkStatus();
                  })
                  .ok());
  const absl::Status status = TryOpen().status();
  EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("format version 4"));
}

TEST_F(RocksDbKvStoreTest, RefusesTheStoreOfAnotherService) {
  Init();
  RocksDbOptions options = Options();
  options.service = "welfare";
  const absl::Status status = RocksDbKvStore::Open(path(), options).status();
  EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("is of the service test, not of welfare"));
  options.service = "test";
  EXPECT_TRUE(RocksDbKvStore::Open(path(), options).ok());
}

TEST_F(RocksDbKvStoreTest, ItsFilesAreForItsAccountAlone) {
  Init();
  for (const std::string& folder : {path(), path() + "/db"}) {
    EXPECT_EQ(fs::status(folder).permissions(), fs::perms::owner_all) << folder;
  }
}

TEST_F(RocksDbKvStoreTest, CountsTheStartsInWhichItWrote) {
  Init();
  for (int64_t start = 1; start <= 3; ++start) {
    { Open(); }  // one that writes nothing
    const auto store = Open();
    ASSERT_TRUE(store->Transact(PutOne).ok());
    ASSERT_TRUE(store->Transact(PutOne).ok());
    EXPECT_EQ(ReadCell(*store->GetSnapshot(), StartsKey()).value(), start);
  }
}

TEST_F(RocksDbKvStoreTest, RestartKeepsDataRevisionAndEpoch) {
  Init();
  std::string epoch;
  for (int64_t start = 0; start < 3; ++start) {
    const auto store = Open();
    if (start == 0) epoch = store->epoch();
    EXPECT_EQ(store->epoch(), epoch);
    EXPECT_EQ(store->LastRevision(), start);
    EXPECT_EQ(store->GetSnapshot()->revision(), start);
    EXPECT_EQ(ReadCell(*store->GetSnapshot(), "cell").value(), start);
    EXPECT_FALSE(store->Transact([](KvTxn&) { return absl::AbortedError("refused"); }).ok());
    const auto add = [](KvTxn& txn) { return txn.Add("cell", 1), absl::OkStatus(); };
    EXPECT_EQ(store->Transact(add).value(), start + 1);
  }
}

TEST_F(RocksDbKvStoreTest, SnapshotOutlivesTheStore) {
  Init();
  auto store = Open();
  ASSERT_TRUE(store->Transact(PutOne).ok());
  auto snapshot = store->GetSnapshot();
  store.reset();
  EXPECT_EQ(ReadKey(*snapshot, "k"), "v");
  EXPECT_TRUE(absl::IsFailedPrecondition(TryOpen().status()));
  snapshot.reset();
  EXPECT_NE(Open(), nullptr);
}

TEST_F(RocksDbKvStoreTest, StatsNameTheEngine) {
  Init();
  const auto store = Open();
  ASSERT_TRUE(store->Transact(PutOne).ok());
  std::map<std::string, double> stats;
  for (const auto& [name, value] : store->Stats()) EXPECT_TRUE(stats.emplace(name, value).second) << name;
  EXPECT_GE(stats.at("rocksdb_wal_syncs_total"), 1);
  EXPECT_GT(stats.at("rocksdb_cur_size_all_mem_tables"), 0);
  EXPECT_EQ(stats.at("rocksdb_is_write_stopped"), 0);
  EXPECT_EQ(stats.at("rocksdb_background_errors"), 0);
  EXPECT_TRUE(stats.contains("rocksdb_num_files_at_level0"));
  EXPECT_EQ(stats.at("store_groups_total"), 1);
}

TEST_F(RocksDbKvStoreTest, NothingAcknowledgedIsLostToAKill) {
  Init();
  for (const int outstanding : {1, 7, 64, 256, 256, 256}) {
    const int status = RunWriter(outstanding, 300 + 11 * outstanding);
    ASSERT_TRUE(WIFSIGNALED(status)) << status;
    const auto store = Open();
    ASSERT_NE(store, nullptr);
    ExpectWhole(*store);
    last_acknowledged_ = store->LastRevision();
  }
}

TEST_F(RocksDbKvStoreTest, FailedWriteEndsTheProcessAndARestartRecovers) {
  Init();
  const int status = RunWriter(16, 0, "300000");
  ASSERT_TRUE(WIFEXITED(status)) << status;
  EXPECT_EQ(WEXITSTATUS(status), 3);
  EXPECT_GT(last_acknowledged_, 0);
  const auto store = Open();
  ASSERT_NE(store, nullptr);
  ExpectWhole(*store);
}

TEST_F(RocksDbKvStoreTest, RefusesALogWithAFlippedBit) {
  Init();
  RunWriter(8, 400);
  const fs::path log = LiveLog();
  const auto size = static_cast<std::streamoff>(fs::file_size(log));
  const std::string intact = (std::ostringstream() << std::ifstream(log, std::ios::binary).rdbuf()).str();
  for (const std::streamoff offset : {std::streamoff{2}, size / 3, size / 2, size - size / 5}) {
    FlipBit(log, offset);
    const absl::Status status = TryOpen().status();
    EXPECT_TRUE(absl::IsDataLoss(status)) << offset << ": " << status;
    FlipBit(log, offset);
  }
  EXPECT_TRUE((std::ostringstream() << std::ifstream(log, std::ios::binary).rdbuf()).str() == intact);
  ExpectWhole(*Open());
}

TEST_F(RocksDbKvStoreTest, RefusesALogThatLostItsAcknowledgedEnd) {
  Init();
  RunWriter(8, 400);
  const fs::path log = LiveLog();
  fs::resize_file(log, fs::file_size(log) / 2);
  const absl::Status status = TryOpen().status();
  EXPECT_TRUE(absl::IsDataLoss(status)) << status;
}

TEST_F(RocksDbKvStoreTest, RefusesAStoreThatLostItsLog) {
  Init();
  RunWriter(8, 400);
  fs::remove(LiveLog());
  const absl::Status status = TryOpen().status();
  EXPECT_TRUE(absl::IsDataLoss(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("acknowledged"));
}

TEST_F(RocksDbKvStoreTest, DropsAGroupThatWasCutShortBeforeItsAcknowledgement) {
  Init();
  RunWriter(8, 400);
  const fs::path log = LiveLog();
  const auto whole = fs::file_size(log);
  // A record that announces 1,000 bytes and has 20: what a kill in the middle of a write leaves.
  std::ofstream(log, std::ios::app | std::ios::binary)
      << std::string("\x11\x22\x33\x44\xE8\x03\x01", 7) << std::string(20, 'x');
  ASSERT_EQ(fs::file_size(log), whole + 27);
  {
    const auto store = Open();
    ASSERT_NE(store, nullptr);
    ExpectWhole(*store);
    last_acknowledged_ = store->Transact(PutOne).value();
  }
  const auto store = Open();
  EXPECT_EQ(store->LastRevision(), last_acknowledged_);
  EXPECT_EQ(ReadKey(*store->GetSnapshot(), "k"), "v");
}

TEST_F(RocksDbKvStoreTest, DropsATailOfWhichOnlySomeSectorsReachedTheDisk) {
  Init();
  RunWriter(8, 400);
  const std::string log = "/db/" + LiveLog().filename().string();
  const size_t end = fs::file_size(path() + log);
  // The record of a group is written as a whole and not synced: of its sectors any may be missing.
  const std::string record = "\x11\x22\x33\x44\x00\x10\x01"s + std::string(4096, 'x');
  for (const size_t sector : {0u, 1u, 3u, 7u}) {
    const std::string copy = path() + "-" + std::to_string(sector);
    fs::copy(path(), copy, fs::copy_options::recursive);
    std::string torn = Bytes(copy + log) + record;
    torn.replace(end + 512 * sector, 512, std::string(512, '\0'));
    std::ofstream(copy + log, std::ios::binary) << torn;
    const auto store = TryOpen(copy);
    ASSERT_TRUE(store.ok()) << sector << ": " << store.status();
    ExpectWhole(**store);
  }
}

TEST_F(RocksDbKvStoreTest, DamageWithCommitsBehindItIsNoTailEvenWhenTheAcknowledgedFileLags) {
  Init();
  RunWriter(8, 400);
  const fs::path log = LiveLog();
  FlipBit(log, static_cast<std::streamoff>(fs::file_size(log) / 2));
  std::ofstream(path() + "/acked") << "0000000000000000001\n";  // as after a power cut
  const absl::Status status = TryOpen().status();
  EXPECT_TRUE(absl::IsDataLoss(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("damaged in the middle"));
}

TEST_F(RocksDbKvStoreTest, RefusesAnOlderListOfFilesBesideNewerLogs) {
  Init();
  RunWriter(4, 20);
  Open().reset();  // moves the log into a table
  const auto old_list = ListOfFiles();
  const int64_t before = Open()->LastRevision();
  last_acknowledged_ = before;
  RunWriter(4, 20);
  Open().reset();
  last_acknowledged_ = Open()->LastRevision();
  RunWriter(4, 20);
  for (const bool with_mark : {true, false}) {
    const auto new_list = ListOfFiles();
    if (!with_mark) fs::remove(path() + "/checked");
    PutListOfFiles(old_list);
    const std::string files = FileNames();
    const absl::Status status = TryOpen().status();
    EXPECT_TRUE(absl::IsDataLoss(status)) << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr("docs/runbooks/store-damaged.md"));
    EXPECT_EQ(FileNames(), files) << "a store that is refused is left as it was";
    PutListOfFiles(new_list);
  }
  ExpectWhole(*Open());
}

TEST_F(RocksDbKvStoreTest, RefusesAHoleThatAnEarlierReleaseWouldHaveOpened) {
  Init();
  const auto store = Open();
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(store->Transact(PutOne).ok());
  // A link is gone, and with it, for all that the store can say, its group.
  ASSERT_TRUE(store->Transact([](KvTxn& txn) { return txn.Delete(ChainKey(3)), absl::OkStatus(); }).ok());
  const auto copy = directory_.store() + "-copy";
  const absl::Status status = store->Checkpoint(copy).status();
  EXPECT_TRUE(absl::IsDataLoss(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("lacks its commits 3 to 3"));
  EXPECT_FALSE(fs::exists(copy));
}

TEST_F(RocksDbKvStoreTest, NamesTheFileThatIsMissing) {
  Init();
  Open().reset();
  for (const auto& [file, content] : ListOfFiles()) {
    const fs::path victim = path() + "/db/" + file;
    fs::remove(victim);
    const absl::Status status = TryOpen().status();
    EXPECT_TRUE(absl::IsDataLoss(status)) << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr(file));
    EXPECT_THAT(std::string(status.message()), HasSubstr("docs/runbooks/store-damaged.md"));
    std::ofstream(victim, std::ios::binary) << content;
  }
}

TEST_F(RocksDbKvStoreTest, WithoutRoomItServesReadsAndRefusesWritesByName) {
  Init();
  last_acknowledged_ = Open()->Transact(PutOne).value();
  RunWriter(8, 100);  // leaves a log that has to be read
  RocksDbOptions options = Options();
  options.min_free_bytes = size_t{1} << 60;
  bool fatal = false;
  options.fatal = [&fatal](std::string_view) { fatal = true; };
  {
    auto store = RocksDbKvStore::Open(path(), options);
    ASSERT_TRUE(store.ok()) << store.status();
    EXPECT_EQ(ReadKey(*(*store)->GetSnapshot(), "k"), "v");
    EXPECT_GE((*store)->LastRevision(), last_acknowledged_);
    for (int i = 0; i < 3; ++i) {
      const absl::Status refused = (*store)->Transact(PutOne).status();
      EXPECT_EQ(ReasonOf(refused), "STORE_READ_ONLY") << refused;
    }
    EXPECT_TRUE(absl::IsResourceExhausted((*store)->CheckWritable()));
    EXPECT_TRUE(absl::IsUnavailable((*store)->Checkpoint(path() + "-copy").status()));
  }
  EXPECT_FALSE(fatal);
  EXPECT_TRUE(Open()->CheckWritable().ok());
  EXPECT_TRUE(Open()->Transact(PutOne).ok());
}

TEST_F(RocksDbKvStoreTest, NoticesThatItsFilesWereDeletedUnderIt) {
  for (const char* deleted : {"", "/db", "/acked"}) {
    Init();
    std::string reason;
    RocksDbOptions options = Options();
    options.fatal = [&reason](std::string_view why) { reason = why; };
    auto store = RocksDbKvStore::Open(path(), options);
    ASSERT_TRUE(store.ok()) << store.status();
    ASSERT_TRUE((*store)->Transact(PutOne).ok());
    fs::rename(path() + deleted, path() + "-gone");  // at once, where a removal would run beside the engine's own work
    EXPECT_TRUE(absl::IsUnavailable((*store)->CheckWritable()));
    EXPECT_TRUE(absl::IsUnavailable((*store)->Transact(PutOne).status()));
    store->reset();
    EXPECT_THAT(reason, HasSubstr("were deleted or replaced"));
    fs::remove_all(path());
    fs::remove_all(path() + "-gone");
  }
}

TEST_F(RocksDbKvStoreTest, CheckpointOfARunningStoreIsAStore) {
  Init();
  const std::string copy = path() + "-copy";
  int64_t copied = 0;
  int64_t acknowledged = 0;
  {
    const auto store = Open();
    std::atomic<bool> done{false};
    std::atomic<int64_t> newest{0};
    std::thread writer([&] {
      while (!done) newest = store->Transact(PutOne).value();
    });
    while (newest < 50) std::this_thread::yield();
    acknowledged = newest;
    const auto revision = store->Checkpoint(copy);
    done = true;
    writer.join();
    ASSERT_TRUE(revision.ok()) << revision.status();
    copied = *revision;
    EXPECT_TRUE(absl::IsAlreadyExists(store->Checkpoint(copy).status()));
  }
  EXPECT_GE(copied, acknowledged);
  const auto store = TryOpen(copy);
  ASSERT_TRUE(store.ok()) << store.status();
  EXPECT_EQ((*store)->LastRevision(), copied);
  EXPECT_EQ((*store)->id(), Open()->id());
  EXPECT_TRUE((*store)->Transact(PutOne).ok());
}

TEST_F(RocksDbKvStoreTest, RefusesAStoreWithoutItsFileOfAcknowledgedRevisions) {
  Init();
  fs::remove(path() + "/acked");
  EXPECT_TRUE(absl::IsDataLoss(TryOpen().status()));
  std::ofstream(path() + "/acked") << "seven\n";
  EXPECT_TRUE(absl::IsDataLoss(TryOpen().status()));
}

TEST_F(RocksDbKvStoreTest, NeverServesADamagedTableAsAShorterOne) {
  Init();
  RunWriter(64, 3'000);
  Open().reset();  // moves the log into tables
  const auto tables = Files(".sst");
  ASSERT_FALSE(tables.empty());
  for (const fs::path& table : tables) {
    const auto offset = static_cast<std::streamoff>(fs::file_size(table) / 3);
    FlipBit(table, offset);
    bool refused = true;
    if (const auto store = TryOpen(); store.ok()) {
      auto cursor = (*store)->GetSnapshot()->Scan("", "");
      while (cursor->Valid()) cursor->Next();
      refused = absl::IsDataLoss(cursor->status());
    }
    EXPECT_TRUE(refused) << table;
    FlipBit(table, offset);
  }
}

}  // namespace
}  // namespace dangjian::storage
