// One game: mapping and relocating the library in a slot, starting, stepping.
#include "Host.h"
#include <string.h>

int nethack_host_supported(void) {
#if defined(__x86_64__) && defined(__linux__)
  return 1;
#else
  return 0;
#endif
}

#if defined(__x86_64__) && defined(__linux__)
#include <elf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

_Thread_local nethack_game *nethack_current;

// Where the player's record counts the monsters that were killed, a word.
#define PLAYER_KILLS 0x740

static const size_t field_bytes[NETHACK_FIELDS] = {
  21 * 79 * 2, 21 * 79, 21 * 79, 21 * 79, NETHACK_NUMBERS * 8, 256, 6 * 4, 9 * 4, 55 * 2,
  55 * 80, 55, 55, 21 * 79 * 80, 24 * 80, 24 * 80, 2, 3 * 4,
};

size_t nethack_field_bytes(int field) { return field >= 0 && field < NETHACK_FIELDS ? field_bytes[field] : 0; }

// MARK: Mapping

void nethack_relocate(nethack_game *game, size_t from, size_t to) {
  const nethack_library *library = game->library;
  const Elf64_Sym *symbols = library->symbols;
  uint64_t base = (uint64_t)game->base;
  for (int table = 0; table < 2; table++) {
    const Elf64_Rela *relocation = library->relocations[table];
    for (size_t i = 0; i < library->relocation_count[table]; i++, relocation++) {
      if (relocation->r_offset < from || relocation->r_offset >= to) continue;
      uint64_t addend = (uint64_t)relocation->r_addend;
      size_t number = ELF64_R_SYM(relocation->r_info);
      uint64_t value = base;
      if (number && symbols[number].st_shndx != SHN_UNDEF) {
        value += symbols[number].st_value;
      } else if (number) {
        value = (uint64_t)library->answers[number];
        // The one import that is an object of the game's own: its empty string.
        if (value == (uint64_t)-1) value = (uint64_t)&game->arena->empty_string;
      }
      unsigned long kind = ELF64_R_TYPE(relocation->r_info);
      bool adds = kind == R_X86_64_RELATIVE || kind == R_X86_64_64;
      *(uint64_t *)(game->base + relocation->r_offset) = value + (adds ? addend : 0);
    }
  }
}

/// Maps the segments over the slot: code and constants shared with every game, the rest private.
static bool map_segments(nethack_game *game) {
  const nethack_library *library = game->library;
  for (int i = 0; i < library->segment_count; i++) {
    const Elf64_Phdr *segment = (const Elf64_Phdr *)library->segments + i;
    if (segment->p_type != PT_LOAD) continue;
    size_t start = segment->p_vaddr / PAGE * PAGE, skew = segment->p_vaddr - start;
    int protection = PROT_READ | (segment->p_flags & PF_X ? PROT_EXEC : 0) | (segment->p_flags & PF_W ? PROT_WRITE : 0);
    void *wanted = game->base + start;
    if (mmap(wanted, segment->p_filesz + skew, protection, MAP_PRIVATE | MAP_FIXED, library->descriptor,
             (off_t)(segment->p_offset - skew)) != wanted) return false;
  }
  return true;
}

size_t nethack_field_place(uint32_t wanted, int field) {
  size_t end = round_up(sizeof(observation), LINE);
  for (int i = 0; i < field; i++) {
    if ((wanted | TERMINAL) >> i & 1) end += round_up(field_bytes[i], LINE);
  }
  return end;
}

/// Points the structure to each array that is wanted; the library fills no other.
static void place_observation(nethack_game *game) {
  for (int field = 0; field < NETHACK_FIELDS; field++) {
    char *place = (char *)game->observation + nethack_field_place(game->wanted, field);
    game->observation->field[field] = game->wanted >> field & 1 ? place : NULL;
  }
}

nethack_game *nethack_game_open(
    nethack_library *library, int slot, uint32_t wanted, char reason[NETHACK_REASON_BYTES]) {
  nethack_game *game = calloc(1, sizeof *game);
  char *base = (char *)(FIRST_SLOT + SLOT_DISTANCE * (size_t)slot);
  int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE;
  if (!game || slot < 0 || slot >= NETHACK_SLOTS
      || mmap(base, SLOT_BYTES, PROT_READ | PROT_WRITE, flags, -1, 0) != base) {
    snprintf(reason, NETHACK_REASON_BYTES, "slot %d has no memory at its address: %s", slot, strerror(errno));
    free(game);
    return NULL;
  }
  *game = (nethack_game){
    .library = library, .base = base, .arena = (arena *)(base + ARENA_AT), .wanted = wanted,
    .observation = (observation *)(base + OBSERVATION_AT), .status = NETHACK_FAULT,
  };
  if (!map_segments(game)) {
    snprintf(reason, NETHACK_REASON_BYTES, "the library cannot be mapped: %s", strerror(errno));
    nethack_game_close(game);
    return NULL;
  }
  game->observation_bytes = nethack_field_place(wanted, NETHACK_FIELDS);
  place_observation(game);
  nethack_relocate(game, 0, library->data_start);
  mprotect(base + library->protected_start, library->protected_end - library->protected_start, PROT_READ);
  mprotect(base + STACK_AT, PAGE, PROT_NONE);
  return game;
}

void nethack_game_close(nethack_game *game) {
  if (!game) return;
  munmap(game->base, SLOT_BYTES);
  free(game);
}

// MARK: Running

void nethack_leave(int status, int fault) {
  nethack_game *game = nethack_current;
  game->status = status;
  game->fault = fault;
  siglongjmp(game->way_out, 1);
}

/// Everything that a game can change goes back to what the file says, for this slot's addresses.
static void clear(nethack_game *game) {
  const nethack_library *library = game->library;
  size_t filled = library->data_file_end - library->data_start;
  memcpy(game->base + library->data_start, library->file + library->data_start - library->data_file_offset, filled);
  memset(game->base + library->data_file_end, 0, library->data_end - library->data_file_end);
  // After a fault nobody knows what else was written over.
  nethack_relocate(game, game->fault ? library->protected_end : library->data_start, library->data_end);
  size_t used = game->fault ? ARENA_BYTES : game->arena->used;
  memset(game->arena, 0, used);
  game->arena->used = round_up(sizeof(arena), LINE);
  memset(game->base + STACK_AT + PAGE, 0, STACK_BYTES - PAGE);
  memset(game->observation, 0, game->observation_bytes);
  place_observation(game);
  game->fault = NETHACK_FAULT_NONE;
}

/// What the library reads once, when it starts.
static void fill(settings *to, const nethack_setting *from) {
  strcpy(to->data_folder, "/h");
  strncpy(to->options, from->options, sizeof to->options - 1);
  if (from->wizard_kit) strncpy(to->wizard_kit, from->wizard_kit, sizeof to->wizard_kit - 1);
  to->spawns_monsters = from->spawns_monsters;
  to->initial.seeds[0] = from->core;
  to->initial.seeds[1] = from->display;
  to->initial.uses_seeds = true;
  to->initial.levels = from->levels;
  to->initial.uses_levels = from->uses_levels;
}

int nethack_game_start(nethack_game *game, const nethack_setting *setting) {
  const nethack_library *library = game->library;
  clear(game);
  game->empty_reads = 0;
  game->clock = setting->clock;
  game->data = setting->data;
  game->data_bytes = setting->data_bytes;
  nethack_watch_signals();
  nethack_current = game;
  nethack_link_archive("/h/nhdat");
  const char *const empty[] = {"/h/perm", "/h/record", "/h/logfile", "/h/xlogfile"};
  for (int i = 0; i < 4; i++) nethack_make_file(empty[i], NULL, 0);
  settings *scratch = calloc(1, sizeof *scratch);
  if (!scratch) { game->fault = NETHACK_FAULT_MEMORY; return game->status = NETHACK_FAULT; }
  fill(scratch, setting);
  if (sigsetjmp(game->way_out, 0) == 0) {
    game->inside = true;
    void (*const *constructors)(void) = (void *)(game->base + library->constructors);
    for (size_t i = 0; i < library->constructor_count; i++) constructors[i]();
    void *(*start)(observation *, void *, settings *) = (void *)(game->base + library->start);
    game->context = start(game->observation, NULL, scratch);
    game->status = game->observation->done ? NETHACK_OVER : NETHACK_RUNNING;
  }
  game->inside = false;
  free(scratch);
  return game->status;
}

int nethack_game_step(nethack_game *game, int key) {
  if (game->status != NETHACK_RUNNING) return game->status;
  nethack_watch_signals();
  nethack_current = game;
  game->empty_reads = 0;
  if (sigsetjmp(game->way_out, 0) == 0) {
    void *(*step)(void *, observation *) = (void *)(game->base + game->library->step);
    game->observation->action = key;
    game->inside = true;
    step(game->context, game->observation);
    if (game->observation->done) game->status = NETHACK_OVER;
  }
  game->inside = false;
  return game->status;
}

void nethack_game_reseed(nethack_game *game, uint64_t core, uint64_t display, uint64_t levels) {
  if (game->status != NETHACK_RUNNING) return;
  nethack_current = game;
  void (*set)(void *, unsigned long, unsigned long, char, unsigned long) =
      (void *)(game->base + game->library->set_seed);
  set(game->context, core, display, 0, levels);
}

int nethack_game_draw(nethack_game *game, int redraw_key) {
  if (game->status != NETHACK_RUNNING) return game->status;
  for (int field = NETHACK_TTY_CHARS; field <= NETHACK_TTY_CURSOR; field++) {
    game->observation->field[field] = (char *)game->observation + nethack_field_place(game->wanted, field);
  }
  return nethack_game_step(game, redraw_key);
}

// MARK: Looking

int nethack_game_status(const nethack_game *game) { return game->status; }
int nethack_game_fault(const nethack_game *game) { return game->fault; }
int nethack_game_how_done(const nethack_game *game) { return game->observation->how_done; }
int nethack_game_in_normal_game(const nethack_game *game) { return game->observation->in_normal_game; }

const void *nethack_game_field(const nethack_game *game, int field) {
  return field >= 0 && field < NETHACK_FIELDS ? game->observation->field[field] : NULL;
}

const char *nethack_game_file(const nethack_game *game, const char *name, size_t *bytes) {
  for (int i = 0; i < FILE_COUNT; i++) {
    const arena_file *file = game->arena->files + i;
    if (!file->exists || file->archive || !file->size || strcmp(file->name, name)) continue;
    *bytes = file->size;
    return file->bytes;
  }
  return NULL;
}

int64_t nethack_game_kills(const nethack_game *game) {
  return *(const long *)(game->base + game->library->player + PLAYER_KILLS);
}

void nethack_game_numbers(const nethack_game *game, int32_t numbers[NETHACK_NUMBERS]) {
  const long *from = game->observation->field[NETHACK_BLSTATS];
  for (int i = 0; i < NETHACK_NUMBERS; i++) {
    long number = from[i];
    numbers[i] = number < INT32_MIN ? INT32_MIN : number > INT32_MAX ? INT32_MAX : (int32_t)number;
  }
}

const char *nethack_fault_text(int fault) {
  static const char *const texts[NETHACK_FAULT_COUNT] = {
    "no fault", "the game aborted", "the game called what no game calls", "the game wanted more than 2 MB",
    "the game wanted more files than there are", "the game did what the processor forbids",
  };
  return fault >= 0 && fault < NETHACK_FAULT_COUNT ? texts[fault] : "an unknown fault";
}

void nethack_game_seeds(nethack_game *game, uint64_t seeds[2]) {
  unsigned long core = 0, display = 0, levels = 0;
  char reseeds = 0;
  bool uses_levels = false;
  nethack_current = game;
  void (*get)(void *, unsigned long *, unsigned long *, char *, unsigned long *, bool *) =
      (void *)(game->base + game->library->get_seed);
  get(game->context, &core, &display, &reseeds, &levels, &uses_levels);
  seeds[0] = core;
  seeds[1] = display;
}

nethack_usage nethack_game_usage(const nethack_game *game) {
  const nethack_library *library = game->library;
  nethack_usage usage = {.arena = game->arena->used};
  usage.state = library->data_end - library->data_start + STACK_BYTES - PAGE + game->observation_bytes + usage.arena;
  for (int i = 0; i < FILE_COUNT; i++) {
    const arena_file *file = game->arena->files + i;
    if (!file->exists || file->archive) continue;
    usage.files++;
    usage.file_bytes += file->size;
  }
  size_t untouched = PAGE;
  while (untouched < STACK_BYTES && !game->base[STACK_AT + untouched]) untouched++;
  usage.stack = STACK_BYTES - untouched;
  return usage;
}
#endif
