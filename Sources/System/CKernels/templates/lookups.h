// Sums of embedding rows, for one element type and instruction set, and the table of its functions.
INLINE void NAME(gather_panel)(int width, ptrdiff_t lookups, const int32_t *index, const REAL *table, ptrdiff_t n,
    const REAL *bias, int accumulate, REAL *y) {
  V total[WIDE];
  for (int v = 0; v < width; v++) {
    total[v] = bias ? NAME(load)(bias + v * L) : (V){};
    if (accumulate) total[v] += NAME(load)(y + v * L);
  }
  for (ptrdiff_t l = 0; l < lookups; l++) {
    if (index[l] < 0) continue;
    const REAL *row = table + (ptrdiff_t)index[l] * n;
#pragma clang loop unroll(full)
    for (int v = 0; v < width; v++) total[v] += NAME(load)(row + v * L);
  }
  for (int v = 0; v < width; v++) NAME(store)(y + v * L, total[v]);
}

static void NAME(gather)(ptrdiff_t m, ptrdiff_t lookups, const int32_t *index, const REAL *table, ptrdiff_t n,
    const REAL *bias, int accumulate, REAL *y, ptrdiff_t ldy) {
  for (ptrdiff_t r = 0; r < m; r++, index += lookups, y += ldy) {
    ptrdiff_t j = 0;
    for (; j + WIDE * L <= n; j += WIDE * L)
      NAME(gather_panel)(WIDE, lookups, index, table + j, n, bias ? bias + j : bias, accumulate, y + j);
    for (; j + L <= n; j += L)
      NAME(gather_panel)(1, lookups, index, table + j, n, bias ? bias + j : bias, accumulate, y + j);
    for (; j < n; j++) {
      REAL total = (bias ? bias[j] : 0) + (accumulate ? y[j] : 0);
      for (ptrdiff_t l = 0; l < lookups; l++)
        if (index[l] >= 0) total += table[(ptrdiff_t)index[l] * n + j];
      y[j] = total;
    }
  }
}

static void NAME(scatter)(ptrdiff_t m, ptrdiff_t lookups, const int32_t *index, const REAL *restrict d, ptrdiff_t ldd,
    ptrdiff_t n, REAL *restrict table) {
  for (ptrdiff_t r = 0; r < m; r++, index += lookups, d += ldd) {
    ptrdiff_t j = 0;
    for (; j + WIDE * L <= n; j += WIDE * L) {
      V held[WIDE];
      for (int v = 0; v < WIDE; v++) held[v] = NAME(load)(d + j + v * L);
      for (ptrdiff_t l = 0; l < lookups; l++) {
        if (index[l] < 0) continue;
        REAL *row = table + (ptrdiff_t)index[l] * n + j;
#pragma clang loop unroll(full)
        for (int v = 0; v < WIDE; v++) NAME(store)(row + v * L, NAME(load)(row + v * L) + held[v]);
      }
    }
    if (j == n) continue;
    for (ptrdiff_t l = 0; l < lookups; l++) {
      if (index[l] < 0) continue;
      REAL *row = table + (ptrdiff_t)index[l] * n;
      for (ptrdiff_t q = j; q < n; q++) row[q] += d[q];
    }
  }
}

static const JOIN(table_, S) NAME(table) = {
  NAME(product), NAME(outer), NAME(activate), NAME(activate_backward), NAME(gather), NAME(scatter), NAME(square_sum),
  NAME(add), NAME(adam),
};

#undef NAME
#undef V
#undef I
#undef L
#undef ROWS
#undef GELU_SCALE
#undef GELU_CUBE
