#include "CBaselines.h"

#include <rocksdb/c.h>
#include <stdio.h>
#include <stdlib.h>

// The options that decide what a load costs, as the online store sets them.
static rocksdb_options_t *load_options(void) {
  rocksdb_options_t *options = rocksdb_options_create();
  rocksdb_options_set_create_if_missing(options, 1);
  rocksdb_options_set_compression(options, rocksdb_zstd_compression);
  rocksdb_block_based_table_options_t *table = rocksdb_block_based_options_create();
  rocksdb_block_based_options_set_filter_policy(table, rocksdb_filterpolicy_create_bloom_full(10));
  rocksdb_block_based_options_set_data_block_index_type(
      table, rocksdb_block_based_table_data_block_index_type_binary_search_and_hash);
  rocksdb_block_based_options_set_data_block_hash_ratio(table, 0.75);
  rocksdb_block_based_options_set_format_version(table, 5);
  rocksdb_options_set_block_based_table_factory(options, table);
  rocksdb_block_based_options_destroy(table);
  return options;
}

int64_t c_sst_load(const char *folder, const uint8_t *values, int64_t value_size, int64_t count) {
  char *error = NULL;
  char path[4096];
  rocksdb_options_t *options = load_options();
  rocksdb_envoptions_t *env = rocksdb_envoptions_create();
  snprintf(path, sizeof path, "%s/raw.sst", folder);
  rocksdb_sstfilewriter_t *writer = rocksdb_sstfilewriter_create(env, options);
  rocksdb_sstfilewriter_open(writer, path, &error);
  for (int64_t number = 0; number < count && !error; number++) {
    // The table and the entity, the highest byte first.
    char key[16] = {0};
    for (int byte = 0; byte < 8; byte++) key[8 + byte] = (char)(number >> (56 - 8 * byte));
    rocksdb_sstfilewriter_put(
        writer, key, sizeof key, (const char *)values + number * value_size, (size_t)value_size, &error);
  }
  if (!error) rocksdb_sstfilewriter_finish(writer, &error);
  rocksdb_sstfilewriter_destroy(writer);
  snprintf(path, sizeof path, "%s/raw", folder);
  rocksdb_t *database = error ? NULL : rocksdb_open(options, path, &error);
  if (database) {
    rocksdb_ingestexternalfileoptions_t *settings = rocksdb_ingestexternalfileoptions_create();
    rocksdb_ingestexternalfileoptions_set_move_files(settings, 1);
    snprintf(path, sizeof path, "%s/raw.sst", folder);
    const char *files[] = {path};
    rocksdb_ingest_external_file(database, files, 1, settings, &error);
    rocksdb_ingestexternalfileoptions_destroy(settings);
    rocksdb_close(database);
  }
  rocksdb_envoptions_destroy(env);
  rocksdb_options_destroy(options);
  if (!error) return count;
  fprintf(stderr, "raw load: %s\n", error);
  free(error);
  return -1;
}
