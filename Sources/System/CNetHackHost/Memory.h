// The game's memory where calls of it are so many that each should be a few instructions.
#pragma once
#include "Host.h"
#if defined(__x86_64__) && defined(__linux__)
#include <string.h>

/// Before each block: its class, and a word that keeps blocks on multiples of 16.
typedef struct { size_t class, padding; } block_header;

/// Classes 1 to 32 are multiples of 16 bytes, later ones powers of two from 1,024.
static inline size_t class_of(size_t bytes) {
  if (bytes <= 512) return (bytes + 15) / 16;
  size_t class = 33;
  for (size_t room = 1024; room < bytes; room *= 2) class++;
  return class;
}

static inline size_t room_of(size_t class) { return class <= 32 ? class * 16 : (size_t)1024 << (class - 33); }

/// A block of the arena; one that was given back where there is one of its class.
static inline void *memory_take(size_t bytes) {
  size_t class = class_of(bytes);
  void **first = nethack_current->arena->free_blocks + class, *block = *first;
  if (!block) return nethack_malloc(bytes);
  *first = *(void **)block;
  return block;
}

/// The header of a block; what is none of the arena's blocks ends the game.
static inline block_header *header_of_block(void *block) {
  arena *arena = nethack_current->arena;
  char *start = (char *)arena + sizeof *arena, *end = (char *)arena + arena->used;
  block_header *header = (block_header *)block - 1;
  if ((char *)header < start || (char *)block >= end || header->class == 0 || header->class >= CLASS_COUNT) {
    nethack_leave(NETHACK_FAULT, NETHACK_FAULT_FORBIDDEN);
  }
  return header;
}

/// Gives a block back.
static inline void memory_give(void *block) {
  size_t class = header_of_block(block)->class;
  void **first = nethack_current->arena->free_blocks + class;
  *(void **)block = *first;
  *first = block;
}

/// Copies bytes, of which there mostly are few: a call costs more than two words that may overlap.
static inline void memory_copy(char *to, const char *from, size_t count) {
  if (count > 16) {
    memcpy(to, from, count);
  } else if (count >= 8) {
    uint64_t first, last;
    memcpy(&first, from, 8);
    memcpy(&last, from + count - 8, 8);
    memcpy(to, &first, 8);
    memcpy(to + count - 8, &last, 8);
  } else if (count >= 4) {
    uint32_t first, last;
    memcpy(&first, from, 4);
    memcpy(&last, from + count - 4, 4);
    memcpy(to, &first, 4);
    memcpy(to + count - 4, &last, 4);
  } else if (count) {
    char first = from[0], middle = from[count / 2], last = from[count - 1];
    to[0] = first;
    to[count / 2] = middle;
    to[count - 1] = last;
  }
}
#endif
