// The table of imports: whatever the library calls is answered here, and what is not in the table refuses the library.
#include "Files.h"
#if defined(__x86_64__) && defined(__linux__)
#include "Machine.h"
#include "Text.h"
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// What standard input, output and error point to: no files of ours.
static int input, output, errors;
static void *standard[] = {&input, &output, &errors};

static const struct { const char *name; const void *answer; } answers[] = {
#define SAME(name) {#name, (const void *)name},
#define TO(name, answer) {#name, (const void *)(answer)},
    // Functions of memory and text, which depend on their arguments alone.
    SAME(memset) SAME(memcpy) SAME(memmove) SAME(strlen)
    SAME(strnlen) SAME(strcmp) SAME(strncmp) SAME(strcpy) SAME(strncpy)
    SAME(stpcpy) SAME(strcat) SAME(strncat) SAME(strchr)
    SAME(strrchr) SAME(strstr) SAME(strtol) SAME(strerror) SAME(sscanf) SAME(__ctype_b_loc) SAME(__errno_location)
    TO(sprintf, text_print) TO(snprintf, text_print_bounded) TO(vsnprintf, nethack_text)
    // Memory.
    TO(malloc, nethack_malloc) TO(free, nethack_free) TO(calloc, nethack_calloc) TO(realloc, nethack_realloc)
    TO(_Znwm, nethack_new) TO(_ZdlPv, nethack_free)
    TO(mmap, machine_map) TO(munmap, machine_zero) TO(mprotect, machine_zero)
    // Files.
    TO(open, file_open) TO(creat, file_create) TO(read, file_read) TO(write, file_write) TO(lseek, file_seek)
    TO(close, file_close) TO(unlink, file_unlink)
    TO(rename, file_rename) TO(access, file_access) TO(fcntl, machine_zero)
    TO(chmod, machine_zero)
    TO(fopen, stream_open) TO(fdopen, stream_of_descriptor) TO(fmemopen, stream_of_memory) TO(fclose, stream_close)
    TO(fileno, stream_descriptor) TO(fread, stream_read) TO(fwrite, stream_write) TO(fgetc, stream_get)
    TO(_IO_getc, stream_get) TO(ungetc, stream_unget)
    TO(fgets, stream_line) TO(fputc, stream_put) TO(_IO_putc, stream_put)
    TO(fputs, stream_text) TO(fseek, stream_seek) TO(ftell, stream_position) TO(rewind, stream_rewind)
    TO(ferror, stream_error) TO(clearerr, stream_clear) TO(fprintf, stream_print) TO(fscanf, stream_scan)
    TO(fflush, machine_zero) TO(perror, machine_zero)
    TO(stdin, standard) TO(stdout, standard + 1) TO(stderr, standard + 2)
    // Time, user, terminal, process.
    TO(time, machine_time) TO(gettimeofday, machine_time_of_day)
    TO(localtime, machine_local_time) TO(mktime, machine_make_time)
    TO(getpid, machine_process) TO(getuid, machine_user) TO(getlogin, machine_login) TO(getpwuid, machine_account)
    TO(getpwnam, machine_account) TO(getcwd, machine_folder) TO(getenv, machine_null) TO(getrlimit, machine_limit)
    TO(sysconf, machine_configuration) TO(tcgetattr, machine_minus_one) TO(tcsetattr, machine_zero)
    TO(ioctl, machine_minus_one) TO(isatty, machine_zero) TO(sleep, machine_zero) TO(sigaction, machine_zero)
    TO(exit, machine_exit) TO(_exit, machine_exit) TO(abort, machine_abort) TO(qsort, machine_sort)
    // C++: strings of the old kind; no exception may pass, no object is destroyed at exit. -1 is the empty string's
    // place, which every game has for itself.
    TO(_ZNSs4_Rep9_S_createEmmRKSaIcE, string_create) TO(_ZNSs4_Rep10_M_destroyERKSaIcE, string_destroy)
    TO(_ZNSs6assignEPKcm, string_assign_bytes) TO(_ZNSs6assignERKSs, string_assign) TO(_ZNSsC1ERKSs, string_copy)
    TO(_ZNSs4_Rep20_S_empty_rep_storageE, -1l) TO(_ZNSt8ios_base4InitC1Ev, machine_zero)
    TO(_ZNSt8ios_base4InitD1Ev, machine_zero) TO(__cxa_atexit, machine_zero) TO(__cxa_begin_catch, machine_forbidden)
    TO(__cxa_end_catch, machine_forbidden) TO(__cxa_rethrow, machine_forbidden) TO(_Unwind_Resume, machine_forbidden)
    TO(__gxx_personality_v0, machine_forbidden) TO(_ZSt20__throw_length_errorPKc, machine_forbidden)
    TO(_ZSt19__throw_logic_errorPKc, machine_forbidden) TO(_ZSt17__throw_bad_allocv, machine_forbidden)
    // Only the interface's own settings screen uses regular expressions.
    TO(regcomp, machine_forbidden) TO(regexec, machine_forbidden) TO(regfree, machine_forbidden)
    TO(regerror, machine_forbidden)
    // Weak: the library does without.
    TO(__gmon_start__, NULL) TO(_ITM_deregisterTMCloneTable, NULL) TO(_ITM_registerTMCloneTable, NULL)
    TO(__cxa_finalize, NULL) TO(__pthread_key_create, NULL)
#undef SAME
#undef TO
};

void *nethack_import(const char *name, bool *known) {
  for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
    if (strcmp(answers[i].name, name)) continue;
    *known = true;
    return (void *)answers[i].answer;
  }
  *known = false;
  return NULL;
}
#endif
