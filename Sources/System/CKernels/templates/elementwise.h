// Activations, their derivatives and the passes of the optimizer, for one element type and instruction set.
#define NAME(x) JOIN(JOIN(x##_, S), JOIN(_, SET))
#define V NAME(vector)
#define I NAME(integers)
#define L ((ptrdiff_t)(BYTES / sizeof(REAL)))

typedef REAL V __attribute__((vector_size(BYTES)));
typedef INTEGER I __attribute__((vector_size(BYTES)));
typedef REAL NAME(unaligned) __attribute__((vector_size(BYTES), aligned(sizeof(REAL))));

INLINE V NAME(load)(const REAL *x) { return *(const NAME(unaligned) *)x; }
INLINE void NAME(store)(REAL *y, V v) { *(NAME(unaligned) *)y = v; }
INLINE V NAME(splat)(REAL x) { return x - (V){}; }
INLINE V NAME(select)(I mask, V yes, V no) { return (V)(((I)yes & mask) | ((I)no & ~mask)); }
// Comparisons with NaN are false, so that a NaN passes through both.
INLINE V NAME(at_most)(V x, REAL bound) { return NAME(select)(x > bound, NAME(splat)(bound), x); }
INLINE V NAME(at_least)(V x, REAL bound) { return NAME(select)(x < bound, NAME(splat)(bound), x); }

// exp(x) - 1 and the power of two that exp(x) was reduced by: exp(x) = 2^n exp(r), |r| <= ln(2)/2. The series of
// exp(r) - 1 up to r^7 leaves out less than 6e-9. Wants x in [-87, 87].
#if SINGLE
INLINE V NAME(exponential)(V x, int minus_one) {
  V shifted = x * 1.44269504088896341f + 12582912.0f;  // 1.5 * 2^23: the integer lands in the low bits
  V n = shifted - 12582912.0f;
  V r = x - n * 0.693359375f;
  r = r - n * -2.12194440e-4f;
  V p = r * (1.0f / 5040) + (1.0f / 720);
  p = p * r + (1.0f / 120);
  p = p * r + (1.0f / 24);
  p = p * r + (1.0f / 6);
  p = p * r + 0.5f;
  p = p * (r * r) + r;
  V power = (V)(((I)shifted + 127) << 23);
  return minus_one ? power * p + (power - 1.0f) : power * p + power;
}
INLINE V NAME(expm1v)(V x) { return NAME(exponential)(NAME(at_least)(x, -40.0f), 1); }
INLINE V NAME(expv)(V x) { return NAME(exponential)(NAME(at_least)(NAME(at_most)(x, 87.0f), -87.0f), 0); }
// tanh|x| = (e - 1) / (e + 1) at e = exp(2|x|); beyond 9.1 it rounds to one.
INLINE V NAME(tanhv)(V x) {
  I sign = (I)x & (I)NAME(splat)(-0.0f);
  V magnitude = NAME(at_most)((V)((I)x ^ sign), 10.0f);
  V e = NAME(exponential)(magnitude + magnitude, 1);
  return (V)((I)(e / (e + 2.0f)) | sign);
}
#else
INLINE V NAME(expm1v)(V x) {
  for (int i = 0; i < L; i++) x[i] = expm1(x[i]);
  return x;
}
INLINE V NAME(expv)(V x) {
  for (int i = 0; i < L; i++) x[i] = exp(x[i]);
  return x;
}
INLINE V NAME(tanhv)(V x) {
  for (int i = 0; i < L; i++) x[i] = tanh(x[i]);
  return x;
}
#endif

// The tanh form of GELU (Hendrycks and Gimpel 2016): x/2 (1 + tanh u), u = sqrt(2/pi) (x + 0.044715 x^3).
#define GELU_SCALE ((REAL)0.79788456080286536)
#define GELU_CUBE ((REAL)0.044715)

INLINE V NAME(activation_of)(int activation, V x) {
  switch (activation) {
    case forage_tanh: return NAME(tanhv)(x);
    case forage_relu: return NAME(select)(x < 0, (V){}, x);
    case forage_elu: return NAME(select)(x < 0, NAME(expm1v)(NAME(select)(x > 0, (V){}, x)), x);
    case forage_sigmoid: return 1 / (1 + NAME(expv)(-x));
    case forage_gelu: return x * (REAL)0.5 * (1 + NAME(tanhv)(GELU_SCALE * (x + GELU_CUBE * x * x * x)));
    default: return x;
  }
}
// The derivative, from the output; for gelu from the input.
INLINE V NAME(slope_of)(int activation, V y) {
  switch (activation) {
    case forage_tanh: return 1 - y * y;
    case forage_relu: return NAME(select)(y > 0, NAME(splat)(1), (V){});
    case forage_elu: return NAME(select)(y > 0, NAME(splat)(1), y + 1);
    case forage_sigmoid: return y * (1 - y);
    case forage_gelu: {
      V t = NAME(tanhv)(GELU_SCALE * (y + GELU_CUBE * y * y * y));
      return (REAL)0.5 * (1 + t) + (REAL)0.5 * y * (1 - t * t) * GELU_SCALE * (1 + 3 * GELU_CUBE * y * y);
    }
    default: return NAME(splat)(1);
  }
}

INLINE void NAME(activate_as)(ptrdiff_t count, int activation, const REAL *x, REAL *y) {
  ptrdiff_t i = 0;
  for (; i + L <= count; i += L) NAME(store)(y + i, NAME(activation_of)(activation, NAME(load)(x + i)));
  if (i < count) {
    REAL tail[BYTES / sizeof(REAL)] = {0};
    memcpy(tail, x + i, (size_t)(count - i) * sizeof(REAL));
    NAME(store)(tail, NAME(activation_of)(activation, NAME(load)(tail)));
    memcpy(y + i, tail, (size_t)(count - i) * sizeof(REAL));
  }
}
static void NAME(activate)(ptrdiff_t count, int activation, const REAL *x, REAL *y) {
  switch (activation) {
    case forage_tanh: NAME(activate_as)(count, forage_tanh, x, y); break;
    case forage_relu: NAME(activate_as)(count, forage_relu, x, y); break;
    case forage_elu: NAME(activate_as)(count, forage_elu, x, y); break;
    case forage_sigmoid: NAME(activate_as)(count, forage_sigmoid, x, y); break;
    case forage_gelu: NAME(activate_as)(count, forage_gelu, x, y); break;
    default:
      if (x != y) memmove(y, x, (size_t)count * sizeof(REAL));
  }
}

// `width` vectors of columns at a time, with their sums in registers.
INLINE void NAME(slopes)(ptrdiff_t m, ptrdiff_t width, int activation, const REAL *y, ptrdiff_t ldy, REAL *d,
    ptrdiff_t ldd, REAL *sum) {
  V total[4] = {};
  for (ptrdiff_t r = 0; r < m; r++) {
#pragma clang loop unroll(full)
    for (int v = 0; v < width; v++) {
      V product = NAME(load)(d + r * ldd + v * L) * NAME(slope_of)(activation, NAME(load)(y + r * ldy + v * L));
      if (activation != forage_identity) NAME(store)(d + r * ldd + v * L, product);
      total[v] += product;
    }
  }
  if (sum)
    for (int v = 0; v < width; v++) NAME(store)(sum + v * L, NAME(load)(sum + v * L) + total[v]);
}
INLINE void NAME(activate_backward_as)(ptrdiff_t m, ptrdiff_t n, int activation, const REAL *y, ptrdiff_t ldy,
    REAL *d, ptrdiff_t ldd, REAL *sum) {
  ptrdiff_t j = 0;
  for (; j + 4 * L <= n; j += 4 * L) NAME(slopes)(m, 4, activation, y + j, ldy, d + j, ldd, sum ? sum + j : sum);
  for (; j + L <= n; j += L) NAME(slopes)(m, 1, activation, y + j, ldy, d + j, ldd, sum ? sum + j : sum);
  if (j == n) return;
  V total = {};
  for (ptrdiff_t r = 0; r < m; r++) {
    V yv = {}, dv = {};
    for (ptrdiff_t c = j; c < n; c++) {
      yv[c - j] = y[r * ldy + c];
      dv[c - j] = d[r * ldd + c];
    }
    dv *= NAME(slope_of)(activation, yv);
    for (ptrdiff_t c = j; c < n; c++) d[r * ldd + c] = dv[c - j];
    total += dv;
  }
  if (sum)
    for (ptrdiff_t c = j; c < n; c++) sum[c] += total[c - j];
}
static void NAME(activate_backward)(ptrdiff_t m, ptrdiff_t n, int activation, const REAL *y, ptrdiff_t ldy, REAL *d,
    ptrdiff_t ldd, REAL *sum) {
  switch (activation) {
    case forage_tanh: NAME(activate_backward_as)(m, n, forage_tanh, y, ldy, d, ldd, sum); break;
    case forage_relu: NAME(activate_backward_as)(m, n, forage_relu, y, ldy, d, ldd, sum); break;
    case forage_elu: NAME(activate_backward_as)(m, n, forage_elu, y, ldy, d, ldd, sum); break;
    case forage_sigmoid: NAME(activate_backward_as)(m, n, forage_sigmoid, y, ldy, d, ldd, sum); break;
    case forage_gelu: NAME(activate_backward_as)(m, n, forage_gelu, y, ldy, d, ldd, sum); break;
    default: NAME(activate_backward_as)(m, n, forage_identity, d, ldd, d, ldd, sum);
  }
}

// Four sums of eight lanes: one would wait for its own last addition.
typedef REAL NAME(eight) __attribute__((vector_size(8 * sizeof(REAL)), aligned(sizeof(REAL))));
typedef double NAME(eight_doubles) __attribute__((vector_size(64)));
static double NAME(square_sum)(ptrdiff_t count, const REAL *x) {
  NAME(eight_doubles) sums[4] = {};
  ptrdiff_t i = 0;
  for (; i + 32 <= count; i += 32)
#pragma clang loop unroll(full)
    for (int s = 0; s < 4; s++) {
      NAME(eight_doubles) wide = __builtin_convertvector(*(const NAME(eight) *)(x + i + 8 * s), NAME(eight_doubles));
      sums[s] += wide * wide;
    }
  for (; i + 8 <= count; i += 8) {
    NAME(eight_doubles) wide = __builtin_convertvector(*(const NAME(eight) *)(x + i), NAME(eight_doubles));
    sums[0] += wide * wide;
  }
  NAME(eight_doubles) sum = (sums[0] + sums[1]) + (sums[2] + sums[3]);
  for (; i < count; i++) sum[0] += (double)x[i] * (double)x[i];
  return ((sum[0] + sum[4]) + (sum[2] + sum[6])) + ((sum[1] + sum[5]) + (sum[3] + sum[7]));
}

static void NAME(add)(ptrdiff_t count, const REAL *restrict x, REAL *restrict y) {
  for (ptrdiff_t i = 0; i < count; i++) y[i] += x[i];
}

// One vector of Adam; the tail of an array goes through padded copies.
INLINE V NAME(adam_vector)(REAL scale, REAL beta1, REAL beta2, REAL step, REAL inverse_root, REAL epsilon, REAL decay,
    V g, V *mean, V *square, V x) {
  g *= scale;
  *mean = *mean * beta1 + g * (1 - beta1);
  *square = *square * beta2 + g * g * (1 - beta2);
  return x * decay - step * *mean / (__builtin_elementwise_sqrt(*square) * inverse_root + epsilon);
}
static void NAME(adam)(ptrdiff_t count, REAL scale, REAL beta1, REAL beta2, REAL step, REAL root_correction,
    REAL epsilon, REAL decay, const REAL *g, REAL *mean, REAL *square, REAL *x) {
  REAL inverse = 1 / root_correction;
  // Without decay a vector whose gradient and moments are all zero stays to the bit: rows of tables never looked up.
  int may_rest = decay == 1 && epsilon > 0 && scale - scale == 0;
  for (ptrdiff_t i = 0; i < count; i += L) {
    if (i + L <= count) {
      V m = NAME(load)(mean + i), s = NAME(load)(square + i), slope = NAME(load)(g + i);
      if (may_rest && __builtin_reduce_or((I)m | (I)s | (I)slope) == 0) continue;
      V moved =
          NAME(adam_vector)(scale, beta1, beta2, step, inverse, epsilon, decay, slope, &m, &s, NAME(load)(x + i));
      NAME(store)(mean + i, m);
      NAME(store)(square + i, s);
      NAME(store)(x + i, moved);
      continue;
    }
    V gv = {}, m = {}, s = {}, xv = {};
    for (ptrdiff_t j = i; j < count; j++) gv[j - i] = g[j], m[j - i] = mean[j], s[j - i] = square[j], xv[j - i] = x[j];
    xv = NAME(adam_vector)(scale, beta1, beta2, step, inverse, epsilon, decay, gv, &m, &s, xv);
    for (ptrdiff_t j = i; j < count; j++) mean[j] = m[j - i], square[j] = s[j - i], x[j] = xv[j - i];
  }
}
