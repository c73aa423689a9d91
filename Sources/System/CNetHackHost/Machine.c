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
#endif
