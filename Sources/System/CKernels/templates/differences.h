// Sums of embedding rows relative to a background row, for one element type and instruction set, and the table
// of the set's functions.
//
// A row's list holds pairs (added, left out): what its numbers select, and what the background's would. -2 ends it.
INLINE void NAME(difference_panel)(int width, ptrdiff_t pairs, const int32_t *index, const REAL *table, ptrdiff_t n,
    const REAL *start, REAL *y) {
  V total[WIDE];
#pragma clang loop unroll(full)
  for (int v = 0; v < width; v++) total[v] = NAME(load)(start + v * L);
  for (ptrdiff_t p = 0; p < pairs && index[2 * p] != -2; p++) {
    const REAL *added = table + (ptrdiff_t)index[2 * p] * n, *left = table + (ptrdiff_t)index[2 * p + 1] * n;
#pragma clang loop unroll(full)
    for (int v = 0; v < width; v++) total[v] += NAME(load)(added + v * L) - NAME(load)(left + v * L);
  }
#pragma clang loop unroll(full)
  for (int v = 0; v < width; v++) NAME(store)(y + v * L, total[v]);
}

static void NAME(gather_difference)(ptrdiff_t m, ptrdiff_t pairs, const int32_t *index, const REAL *table, ptrdiff_t n,
    const REAL *start, REAL *y, ptrdiff_t ldy) {
  for (ptrdiff_t j = 0; j < n;) {
    int wide = n - j >= WIDE * L, full = n - j >= L;
    for (ptrdiff_t r = 0; r < m; r++) {
      const int32_t *chosen = index + r * 2 * pairs;
      REAL *out = y + r * ldy + j;
      if (wide)
        NAME(difference_panel)(WIDE, pairs, chosen, table + j, n, start + j, out);
      else if (full)
        NAME(difference_panel)(1, pairs, chosen, table + j, n, start + j, out);
      else
        for (ptrdiff_t q = 0; q < n - j; q++) {
          REAL total = start[j + q];
          for (ptrdiff_t p = 0; p < pairs && chosen[2 * p] != -2; p++)
            total += table[(ptrdiff_t)chosen[2 * p] * n + j + q] - table[(ptrdiff_t)chosen[2 * p + 1] * n + j + q];
          out[q] = total;
        }
    }
    j += wide ? WIDE * L : L;
  }
}

// The added rows, and the rows left out where both are wanted; else what the background's rows get is completed from
// the sum over all, once a gradient.
static void NAME(scatter_difference)(ptrdiff_t m, ptrdiff_t pairs, const int32_t *index, const REAL *d, ptrdiff_t ldd,
    int both, ptrdiff_t n, REAL *table) {
  for (ptrdiff_t j = 0; j < n;) {
    int wide = n - j >= WIDE * L, full = n - j >= L;
    for (ptrdiff_t r = 0; r < m; r++) {
      const int32_t *chosen = index + r * 2 * pairs;
      const REAL *down = d + r * ldd + j;
      if (wide || full) {
        int width = wide ? WIDE : 1;
        V held[WIDE];
        for (int v = 0; v < width; v++) held[v] = NAME(load)(down + v * L);
        for (ptrdiff_t p = 0; p < pairs && chosen[2 * p] != -2; p++) {
          REAL *row = table + (ptrdiff_t)chosen[2 * p] * n + j;
          for (int v = 0; v < width; v++) NAME(store)(row + v * L, NAME(load)(row + v * L) + held[v]);
          if (!both) continue;
          row = table + (ptrdiff_t)chosen[2 * p + 1] * n + j;
          for (int v = 0; v < width; v++) NAME(store)(row + v * L, NAME(load)(row + v * L) - held[v]);
        }
      } else {
        for (ptrdiff_t p = 0; p < pairs && chosen[2 * p] != -2; p++)
          for (ptrdiff_t q = 0; q < n - j; q++) {
            table[(ptrdiff_t)chosen[2 * p] * n + j + q] += down[q];
            if (both) table[(ptrdiff_t)chosen[2 * p + 1] * n + j + q] -= down[q];
          }
      }
    }
    j += wide ? WIDE * L : L;
  }
}

static const JOIN(table_, S) NAME(table) = {
  NAME(product), NAME(outer), NAME(activate), NAME(activate_backward), NAME(gather), NAME(scatter), NAME(square_sum),
  NAME(add), NAME(adam), NAME(gather_difference), NAME(scatter_difference),
};

#undef NAME
#undef V
#undef I
#undef L
#undef ROWS
#undef HALF
#undef G
#undef LOAD_GROUP
#undef SUM_LANES
#undef GELU_SCALE
#undef GELU_CUBE
