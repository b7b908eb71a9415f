/*
 * Loaded in front of the system's library: writes down what a program does to the files whose path contains POWER_FILES, in
 * order, into the file POWER_LOG. power/replay.ts plays it back up to a power cut.
 *
 * A record: kind (1), file (4), offset (8), length (4), then `length` bytes. Numbers in the machine's byte order.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#define MOST_FILES 4096

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int log_fd = -1;
static uint32_t next_file = 1;
static uint32_t file_of[MOST_FILES];

static void put(char kind, uint32_t file, uint64_t offset, const void *bytes, uint32_t length) {
  pthread_mutex_lock(&lock);
  if (log_fd < 0) log_fd = (int)syscall(SYS_openat, AT_FDCWD, getenv("POWER_LOG"), O_WRONLY | O_CREAT | O_APPEND, 0600);
  struct iovec parts[] = {{&kind, 1}, {&file, 4}, {&offset, 8}, {&length, 4}, {(void *)bytes, length}};
  ssize_t wanted = 17 + (ssize_t)length;
  /* A log with a hole would prove anything. */
  if (syscall(SYS_writev, log_fd, parts, length == 0 ? 4 : 5) != wanted) abort();
  pthread_mutex_unlock(&lock);
}

static uint32_t known(int fd) { return fd >= 0 && fd < MOST_FILES ? file_of[fd] : 0; }

static int opened(int fd, const char *path) {
  const char *wanted = getenv("POWER_FILES");
  if (fd < 0 || fd >= MOST_FILES) return fd;
  file_of[fd] = 0;
  /* The index beside the log is rebuilt from it: it is never read after a cut. */
  size_t length = strlen(path);
  int is_index = length > 4 && strcmp(path + length - 4, "-shm") == 0;
  if (wanted == NULL || strstr(path, wanted) == NULL || is_index) return fd;
  file_of[fd] = next_file++;
  put('o', file_of[fd], 0, path, (uint32_t)length);
  return fd;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

int open64(const char *path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  mode_t mode = (flags & O_CREAT) != 0 ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  return opened(REAL(open64)(path, flags, mode), path);
}

int open(const char *path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  mode_t mode = (flags & O_CREAT) != 0 ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  return opened(REAL(open)(path, flags, mode), path);
}

int close(int fd) {
  if (known(fd) != 0) file_of[fd] = 0;
  return REAL(close)(fd);
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t offset) {
  ssize_t done = REAL(pwrite64)(fd, bytes, length, offset);
  if (done > 0 && known(fd) != 0) put('w', known(fd), (uint64_t)offset, bytes, (uint32_t)done);
  return done;
}

ssize_t write(int fd, const void *bytes, size_t length) {
  uint32_t file = known(fd);
  off64_t at = file == 0 ? 0 : lseek64(fd, 0, SEEK_CUR);
  ssize_t done = REAL(write)(fd, bytes, length);
  if (done > 0 && file != 0) put('w', file, (uint64_t)at, bytes, (uint32_t)done);
  return done;
}

int ftruncate64(int fd, off64_t length) {
  int done = REAL(ftruncate64)(fd, length);
  if (done == 0 && known(fd) != 0) put('t', known(fd), (uint64_t)length, NULL, 0);
  return done;
}

/* Another thread may write meanwhile: only what was written before it began is sure to be flushed. */
static int synced(int (*sync)(int), int fd) {
  uint32_t file = known(fd);
  if (file != 0) put('b', file, 0, NULL, 0);
  int done = sync(fd);
  if (done == 0 && file != 0) put('s', file, 0, NULL, 0);
  return done;
}

int fsync(int fd) { return synced(REAL(fsync), fd); }

int fdatasync(int fd) { return synced(REAL(fdatasync), fd); }

int unlink(const char *path) {
  int done = REAL(unlink)(path);
  const char *wanted = getenv("POWER_FILES");
  if (done == 0 && wanted != NULL && strstr(path, wanted) != NULL) put('u', 0, 0, path, (uint32_t)strlen(path));
  return done;
}
