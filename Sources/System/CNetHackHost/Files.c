// Files as the game's system calls see them: names and bytes in the arena, and one archive outside that is read-only.
#include "Files.h"
#if defined(__x86_64__) && defined(__linux__)
#include <errno.h>
#include <fcntl.h>
#include <string.h>

static arena_file *find(const char *name) {
  arena_file *files = nethack_current->arena->files;
  for (int i = 0; i < FILE_COUNT; i++) {
    if (files[i].exists && !strcmp(files[i].name, name)) return files + i;
  }
  return NULL;
}

/// The file of that name, made empty where there is none.
static arena_file *find_or_make(const char *name) {
  arena_file *file = find(name);
  if (file) return file;
  if (strlen(name) >= FILE_NAME_BYTES) nethack_leave(NETHACK_FAULT, NETHACK_FAULT_FILES);
  file = nethack_current->arena->files;
  for (int i = 0; file->exists; i++, file++) {
    if (i == FILE_COUNT - 1) nethack_leave(NETHACK_FAULT, NETHACK_FAULT_FILES);
  }
  memset(file, 0, sizeof *file);
  file->exists = true;
  strcpy(file->name, name);
  return file;
}

/// Where a file's bytes are at present: the archive's lie elsewhere in every process.
static const char *bytes_of(const arena_file *file) { return file->archive ? nethack_current->data : file->bytes; }

static int open_stream(arena_file *file, bool appends) {
  arena *arena = nethack_current->arena;
  for (int descriptor = 3; descriptor < STREAM_COUNT; descriptor++) {
    if (arena->streams[descriptor].open) continue;
    arena->streams[descriptor] = (arena_stream){
      .open = true, .appends = appends, .file = (int)(file - arena->files), .unread = -1,
    };
    return descriptor;
  }
  errno = EMFILE;
  return -1;
}

arena_stream *file_stream(int descriptor) {
  if (descriptor < 3 || descriptor >= STREAM_COUNT) return NULL;
  arena_stream *stream = nethack_current->arena->streams + descriptor;
  return stream->open ? stream : NULL;
}

void nethack_make_file(const char *name, const char *bytes, size_t size) {
  arena_file *file = find_or_make(name);
  if (!size) return;
  file->bytes = nethack_malloc(size);
  memcpy(file->bytes, bytes, size);
  file->size = file->capacity = size;
}

void nethack_link_archive(const char *name) {
  arena_file *file = find_or_make(name);
  file->archive = true;
  file->size = nethack_current->data_bytes;
}

int file_open(const char *name, int flags, ...) {
  arena_file *file = find(name);
  if (!file && !(flags & O_CREAT)) { errno = ENOENT; return -1; }
  if (!file) file = find_or_make(name);
  if (file->archive && (flags & O_ACCMODE) != O_RDONLY) { errno = EACCES; return -1; }
  if (flags & O_TRUNC && !file->archive) file->size = 0;
  return open_stream(file, flags & O_APPEND);
}

int file_create(const char *name, mode_t mode) {
  (void)mode;
  return file_open(name, O_WRONLY | O_CREAT | O_TRUNC);
}

ssize_t file_read(int descriptor, void *to, size_t bytes) {
  arena_stream *stream = file_stream(descriptor);
  if (!stream) { errno = EBADF; return -1; }
  const arena_file *file = nethack_current->arena->files + stream->file;
  size_t left = file->size > stream->position ? file->size - stream->position : 0;
  if (bytes > left) bytes = left;
  if (bytes) memcpy(to, bytes_of(file) + stream->position, bytes);
  stream->position += bytes;
  return (ssize_t)bytes;
}

/// What goes to no file of ours (the terminal) is taken and forgotten.
ssize_t file_write(int descriptor, const void *from, size_t bytes) {
  arena_stream *stream = file_stream(descriptor);
  if (!stream) return (ssize_t)bytes;
  arena_file *file = nethack_current->arena->files + stream->file;
  if (file->archive) { errno = EACCES; return -1; }
  if (stream->appends) stream->position = file->size;
  if (bytes > ARENA_BYTES || stream->position > ARENA_BYTES) nethack_leave(NETHACK_FAULT, NETHACK_FAULT_MEMORY);
  size_t end = stream->position + bytes;
  if (end > file->capacity) {
    size_t capacity = file->capacity ? file->capacity * 2 : 4096;
    while (capacity < end) capacity *= 2;
    file->bytes = nethack_realloc(file->bytes, capacity);
    file->capacity = capacity;
  }
  if (stream->position > file->size) memset(file->bytes + file->size, 0, stream->position - file->size);
  if (bytes) memcpy(file->bytes + stream->position, from, bytes);
  stream->position = end;
  if (end > file->size) file->size = end;
  return (ssize_t)bytes;
}

off_t file_seek(int descriptor, off_t distance, int from) {
  arena_stream *stream = file_stream(descriptor);
  if (!stream) return -1;
  off_t start = 0;
  if (from == SEEK_CUR) start = (off_t)stream->position;
  if (from == SEEK_END) start = (off_t)nethack_current->arena->files[stream->file].size;
  if (start + distance < 0) { errno = EINVAL; return -1; }
  stream->position = (size_t)(start + distance);
  stream->at_end = false;
  return start + distance;
}

int file_close(int descriptor) {
  arena_stream *stream = file_stream(descriptor);
  if (!stream) return -1;
  stream->open = false;
  return 0;
}

int file_unlink(const char *name) {
  arena_file *file = find(name);
  if (!file || file->archive) { errno = ENOENT; return -1; }
  nethack_free(file->bytes);
  file->exists = false;
  return 0;
}

int file_rename(const char *from, const char *to) {
  arena_file *file = find(from);
  if (!file || strlen(to) >= FILE_NAME_BYTES) { errno = ENOENT; return -1; }
  file_unlink(to);
  strcpy(file->name, to);
  return 0;
}

int file_access(const char *name, int mode) {
  (void)mode;
  if (find(name)) return 0;
  errno = ENOENT;
  return -1;
}
#endif
