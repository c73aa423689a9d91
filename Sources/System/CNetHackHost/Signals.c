// What the processor forbids inside a game ends that game, not the process.
#include "Host.h"
#if defined(__x86_64__) && defined(__linux__)
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>

static const int watched[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL};
enum { WATCHED = sizeof watched / sizeof *watched };

/// Who handled them before; what does not happen inside a game is theirs.
static struct sigaction before[WATCHED];
static pthread_once_t installed = PTHREAD_ONCE_INIT;
static pthread_key_t stack_key;
static _Thread_local bool has_stack;

static void handle(int number, siginfo_t *information, void *context) {
  nethack_game *game = nethack_current;
  if (game && game->inside) nethack_leave(NETHACK_FAULT, NETHACK_FAULT_SIGNAL);
  for (int i = 0; i < WATCHED; i++) {
    if (watched[i] != number) continue;
    if (before[i].sa_flags & SA_SIGINFO) {
      before[i].sa_sigaction(number, information, context);
    } else if (before[i].sa_handler != SIG_DFL && before[i].sa_handler != SIG_IGN) {
      before[i].sa_handler(number);
    } else {
      // As if nobody had ever watched: the instruction runs again and the system does what it does.
      sigaction(number, &before[i], NULL);
    }
    return;
  }
}

static void release_stack(void *memory) {
  stack_t none = {.ss_flags = SS_DISABLE};
  sigaltstack(&none, NULL);
  free(memory);
}

static void install(void) {
  pthread_key_create(&stack_key, release_stack);
  struct sigaction action = {.sa_sigaction = handle, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER};
  sigemptyset(&action.sa_mask);
  for (int i = 0; i < WATCHED; i++) sigaction(watched[i], &action, &before[i]);
}

/// A game runs on 60 KB of its own, which may be what it overran: signals need a stack beside it.
void nethack_watch_signals(void) {
  if (has_stack) return;
  pthread_once(&installed, install);
  has_stack = true;
  stack_t present;
  if (sigaltstack(NULL, &present) == 0 && !(present.ss_flags & SS_DISABLE)) return;
  size_t bytes = 64 << 10;
  void *memory = malloc(bytes);
  if (!memory) return;
  stack_t mine = {.ss_sp = memory, .ss_size = bytes};
  if (sigaltstack(&mine, NULL)) { free(memory); return; }
  pthread_setspecific(stack_key, memory);
}
#endif
