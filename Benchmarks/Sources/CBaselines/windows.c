#include "CBaselines.h"

#include <math.h>
#include <stdlib.h>

// Entities of equally many rows and questions, one after the other, both ascending in time. For each
// question the window [question - length, question): its ends are moved, and what it holds is kept.

void c_slide_max(
  const int64_t *times, const double *values, size_t rows, const int64_t *questions, size_t asked,
  size_t entities, int64_t length, double *out) {
  size_t *queue = malloc(rows * sizeof *queue);
  for (size_t entity = 0; entity < entities; entity++) {
    const int64_t *at = times + entity * rows;
    const double *value = values + entity * rows;
    size_t upper = 0, front = 0, back = 0;
    for (size_t question = 0; question < asked; question++) {
      int64_t t = questions[entity * asked + question];
      for (; upper < rows && at[upper] < t; upper++) {
        while (back > front && value[queue[back - 1]] <= value[upper]) back--;
        queue[back++] = upper;
      }
      while (front < back && at[queue[front]] < t - length) front++;
      out[entity * asked + question] = front < back ? value[queue[front]] : -INFINITY;
    }
  }
  free(queue);
}

void c_slide_count(
  const int64_t *times, const uint8_t *flags, size_t rows, const int64_t *questions, size_t asked,
  size_t entities, int64_t length, int64_t *out) {
  for (size_t entity = 0; entity < entities; entity++) {
    const int64_t *at = times + entity * rows;
    const uint8_t *flag = flags + entity * rows;
    size_t upper = 0, lower = 0;
    int64_t count = 0;
    for (size_t question = 0; question < asked; question++) {
      int64_t t = questions[entity * asked + question];
      for (; upper < rows && at[upper] < t; upper++) count += flag[upper];
      for (; lower < upper && at[lower] < t - length; lower++) count -= flag[lower];
      out[entity * asked + question] = count > 0;
    }
  }
}

void c_slide_sum(
  const int64_t *times, const double *values, size_t rows, const int64_t *questions, size_t asked,
  size_t entities, int64_t length, double *out) {
  for (size_t entity = 0; entity < entities; entity++) {
    const int64_t *at = times + entity * rows;
    const double *value = values + entity * rows;
    size_t upper = 0, lower = 0;
    double sum = 0;
    for (size_t question = 0; question < asked; question++) {
      int64_t t = questions[entity * asked + question];
      for (; upper < rows && at[upper] < t; upper++) sum += value[upper];
      for (; lower < upper && at[lower] < t - length; lower++) sum -= value[lower];
      out[entity * asked + question] = sum;
    }
  }
}
