/* Logs what a process does to the files of one folder, so that a test can build the disk as a power cut would leave it.
   Preloaded; the folder is POWERCUT_DIR, the log POWERCUT_LOG. One entry: op, fd, offset, length (host byte order), bytes. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int log_fd = -1;
static const char *folder;
static unsigned char watched[65536];

#define REAL(ret, name, ...) \
    static ret (*real)(__VA_ARGS__); \
    if (!real) real = (ret (*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

static ssize_t raw_write(int fd, const void *data, size_t size) {
    static ssize_t (*real_writev)(int, const struct iovec *, int);
    if (!real_writev) real_writev = (ssize_t(*)(int, const struct iovec *, int))dlsym(RTLD_NEXT, "writev");
    struct iovec one = {(void *)data, size};
    return real_writev(fd, &one, 1);
}

static int ready(void) {
    if (log_fd == -1) {
        folder = getenv("POWERCUT_DIR");
        const char *path = getenv("POWERCUT_LOG");
        static int (*real_open)(const char *, int, ...);
        if (!real_open) real_open = (int (*)(const char *, int, ...))dlsym(RTLD_NEXT, "open64");
        log_fd = folder && path ? real_open(path, O_WRONLY | O_CREAT | O_APPEND, 0600) : -2;
    }
    return log_fd >= 0;
}

static int inside(const char *path) { return ready() && path && strncmp(path, folder, strlen(folder)) == 0; }
static int seen(int fd) { return fd >= 0 && fd < 65536 && watched[fd]; }

static void note(char op, int fd, int64_t offset, const void *data, uint32_t size) {
    char head[17];
    int32_t number = fd;
    head[0] = op;
    memcpy(head + 1, &number, 4);
    memcpy(head + 5, &offset, 8);
    memcpy(head + 13, &size, 4);
    pthread_mutex_lock(&lock);
    if (raw_write(log_fd, head, 17) != 17 || (size && raw_write(log_fd, data, size) != (ssize_t)size)) abort();
    pthread_mutex_unlock(&lock);
}

static int opened(int fd, const char *path, int flags) {
    if (fd >= 0 && fd < 65536) {
        watched[fd] = inside(path) ? 1 : 0;
        if (watched[fd]) note('O', fd, flags & O_TRUNC ? 1 : 0, path, strlen(path));
    }
    return fd;
}

#define OPEN(name) \
    int name(const char *path, int flags, ...) { \
        REAL(int, #name, const char *, int, ...); \
        va_list rest; \
        va_start(rest, flags); \
        mode_t mode = va_arg(rest, int); \
        va_end(rest); \
        return opened(real(path, flags, mode), path, flags); \
    }
OPEN(open)
OPEN(open64)

#define OPENAT(name) \
    int name(int at, const char *path, int flags, ...) { \
        REAL(int, #name, int, const char *, int, ...); \
        va_list rest; \
        va_start(rest, flags); \
        mode_t mode = va_arg(rest, int); \
        va_end(rest); \
        return opened(real(at, path, flags, mode), path, flags); \
    }
OPENAT(openat)
OPENAT(openat64)

int close(int fd) {
    REAL(int, "close", int);
    if (seen(fd)) {
        note('C', fd, 0, 0, 0);
        watched[fd] = 0;
    }
    return real(fd);
}

ssize_t write(int fd, const void *data, size_t size) {
    REAL(ssize_t, "write", int, const void *, size_t);
    off64_t at = seen(fd) ? lseek64(fd, 0, SEEK_CUR) : 0;
    ssize_t done = real(fd, data, size);
    if (done > 0 && seen(fd)) note('W', fd, at, data, done);
    return done;
}

#define PWRITE(name, type) \
    ssize_t name(int fd, const void *data, size_t size, type at) { \
        REAL(ssize_t, #name, int, const void *, size_t, type); \
        ssize_t done = real(fd, data, size, at); \
        if (done > 0 && seen(fd)) note('W', fd, at, data, done); \
        return done; \
    }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

#define TRUNCATE(name, type) \
    int name(int fd, type size) { \
        REAL(int, #name, int, type); \
        int done = real(fd, size); \
        if (done == 0 && seen(fd)) note('T', fd, size, 0, 0); \
        return done; \
    }
TRUNCATE(ftruncate, off_t)
TRUNCATE(ftruncate64, off64_t)

#define SYNC(name) \
    int name(int fd) { \
        REAL(int, #name, int); \
        int done = real(fd); \
        if (done == 0 && seen(fd)) note('S', fd, 0, 0, 0); \
        return done; \
    }
SYNC(fsync)
SYNC(fdatasync)

int unlink(const char *path) {
    REAL(int, "unlink", const char *);
    int done = real(path);
    if (done == 0 && inside(path)) note('U', -1, 0, path, strlen(path));
    return done;
}

int rename(const char *from, const char *to) {
    REAL(int, "rename", const char *, const char *);
    int done = real(from, to);
    if (done == 0 && inside(from)) {
        char both[8192];
        int size = snprintf(both, sizeof both, "%s%c%s", from, 0, to);
        note('R', -1, 0, both, size);
    }
    return done;
}
