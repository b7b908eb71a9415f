/*
 * Loaded in front of the system's library: while the file FULL_WHILE exists, nothing can be written to files whose path
 * contains FULL_FILES, as on a full disk whose file system copies on write.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static int is_full(int fd) {
  const char *flag = getenv("FULL_WHILE");
  const char *wanted = getenv("FULL_FILES");
  if (flag == NULL || wanted == NULL || access(flag, F_OK) != 0) return 0;
  char link[64];
  char path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length <= 0) return 0;
  path[length] = '\0';
  return strstr(path, wanted) != NULL && strstr(path, "-shm") == NULL;
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t offset) {
  if (is_full(fd)) {
    errno = ENOSPC;
    return -1;
  }
  return REAL(pwrite64)(fd, bytes, length, offset);
}

ssize_t write(int fd, const void *bytes, size_t length) {
  if (is_full(fd)) {
    errno = ENOSPC;
    return -1;
  }
  return REAL(write)(fd, bytes, length);
}

int ftruncate64(int fd, off64_t length) {
  if (is_full(fd)) {
    errno = ENOSPC;
    return -1;
  }
  return REAL(ftruncate64)(fd, length);
}
