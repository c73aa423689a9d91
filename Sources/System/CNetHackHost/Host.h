// What the host's files share: where things lie in a slot, and the structures behind the public names.
#pragma once
#if defined(__x86_64__) && defined(__linux__)
#define _GNU_SOURCE
#include "include/CNetHackHost.h"
#include <setjmp.h>
#include <stdbool.h>
#include <time.h>

// MARK: Addresses

// Slot 0's address, the distance to the next, a slot's size. What points into the slot must be a pointer, or it breaks
// when the game is moved. Half of a freed pointer often stands beside a small number that was written over its other
// half: so slots differ in their upper halves, and all have a byte in the lower half, 0xB4, that neither small numbers
// nor letters have. With 16 MiB between them the games of one slot in 256 took every 0 in such a place for a pointer.
#define FIRST_SLOT 0x2F9DB4000000ul
#define SLOT_DISTANCE 0x100000000ul
#define SLOT_BYTES 0x1000000ul
// In a slot: the library from 0, then the game's stack with an unmapped page below it, its observation, its arena.
#define STACK_AT 0x500000ul
#define STACK_BYTES 0x10000ul
#define OBSERVATION_AT 0x600000ul
#define OBSERVATION_BYTES 0x40000ul
#define ARENA_AT 0x800000ul
#define ARENA_BYTES (2ul << 20)
#define PAGE 4096ul
#define LINE 64ul

static inline size_t round_up(size_t bytes, size_t to) { return (bytes + to - 1) / to * to; }

// MARK: The library's own structures (nle 1.3.0)

/// `struct nle_observation`.
typedef struct {
  int action, done;
  char in_normal_game;
  int how_done;
  void *field[NETHACK_FIELDS];
} observation;

/// `struct nle_settings`. The seeds are a structure of their own, with seven bytes of padding at its end.
typedef struct {
  char data_folder[4096], score_prefix[4096], options[NETHACK_OPTIONS_BYTES], wizard_kit[4096];
  int spawns_monsters;
  char recording[4096];
  struct {
    unsigned long seeds[2];
    char reseeds;
    bool uses_seeds;
    unsigned long levels;
    bool uses_levels;
  } initial;
  bool fixes_moon;
  unsigned long moon_seed;
  bool has_moon_seed;
} settings;

_Static_assert(sizeof(observation) == 152 && sizeof(settings) == 0xc048, "the layout of nle 1.3.0");

// MARK: The arena

#define FILE_COUNT 160
#define FILE_NAME_BYTES 80
#define STREAM_COUNT 48
#define CLASS_COUNT 64

/// A file in the arena.
typedef struct {
  char name[FILE_NAME_BYTES];
  char *bytes;
  size_t size, capacity;
  /// `archive`: the data archive, whose bytes lie outside of the slot and are never written.
  bool exists, archive;
} arena_file;

/// An open file: stands for a descriptor and for a `FILE` at once.
typedef struct {
  bool open, appends, at_end;
  int file;
  /// A character put back; -1 for none.
  int unread;
  size_t position;
} arena_stream;

/// The header of a string of the old C++ ABI; its characters follow.
typedef struct {
  size_t length, capacity;
  int references;
} string_header;

/// What the arena starts with; blocks of memory follow.
typedef struct {
  /// The empty string, which all share and nobody frees, and its zero.
  struct { string_header header; char zero[8]; } empty_string;
  /// Bytes used from the arena's start.
  size_t used;
  /// The first free block of each class.
  void *free_blocks[CLASS_COUNT];
  arena_file files[FILE_COUNT];
  arena_stream streams[STREAM_COUNT];
  struct tm calendar;
  /// Whether the game asked for its stack.
  bool has_stack;
} arena;

// MARK: Libraries and games

struct nethack_library {
  const char *file;
  size_t file_bytes;
  /// Of the file's bytes: a state fits the build in which it came to be.
  uint64_t digest;
  int descriptor;
  /// Offsets in the file.
  const void *segments;
  int segment_count;
  const void *symbols;
  size_t symbol_count;
  const char *names;
  const void *relocations[2];
  size_t relocation_count[2];
  /// What each symbol that the library imports is answered with, by the symbol's number.
  void **answers;
  /// Offsets in the mapped library: what a game can change, where of it the file has bytes, what is read-only once
  /// relocated, where the segment of all that starts, and the constructors.
  size_t data_start, data_end, data_file_end, data_file_offset, protected_start, protected_end, writable_start;
  size_t constructors, constructor_count;
  size_t start, step, set_seed, get_seed, player;
};

struct nethack_game {
  const nethack_library *library;
  char *base;
  arena *arena;
  observation *observation;
  size_t observation_bytes;
  uint32_t wanted;
  /// The library's own handle of the game.
  void *context;
  int status, fault;
  int64_t clock;
  const char *data;
  size_t data_bytes;
  /// How often in a row the game found nothing on its standard input.
  int empty_reads;
  /// Where calls that end the game go.
  sigjmp_buf way_out;
  /// Whether the library runs: a signal is then the game's.
  volatile bool inside;
};

/// The terminal's arrays have their places in every slot, wanted or not: what was not kept can be drawn later.
#define TERMINAL (7u << NETHACK_TTY_CHARS)

/// Where an array starts in the observation's range; for `NETHACK_FIELDS`, where the range ends.
size_t nethack_field_place(uint32_t wanted, int field);

/// The game that this thread runs; imports find their memory by it.
extern _Thread_local nethack_game *nethack_current;

/// Leaves the library for good, from any depth.
_Noreturn void nethack_leave(int status, int fault);

/// Writes every word that is relocated and lies in `[from, to)` of the mapped library.
void nethack_relocate(nethack_game *, size_t from, size_t to);

/// The answer to an import; NULL with `known` false where there is none.
void *nethack_import(const char *name, bool *known);

/// Makes this thread able to catch what the game does wrong.
void nethack_watch_signals(void);

// Memory of the game, in its arena.
void *nethack_malloc(size_t bytes);
void nethack_free(void *block);
void *nethack_calloc(size_t count, size_t bytes);
void *nethack_realloc(void *block, size_t bytes);
void *nethack_new(size_t bytes);

// Files of the game, in its arena.
void nethack_make_file(const char *name, const char *bytes, size_t size);
void nethack_link_archive(const char *name);

#endif
