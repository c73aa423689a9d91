// Files as the game's C library sees them: a `FILE` is a pointer to an open file in the arena.
#include "Files.h"
#include "Machine.h"
#if defined(__x86_64__) && defined(__linux__)
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/// The descriptor of a stream; -1 for standard input and output, which are none of ours.
int stream_descriptor(void *stream) {
  arena *arena = nethack_current->arena;
  if ((char *)stream < (char *)arena->streams || (char *)stream >= (char *)(arena->streams + STREAM_COUNT)) return -1;
  return (int)((arena_stream *)stream - arena->streams);
}

static arena_stream *open_one(void *stream) { return file_stream(stream_descriptor(stream)); }

void *stream_open(const char *name, const char *mode) {
  int flags = mode[0] == 'r' ? O_RDONLY : O_WRONLY | O_CREAT | (mode[0] == 'w' ? O_TRUNC : O_APPEND);
  if (strchr(mode, '+')) flags = (flags & ~O_ACCMODE) | O_RDWR;
  return file_stream(file_open(name, flags));
}

void *stream_of_descriptor(int descriptor, const char *mode) {
  (void)mode;
  return file_stream(descriptor);
}

/// Wizard mode's kit, which the game reads as a file.
void *stream_of_memory(void *bytes, size_t count, const char *mode) {
  (void)mode;
  nethack_make_file("/h/kit", bytes, count);
  return stream_open("/h/kit", "r");
}

int stream_close(void *stream) { return file_close(stream_descriptor(stream)); }

size_t stream_read(void *to, size_t size, size_t count, void *stream) {
  arena_stream *one = open_one(stream);
  if (!one || !size || count > ARENA_BYTES / size) return 0;
  ssize_t got = file_read(stream_descriptor(stream), to, size * count);
  if (got < 0) return 0;
  if ((size_t)got < size * count) one->at_end = true;
  return (size_t)got / size;
}

size_t stream_write(const void *from, size_t size, size_t count, void *stream) {
  if (size && count > ARENA_BYTES / size) return 0;
  return file_write(stream_descriptor(stream), from, size * count) < 0 ? 0 : count;
}

/// A game asks the player by keys. One that waits for a line on its standard input would do so for ever.
static int find_nothing(void) {
  enum { PATIENCE = 1000 };
  if (++nethack_current->empty_reads > PATIENCE) machine_forbidden();
  return EOF;
}

int stream_get(void *stream) {
  arena_stream *one = open_one(stream);
  if (!one) return find_nothing();
  int put_back = one->unread;
  one->unread = -1;
  if (put_back >= 0) return put_back;
  unsigned char character;
  if (file_read(stream_descriptor(stream), &character, 1) == 1) return character;
  one->at_end = true;
  return EOF;
}

int stream_unget(int character, void *stream) {
  arena_stream *one = open_one(stream);
  if (one) one->unread = character;
  return character;
}

char *stream_line(char *to, int bytes, void *stream) {
  int count = 0;
  while (count < bytes - 1) {
    int character = stream_get(stream);
    if (character == EOF) break;
    to[count++] = (char)character;
    if (character == '\n') break;
  }
  if (!count) return NULL;
  to[count] = 0;
  return to;
}

int stream_put(int character, void *stream) {
  char byte = (char)character;
  file_write(stream_descriptor(stream), &byte, 1);
  return character;
}

int stream_text(const char *text, void *stream) {
  file_write(stream_descriptor(stream), text, strlen(text));
  return 1;
}

int stream_seek(void *stream, long distance, int from) {
  arena_stream *one = open_one(stream);
  if (!one) return -1;
  one->unread = -1;
  return file_seek(stream_descriptor(stream), distance, from) < 0 ? -1 : 0;
}

long stream_position(void *stream) {
  arena_stream *one = open_one(stream);
  return one ? (long)one->position : -1;
}

void stream_rewind(void *stream) { stream_seek(stream, 0, SEEK_SET); }

int stream_error(void *stream) {
  (void)stream;
  return 0;
}

void stream_clear(void *stream) {
  arena_stream *one = open_one(stream);
  if (one) one->at_end = false;
}

int stream_print(void *stream, const char *format, ...) {
  char text[8192];
  va_list values;
  va_start(values, format);
  int count = vsnprintf(text, sizeof text, format, values);
  va_end(values);
  size_t bytes = count < 0 ? 0 : (size_t)count < sizeof text ? (size_t)count : sizeof text - 1;
  file_write(stream_descriptor(stream), text, bytes);
  return count;
}

/// Reads from a copy of what follows; how much of it was used tells a `%n` behind the game's own format.
int stream_scan(void *stream, const char *format, ...) {
  enum { VALUES = 16 };
  arena_stream *one = open_one(stream);
  char text[1024], extended[256];
  int used = 0, wanted = 0;
  for (const char *sign = format; *sign; sign++) {
    if (*sign == '%' && sign[1] != '*') wanted++;
  }
  if (!one || wanted >= VALUES || strlen(format) + 3 > sizeof extended) machine_forbidden();
  size_t start = one->position;
  ssize_t count = file_read(stream_descriptor(stream), text, sizeof text - 1);
  one->position = start;
  if (count <= 0) return EOF;
  text[count] = 0;
  snprintf(extended, sizeof extended, "%s%%n", format);
  void *values[VALUES] = {0};
  va_list list;
  va_start(list, format);
  for (int i = 0; i < wanted; i++) values[i] = va_arg(list, void *);
  va_end(list);
  values[wanted] = &used;
  // Whoever the format asks for nothing of gets nothing: the pointers past it are never looked at.
  int got = sscanf(
      text, extended, values[0], values[1], values[2], values[3], values[4], values[5], values[6], values[7], values[8],
      values[9], values[10], values[11], values[12], values[13], values[14], values[15]);
  if (got == wanted) one->position = start + (size_t)used;
  return got;
}
#endif
