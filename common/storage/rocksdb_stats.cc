#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/base/strings.h"
#include "common/storage/rocksdb_database.h"

// What RocksDB tells an operator.

namespace dangjian::storage {
namespace {

constexpr std::string_view kProperties[] = {"is-write-stopped",
                                            "actual-delayed-write-rate",
                                            "estimate-pending-compaction-bytes",
                                            "num-running-compactions",
                                            "num-running-flushes",
                                            "compaction-pending",
                                            "mem-table-flush-pending",
                                            "cur-size-all-mem-tables",
                                            "num-immutable-mem-table",
                                            "live-sst-files-size",
                                            "total-sst-files-size",
                                            "estimate-num-keys",
                                            "estimate-live-data-size",
                                            "block-cache-usage",
                                            "block-cache-capacity",
                                            "block-cache-pinned-usage",
                                            "estimate-table-readers-mem",
                                            "background-errors",
                                            "num-snapshots",
                                            "oldest-snapshot-time"};

struct NamedTicker {
  rocksdb::Tickers ticker;
  std::string_view name;
  double scale;
};
constexpr NamedTicker kTickers[] = {{rocksdb::BLOCK_CACHE_HIT, "rocksdb_block_cache_hits_total", 1},
                                    {rocksdb::BLOCK_CACHE_MISS, "rocksdb_block_cache_misses_total", 1},
                                    {rocksdb::BYTES_READ, "rocksdb_read_bytes_total", 1},
                                    {rocksdb::BYTES_WRITTEN, "rocksdb_written_bytes_total", 1},
                                    {rocksdb::WAL_FILE_SYNCED, "rocksdb_wal_syncs_total", 1},
                                    {rocksdb::WAL_FILE_BYTES, "rocksdb_wal_bytes_total", 1},
                                    {rocksdb::STALL_MICROS, "rocksdb_stall_seconds_total", 1e-6},
                                    {rocksdb::COMPACT_READ_BYTES, "rocksdb_compaction_read_bytes_total", 1},
                                    {rocksdb::COMPACT_WRITE_BYTES, "rocksdb_compaction_written_bytes_total", 1}};

constexpr std::pair<rocksdb::Histograms, std::string_view> kTimes[] = {
    {rocksdb::DB_GET, "rocksdb_get"},
    {rocksdb::DB_WRITE, "rocksdb_write"},
    {rocksdb::WAL_FILE_SYNC_MICROS, "rocksdb_wal_sync"}};

}  // namespace

void AppendRocksDbStats(const RocksDbDatabase& database, std::vector<std::pair<std::string, double>>& out) {
  for (const std::string_view property : kProperties) {
    uint64_t value = 0;
    if (!database.db->GetIntProperty(absl::StrCat("rocksdb.", ToAbsl(property)), &value)) continue;
    out.emplace_back(absl::StrCat("rocksdb_", absl::StrReplaceAll(ToAbsl(property), {{"-", "_"}})),
                     static_cast<double>(value));
  }
  for (int level = 0; level < database.db->NumberLevels(); ++level) {
    std::string text;
    double files = 0;
    if (database.db->GetProperty(absl::StrCat("rocksdb.num-files-at-level", level), &text) &&
        absl::SimpleAtod(text, &files)) {
      out.emplace_back(absl::StrCat("rocksdb_num_files_at_level", level), files);
    }
  }
  for (const NamedTicker& each : kTickers) {
    out.emplace_back(each.name,
                     static_cast<double>(database.common->statistics->getTickerCount(each.ticker)) * each.scale);
  }
  for (const auto& [histogram, name] : kTimes) {
    rocksdb::HistogramData data;
    database.common->statistics->histogramData(histogram, &data);
    out.emplace_back(absl::StrCat(ToAbsl(name), "_p50_seconds"), data.median * 1e-6);
    out.emplace_back(absl::StrCat(ToAbsl(name), "_p99_seconds"), data.percentile99 * 1e-6);
  }
}

}  // namespace dangjian::storage
