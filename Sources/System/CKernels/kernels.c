// Compiles the templates once per element type and instruction set, and chooses a set when the program starts.
#include "CKernels.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define JOIN2(a, b) a##b
#define JOIN(a, b) JOIN2(a, b)
#define INLINE static inline __attribute__((always_inline, unused))

// One loop of each kind for every set; the table's order is that of the header.
#define FORAGE_TABLE(REAL, S) \
  typedef struct { \
    void (*product)(ptrdiff_t, ptrdiff_t, ptrdiff_t, const REAL *, ptrdiff_t, const REAL *, ptrdiff_t, int, \
        const REAL *, int, int, REAL *, ptrdiff_t, REAL *); \
    void (*outer)(ptrdiff_t, ptrdiff_t, ptrdiff_t, const REAL *, ptrdiff_t, const REAL *, ptrdiff_t, REAL *, \
        ptrdiff_t, REAL *); \
    void (*activate)(ptrdiff_t, int, const REAL *, REAL *); \
    void (*activate_backward)(ptrdiff_t, ptrdiff_t, int, const REAL *, ptrdiff_t, REAL *, ptrdiff_t, REAL *); \
    void (*gather)(ptrdiff_t, ptrdiff_t, ptrdiff_t, const int32_t *, const REAL *, ptrdiff_t, const REAL *, REAL *, \
        ptrdiff_t); \
    void (*scatter)(ptrdiff_t, ptrdiff_t, ptrdiff_t, const int32_t *, const REAL *, ptrdiff_t, ptrdiff_t, REAL *); \
    double (*square_sum)(ptrdiff_t, const REAL *); \
    void (*add)(ptrdiff_t, const REAL *, REAL *); \
    void (*adam)(ptrdiff_t, REAL, REAL, REAL, REAL, REAL, REAL, REAL, const REAL *, REAL *, REAL *, REAL *); \
    void (*gather_difference)(ptrdiff_t, ptrdiff_t, const int32_t *, const REAL *, ptrdiff_t, const REAL *, REAL *, \
        ptrdiff_t); \
    void (*scatter_difference)(ptrdiff_t, ptrdiff_t, const int32_t *, const REAL *, ptrdiff_t, int, ptrdiff_t, REAL *); \
  } table_##S;
FORAGE_TABLE(float, f32)
FORAGE_TABLE(double, f64)

typedef ptrdiff_t lookup_function(ptrdiff_t, const uint8_t *, const int32_t *, const int32_t *, int32_t, int32_t *);

INLINE ptrdiff_t lookup(ptrdiff_t lookups, const uint8_t *restrict x, const int32_t *restrict base,
    const int32_t *restrict limit, int32_t ignored, int32_t *restrict index) {
  int32_t outside = 0;
  for (ptrdiff_t l = 0; l < lookups; l++) {
    int32_t value = x[l];
    int32_t skip = value == ignored, bad = (value >= limit[l]) & !skip;
    outside += bad;
    index[l] = (skip | bad) ? -1 : base[l] + value;
  }
  return outside;
}
#define FORAGE_LOOKUP(SET) \
  static ptrdiff_t lookup_##SET(ptrdiff_t lookups, const uint8_t *x, const int32_t *base, const int32_t *limit, \
      int32_t ignored, int32_t *index) { \
    return lookup(lookups, x, base, limit, ignored, index); \
  }

FORAGE_LOOKUP(baseline)
#define SET baseline
#define BYTES 16
#define WIDE 2
#include "templates/set.h"

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
FORAGE_LOOKUP(avx2)
#define SET avx2
#define BYTES 32
#define WIDE 2
#include "templates/set.h"
#pragma clang attribute pop

#pragma clang attribute push(__attribute__((target("avx2,fma,avx512f,avx512dq,avx512vl,avx512bw"))), apply_to = function)
FORAGE_LOOKUP(avx512)
#define SET avx512
#define BYTES 64
#define WIDE 4
#include "templates/set.h"
#pragma clang attribute pop
#endif

static const table_f32 *chosen_f32 = &table_f32_baseline;
static const table_f64 *chosen_f64 = &table_f64_baseline;
static lookup_function *chosen_lookup = lookup_baseline;
static const char *chosen_name = "baseline";

__attribute__((constructor)) static void choose(void) {
#if defined(__x86_64__)
  const char *wanted = getenv("FORAGE_INSTRUCTION_SET");
  if (wanted && strcmp(wanted, "baseline") == 0) return;
  int below = wanted && strcmp(wanted, "avx2") == 0;
  __builtin_cpu_init();
  if (!below && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
      __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("fma")) {
    chosen_f32 = &table_f32_avx512;
    chosen_f64 = &table_f64_avx512;
    chosen_lookup = lookup_avx512;
    chosen_name = "avx512";
  } else if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
    chosen_f32 = &table_f32_avx2;
    chosen_f64 = &table_f64_avx2;
    chosen_lookup = lookup_avx2;
    chosen_name = "avx2";
  }
#endif
}

const char *forage_instruction_set(void) { return chosen_name; }

#define FORAGE_CALLS(REAL, S) \
  void forage_product_##S(ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const REAL *a, ptrdiff_t lda, const REAL *b, \
      ptrdiff_t ldb, int transposed, const REAL *bias, int accumulate, int activation, REAL *y, ptrdiff_t ldy, \
      REAL *scratch) { \
    chosen_##S->product(m, n, k, a, lda, b, ldb, transposed, bias, accumulate, activation, y, ldy, scratch); \
  } \
  void forage_outer_##S(ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const REAL *a, ptrdiff_t lda, const REAL *d, \
      ptrdiff_t ldd, REAL *c, ptrdiff_t ldc, REAL *scratch) { \
    chosen_##S->outer(m, n, k, a, lda, d, ldd, c, ldc, scratch); \
  } \
  void forage_activate_##S(ptrdiff_t count, int activation, const REAL *x, REAL *y) { \
    chosen_##S->activate(count, activation, x, y); \
  } \
  void forage_activate_backward_##S(ptrdiff_t m, ptrdiff_t n, int activation, const REAL *y, ptrdiff_t ldy, \
      REAL *d, ptrdiff_t ldd, REAL *sum) { \
    chosen_##S->activate_backward(m, n, activation, y, ldy, d, ldd, sum); \
  } \
  void forage_gather_##S(ptrdiff_t m, ptrdiff_t lookups, ptrdiff_t group, const int32_t *index, const REAL *table, \
      ptrdiff_t n, const REAL *bias, REAL *y, ptrdiff_t ldy) { \
    chosen_##S->gather(m, lookups, group, index, table, n, bias, y, ldy); \
  } \
  void forage_scatter_##S(ptrdiff_t m, ptrdiff_t lookups, ptrdiff_t group, const int32_t *index, const REAL *d, \
      ptrdiff_t ldd, ptrdiff_t n, REAL *table) { \
    chosen_##S->scatter(m, lookups, group, index, d, ldd, n, table); \
  } \
  double forage_square_sum_##S(ptrdiff_t count, const REAL *x) { return chosen_##S->square_sum(count, x); } \
  void forage_add_##S(ptrdiff_t count, const REAL *x, REAL *y) { chosen_##S->add(count, x, y); } \
  void forage_adam_##S(ptrdiff_t count, REAL scale, REAL beta1, REAL beta2, REAL step, REAL root_correction, \
      REAL epsilon, REAL decay, const REAL *g, REAL *mean, REAL *square, REAL *x) { \
    chosen_##S->adam(count, scale, beta1, beta2, step, root_correction, epsilon, decay, g, mean, square, x); \
  } \
  void forage_gather_difference_##S(ptrdiff_t m, ptrdiff_t pairs, const int32_t *index, const REAL *table, \
      ptrdiff_t n, const REAL *start, REAL *y, ptrdiff_t ldy) { \
    chosen_##S->gather_difference(m, pairs, index, table, n, start, y, ldy); \
  } \
  void forage_scatter_difference_##S(ptrdiff_t m, ptrdiff_t pairs, const int32_t *index, const REAL *d, ptrdiff_t ldd, \
      int both, ptrdiff_t n, REAL *table) { \
    chosen_##S->scatter_difference(m, pairs, index, d, ldd, both, n, table); \
  }
FORAGE_CALLS(float, f32)
FORAGE_CALLS(double, f64)

ptrdiff_t forage_lookup_u8(ptrdiff_t lookups, const uint8_t *x, const int32_t *base, const int32_t *limit,
    int32_t ignored, int32_t *index) {
  return chosen_lookup(lookups, x, base, limit, ignored, index);
}
