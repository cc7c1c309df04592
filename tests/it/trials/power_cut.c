/* Records what a program does to the files of one folder, so that a power cut can be played afterwards.
 *
 * Loaded before a program (LD_PRELOAD). POWER_CUT_ROOT is the folder, POWER_CUT_LOG the record to append to.
 * A change is recorded when it is done; an fsync when it begins and when it is done, because only what was there when it
 * began is certain. Files that end in -shm are memory and not recorded. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum { OPENED = 1, CREATED, FOLDER, WRITTEN, TRUNCATED, SYNC_BEGUN, SYNC_DONE, UNLINKED, RENAMED };
enum { FILES = 65536 };

struct head {
    uint32_t kind, path;
    uint64_t file, at, length, number;
};

static char root[PATH_MAX];
static int record = -1;
static uint64_t files[FILES];
static uint64_t syncs;

static void put(struct head head, const char *path, const void *data, size_t length) {
    if (record < 0) return;
    head.path = path ? strlen(path) : 0;
    head.length = length;
    struct iovec parts[3] = {{&head, sizeof head}, {(void *)path, head.path}, {(void *)data, length}};
    size_t whole = sizeof head + head.path + length;
    /* In one piece: other threads and processes append as well. */
    if (syscall(SYS_writev, record, parts, 3) != (ssize_t)whole) abort();
}

__attribute__((constructor)) static void begin(void) {
    const char *named = getenv("POWER_CUT_ROOT"), *log = getenv("POWER_CUT_LOG");
    if (!named || !log || !realpath(named, root)) return;
    int opened = syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (opened < 0) abort();
    record = fcntl(opened, F_DUPFD_CLOEXEC, 900);
    syscall(SYS_close, opened);
}

static int ends(const char *text, const char *end) {
    size_t a = strlen(text), b = strlen(end);
    return a >= b && strcmp(text + a - b, end) == 0;
}

static int inside(const char *path) {
    size_t length = strlen(root);
    return record >= 0 && length && strncmp(path, root, length) == 0 && (path[length] == '/' || !path[length])
        && !ends(path, "-shm");
}

static uint64_t of(int fd) { return fd >= 0 && fd < FILES ? files[fd] : 0; }

static void opened(int fd, int was_there, int flags) {
    if (fd < 0 || fd >= FILES || record < 0) return;
    files[fd] = 0;
    char link[64], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length <= 0) return;
    path[length] = 0;
    struct stat found;
    if (!inside(path) || fstat(fd, &found)) return;
    files[fd] = found.st_ino;
    struct head head = {.file = found.st_ino};
    head.kind = S_ISDIR(found.st_mode) ? FOLDER : was_there ? OPENED : CREATED;
    put(head, path, NULL, 0);
    if (was_there && (flags & O_TRUNC)) put((struct head){.kind = TRUNCATED, .file = found.st_ino}, NULL, NULL, 0);
}

static int open_at(int folder, const char *path, int flags, mode_t mode) {
    int was_there = 1;
    if (flags & O_CREAT) {
        struct stat found;
        was_there = syscall(SYS_newfstatat, folder, path, &found, 0) == 0;
    }
    int fd = syscall(SYS_openat, folder, path, flags, mode);
    int error = errno;
    opened(fd, was_there, flags);
    errno = error;
    return fd;
}

#define MODE(flags) \
    mode_t mode = 0; \
    if ((flags) & (O_CREAT | O_TMPFILE)) { va_list rest; va_start(rest, flags); mode = va_arg(rest, mode_t); va_end(rest); }

int open(const char *path, int flags, ...) { MODE(flags) return open_at(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE(flags) return open_at(AT_FDCWD, path, flags | O_LARGEFILE, mode); }
int openat(int folder, const char *path, int flags, ...) { MODE(flags) return open_at(folder, path, flags, mode); }
int openat64(int folder, const char *path, int flags, ...) { MODE(flags) return open_at(folder, path, flags, mode); }

int close(int fd) {
    if (fd == record && record >= 0) return 0;
    if (fd >= 0 && fd < FILES) files[fd] = 0;
    return syscall(SYS_close, fd);
}

static void written(int fd, off_t at, const void *data, ssize_t done) {
    if (done > 0 && of(fd)) {
        int error = errno;
        put((struct head){.kind = WRITTEN, .file = of(fd), .at = at}, NULL, data, done);
        errno = error;
    }
}

/* Where the next write goes. */
static off_t place(int fd) {
    struct stat found;
    if (!of(fd)) return 0;
    if (fcntl(fd, F_GETFL) & O_APPEND) return fstat(fd, &found) ? 0 : found.st_size;
    return lseek(fd, 0, SEEK_CUR);
}

ssize_t write(int fd, const void *data, size_t length) {
    off_t at = place(fd);
    ssize_t done = syscall(SYS_write, fd, data, length);
    written(fd, at, data, done);
    return done;
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
    off_t at = place(fd);
    ssize_t done = syscall(SYS_writev, fd, parts, count), left = done;
    for (int i = 0; i < count && left > 0; i++) {
        ssize_t here = left < (ssize_t)parts[i].iov_len ? left : (ssize_t)parts[i].iov_len;
        written(fd, at, parts[i].iov_base, here);
        at += here;
        left -= here;
    }
    return done;
}

ssize_t pwrite(int fd, const void *data, size_t length, off_t at) {
    ssize_t done = syscall(SYS_pwrite64, fd, data, length, at);
    written(fd, at, data, done);
    return done;
}
ssize_t pwrite64(int fd, const void *data, size_t length, off64_t at) { return pwrite(fd, data, length, at); }

int ftruncate(int fd, off_t length) {
    int done = syscall(SYS_ftruncate, fd, length);
    if (!done && of(fd)) put((struct head){.kind = TRUNCATED, .file = of(fd), .at = length}, NULL, NULL, 0);
    return done;
}
int ftruncate64(int fd, off64_t length) { return ftruncate(fd, length); }

static int sync_with(long call, int fd) {
    uint64_t file = of(fd), number = 0;
    if (file) {
        number = ((uint64_t)getpid() << 32) | __atomic_add_fetch(&syncs, 1, __ATOMIC_RELAXED);
        put((struct head){.kind = SYNC_BEGUN, .file = file, .number = number}, NULL, NULL, 0);
    }
    int done = syscall(call, fd);
    if (file && !done) put((struct head){.kind = SYNC_DONE, .file = file, .number = number}, NULL, NULL, 0);
    return done;
}
int fsync(int fd) { return sync_with(SYS_fsync, fd); }
int fdatasync(int fd) { return sync_with(SYS_fdatasync, fd); }

/* The whole path of something, with its last part as it is called. */
static int whole(int folder, const char *path, char *out) {
    char before[PATH_MAX], there[PATH_MAX];
    if (path[0] != '/' && folder != AT_FDCWD) return 0;
    if (strlen(path) >= sizeof before) return 0;
    strcpy(before, path);
    char *last = strrchr(before, '/');
    const char *name = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
    if (last == before) last[1] = 0;
    else if (last) *last = 0;
    else strcpy(before, ".");
    if (!realpath(before, there)) return 0;
    return snprintf(out, PATH_MAX, "%s/%s", there, name) < PATH_MAX && inside(out);
}

static int unlink_at(int folder, const char *path, int flags) {
    char name[PATH_MAX];
    int ours = record >= 0 && whole(folder, path, name);
    int done = syscall(SYS_unlinkat, folder, path, flags), error = errno;
    if (!done && ours) put((struct head){.kind = UNLINKED}, name, NULL, 0);
    errno = error;
    return done;
}
int unlink(const char *path) { return unlink_at(AT_FDCWD, path, 0); }
int unlinkat(int folder, const char *path, int flags) { return unlink_at(folder, path, flags); }

static int rename_at(int from, const char *old, int to, const char *new, unsigned flags) {
    char before[PATH_MAX], after[PATH_MAX];
    int ours = record >= 0 && whole(from, old, before) && whole(to, new, after);
    int done = syscall(SYS_renameat2, from, old, to, new, flags), error = errno;
    if (!done && ours) put((struct head){.kind = RENAMED}, before, after, strlen(after));
    errno = error;
    return done;
}
int rename(const char *old, const char *new) { return rename_at(AT_FDCWD, old, AT_FDCWD, new, 0); }
int renameat(int a, const char *old, int b, const char *new) { return rename_at(a, old, b, new, 0); }
int renameat2(int a, const char *old, int b, const char *new, unsigned flags) { return rename_at(a, old, b, new, flags); }
