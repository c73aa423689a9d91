// Sums of embedding rows, for one element type and instruction set.
//
// The lookups are taken `group` at a time for all rows, so that the part of the table that a group reaches stays in
// the first-level cache. The order in which a number's terms are added is the same for every group. An index of -1 adds
// nothing, and -2 ends a row's list.
INLINE void NAME(gather_panel)(int width, ptrdiff_t lookups, const int32_t *index, const REAL *table, ptrdiff_t n,
    const REAL *start, REAL *y) {
  V total[WIDE];
#pragma clang loop unroll(full)
  for (int v = 0; v < width; v++) total[v] = start ? NAME(load)(start + v * L) : (V){};
  for (ptrdiff_t l = 0; l < lookups; l++) {
    if (index[l] < 0) {
      if (index[l] == -2) break;
      continue;
    }
    const REAL *row = table + (ptrdiff_t)index[l] * n;
#pragma clang loop unroll(full)
    for (int v = 0; v < width; v++) total[v] += NAME(load)(row + v * L);
  }
#pragma clang loop unroll(full)
  for (int v = 0; v < width; v++) NAME(store)(y + v * L, total[v]);
}

static void NAME(gather)(ptrdiff_t m, ptrdiff_t lookups, ptrdiff_t group, const int32_t *index, const REAL *table,
    ptrdiff_t n, const REAL *bias, REAL *y, ptrdiff_t ldy) {
  for (ptrdiff_t j = 0; j < n;) {
    int wide = n - j >= WIDE * L, full = n - j >= L;
    for (ptrdiff_t first = 0; first < lookups; first += group) {
      ptrdiff_t taken = lookups - first < group ? lookups - first : group;
      for (ptrdiff_t r = 0; r < m; r++) {
        const int32_t *chosen = index + r * lookups + first;
        REAL *out = y + r * ldy + j;
        const REAL *start = first ? out : bias ? bias + j : bias;
        if (wide)
          NAME(gather_panel)(WIDE, taken, chosen, table + j, n, start, out);
        else if (full)
          NAME(gather_panel)(1, taken, chosen, table + j, n, start, out);
        else
          for (ptrdiff_t q = 0; q < n - j; q++) {
            REAL total = start ? start[q] : 0;
            for (ptrdiff_t l = 0; l < taken && chosen[l] != -2; l++)
              if (chosen[l] >= 0) total += table[(ptrdiff_t)chosen[l] * n + j + q];
            out[q] = total;
          }
      }
    }
    j += wide ? WIDE * L : L;
  }
}

INLINE void NAME(scatter_panel)(int width, ptrdiff_t lookups, const int32_t *index, const REAL *d, ptrdiff_t n,
    REAL *table) {
  V held[WIDE];
#pragma clang loop unroll(full)
  for (int v = 0; v < width; v++) held[v] = NAME(load)(d + v * L);
  for (ptrdiff_t l = 0; l < lookups; l++) {
    if (index[l] < 0) {
      if (index[l] == -2) break;
      continue;
    }
    REAL *row = table + (ptrdiff_t)index[l] * n;
#pragma clang loop unroll(full)
    for (int v = 0; v < width; v++) NAME(store)(row + v * L, NAME(load)(row + v * L) + held[v]);
  }
}

static void NAME(scatter)(ptrdiff_t m, ptrdiff_t lookups, ptrdiff_t group, const int32_t *index, const REAL *d,
    ptrdiff_t ldd, ptrdiff_t n, REAL *table) {
  for (ptrdiff_t j = 0; j < n;) {
    int wide = n - j >= WIDE * L, full = n - j >= L;
    for (ptrdiff_t first = 0; first < lookups; first += group) {
      ptrdiff_t taken = lookups - first < group ? lookups - first : group;
      for (ptrdiff_t r = 0; r < m; r++) {
        const int32_t *chosen = index + r * lookups + first;
        const REAL *down = d + r * ldd + j;
        if (wide)
          NAME(scatter_panel)(WIDE, taken, chosen, down, n, table + j);
        else if (full)
          NAME(scatter_panel)(1, taken, chosen, down, n, table + j);
        else
          for (ptrdiff_t l = 0; l < taken && chosen[l] != -2; l++)
            for (ptrdiff_t q = 0; chosen[l] >= 0 && q < n - j; q++) table[(ptrdiff_t)chosen[l] * n + j + q] += down[q];
      }
    }
    j += wide ? WIDE * L : L;
  }
}
