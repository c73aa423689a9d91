#ifndef C_NETHACK_HOST_H
#define C_NETHACK_HOST_H

// Runs the user's own libnethack.so (of the Python package nle 1.3.0) many times in one process, and copies running
// games.
//
// No byte of NetHack is here. An ELF loader maps the library once for each game, answers each of its imports from a
// table (memory and files in the game's own slot; time, user and terminal as constants), and so knows every byte that a
// game can change: it lies in four ranges of the slot. Copying those is a snapshot; the pointers in them are moved by
// the difference of two slots' addresses.
//
// Exists on x86-64 Linux only; elsewhere `nethack_host_supported` is 0 and nothing else may be called.
//
// A game may be used by one thread at a time, any thread. A library may be shared by all.

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

/// Whether this machine's system and processor can run the library at all.
int nethack_host_supported(void);

/// A checked library: its file, mapped once and shared, and where its imports go.
typedef struct nethack_library nethack_library;

/// One game's slot: 16 MiB of addresses, about 1 MB of memory.
typedef struct nethack_game nethack_game;

enum {
  /// Arrays of an observation, in the order of `struct nle_observation`.
  NETHACK_FIELDS = 17,
  /// Numbers of `blstats`.
  NETHACK_NUMBERS = 27,
  /// Slots that a process may have: each has an address of its own.
  NETHACK_SLOTS = 1024,
  /// Bytes that a game may take, all ranges together; one that wants more ends by a fault.
  NETHACK_GAME_BYTES = 2 << 20,
  /// Characters of the options, the name among them.
  NETHACK_OPTIONS_BYTES = 32768,
  /// Characters of an error's text, its zero included.
  NETHACK_REASON_BYTES = 256,
};

/// The arrays by number.
enum {
  NETHACK_GLYPHS, NETHACK_CHARS, NETHACK_COLORS, NETHACK_SPECIALS, NETHACK_BLSTATS, NETHACK_MESSAGE,
  NETHACK_PROGRAM_STATE, NETHACK_INTERNAL, NETHACK_INV_GLYPHS, NETHACK_INV_STRS, NETHACK_INV_LETTERS,
  NETHACK_INV_OCLASSES, NETHACK_SCREEN_DESCRIPTIONS, NETHACK_TTY_CHARS, NETHACK_TTY_COLORS, NETHACK_TTY_CURSOR,
  NETHACK_MISC,
};

/// How a game stands.
enum {
  /// It waits for a key.
  NETHACK_RUNNING = 0,
  /// It is over: death, ascension, quitting.
  NETHACK_OVER = 1,
  /// Something in it failed; it can only be started anew.
  NETHACK_FAULT = 2,
};

/// Why a game ended by a fault.
enum {
  NETHACK_FAULT_NONE, NETHACK_FAULT_ABORT, NETHACK_FAULT_FORBIDDEN, NETHACK_FAULT_MEMORY, NETHACK_FAULT_FILES,
  NETHACK_FAULT_SIGNAL, NETHACK_FAULT_COUNT,
};

/// Everything that a game's course depends on besides the keys.
typedef struct {
  /// NetHack's options, separated by commas, the name among them.
  const char *options;
  /// Objects of wizard mode's kit, a line each; NULL for none.
  const char *wizard_kit;
  /// Seeds of the game's two generators, and of the levels' own.
  uint64_t core, display, levels;
  /// Whether levels are made by a generator of their own.
  int uses_levels;
  /// Whether monsters come into being by themselves.
  int spawns_monsters;
  /// The time that every question for it is answered with: seconds since 1970, UTC.
  int64_t clock;
  /// The game's data archive (`nhdat`), which must outlive the game.
  const void *data;
  size_t data_bytes;
} nethack_setting;

// MARK: Libraries

/// Maps a library and checks that it is the one: ELF for x86-64, every import known, the settings of the expected size,
/// the functions there. Nothing of it is run.
///
/// - Returns: NULL with `reason` filled when it is not.
nethack_library *nethack_library_open(const char *path, char reason[NETHACK_REASON_BYTES]);

/// Unmaps it; its games must be closed before.
void nethack_library_close(nethack_library *);

/// Bytes of an observation's array by number: shape times element.
size_t nethack_field_bytes(int field);

// MARK: Games

/// Maps a private copy of the library at the slot's address and relocates it.
///
/// - Parameter wanted: A bit for each array that is kept; the others cost nothing.
/// - Returns: NULL with `reason` filled when the addresses are taken or memory is short.
nethack_game *nethack_game_open(
    nethack_library *, int slot, uint32_t wanted, char reason[NETHACK_REASON_BYTES]);

void nethack_game_close(nethack_game *);

/// Starts a game from nothing, also over one that ran here or failed.
///
/// - Returns: How it stands.
int nethack_game_start(nethack_game *, const nethack_setting *);

/// Presses a key.
int nethack_game_step(nethack_game *, int key);

/// Fills the terminal's three arrays in a game that does not keep them, by a key that makes the game draw everything
/// anew. That is a key like any other: only a copy that is thrown away is drawn so.
int nethack_game_draw(nethack_game *, int redraw_key);

/// Keeps the present and draws the future anew.
void nethack_game_reseed(nethack_game *, uint64_t core, uint64_t display, uint64_t levels);

/// How it stands, and why it failed where it did.
int nethack_game_status(const nethack_game *);
int nethack_game_fault(const nethack_game *);

/// A sentence about a fault's number.
const char *nethack_fault_text(int fault);

/// How the game ended, by NetHack's own number (0: killed, and so on); only once it is over.
int nethack_game_how_done(const nethack_game *);

/// The bytes of one of the game's files (`/h/xlogfile`), until it goes on; NULL for one that is not there or is empty.
const char *nethack_game_file(const nethack_game *, const char *name, size_t *bytes);

/// Whether the status arrays mean something: not before the first move nor after the end.
int nethack_game_in_normal_game(const nethack_game *);

/// The present contents of an array; NULL for one that is not wanted.
const void *nethack_game_field(const nethack_game *, int field);

/// Monsters that the player killed so far, as the game itself counts them.
int64_t nethack_game_kills(const nethack_game *);

/// The 27 status numbers, those that no 32 bits hold clamped.
void nethack_game_numbers(const nethack_game *, int32_t numbers[NETHACK_NUMBERS]);

/// Gives the seeds back that the game draws from, by its own function: core, display.
void nethack_game_seeds(nethack_game *, uint64_t seeds[2]);

typedef struct {
  /// Bytes of the ranges that a snapshot copies, together; of those the arena's part.
  size_t state, arena;
  /// Files that exist and their bytes, the data archive not counted.
  size_t files, file_bytes;
  /// Bytes of the game's own stack that were ever written.
  size_t stack;
} nethack_usage;

/// What the game takes at present.
nethack_usage nethack_game_usage(const nethack_game *);

// MARK: Snapshots

/// The whole state of a game at its start, against which later states are packed. Like every snapshot it holds the
/// first slot's addresses whichever slot it was taken in, so it is the same bytes in every process.
typedef struct nethack_base nethack_base;

nethack_base *nethack_base_take(const nethack_game *);
void nethack_base_free(nethack_base *);

/// Bytes that a packed snapshot takes at most, now.
size_t nethack_snapshot_bound(const nethack_game *);

/// Packs what differs from `base` in lines of 64 bytes.
///
/// - Parameter base: NULL packs what differs from zeros.
/// - Returns: Bytes written to `to`, which has `nethack_snapshot_bound` of them.
size_t nethack_snapshot_pack(const nethack_game *, const nethack_base *base, void *to);

/// Whether bytes are a whole packed snapshot for that base and game: sizes and counts fit. What a file holds must be
/// asked this before it is restored.
int nethack_snapshot_valid(const nethack_game *, const nethack_base *base, const void *bytes, size_t count);

/// Puts a game where the snapshot was taken, whichever slot and process that was; the setting is that of its start.
void nethack_snapshot_restore(nethack_game *, const nethack_base *base, const void *bytes, const nethack_setting *);

/// Copies one array out of a packed snapshot, without a game.
void nethack_snapshot_field(const nethack_base *base, const void *bytes, int field, void *to);

// MARK: Texts

/// What the game's `sprintf`, `snprintf` and `vsnprintf` are answered with: the same text as the C library's, without
/// its stream. Conversions that the game's own texts do not have are the C library's.
///
/// - Parameter room: Bytes of `to`, the final zero's included; SIZE_MAX where nobody knows.
/// - Returns: Characters of the whole text, also of what had no room.
int nethack_text(char *to, size_t room, const char *format, va_list values);

// MARK: Files

/// Bytes that so many take at most once they are compressed by zlib.
size_t nethack_deflate_bound(size_t count);

/// Compresses. - Returns: Bytes written; 0 when there was no memory or room.
size_t nethack_deflate(const void *bytes, size_t count, void *to, size_t room);

/// The way back. - Returns: Bytes written; 0 when they are damaged or want more room.
size_t nethack_inflate(const void *bytes, size_t count, void *to, size_t room);

#endif
