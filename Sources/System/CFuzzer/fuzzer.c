#include "CFuzzer.h"

// Weak, since only `make fuzz` links libFuzzer.
__attribute__((weak)) int LLVMFuzzerRunDriver(
    int *argc, char ***argv, int (*callback)(const uint8_t *data, size_t size));

int forage_has_fuzzer(void) { return LLVMFuzzerRunDriver != NULL; }

int forage_fuzz(int argc, char **argv, int (*callback)(const uint8_t *data, size_t size)) {
  if (LLVMFuzzerRunDriver == NULL) return -1;
  return LLVMFuzzerRunDriver(&argc, &argv, callback);
}
