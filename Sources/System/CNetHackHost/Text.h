// Texts put together as `sprintf` does: the bottom lines alone are that four times a key.
#pragma once
#include "Host.h"
#if defined(__x86_64__) && defined(__linux__)

int text_print(char *to, const char *format, ...) __attribute__((format(printf, 2, 3)));
int text_print_bounded(char *to, size_t room, const char *format, ...) __attribute__((format(printf, 3, 4)));
#endif
