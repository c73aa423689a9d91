// Strings of the old C++ ABI, as the library's own code makes and frees them: some 20 a key.
#include "Machine.h"
#include "Memory.h"
#if defined(__x86_64__) && defined(__linux__)
#include <string.h>

static string_header *header_of(char *characters) { return (string_header *)characters - 1; }
static string_header *the_empty_one(void) { return &nethack_current->arena->empty_string.header; }

/// A string's memory for so many characters and the zero behind them.
static inline string_header *make(size_t capacity) {
  string_header *header = memory_take(sizeof *header + capacity + 1);
  *header = (string_header){.capacity = capacity};
  return header;
}

void *string_create(size_t length, size_t before, void *allocator) {
  (void)allocator;
  return make(length > before && length < 2 * before ? 2 * before : length);
}

void string_destroy(void *header, void *allocator) {
  (void)allocator;
  memory_give(header);
}

static inline char *clone(const char *from, size_t length) {
  if (!length) return (char *)(the_empty_one() + 1);
  string_header *header = make(length);
  header->length = length;
  char *characters = (char *)(header + 1);
  memory_copy(characters, from, length);
  characters[length] = 0;
  return characters;
}

char **string_assign_bytes(char **string, const char *from, size_t length) {
  char *characters = clone(from, length);
  string_header *old = header_of(*string);
  if (old != the_empty_one() && old->references-- <= 0) memory_give(old);
  *string = characters;
  return string;
}

char **string_assign(char **string, char *const *from) {
  return string == from ? string : string_assign_bytes(string, *from, header_of(*from)->length);
}

void string_copy(char **string, char *const *from) { *string = clone(*from, header_of(*from)->length); }
#endif
