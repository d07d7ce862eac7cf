#include "CBaselines.h"

void c_keep(const void *value) { __asm__ volatile("" : : "r"(value) : "memory"); }
