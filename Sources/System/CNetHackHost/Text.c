// A C library's `printf` opens a stream for each text, which costs more than the text: a fifteenth of a game's time.
#include "Memory.h"
#include "Text.h"
#if defined(__x86_64__) && defined(__linux__)
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/// Where characters go; those for which there is no room are counted only.
typedef struct {
  char *next;
  size_t room, count;
} text;

static inline void put(text *to, const char *characters, size_t count) {
  size_t part = count < to->room ? count : to->room;
  memory_copy(to->next, characters, part);
  to->next += part;
  to->room -= part;
  to->count += count;
}

static inline void put_one(text *to, char character) {
  if (to->room) {
    *to->next++ = character;
    to->room--;
  }
  to->count++;
}

static inline void repeat(text *to, char character, size_t count) {
  size_t part = count < to->room ? count : to->room;
  if (part >= 8) {
    // Words, the last of which may overlap the one before.
    uint64_t word = 0x0101010101010101ul * (unsigned char)character;
    for (size_t i = 0; i + 8 <= part; i += 8) memcpy(to->next + i, &word, 8);
    memcpy(to->next + part - 8, &word, 8);
  } else {
    for (size_t i = 0; i < part; i++) to->next[i] = character;
  }
  to->next += part;
  to->room -= part;
  to->count += count;
}

/// What stands between a `%` and its letter.
typedef struct {
  bool left, zeros, plus, has_precision, is_long;
  size_t width, precision;
} conversion;

/// Digits with their sign, filled up to width and precision.
static void put_number(
    text *to, const conversion *how, bool negative, uint64_t magnitude, unsigned base, bool in_capitals) {
  char digits[24], *first = digits + sizeof digits;
  const char *signs = in_capitals ? "0123456789ABCDEF" : "0123456789abcdef";
  // Both divisions by a constant, which the processor then need not divide by.
  if (base == 10) for (; magnitude; magnitude /= 10) *--first = signs[magnitude % 10];
  else for (; magnitude; magnitude /= 16) *--first = signs[magnitude % 16];
  size_t count = (size_t)(digits + sizeof digits - first);
  size_t least = how->has_precision ? how->precision : 1;
  size_t zeros = count < least ? least - count : 0;
  char sign = negative ? '-' : how->plus ? '+' : 0;
  size_t all = (sign != 0) + zeros + count, fill = all < how->width ? how->width - all : 0;
  bool fills_zeros = how->zeros && !how->left && !how->has_precision;
  if (fills_zeros) zeros += fill;
  else if (!how->left) repeat(to, ' ', fill);
  if (sign) put(to, &sign, 1);
  repeat(to, '0', zeros);
  put(to, first, count);
  if (how->left) repeat(to, ' ', fill);
}

static void put_text(text *to, const conversion *how, const char *characters, size_t count) {
  size_t fill = count < how->width ? how->width - count : 0;
  if (!how->left) repeat(to, ' ', fill);
  put(to, characters, count);
  if (how->left) repeat(to, ' ', fill);
}

/// A number without anything around it.
static void put_plain(text *to, int number) {
  char digits[16], *first = digits + sizeof digits;
  unsigned magnitude = number < 0 ? -(unsigned)number : (unsigned)number;
  do *--first = (char)('0' + magnitude % 10); while (magnitude /= 10);
  if (number < 0) *--first = '-';
  put(to, first, (size_t)(digits + sizeof digits - first));
}

/// A width or precision; false where it is none that a text can have.
static bool read_size(const char **format, va_list *values, size_t *size, bool *negative) {
  long number = 0;
  *negative = false;
  if (**format == '*') {
    ++*format;
    number = va_arg(*values, int);
    *negative = number < 0;
    if (*negative) number = -number;
  } else {
    while (**format >= '0' && **format <= '9' && number < 1 << 16) number = number * 10 + *(*format)++ - '0';
  }
  *size = (size_t)number;
  return number < 1 << 16;
}

/// One conversion, of which `format` stands behind the `%`; false for one that the game's own texts do not have.
static bool convert(text *to, const char **format, va_list *values) {
  // Most of them, by far.
  if (**format == 's') {
    const char *characters = va_arg(*values, const char *);
    ++*format;
    if (characters) put(to, characters, strlen(characters));
    return characters;
  }
  if (**format == 'd') {
    ++*format;
    put_plain(to, va_arg(*values, int));
    return true;
  }
  conversion how = {0};
  for (;; ++*format) {
    if (**format == '-') how.left = true;
    else if (**format == '0') how.zeros = true;
    else if (**format == '+') how.plus = true;
    else break;
  }
  bool negative;
  if (!read_size(format, values, &how.width, &negative)) return false;
  how.left |= negative;
  if (**format == '.') {
    ++*format;
    if (!read_size(format, values, &how.precision, &negative)) return false;
    how.has_precision = !negative;
  }
  for (; **format == 'l'; ++*format) how.is_long = true;
  char letter = *(*format)++;
  switch (letter) {
  case 'd': case 'i': {
    long number = how.is_long ? va_arg(*values, long) : va_arg(*values, int);
    put_number(to, &how, number < 0, number < 0 ? -(uint64_t)number : (uint64_t)number, 10, false);
    return true;
  }
  case 'u': case 'x': case 'X': {
    uint64_t number = how.is_long ? va_arg(*values, unsigned long) : va_arg(*values, unsigned);
    // Neither has a sign to show.
    how.plus = false;
    put_number(to, &how, false, number, letter == 'u' ? 10 : 16, letter == 'X');
    return true;
  }
  case 'c': {
    char character = (char)va_arg(*values, int);
    put_text(to, &how, &character, 1);
    return !how.is_long && !how.zeros;
  }
  case 's': {
    const char *characters = va_arg(*values, const char *);
    if (!characters || how.is_long || how.zeros) return false;
    put_text(to, &how, characters, how.has_precision ? strnlen(characters, how.precision) : strlen(characters));
    return true;
  }
  case '%':
    repeat(to, '%', 1);
    // With anything between, it is not defined.
    return (*format)[-2] == '%';
  default: return false;
  }
}

int nethack_text(char *to, size_t room, const char *format, va_list values) {
  va_list own;
  va_copy(own, values);
  text written = {.next = to, .room = room ? room - 1 : 0};
  bool known = true;
  for (const char *next = format; known && *next;) {
    if (*next != '%') {
      put_one(&written, *next++);
      continue;
    }
    next++;
    known = convert(&written, &next, &own);
  }
  va_end(own);
  // Whatever is rare is the C library's, from the start.
  if (!known || written.count > INT_MAX) {
    return room == SIZE_MAX ? vsprintf(to, format, values) : vsnprintf(to, room, format, values);
  }
  if (room) *written.next = 0;
  return (int)written.count;
}

int text_print(char *to, const char *format, ...) {
  va_list values;
  va_start(values, format);
  int count = nethack_text(to, SIZE_MAX, format, values);
  va_end(values);
  return count;
}

int text_print_bounded(char *to, size_t room, const char *format, ...) {
  va_list values;
  va_start(values, format);
  int count = nethack_text(to, room, format, values);
  va_end(values);
  return count;
}
#endif
