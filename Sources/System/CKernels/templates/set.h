// One instruction set: SET names it, BYTES is its vector, WIDE how many vectors a block of a product is wide.
#define REAL float
#define INTEGER int32_t
#define S f32
#define SINGLE 1
#include "elementwise.h"
#include "products.h"
#include "lookups.h"
#include "differences.h"
#undef REAL
#undef INTEGER
#undef S
#undef SINGLE

#define REAL double
#define INTEGER int64_t
#define S f64
#define SINGLE 0
#include "elementwise.h"
#include "products.h"
#include "lookups.h"
#include "differences.h"
#undef REAL
#undef INTEGER
#undef S
#undef SINGLE

#undef SET
#undef BYTES
#undef WIDE
