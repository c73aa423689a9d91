#ifndef C_FUZZER_H
#define C_FUZZER_H

#include <stddef.h>
#include <stdint.h>

/// Whether the program was linked with LLVM's libFuzzer.
int forage_has_fuzzer(void);

/// Runs libFuzzer with its own arguments until it finds something or its time is over.
///
/// - Returns: Its exit status; -1 without libFuzzer.
int forage_fuzz(int argc, char **argv, int (*callback)(const uint8_t *data, size_t size));

#endif
