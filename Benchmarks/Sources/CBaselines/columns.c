#include "CBaselines.h"

#include <stdlib.h>
#include <string.h>

void c_gather_double(const double *values, const int32_t *rows, double *out, size_t count) {
  for (size_t row = 0; row < count; row++) out[row] = values[rows[row]];
}

size_t c_filter_double(const double *values, const uint64_t *mask, double *out, size_t count) {
  size_t kept = 0;
  for (size_t row = 0; row < count; row++) {
    out[kept] = values[row];
    kept += mask[row / 64] >> (row % 64) & 1;
  }
  return kept;
}

static uint64_t fold(uint64_t a, uint64_t b) {
  unsigned __int128 product = (unsigned __int128)a * b;
  return (uint64_t)(product >> 64) ^ (uint64_t)product;
}

static uint64_t hash_word(uint64_t word) {
  return fold(word ^ 0x2d358dccaa6c78a5, 0x8bb84b93962eacc9);
}

// Open addressing over slots of key and group, doubled when half full.

typedef struct {
  int64_t key;
  int64_t group_after;
} int_slot;

size_t c_group_ints(const int64_t *keys, int32_t *groups, size_t count) {
  size_t size = 1024, known = 0;
  int_slot *slots = calloc(size, sizeof *slots);
  for (size_t row = 0; row < count; row++) {
    int64_t key = keys[row];
    size_t place = hash_word((uint64_t)key) & (size - 1);
    while (slots[place].group_after && slots[place].key != key) place = (place + 1) & (size - 1);
    if (!slots[place].group_after) {
      slots[place].key = key;
      slots[place].group_after = (int64_t)++known;
      groups[row] = (int32_t)(known - 1);
      if (known * 2 > size) {
        size_t larger = size * 4;
        int_slot *moved = calloc(larger, sizeof *moved);
        for (size_t i = 0; i < size; i++) {
          if (!slots[i].group_after) continue;
          size_t to = hash_word((uint64_t)slots[i].key) & (larger - 1);
          while (moved[to].group_after) to = (to + 1) & (larger - 1);
          moved[to] = slots[i];
        }
        free(slots);
        slots = moved;
        size = larger;
      }
    } else {
      groups[row] = (int32_t)(slots[place].group_after - 1);
    }
  }
  free(slots);
  return known;
}

static uint64_t load8(const uint8_t *bytes) {
  uint64_t word;
  memcpy(&word, bytes, 8);
  return word;
}

static uint64_t load4(const uint8_t *bytes) {
  uint32_t word;
  memcpy(&word, bytes, 4);
  return word;
}

static uint64_t hash_bytes(const uint8_t *bytes, size_t count) {
  uint64_t hash = 0x8bb84b93962eacc9 ^ count;
  if (count >= 16) {
    size_t at = 0;
    for (; at + 16 < count; at += 16)
      hash = fold(load8(bytes + at) ^ 0x2d358dccaa6c78a5, load8(bytes + at + 8) ^ hash);
    return fold(load8(bytes + count - 16) ^ 0x4b33a62ed433d4a3, load8(bytes + count - 8) ^ hash);
  }
  if (count >= 8) return fold(load8(bytes) ^ 0x4b33a62ed433d4a3, load8(bytes + count - 8) ^ hash);
  if (count >= 4)
    return fold((load4(bytes + count - 4) << 32 | load4(bytes)) ^ 0x4b33a62ed433d4a3, hash);
  uint64_t word =
      count ? (uint64_t)bytes[0] << 16 | (uint64_t)bytes[count >> 1] << 8 | bytes[count - 1] : 0;
  return fold(word ^ 0x4b33a62ed433d4a3, hash);
}

// The same over texts: a slot keeps half of the hash; the distinct texts lie side by side.

typedef struct {
  uint32_t hash;
  uint32_t group_after;
} text_slot;

size_t c_group_texts(const uint8_t *bytes, const int32_t *offsets, int32_t *groups, size_t count) {
  size_t size = 1024, known = 0;
  text_slot *slots = calloc(size, sizeof *slots);
  uint64_t *hashes = malloc(count * sizeof *hashes);
  size_t *starts = malloc((count + 1) * sizeof *starts);
  size_t room = 1 << 16;
  uint8_t *distinct = malloc(room);
  starts[0] = 0;
  for (size_t row = 0; row < count; row++) {
    const uint8_t *text = bytes + offsets[row];
    size_t length = (size_t)(offsets[row + 1] - offsets[row]);
    uint64_t hash = hash_bytes(text, length);
    uint32_t upper = (uint32_t)(hash >> 32);
    size_t place = hash & (size - 1);
    int32_t group = -1;
    while (slots[place].group_after) {
      if (slots[place].hash == upper) {
        int32_t candidate = (int32_t)(slots[place].group_after - 1);
        if (starts[candidate + 1] - starts[candidate] == length &&
            memcmp(distinct + starts[candidate], text, length) == 0) {
          group = candidate;
          break;
        }
      }
      place = (place + 1) & (size - 1);
    }
    if (group < 0) {
      hashes[known] = hash;
      while (starts[known] + length > room) distinct = realloc(distinct, room *= 2);
      memcpy(distinct + starts[known], text, length);
      starts[known + 1] = starts[known] + length;
      group = (int32_t)known++;
      slots[place].hash = upper;
      slots[place].group_after = (uint32_t)known;
      if (known * 2 > size) {
        free(slots);
        size *= 4;
        slots = calloc(size, sizeof *slots);
        for (size_t i = 0; i < known; i++) {
          size_t to = hashes[i] & (size - 1);
          while (slots[to].group_after) to = (to + 1) & (size - 1);
          slots[to].hash = (uint32_t)(hashes[i] >> 32);
          slots[to].group_after = (uint32_t)(i + 1);
        }
      }
    }
    groups[row] = group;
  }
  free(slots);
  free(hashes);
  free(starts);
  free(distinct);
  return known;
}

// Radix sort from the lowest digit up, 11 bits at a time, over one word of key and time.

typedef struct {
  uint64_t word;
  uint64_t row;
} entry;

static int bits_of(uint64_t width) { return width ? 64 - __builtin_clzll(width) : 0; }

int c_order_rows(const int64_t *keys, const int64_t *times, int32_t *order, size_t count) {
  int64_t low_key = INT64_MAX, high_key = INT64_MIN, low_time = INT64_MAX, high_time = INT64_MIN;
  for (size_t row = 0; row < count; row++) {
    if (keys[row] < low_key) low_key = keys[row];
    if (keys[row] > high_key) high_key = keys[row];
    if (times[row] < low_time) low_time = times[row];
    if (times[row] > high_time) high_time = times[row];
  }
  int time_bits = bits_of((uint64_t)high_time - (uint64_t)low_time);
  int bits = time_bits + bits_of((uint64_t)high_key - (uint64_t)low_key);
  if (bits > 64) return 0;
  entry *from = malloc(count * sizeof *from), *to = malloc(count * sizeof *to);
  for (size_t row = 0; row < count; row++) {
    uint64_t key = (uint64_t)keys[row] - (uint64_t)low_key;
    from[row].word = key << time_bits | ((uint64_t)times[row] - (uint64_t)low_time);
    from[row].row = row;
  }
  for (int shift = 0; shift < bits; shift += 11) {
    size_t next[2048] = {0};
    for (size_t i = 0; i < count; i++) next[from[i].word >> shift & 2047]++;
    size_t start = 0;
    for (int digit = 0; digit < 2048; digit++) {
      size_t rows = next[digit];
      next[digit] = start;
      start += rows;
    }
    for (size_t i = 0; i < count; i++) to[next[from[i].word >> shift & 2047]++] = from[i];
    entry *swapped = from;
    from = to;
    to = swapped;
  }
  for (size_t i = 0; i < count; i++) order[i] = (int32_t)from[i].row;
  free(from);
  free(to);
  return 1;
}
