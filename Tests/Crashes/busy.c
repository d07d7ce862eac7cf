// Has RocksDB write out and merge what it holds all the time, for scripts/crashes to end it in the midst of that.
//
//   LD_PRELOAD=busy.so PROGRAM
//
// A write buffer of 64 KiB is the least that RocksDB takes: some fifty small pushes, a second's worth. Two files
// of the first level are merged into the next, which by itself it does with four.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stddef.h>
#include <stdint.h>

struct rocksdb_options_t;

static void *next(const char *name) { return dlsym(RTLD_NEXT, name); }

// The online store sets this when it is opened, whatever else it sets.
void rocksdb_options_set_max_total_wal_size(struct rocksdb_options_t *options, uint64_t size) {
  void (*set_wal)(struct rocksdb_options_t *, uint64_t) =
      (void (*)(struct rocksdb_options_t *, uint64_t))next("rocksdb_options_set_max_total_wal_size");
  void (*set_buffer)(struct rocksdb_options_t *, size_t) =
      (void (*)(struct rocksdb_options_t *, size_t))next("rocksdb_options_set_write_buffer_size");
  void (*set_files)(struct rocksdb_options_t *, int) = (void (*)(struct rocksdb_options_t *, int))next(
      "rocksdb_options_set_level0_file_num_compaction_trigger");
  set_wal(options, size);
  set_buffer(options, 64 << 10);
  set_files(options, 2);
}
