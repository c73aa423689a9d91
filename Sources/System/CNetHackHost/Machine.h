// The machine as the game sees it: always the same time, user, terminal and process.
#pragma once
#include "Host.h"
#if defined(__x86_64__) && defined(__linux__)
#include <pwd.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/types.h>

time_t machine_time(time_t *to);
int machine_time_of_day(struct timeval *to, void *zone);
struct tm *machine_local_time(const time_t *time);
time_t machine_make_time(struct tm *calendar);
int machine_process(void);
unsigned machine_user(void);
char *machine_login(void);
struct passwd *machine_account(void);
char *machine_folder(char *to, size_t bytes);
int machine_limit(int which, struct rlimit *to);
long machine_configuration(int which);
void *machine_map(void *wanted, size_t bytes, int protection, int flags, int descriptor, off_t offset);
void machine_exit(int code);
void machine_abort(void);
void machine_forbidden(void);
void machine_sort(void *elements, size_t count, size_t bytes, int (*order)(const void *, const void *));
int machine_zero(void);
int machine_minus_one(void);
void *machine_null(void);

// The old C++ string, whose out-of-line functions are the C++ library's.
void *string_create(size_t length, size_t before, void *allocator);
void string_destroy(void *header, void *allocator);
char **string_assign_bytes(char **string, const char *from, size_t length);
char **string_assign(char **string, char *const *from);
void string_copy(char **string, char *const *from);
#endif
