#include "CBaselines.h"

double c_sum_double(const double *values, size_t count) {
  double sum = 0;
  for (size_t row = 0; row < count; row++) sum += values[row];
  return sum;
}

// A pair of 64-bit words is what the compiler makes of this, too.
double c_sum_int(const int64_t *values, size_t count) {
  __int128 sum = 0;
  for (size_t row = 0; row < count; row++) sum += values[row];
  return (double)sum;
}
