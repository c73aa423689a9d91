// Matrix products for one element type and instruction set: blocks of ROWS x WIDE vectors held in registers.
#define ROWS 6
// A narrower block, twice as high.
#define HALF (WIDE / 2)

// y[rows, width vectors] = (y) + bias + a[rows, k] b[k, width vectors].
INLINE void NAME(block)(int rows, int width, ptrdiff_t k, const REAL *a, ptrdiff_t lda, const REAL *b, ptrdiff_t ldb,
    const REAL *bias, int accumulate, REAL *y, ptrdiff_t ldy) {
  V total[2 * ROWS][WIDE];
#pragma clang loop unroll(full)
  for (int v = 0; v < width; v++) {
    V start = bias ? NAME(load)(bias + v * L) : (V){};
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) total[r][v] = accumulate ? start + NAME(load)(y + r * ldy + v * L) : start;
  }
  for (ptrdiff_t p = 0; p < k; p++) {
    V column[WIDE];
#pragma clang loop unroll(full)
    for (int v = 0; v < width; v++) column[v] = NAME(load)(b + p * ldb + v * L);
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) {
      V factor = NAME(splat)(a[r * lda + p]);
#pragma clang loop unroll(full)
      for (int v = 0; v < width; v++) total[r][v] = total[r][v] + factor * column[v];
    }
  }
#pragma clang loop unroll(full)
  for (int r = 0; r < rows; r++)
#pragma clang loop unroll(full)
    for (int v = 0; v < width; v++) NAME(store)(y + r * ldy + v * L, total[r][v]);
}

// A panel of columns, all rows; the activation follows each block while it is in the first-level cache.
INLINE void NAME(panel)(int rows, int width, ptrdiff_t m, ptrdiff_t k, const REAL *a, ptrdiff_t lda, const REAL *b,
    ptrdiff_t ldb, const REAL *bias, int accumulate, int activation, REAL *y, ptrdiff_t ldy) {
  for (ptrdiff_t i = 0; i < m;) {
    int taken = m - i >= rows ? rows : m - i >= 4 ? 4 : m - i >= 2 ? 2 : 1;
    const REAL *from = a + i * lda;
    REAL *to = y + i * ldy;
    if (taken == rows)
      NAME(block)(rows, width, k, from, lda, b, ldb, bias, accumulate, to, ldy);
    else if (taken == 4)
      NAME(block)(4, width, k, from, lda, b, ldb, bias, accumulate, to, ldy);
    else if (taken == 2)
      NAME(block)(2, width, k, from, lda, b, ldb, bias, accumulate, to, ldy);
    else
      NAME(block)(1, width, k, from, lda, b, ldb, bias, accumulate, to, ldy);
    if (activation && ldy == width * L)
      NAME(activate)(taken * ldy, activation, to, to);
    else if (activation)
      for (int r = 0; r < taken; r++) NAME(activate)(width * L, activation, to + r * ldy, to + r * ldy);
    i += taken;
  }
}

// The last columns, fewer than a vector: through a tile of full vectors.
static void NAME(edge)(ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const REAL *a, ptrdiff_t lda, const REAL *b,
    const REAL *bias, int accumulate, int activation, REAL *y, ptrdiff_t ldy) {
  REAL tile[2 * ROWS * BYTES / sizeof(REAL)] = {0}, padded[BYTES / sizeof(REAL)] = {0};
  if (bias) memcpy(padded, bias, (size_t)n * sizeof(REAL));
  for (ptrdiff_t i = 0; i < m; i += 2 * ROWS) {
    ptrdiff_t rows = m - i < 2 * ROWS ? m - i : 2 * ROWS;
    if (accumulate)
      for (ptrdiff_t r = 0; r < rows; r++)
        for (ptrdiff_t j = 0; j < n; j++) tile[r * L + j] = y[(i + r) * ldy + j];
    NAME(panel)(2 * ROWS, 1, rows, k, a + i * lda, lda, b, L, padded, accumulate, activation, tile, L);
    for (ptrdiff_t r = 0; r < rows; r++)
      for (ptrdiff_t j = 0; j < n; j++) y[(i + r) * ldy + j] = tile[r * L + j];
  }
}

// Columns [0, n) of b, or rows when it is transposed, as [k, width] with zeros behind.
static const REAL *NAME(pack)(ptrdiff_t n, ptrdiff_t width, ptrdiff_t k, const REAL *b, ptrdiff_t ldb, int transposed,
    REAL *scratch) {
  for (ptrdiff_t p = 0; p < k; p++) {
    if (!transposed) for (ptrdiff_t j = 0; j < n; j++) scratch[p * width + j] = b[p * ldb + j];
    for (ptrdiff_t j = n; j < width; j++) scratch[p * width + j] = 0;
  }
  // A cache line of each row at a time: rows of 256 numbers fall on one another in the first-level cache, so that
  // going down a column would fetch every line again for each of its numbers.
  const ptrdiff_t line = 64 / sizeof(REAL);
  for (ptrdiff_t first = 0; transposed && first < k; first += line) {
    ptrdiff_t last = k - first < line ? k : first + line;
    for (ptrdiff_t j = 0; j < n; j++)
      for (ptrdiff_t p = first; p < last; p++) scratch[p * width + j] = b[j * ldb + p];
  }
  return scratch;
}

// 64 bytes whatever the instruction set, so that the order of a sum over inputs does not depend on it.
#define G ((ptrdiff_t)(64 / sizeof(REAL)))
typedef REAL NAME(group) __attribute__((vector_size(64)));
typedef REAL NAME(unaligned_group) __attribute__((vector_size(64), aligned(sizeof(REAL))));
#define LOAD_GROUP(x) ((NAME(group))*(const NAME(unaligned_group) *)(x))

// The sum of the lanes of first + second, by halves.
#define SUM_LANES(first, second, sum) \
  { \
    *(NAME(unaligned_group) *)lanes = (first) + (second); \
    for (int half = (int)G / 2; half > 0; half /= 2) \
      for (int l = 0; l < half; l++) lanes[l] += lanes[l + half]; \
    sum = lanes[0]; \
  }

// One or two outputs (a value head, the logits of two actions): the vectors run over the inputs. b is packed as
// [n, k]; k is a multiple of G.
INLINE void NAME(dots)(ptrdiff_t m, int n, ptrdiff_t k, const REAL *a, ptrdiff_t lda, const REAL *b, const REAL *bias,
    int accumulate, int activation, REAL *y, ptrdiff_t ldy) {
  REAL lanes[64 / sizeof(REAL)];
  for (ptrdiff_t r = 0; r < m; r++) {
    const REAL *x = a + r * lda;
    NAME(group) first = {}, second = {}, third = {}, fourth = {};
    ptrdiff_t p = 0;
    for (; p + 2 * G <= k; p += 2 * G) {
      NAME(group) low = LOAD_GROUP(x + p), high = LOAD_GROUP(x + p + G);
      first = first + low * LOAD_GROUP(b + p);
      second = second + high * LOAD_GROUP(b + p + G);
      if (n > 1) {
        third = third + low * LOAD_GROUP(b + k + p);
        fourth = fourth + high * LOAD_GROUP(b + k + p + G);
      }
    }
    for (; p < k; p += G) {
      first = first + LOAD_GROUP(x + p) * LOAD_GROUP(b + p);
      if (n > 1) third = third + LOAD_GROUP(x + p) * LOAD_GROUP(b + k + p);
    }
    REAL sums[2] = {0, 0};
    SUM_LANES(first, second, sums[0])
    if (n > 1) SUM_LANES(third, fourth, sums[1])
    for (int j = 0; j < n; j++) y[r * ldy + j] = sums[j] + (bias ? bias[j] : 0) + (accumulate ? y[r * ldy + j] : 0);
    if (activation) NAME(activate)(n, activation, y + r * ldy, y + r * ldy);
  }
}

static void NAME(product)(ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const REAL *a, ptrdiff_t lda, const REAL *b,
    ptrdiff_t ldb, int transposed, const REAL *bias, int accumulate, int activation, REAL *y, ptrdiff_t ldy,
    REAL *scratch) {
  ptrdiff_t step = transposed ? ldb : 1;
  if (n <= 2 && k % G == 0) {
    for (ptrdiff_t j = 0; j < n; j++)
      for (ptrdiff_t p = 0; p < k; p++) scratch[j * k + p] = transposed ? b[j * ldb + p] : b[p * ldb + j];
    if (n == 1)
      NAME(dots)(m, 1, k, a, lda, scratch, bias, accumulate, activation, y, ldy);
    else
      NAME(dots)(m, 2, k, a, lda, scratch, bias, accumulate, activation, y, ldy);
    return;
  }
  for (ptrdiff_t j = 0; j < n;) {
    const REAL *from = b + j * step, *shift = bias ? bias + j : bias;
    ptrdiff_t left = n - j, width = left >= WIDE * L ? WIDE * L : left >= HALF * L ? HALF * L : L, ld = ldb;
    if (transposed || left < L) {
      from = NAME(pack)(left < width ? left : width, width, k, from, ldb, transposed, scratch);
      ld = width;
    }
    if (left < L)
      NAME(edge)(m, left, k, a, lda, from, shift, accumulate, activation, y + j, ldy);
    else if (width == HALF * L)
      NAME(panel)(2 * ROWS, HALF, m, k, a, lda, from, ld, shift, accumulate, activation, y + j, ldy);
    else if (width == L)
      NAME(panel)(2 * ROWS, 1, m, k, a, lda, from, ld, shift, accumulate, activation, y + j, ldy);
    else
      NAME(panel)(ROWS, WIDE, m, k, a, lda, from, ld, shift, accumulate, activation, y + j, ldy);
    j += width;
  }
}

// tile[rows, width vectors] = transpose(a[m, rows]) d[m, width vectors].
INLINE void NAME(outer_block)(int rows, int width, ptrdiff_t m, const REAL *a, ptrdiff_t lda, const REAL *d,
    ptrdiff_t ldd, REAL *tile) {
  V total[2 * ROWS][WIDE];
#pragma clang loop unroll(full)
  for (int r = 0; r < rows; r++)
#pragma clang loop unroll(full)
    for (int v = 0; v < width; v++) total[r][v] = (V){};
  for (ptrdiff_t i = 0; i < m; i++) {
    V column[WIDE];
#pragma clang loop unroll(full)
    for (int v = 0; v < width; v++) column[v] = NAME(load)(d + i * ldd + v * L);
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) {
      V factor = NAME(splat)(a[i * lda + r]);
#pragma clang loop unroll(full)
      for (int v = 0; v < width; v++) total[r][v] = total[r][v] + factor * column[v];
    }
  }
#pragma clang loop unroll(full)
  for (int r = 0; r < rows; r++)
#pragma clang loop unroll(full)
    for (int v = 0; v < width; v++) NAME(store)(tile + (r * width + v) * L, total[r][v]);
}

// c[p, q] += for a block of broadcast columns p of a and vector columns q of d.
INLINE void NAME(outer_panel)(int rows, int width, ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const REAL *a, ptrdiff_t lda,
    const REAL *d, ptrdiff_t ldd, REAL *c, ptrdiff_t down, ptrdiff_t across) {
  REAL tile[2 * ROWS * WIDE * BYTES / sizeof(REAL)];
  for (ptrdiff_t p = 0; p < k;) {
    int taken = k - p >= rows ? rows : k - p >= 4 ? 4 : k - p >= 2 ? 2 : 1;
    if (taken == rows)
      NAME(outer_block)(rows, width, m, a + p, lda, d, ldd, tile);
    else if (taken == 4)
      NAME(outer_block)(4, width, m, a + p, lda, d, ldd, tile);
    else if (taken == 2)
      NAME(outer_block)(2, width, m, a + p, lda, d, ldd, tile);
    else
      NAME(outer_block)(1, width, m, a + p, lda, d, ldd, tile);
    for (int r = 0; r < taken; r++)
      if (across == 1)
        for (ptrdiff_t j = 0; j < n; j++) c[(p + r) * down + j] += tile[r * width * L + j];
      else
        for (ptrdiff_t j = 0; j < n; j++) c[(p + r) * down + j * across] += tile[r * width * L + j];
    p += taken;
  }
}

static void NAME(outer)(ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const REAL *a, ptrdiff_t lda, const REAL *d,
    ptrdiff_t ldd, REAL *c, ptrdiff_t ldc, REAL *scratch) {
  ptrdiff_t down = ldc, across = 1;
  if (n < L && n < k) {
    // Few outputs: the vectors run over the inputs instead.
    const REAL *matrix = a;
    ptrdiff_t count = k, leading = lda;
    a = d, d = matrix, k = n, n = count, lda = ldd, ldd = leading, down = 1, across = ldc;
  }
  // 128 rows of a panel of d stay in the first-level cache.
  for (ptrdiff_t i = 0; i < m; i += 128) {
    ptrdiff_t rows = m - i < 128 ? m - i : 128;
    const REAL *left = a + i * lda, *right = d + i * ldd;
    for (ptrdiff_t j = 0; j < n;) {
      ptrdiff_t remaining = n - j;
      REAL *to = c + j * across;
      if (remaining >= WIDE * L) {
        NAME(outer_panel)(ROWS, WIDE, rows, WIDE * L, k, left, lda, right + j, ldd, to, down, across);
        j += WIDE * L;
      } else if (remaining >= HALF * L) {
        NAME(outer_panel)(2 * ROWS, HALF, rows, HALF * L, k, left, lda, right + j, ldd, to, down, across);
        j += HALF * L;
      } else if (remaining >= L) {
        NAME(outer_panel)(2 * ROWS, 1, rows, L, k, left, lda, right + j, ldd, to, down, across);
        j += L;
      } else {
        for (ptrdiff_t r = 0; r < rows; r++) {
          for (ptrdiff_t q = 0; q < remaining; q++) scratch[r * L + q] = right[r * ldd + j + q];
          for (ptrdiff_t q = remaining; q < L; q++) scratch[r * L + q] = 0;
        }
        NAME(outer_panel)(2 * ROWS, 1, rows, remaining, k, left, lda, scratch, L, to, down, across);
        j += L;
      }
    }
  }
}
