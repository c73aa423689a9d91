// The system calls and streams of the game, answered from its arena.
#pragma once
#include "Host.h"
#if defined(__x86_64__) && defined(__linux__)
#include <sys/types.h>

int file_open(const char *name, int flags, ...);
int file_create(const char *name, mode_t mode);
ssize_t file_read(int descriptor, void *to, size_t bytes);
ssize_t file_write(int descriptor, const void *from, size_t bytes);
off_t file_seek(int descriptor, off_t distance, int from);
int file_close(int descriptor);
int file_unlink(const char *name);
int file_rename(const char *from, const char *to);
int file_access(const char *name, int mode);
/// The open file of a descriptor; NULL for what is none.
arena_stream *file_stream(int descriptor);

void *stream_open(const char *name, const char *mode);
void *stream_of_descriptor(int descriptor, const char *mode);
void *stream_of_memory(void *bytes, size_t count, const char *mode);
int stream_close(void *stream);
int stream_descriptor(void *stream);
size_t stream_read(void *to, size_t size, size_t count, void *stream);
size_t stream_write(const void *from, size_t size, size_t count, void *stream);
int stream_get(void *stream);
int stream_unget(int character, void *stream);
char *stream_line(char *to, int bytes, void *stream);
int stream_put(int character, void *stream);
int stream_text(const char *text, void *stream);
int stream_seek(void *stream, long distance, int from);
long stream_position(void *stream);
void stream_rewind(void *stream);
int stream_error(void *stream);
void stream_clear(void *stream);
int stream_print(void *stream, const char *format, ...);
int stream_scan(void *stream, const char *format, ...);
#endif
