// What a game may not see as it is, or two runs would differ: time, user, terminal, the sorting function of a C
// library.
#include "Machine.h"
#if defined(__x86_64__) && defined(__linux__)
#include <stdio.h>
#include <string.h>
#include <unistd.h>

time_t machine_time(time_t *to) {
  if (to) *to = nethack_current->clock;
  return nethack_current->clock;
}

int machine_time_of_day(struct timeval *to, void *zone) {
  (void)zone;
  *to = (struct timeval){.tv_sec = nethack_current->clock};
  return 0;
}

struct tm *machine_local_time(const time_t *time) { return gmtime_r(time, &nethack_current->arena->calendar); }
time_t machine_make_time(struct tm *calendar) { return timegm(calendar); }
int machine_process(void) { return 4242; }
unsigned machine_user(void) { return 1000; }
char *machine_login(void) { return "wizard"; }

struct passwd *machine_account(void) {
  static struct passwd account = {
    .pw_name = "wizard", .pw_passwd = "", .pw_uid = 1000, .pw_gid = 1000, .pw_gecos = "", .pw_dir = "/h",
    .pw_shell = "/h",
  };
  return &account;
}

char *machine_folder(char *to, size_t bytes) {
  snprintf(to, bytes, "/h");
  return to;
}

int machine_limit(int which, struct rlimit *to) {
  (void)which;
  to->rlim_cur = to->rlim_max = 8 << 20;
  return 0;
}

long machine_configuration(int which) { return which == _SC_PAGESIZE ? (long)PAGE : -1; }

/// The one thing that a game maps is the stack of its coroutine, whose lowest page it makes untouchable.
void *machine_map(void *wanted, size_t bytes, int protection, int flags, int descriptor, off_t offset) {
  (void)wanted, (void)protection, (void)flags, (void)descriptor, (void)offset;
  if (bytes > STACK_BYTES || nethack_current->arena->has_stack) machine_forbidden();
  nethack_current->arena->has_stack = true;
  return nethack_current->base + STACK_AT + STACK_BYTES - round_up(bytes, PAGE);
}

/// Wizard mode can be left so; the game is over then.
void machine_exit(int code) {
  (void)code;
  nethack_leave(NETHACK_OVER, NETHACK_FAULT_NONE);
}

void machine_abort(void) { nethack_leave(NETHACK_FAULT, NETHACK_FAULT_ABORT); }
void machine_forbidden(void) { nethack_leave(NETHACK_FAULT, NETHACK_FAULT_FORBIDDEN); }

/// Stable, so that equal elements keep their order in every C library (glibc's changed with 2.37).
void machine_sort(void *elements, size_t count, size_t bytes, int (*order)(const void *, const void *)) {
  char *start = elements, one[1024];
  if (bytes > sizeof one) machine_forbidden();
  for (size_t next = 1; next < count; next++) {
    size_t place = next;
    memcpy(one, start + next * bytes, bytes);
    for (; place && order(start + (place - 1) * bytes, one) > 0; place--) {
      memcpy(start + place * bytes, start + (place - 1) * bytes, bytes);
    }
    memcpy(start + place * bytes, one, bytes);
  }
}

int machine_zero(void) { return 0; }
int machine_minus_one(void) { return -1; }
void *machine_null(void) { return NULL; }

// MARK: The old C++ string

static string_header *header_of(char *characters) { return (string_header *)characters - 1; }
static string_header *the_empty_one(void) { return &nethack_current->arena->empty_string.header; }

void *string_create(size_t length, size_t before, void *allocator) {
  (void)allocator;
  if (length > before && length < 2 * before) length = 2 * before;
  string_header *header = nethack_malloc(sizeof *header + length + 1);
  *header = (string_header){.capacity = length};
  return header;
}

void string_destroy(void *header, void *allocator) {
  (void)allocator;
  nethack_free(header);
}

static char *clone(const char *from, size_t length) {
  if (!length) return (char *)(the_empty_one() + 1);
  string_header *header = string_create(length, 0, NULL);
  header->length = length;
  char *characters = memcpy(header + 1, from, length);
  characters[length] = 0;
  return characters;
}

char **string_assign_bytes(char **string, const char *from, size_t length) {
  char *characters = clone(from, length);
  string_header *old = header_of(*string);
  if (old != the_empty_one() && old->references-- <= 0) nethack_free(old);
  *string = characters;
  return string;
}

char **string_assign(char **string, char *const *from) {
  return string == from ? string : string_assign_bytes(string, *from, header_of(*from)->length);
}

void string_copy(char **string, char *const *from) { *string = clone(*from, header_of(*from)->length); }
#endif
