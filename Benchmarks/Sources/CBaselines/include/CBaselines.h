// The same loops in C, compiled with -O3: what our own are held against.
// One source file per topic, all declared here.

#pragma once

#include <stddef.h>
#include <stdint.h>

// Does nothing that the optimiser could know of: what the pointer leads to is considered read.
void c_keep(const void *value);

// columns.c
void c_gather_double(const double *values, const int32_t *rows, double *out, size_t count);
size_t c_filter_double(const double *values, const uint64_t *mask, double *out, size_t count);
size_t c_group_ints(const int64_t *keys, int32_t *groups, size_t count);
size_t c_group_texts(const uint8_t *bytes, const int32_t *offsets, int32_t *groups, size_t count);
int c_order_rows(const int64_t *keys, const int64_t *times, int32_t *order, size_t count);

// rocksdb.c: RocksDB itself, by its C interface
int64_t c_sst_load(const char *folder, const uint8_t *values, int64_t value_size, int64_t count);

// sums.c
double c_sum_double(const double *values, size_t count);
double c_sum_int(const int64_t *values, size_t count);

// windows.c
void c_slide_max(
  const int64_t *times, const double *values, size_t rows, const int64_t *questions, size_t asked,
  size_t entities, int64_t length, double *out);
void c_slide_sum(
  const int64_t *times, const double *values, size_t rows, const int64_t *questions, size_t asked,
  size_t entities, int64_t length, double *out);
void c_slide_count(
  const int64_t *times, const uint8_t *flags, size_t rows, const int64_t *questions, size_t asked,
  size_t entities, int64_t length, int64_t *out);
