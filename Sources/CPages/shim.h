// What columns ask of the system beside its allocator. Their room has no `Glibc`: it opens no file and reads
// no clock, and this does neither.
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

// Has the system lay pages under `count` bytes at once, which are about to be written whole. By themselves
// pages come one by one, each with an interruption of whoever writes there first. Where the system does not
// know the request all is as it was.
static inline void martlet_lay_pages(void *start, size_t count) {
#ifdef MADV_POPULATE_WRITE
  uintptr_t mask = (uintptr_t)sysconf(_SC_PAGESIZE) - 1;
  uintptr_t first = ((uintptr_t)start + mask) & ~mask;
  uintptr_t end = ((uintptr_t)start + count) & ~mask;
  if (first < end) madvise((void *)first, end - first, MADV_POPULATE_WRITE);
#endif
}
