// Snapshots in a file: the same bytes, by zlib, a tenth of the size.
#include "CNetHackHost.h"
#if defined(__x86_64__) && defined(__linux__) && defined(FORAGE_NETHACK)
#include <zlib.h>

/// The fastest of zlib's levels: the best one takes four times as long for a tenth less.
enum { LEVEL = 1 };

size_t nethack_deflate_bound(size_t count) { return compressBound((uLong)count); }

size_t nethack_deflate(const void *bytes, size_t count, void *to, size_t room) {
  uLongf written = (uLongf)room;
  return compress2(to, &written, bytes, (uLong)count, LEVEL) == Z_OK ? written : 0;
}

size_t nethack_inflate(const void *bytes, size_t count, void *to, size_t room) {
  uLongf written = (uLongf)room;
  return uncompress(to, &written, bytes, (uLong)count) == Z_OK ? written : 0;
}
#endif
