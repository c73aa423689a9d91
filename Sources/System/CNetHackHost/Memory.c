// The game's memory: blocks from its arena, in classes of sizes, each with its own list of free ones.
#include "Host.h"
#if defined(__x86_64__) && defined(__linux__)
#include <string.h>

/// Before each block: its class, and a word that keeps blocks on multiples of 16.
typedef struct { size_t class, padding; } block_header;

/// Classes 1 to 32 are multiples of 16 bytes, later ones powers of two from 1,024.
static size_t class_of(size_t bytes) {
  if (bytes <= 512) return (bytes + 15) / 16;
  size_t class = 33;
  for (size_t room = 1024; room < bytes; room *= 2) class++;
  return class;
}

static size_t room_of(size_t class) { return class <= 32 ? class * 16 : (size_t)1024 << (class - 33); }

void *nethack_malloc(size_t bytes) {
  nethack_game *game = nethack_current;
  arena *arena = game->arena;
  if (bytes > ARENA_BYTES) nethack_leave(NETHACK_FAULT, NETHACK_FAULT_MEMORY);
  size_t class = class_of(bytes ? bytes : 1);
  void *block = arena->free_blocks[class];
  if (block) {
    arena->free_blocks[class] = *(void **)block;
    return block;
  }
  size_t room = sizeof(block_header) + room_of(class);
  size_t others = game->library->data_end - game->library->data_start + STACK_BYTES - PAGE + game->observation_bytes;
  if (arena->used + room > NETHACK_GAME_BYTES - others) nethack_leave(NETHACK_FAULT, NETHACK_FAULT_MEMORY);
  block_header *header = (block_header *)((char *)arena + arena->used);
  arena->used += room;
  header->class = class;
  return header + 1;
}

/// The header of a block; what is none of the arena's blocks ends the game.
static block_header *header_of(void *block) {
  arena *arena = nethack_current->arena;
  char *start = (char *)arena + sizeof *arena, *end = (char *)arena + arena->used;
  block_header *header = (block_header *)block - 1;
  if ((char *)header < start || (char *)block >= end || header->class == 0 || header->class >= CLASS_COUNT) {
    nethack_leave(NETHACK_FAULT, NETHACK_FAULT_FORBIDDEN);
  }
  return header;
}

void nethack_free(void *block) {
  if (!block) return;
  size_t class = header_of(block)->class;
  *(void **)block = nethack_current->arena->free_blocks[class];
  nethack_current->arena->free_blocks[class] = block;
}

void *nethack_calloc(size_t count, size_t bytes) {
  if (bytes && count > ARENA_BYTES / bytes) nethack_leave(NETHACK_FAULT, NETHACK_FAULT_MEMORY);
  return nethack_new(count * bytes);
}

void *nethack_realloc(void *block, size_t bytes) {
  if (!block) return nethack_malloc(bytes);
  size_t room = room_of(header_of(block)->class);
  if (bytes <= room) return block;
  void *larger = nethack_malloc(bytes);
  memcpy(larger, block, room);
  nethack_free(block);
  return larger;
}

void *nethack_new(size_t bytes) {
  void *block = nethack_malloc(bytes);
  memset(block, 0, bytes);
  return block;
}
#endif
