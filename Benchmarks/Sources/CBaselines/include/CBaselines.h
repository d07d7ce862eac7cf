// The same loops in C, compiled with -O3: what our own are held against.
// One source file per topic, all declared here.

#pragma once

#include <stddef.h>
#include <stdint.h>

// Does nothing that the optimiser could know of: what the pointer leads to is considered read.
void c_keep(const void *value);

// columns.c
void c_gather_double(const double *values, const int32_t *rows, double *out, size_t count);
