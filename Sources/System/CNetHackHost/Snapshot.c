// Snapshots: the four ranges that a game can change, with pointers as they would be in slot 0, less what is as it was
// at the game's start.
#include "Host.h"
#if defined(__x86_64__) && defined(__linux__)
#include <stdlib.h>
#include <string.h>

/// 64 bytes: what is compared, kept and moved at once.
typedef uint64_t line __attribute__((vector_size(64)));

enum { RANGES = 4, MAGIC = 0x4e48534e, VERSION = 2 };

/// What a packed snapshot starts with; a bit for each line of the state follows, then the lines whose bit is set.
typedef struct {
  uint32_t magic, version, wanted, lines, kept;
  int32_t status, fault, how_done;
  uint64_t arena_bytes, context, library, reserved;
} header;
_Static_assert(sizeof(header) == LINE, "lines start on multiples of 64");

struct nethack_base {
  uint32_t wanted, lines;
  line *state;
};

typedef struct { size_t offset, lines; } range;

/// Where the state lies in a slot, the arena last: only its size changes.
static size_t find_ranges(const nethack_game *game, size_t arena_bytes, range to[RANGES]) {
  const nethack_library *library = game->library;
  to[0] = (range){library->data_start, (library->data_end - library->data_start) / LINE};
  to[1] = (range){STACK_AT + PAGE, (STACK_BYTES - PAGE) / LINE};
  to[2] = (range){OBSERVATION_AT, game->observation_bytes / LINE};
  to[3] = (range){ARENA_AT, round_up(arena_bytes, LINE) / LINE};
  return to[0].lines + to[1].lines + to[2].lines + to[3].lines;
}

/// The words of a line that point into the slot with that number of addresses, moved.
#define MOVED(words, slot, distance) ((words) + ((line)(((words) / SLOT_BYTES) == (slot)) & (distance)))
#define EVERY_PROCESSOR __attribute__((target_clones("avx512f", "avx2", "default")))

EVERY_PROCESSOR
static void copy_lines(line *to, const line *from, size_t lines, uint64_t slot, uint64_t distance) {
  for (size_t i = 0; i < lines; i++) to[i] = MOVED(from[i], slot, distance);
}

/// Keeps the lines that differ from `base`'s, or from zeros without one. - Returns: Where the next line goes.
EVERY_PROCESSOR
static line *pack_lines(
    const line *from, const line *base, size_t lines, uint64_t slot, uint64_t distance, uint64_t *bits, size_t bit,
    line *to) {
  const line zero = {0};
  for (size_t i = 0; i < lines; i++) {
    line moved = MOVED(from[i], slot, distance);
    uint64_t differs = __builtin_reduce_or(moved ^ (base ? base[i] : zero)) != 0;
    // Written in any case, passed by only where it differs: no branch to guess.
    *to = moved;
    to += differs;
    bits[(bit + i) / 64] |= differs << ((bit + i) % 64);
  }
  return to;
}

/// Puts kept lines and the base's others together. - Returns: The next kept line.
EVERY_PROCESSOR
static const line *unpack_lines(
    line *to, const line *base, size_t lines, uint64_t slot, uint64_t distance, const uint64_t *bits, size_t bit,
    const line *kept) {
  const line zero = {0};
  for (size_t i = 0; i < lines; i++) {
    uint64_t differs = bits[(bit + i) / 64] >> ((bit + i) % 64) & 1;
    line words = differs ? *kept : base ? base[i] : zero;
    to[i] = MOVED(words, slot, distance);
    kept += differs;
  }
  return kept;
}

static size_t bitmap_bytes(size_t lines) { return round_up(lines, 512) / 8; }
static uint64_t slot_number(const void *address) { return (uint64_t)address / SLOT_BYTES; }

// MARK: Bases

nethack_base *nethack_base_take(const nethack_game *game) {
  range ranges[RANGES];
  size_t lines = find_ranges(game, game->arena->used, ranges);
  nethack_base *base = malloc(sizeof *base);
  void *state = NULL;
  if (!base || posix_memalign(&state, LINE, lines * LINE)) { free(base); return NULL; }
  *base = (nethack_base){.wanted = game->wanted, .lines = (uint32_t)lines, .state = state};
  line *to = base->state;
  for (int i = 0; i < RANGES; i++) {
    copy_lines(to, (const line *)(game->base + ranges[i].offset), ranges[i].lines, slot_number(game->base),
        FIRST_SLOT - (uint64_t)game->base);
    to += ranges[i].lines;
  }
  return base;
}

void nethack_base_free(nethack_base *base) {
  if (base) free(base->state);
  free(base);
}

// MARK: Packing

size_t nethack_snapshot_bound(const nethack_game *game) {
  range ranges[RANGES];
  size_t lines = find_ranges(game, game->arena->used, ranges);
  return sizeof(header) + bitmap_bytes(lines) + (lines + 1) * LINE;
}

size_t nethack_snapshot_pack(const nethack_game *game, const nethack_base *base, void *bytes) {
  range ranges[RANGES];
  size_t lines = find_ranges(game, game->arena->used, ranges);
  header *head = bytes;
  uint64_t *bits = (uint64_t *)(head + 1);
  line *first = (line *)((char *)bits + bitmap_bytes(lines)), *to = first;
  memset(bits, 0, bitmap_bytes(lines));
  uint64_t slot = slot_number(game->base), distance = FIRST_SLOT - (uint64_t)game->base;
  size_t done = 0;
  for (int i = 0; i < RANGES; i++) {
    const line *from = (const line *)(game->base + ranges[i].offset);
    size_t known = base && base->lines > done ? base->lines - done : 0;
    if (known > ranges[i].lines) known = ranges[i].lines;
    if (known) to = pack_lines(from, base->state + done, known, slot, distance, bits, done, to);
    to = pack_lines(from + known, NULL, ranges[i].lines - known, slot, distance, bits, done + known, to);
    done += ranges[i].lines;
  }
  *head = (header){
    .magic = MAGIC, .version = VERSION, .wanted = game->wanted, .lines = (uint32_t)lines,
    .kept = (uint32_t)(to - first),
    .status = game->status, .fault = game->fault, .how_done = game->observation->how_done,
    .arena_bytes = game->arena->used, .context = (uint64_t)game->context + distance,
    .library = game->library->digest,
  };
  return (size_t)((char *)to - (char *)bytes);
}

int nethack_snapshot_valid(const nethack_game *game, const nethack_base *base, const void *bytes, size_t count) {
  const header *head = bytes;
  if (count < sizeof *head || head->magic != MAGIC || head->version != VERSION) return 0;
  if (head->wanted != game->wanted || head->library != game->library->digest) return 0;
  if (base && base->wanted != head->wanted) return 0;
  if (head->status < NETHACK_RUNNING || head->status > NETHACK_FAULT) return 0;
  if (head->fault < 0 || head->fault >= NETHACK_FAULT_COUNT) return 0;
  if (head->arena_bytes < sizeof(arena) || head->arena_bytes > ARENA_BYTES) return 0;
  if (head->context - FIRST_SLOT >= SLOT_BYTES && head->status == NETHACK_RUNNING) return 0;
  range ranges[RANGES];
  if (find_ranges(game, head->arena_bytes, ranges) != head->lines || head->kept > head->lines) return 0;
  if (count != sizeof *head + bitmap_bytes(head->lines) + head->kept * LINE) return 0;
  const uint64_t *bits = (const uint64_t *)(head + 1);
  size_t kept = 0;
  for (size_t i = 0; i < bitmap_bytes(head->lines) / 8; i++) kept += (size_t)__builtin_popcountll(bits[i]);
  return kept == head->kept;
}

void nethack_snapshot_restore(
    nethack_game *game, const nethack_base *base, const void *bytes, const nethack_setting *setting) {
  const header *head = bytes;
  const uint64_t *bits = (const uint64_t *)(head + 1);
  const line *kept = (const line *)((const char *)bits + bitmap_bytes(head->lines));
  range ranges[RANGES];
  find_ranges(game, head->arena_bytes, ranges);
  uint64_t slot = slot_number((const void *)FIRST_SLOT), distance = (uint64_t)game->base - FIRST_SLOT;
  // Memory that the game has not asked for yet is zero, as it was.
  size_t before = game->fault ? ARENA_BYTES : game->arena->used, now = ranges[3].lines * LINE;
  if (game->fault) nethack_relocate(game, game->library->protected_end, game->library->data_start);
  size_t done = 0;
  for (int i = 0; i < RANGES; i++) {
    line *to = (line *)(game->base + ranges[i].offset);
    size_t known = base && base->lines > done ? base->lines - done : 0;
    if (known > ranges[i].lines) known = ranges[i].lines;
    if (known) kept = unpack_lines(to, base->state + done, known, slot, distance, bits, done, kept);
    kept = unpack_lines(to + known, NULL, ranges[i].lines - known, slot, distance, bits, done + known, kept);
    done += ranges[i].lines;
  }
  if (before > now) memset((char *)game->arena + now, 0, before - now);
  game->context = (void *)(head->context + distance);
  game->status = head->status;
  game->fault = head->fault;
  game->clock = setting->clock;
  game->data = setting->data;
  game->data_bytes = setting->data_bytes;
}

// MARK: Looking into a packed one

/// Copies bytes of the observation, from `offset` in its range.
static void copy_out(const nethack_base *base, const void *bytes, size_t offset, size_t count, char *to) {
  const header *head = bytes;
  const uint64_t *bits = (const uint64_t *)(head + 1);
  const line *kept = (const line *)((const char *)bits + bitmap_bytes(head->lines));
  size_t observation_lines = nethack_field_place(head->wanted, NETHACK_FIELDS) / LINE;
  size_t arena_lines = round_up(head->arena_bytes, LINE) / LINE;
  size_t number = head->lines - arena_lines - observation_lines + offset / LINE;
  for (size_t i = 0; i < number / 64; i++) kept += __builtin_popcountll(bits[i]);
  for (size_t i = number / 64 * 64; i < number; i++) kept += bits[i / 64] >> (i % 64) & 1;
  for (size_t skip = offset % LINE; count; skip = 0, number++) {
    bool differs = bits[number / 64] >> (number % 64) & 1;
    size_t part = LINE - skip < count ? LINE - skip : count;
    if (differs) {
      memcpy(to, (const char *)kept++ + skip, part);
    } else if (base && number < base->lines) {
      memcpy(to, (const char *)(base->state + number) + skip, part);
    } else {
      memset(to, 0, part);
    }
    to += part;
    count -= part;
  }
}

void nethack_snapshot_field(const nethack_base *base, const void *bytes, int field, void *to) {
  const header *head = bytes;
  if (!(head->wanted >> field & 1)) return;
  copy_out(base, bytes, nethack_field_place(head->wanted, field), nethack_field_bytes(field), to);
}
#endif
