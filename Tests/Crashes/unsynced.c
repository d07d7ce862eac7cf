// Notes which bytes of which files have surely reached the disk, for scripts/crashes to drop the others.
//
//   LD_PRELOAD=unsynced.so UNSYNCED_LOG=FILE PROGRAM
//
// A line for each file that is made ("INODE 0") and each that is synced ("INODE SIZE"), in their order.
// Right for files that only grow, as RocksDB's do.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void note(const struct stat *facts, long long size) {
  const char *path = getenv("UNSYNCED_LOG");
  if (!path || !S_ISREG(facts->st_mode)) return;
  int (*really)(const char *, int, ...) = (int (*)(const char *, int, ...))dlsym(RTLD_NEXT, "open");
  int log = really(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (log < 0) return;
  char line[64];
  int count = snprintf(line, sizeof line, "%llu %lld\n", (unsigned long long)facts->st_ino, size);
  if (write(log, line, (size_t)count) != count) abort();
  close(log);
}

static int opened(const char *name, const char *path, int flags, mode_t mode) {
  int (*really)(const char *, int, ...) = (int (*)(const char *, int, ...))dlsym(RTLD_NEXT, name);
  int file = really(path, flags, mode);
  struct stat facts;
  if (file >= 0 && flags & O_CREAT && fstat(file, &facts) == 0 && facts.st_size == 0) note(&facts, 0);
  return file;
}

static mode_t mode_of(int flags, va_list rest) {
  return flags & O_CREAT ? (mode_t)va_arg(rest, unsigned) : 0;
}

int open(const char *path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  mode_t mode = mode_of(flags, rest);
  va_end(rest);
  return opened("open", path, flags, mode);
}

int open64(const char *path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  mode_t mode = mode_of(flags, rest);
  va_end(rest);
  return opened("open64", path, flags, mode);
}

static int synced(const char *name, int file) {
  int (*really)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
  struct stat facts;
  int known = fstat(file, &facts);  // before: what is written meanwhile may not be there
  int result = really(file);
  if (result == 0 && known == 0) note(&facts, facts.st_size);
  return result;
}

int fsync(int file) { return synced("fsync", file); }

int fdatasync(int file) { return synced("fdatasync", file); }
