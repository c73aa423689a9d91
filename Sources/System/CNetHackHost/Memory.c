// The game's memory: blocks from its arena, in classes of sizes, each with its own list of free ones.
#include "Memory.h"
#if defined(__x86_64__) && defined(__linux__)

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

void nethack_free(void *block) {
  if (block) memory_give(block);
}

void *nethack_calloc(size_t count, size_t bytes) {
  if (bytes && count > ARENA_BYTES / bytes) nethack_leave(NETHACK_FAULT, NETHACK_FAULT_MEMORY);
  return nethack_new(count * bytes);
}

void *nethack_realloc(void *block, size_t bytes) {
  if (!block) return nethack_malloc(bytes);
  size_t room = room_of(header_of_block(block)->class);
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
