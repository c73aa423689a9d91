// Reads the library's file and refuses what is not nle 1.3.0's.
#include "Host.h"
#if defined(__x86_64__) && defined(__linux__)
#include <elf.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/// An address in the mapped library as a place in the file; NULL when the file has no bytes there.
static const void *at(const nethack_library *library, size_t address, size_t bytes) {
  const Elf64_Phdr *segments = library->segments;
  for (int i = 0; i < library->segment_count; i++) {
    const Elf64_Phdr *segment = segments + i;
    if (segment->p_type != PT_LOAD || address < segment->p_vaddr || bytes > segment->p_filesz) continue;
    if (address - segment->p_vaddr > segment->p_filesz - bytes) continue;
    return library->file + segment->p_offset + (address - segment->p_vaddr);
  }
  return NULL;
}

/// Finds the segments; false when they do not fit the file or a slot.
static bool read_segments(nethack_library *library) {
  const Elf64_Ehdr *header = (const void *)library->file;
  size_t bytes = library->file_bytes;
  if (bytes < sizeof *header || memcmp(header->e_ident, ELFMAG, SELFMAG)) return false;
  if (header->e_ident[EI_CLASS] != ELFCLASS64 || header->e_machine != EM_X86_64 || header->e_type != ET_DYN) return false;
  if (header->e_phentsize != sizeof(Elf64_Phdr)) return false;
  if (header->e_phoff > bytes || header->e_phnum * sizeof(Elf64_Phdr) > bytes - header->e_phoff) return false;
  if (header->e_phoff % sizeof(void *)) return false;
  // Nothing of the sections is needed, but they end a file, and so tell whether it is whole.
  if (header->e_shoff > bytes || header->e_shnum * (size_t)header->e_shentsize > bytes - header->e_shoff) return false;
  library->segments = library->file + header->e_phoff;
  library->segment_count = header->e_phnum;
  int writable = 0;
  for (int i = 0; i < library->segment_count; i++) {
    const Elf64_Phdr *segment = (const Elf64_Phdr *)library->segments + i;
    if (segment->p_type == PT_GNU_RELRO) {
      library->protected_start = segment->p_vaddr / PAGE * PAGE;
      library->protected_end = (segment->p_vaddr + segment->p_memsz) / PAGE * PAGE;
    }
    if (segment->p_type != PT_LOAD) continue;
    if (segment->p_offset > bytes || segment->p_filesz > bytes - segment->p_offset) return false;
    if (segment->p_memsz > STACK_AT || segment->p_vaddr > STACK_AT - segment->p_memsz) return false;
    if ((segment->p_vaddr - segment->p_offset) % PAGE) return false;
    if (!(segment->p_flags & PF_W)) continue;
    writable++;
    library->writable_start = segment->p_vaddr;
    library->data_end = round_up(segment->p_vaddr + segment->p_memsz, LINE);
    library->data_file_end = segment->p_vaddr + segment->p_filesz;
    library->data_file_offset = segment->p_vaddr - segment->p_offset;
  }
  return writable == 1;
}

/// Reads the dynamic section: tables of symbols and relocations, constructors.
static bool read_dynamic(nethack_library *library) {
  const Elf64_Dyn *dynamic = NULL;
  size_t count = 0;
  for (int i = 0; i < library->segment_count; i++) {
    const Elf64_Phdr *segment = (const Elf64_Phdr *)library->segments + i;
    if (segment->p_type != PT_DYNAMIC) continue;
    dynamic = at(library, segment->p_vaddr, segment->p_filesz);
    count = segment->p_filesz / sizeof *dynamic;
  }
  if (!dynamic) return false;
  size_t value[DT_PREINIT_ARRAY + 1] = {0};
  for (size_t i = 0; i < count && dynamic[i].d_tag; i++) {
    // Tags are signed, and those of processors and systems are great.
    if (dynamic[i].d_tag > 0 && dynamic[i].d_tag <= DT_PREINIT_ARRAY) value[dynamic[i].d_tag] = dynamic[i].d_un.d_val;
  }
  // The linker puts the names right behind the symbols: nothing else tells how many symbols there are.
  if (value[DT_STRTAB] < value[DT_SYMTAB]) return false;
  library->symbol_count = (value[DT_STRTAB] - value[DT_SYMTAB]) / sizeof(Elf64_Sym);
  library->symbols = at(library, value[DT_SYMTAB], library->symbol_count * sizeof(Elf64_Sym));
  library->names = at(library, value[DT_STRTAB], value[DT_STRSZ]);
  library->relocation_count[0] = value[DT_RELASZ] / sizeof(Elf64_Rela);
  library->relocation_count[1] = value[DT_PLTRELSZ] / sizeof(Elf64_Rela);
  library->relocations[0] = at(library, value[DT_RELA], value[DT_RELASZ]);
  library->relocations[1] = at(library, value[DT_JMPREL], value[DT_PLTRELSZ]);
  library->constructors = value[DT_INIT_ARRAY];
  library->constructor_count = value[DT_INIT_ARRAYSZ] / sizeof(void *);
  // What a game can change starts behind the linkage table, which has three entries of its own.
  library->data_start = round_up(value[DT_PLTGOT] + (3 + library->relocation_count[1]) * sizeof(void *), LINE);
  if (!library->symbols || !library->names || !library->relocations[0] || !library->relocations[1]) return false;
  if (!value[DT_STRSZ] || library->names[value[DT_STRSZ] - 1]) return false;
  for (size_t i = 0; i < library->symbol_count; i++) {
    if (((const Elf64_Sym *)library->symbols)[i].st_name >= value[DT_STRSZ]) return false;
  }
  // What is made read-only lies in the writable segment before what a game can change.
  if (library->protected_start < library->writable_start / PAGE * PAGE) return false;
  if (library->protected_end < library->protected_start || library->protected_end > library->data_start) return false;
  return library->data_start >= library->writable_start && library->data_start < library->data_file_end
      && library->data_file_end <= library->data_end;
}

/// Checks that each relocation is of a known kind and lies in the writable segment.
static bool check_relocations(const nethack_library *library, char *reason) {
  for (int table = 0; table < 2; table++) {
    const Elf64_Rela *relocation = library->relocations[table];
    for (size_t i = 0; i < library->relocation_count[table]; i++, relocation++) {
      unsigned long kind = ELF64_R_TYPE(relocation->r_info);
      bool known = kind == R_X86_64_RELATIVE || kind == R_X86_64_64 || kind == R_X86_64_GLOB_DAT
          || kind == R_X86_64_JUMP_SLOT;
      if (known && ELF64_R_SYM(relocation->r_info) < library->symbol_count
          && relocation->r_offset >= library->writable_start && relocation->r_offset < library->data_file_end
          && !(relocation->r_offset % sizeof(void *)) && at(library, relocation->r_offset, sizeof(void *))) continue;
      snprintf(reason, NETHACK_REASON_BYTES, "it has a relocation of kind %lu at %#lx, which nle 1.3.0 has not", kind,
          (unsigned long)relocation->r_offset);
      return false;
    }
  }
  return true;
}

/// Answers the imports and finds the functions.
static bool read_symbols(nethack_library *library, char *reason) {
  const Elf64_Sym *symbols = library->symbols;
  library->answers = calloc(library->symbol_count, sizeof(void *));
  if (!library->answers) { snprintf(reason, NETHACK_REASON_BYTES, "memory is short"); return false; }
  const struct { const char *name; size_t *place, size; } wanted[] = {
    {"nle_start", &library->start, 0}, {"nle_step", &library->step, 0}, {"nle_set_seed", &library->set_seed, 0},
    {"nle_get_seed", &library->get_seed, 0}, {"u", &library->player, 0x958}, {"settings", NULL, sizeof(settings)},
  };
  unsigned found = 0;
  for (size_t i = 1; i < library->symbol_count; i++) {
    const char *name = library->names + symbols[i].st_name;
    if (symbols[i].st_shndx == SHN_UNDEF) {
      bool known = false;
      library->answers[i] = nethack_import(name, &known);
      if (known) continue;
      snprintf(reason, NETHACK_REASON_BYTES, "it imports '%.100s', which nle 1.3.0 does not", name);
      return false;
    }
    for (size_t w = 0; w < sizeof wanted / sizeof *wanted; w++) {
      if (strcmp(name, wanted[w].name)) continue;
      if (symbols[i].st_value >= library->data_end || (wanted[w].size && symbols[i].st_size != wanted[w].size)) {
        snprintf(reason, NETHACK_REASON_BYTES, "its '%s' has %lu bytes; that of nle 1.3.0 has %zu", name,
            (unsigned long)symbols[i].st_size, wanted[w].size);
        return false;
      }
      if (wanted[w].place) *wanted[w].place = symbols[i].st_value;
      found |= 1u << w;
    }
  }
  for (size_t w = 0; w < sizeof wanted / sizeof *wanted; w++) {
    if (found >> w & 1) continue;
    snprintf(reason, NETHACK_REASON_BYTES, "it has no '%s'", wanted[w].name);
    return false;
  }
  return true;
}

/// A number that tells this build's bytes from another's, word by word; the last few do not count.
static uint64_t digest(const char *bytes, size_t count) {
  uint64_t sum = count;
  for (size_t i = 0; i + 8 <= count; i += 8) {
    uint64_t word;
    memcpy(&word, bytes + i, 8);
    sum = (sum ^ word) * 0x9e3779b97f4a7c15ul;
    sum ^= sum >> 29;
  }
  return sum;
}

nethack_library *nethack_library_open(const char *path, char reason[NETHACK_REASON_BYTES]) {
  nethack_library *library = calloc(1, sizeof *library);
  if (!library) { snprintf(reason, NETHACK_REASON_BYTES, "memory is short"); return NULL; }
  library->descriptor = open(path, O_RDONLY | O_CLOEXEC);
  struct stat status;
  if (library->descriptor < 0 || fstat(library->descriptor, &status) || !S_ISREG(status.st_mode)
      || status.st_size <= 0) {
    snprintf(reason, NETHACK_REASON_BYTES, "it cannot be read");
    nethack_library_close(library);
    return NULL;
  }
  library->file_bytes = (size_t)status.st_size;
  void *file = mmap(NULL, library->file_bytes, PROT_READ, MAP_PRIVATE, library->descriptor, 0);
  library->file = file == MAP_FAILED ? NULL : file;
  if (!library->file || !read_segments(library) || !read_dynamic(library)) {
    snprintf(reason, NETHACK_REASON_BYTES, "it is no shared library for x86-64 Linux laid out as that of nle 1.3.0");
  } else if (read_symbols(library, reason) && check_relocations(library, reason)) {
    library->digest = digest(library->file, library->file_bytes);
    return library;
  }
  nethack_library_close(library);
  return NULL;
}

void nethack_library_close(nethack_library *library) {
  if (!library) return;
  if (library->file) munmap((void *)library->file, library->file_bytes);
  if (library->descriptor >= 0) close(library->descriptor);
  free(library->answers);
  free(library);
}
#endif
