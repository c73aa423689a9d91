// The loops that a profile showed hot and that baseline x86-64 code runs several times too slowly: small matrix
// products with a fused bias and activation, embedding sums, and the passes of the optimizer.
//
// Every function exists for float (_f32) and double (_f64; used by the gradient checks), and for three
// instruction sets, of which the best is chosen when the program starts (FORAGE_INSTRUCTION_SET=avx2 or =baseline in
// the process environment chooses a lesser one). All are single-threaded, allocate nothing and add in a fixed order:
// AVX2 and AVX-512 give the same bits; the baseline differs, since it does not fuse multiplication and addition. A
// row of a product does not depend on how many rows are computed with it. Arrays are row-major; a leading dimension
// counts elements.
#ifndef FORAGE_CKERNELS_H
#define FORAGE_CKERNELS_H
#include <stdint.h>
#include <stddef.h>

enum {
  forage_identity = 0, forage_tanh = 1, forage_relu = 2, forage_elu = 3, forage_sigmoid = 4, forage_gelu = 5
};

#define FORAGE_DECLARE(REAL, S) \
  /* y[m,n] = activation(bias[n] + a[m,k] b[k,n]); with transposed, b is [n,k]; with accumulate, y is added too. */ \
  /* bias may be null; scratch holds forage_product_scratch(n, k) elements. */ \
  void forage_product_##S(ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const REAL *a, ptrdiff_t lda, const REAL *b, \
      ptrdiff_t ldb, int transposed, const REAL *bias, int accumulate, int activation, REAL *y, ptrdiff_t ldy, \
      REAL *scratch); \
  /* c[k,n] += transpose(a[m,k]) d[m,n]. scratch holds forage_outer_scratch(n, k) elements. */ \
  void forage_outer_##S(ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const REAL *a, ptrdiff_t lda, const REAL *d, \
      ptrdiff_t ldd, REAL *c, ptrdiff_t ldc, REAL *scratch); \
  /* y = activation(x) over count elements; x may be y. */ \
  void forage_activate_##S(ptrdiff_t count, int activation, const REAL *x, REAL *y); \
  /* d[m,n] *= activation's derivative at output y[m,n] (gelu: at input y); sum[n] += the column sums of the */ \
  /* new d; sum may be null. */ \
  void forage_activate_backward_##S(ptrdiff_t m, ptrdiff_t n, int activation, const REAL *y, ptrdiff_t ldy, \
      REAL *d, ptrdiff_t ldd, REAL *sum); \
  /* y[r,:] = bias + sum over l of table[index[r,l],:]; an index of -1 adds nothing, and -2 */ \
  /* ends the row's list where all lookups are one group. The lookups */ \
  /* are taken `group` at a time, which changes the speed and not the result. */ \
  void forage_gather_##S(ptrdiff_t m, ptrdiff_t lookups, ptrdiff_t group, const int32_t *index, const REAL *table, \
      ptrdiff_t n, const REAL *bias, REAL *y, ptrdiff_t ldy); \
  /* table[index[r,l],:] += d[r,:]. */ \
  void forage_scatter_##S(ptrdiff_t m, ptrdiff_t lookups, ptrdiff_t group, const int32_t *index, const REAL *d, \
      ptrdiff_t ldd, ptrdiff_t n, REAL *table); \
  /* The sum of squares, in double, in a fixed order. */ \
  double forage_square_sum_##S(ptrdiff_t count, const REAL *x); \
  /* y += x */ \
  void forage_add_##S(ptrdiff_t count, const REAL *x, REAL *y); \
  /* One step of Adam: g is scaled by scale first; mean and square are its moments. */ \
  void forage_adam_##S(ptrdiff_t count, REAL scale, REAL beta1, REAL beta2, REAL step, REAL root_correction, \
      REAL epsilon, REAL decay, const REAL *g, REAL *mean, REAL *square, REAL *x); \
  /* y[r,:] = start + sum over p of table[index[r,p,0],:] - table[index[r,p,1],:]; -2 ends a row's pairs. */ \
  void forage_gather_difference_##S(ptrdiff_t m, ptrdiff_t pairs, const int32_t *index, const REAL *table, \
      ptrdiff_t n, const REAL *start, REAL *y, ptrdiff_t ldy); \
  /* table[index[r,p,0],:] += d[r,:], and where both: table[index[r,p,1],:] -= d[r,:] */ \
  void forage_scatter_difference_##S(ptrdiff_t m, ptrdiff_t pairs, const int32_t *index, const REAL *d, ptrdiff_t ldd, \
      int both, ptrdiff_t n, REAL *table);

FORAGE_DECLARE(float, f32)
FORAGE_DECLARE(double, f64)

/* Elements of scratch that the products need on any machine. */
static inline ptrdiff_t forage_product_scratch(ptrdiff_t n, ptrdiff_t k) { return k * (n + 64); }
static inline ptrdiff_t forage_outer_scratch(ptrdiff_t n, ptrdiff_t k) {
  ptrdiff_t wide = n > k ? n : k;
  return 64 * 64 + 16 * (wide + 64);
}
/* index[r,l] = base[l] + element; returns how many elements were not below limit[l] (their index is -1, as is */
/* that of elements equal to ignored; pass -1 to ignore none). */
ptrdiff_t forage_lookup_u8(ptrdiff_t lookups, const uint8_t *x, const int32_t *base, const int32_t *limit,
    int32_t ignored, int32_t *index);
/* The instruction set that was chosen: "avx512", "avx2" or "baseline". */
const char *forage_instruction_set(void);
#endif
