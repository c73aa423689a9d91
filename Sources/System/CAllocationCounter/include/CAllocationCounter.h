#ifndef C_ALLOCATION_COUNTER_H
#define C_ALLOCATION_COUNTER_H

#include <stdint.h>

/// How many times the calling thread has asked for memory since it started; 0 for ever where that is not counted
/// (a C library other than glibc, a build with a sanitizer). A program that links this module counts: one addition an allocation.
uint64_t forage_allocations(void);

/// How many bytes the calling thread has asked for since it started; what it gave back is not subtracted.
uint64_t forage_allocated_bytes(void);

#endif
