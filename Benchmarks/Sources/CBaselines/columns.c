#include "CBaselines.h"

void c_gather_double(const double *values, const int32_t *rows, double *out, size_t count) {
  for (size_t row = 0; row < count; row++) out[row] = values[rows[row]];
}
