/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * For the loader: copy a kernel file to its place in memory, followed by its
 * symbol and string tables, each after its size.
 *
 * Kernels are linked to virtual addresses, and loaded into the first 16 MB of
 * memory: the entry's address shows which base to subtract.
 */

#include <elf.h>
#include <stddef.h>
#include <stdint.h>

#include "loader.h"

#define	BASE32		0xff000000U
#define	BASE64		0xffffffffff000000ULL

/* Both classes of ELF in one form, as far as needed. */
struct segment {
	uint32_t	type;
	uint32_t	offset;
	uint64_t	vaddr;
	uint32_t	filesz;
	uint32_t	memsz;
};

struct section {
	uint32_t	type;
	uint32_t	offset;
	uint32_t	size;
	uint32_t	link;
};

/* Return a part of the file, if the file has it. */
static const void *
part(const struct kernel *k, uint32_t offset, uint32_t size, const char *what)
{

	if (offset > k->filesize || size > k->filesize - offset)
		die(what, offset);
	return (k->file + offset);
}

static void
get_segment(const struct kernel *k, unsigned int i, struct segment *s)
{
	const Elf32_Ehdr *e32;
	const Elf32_Phdr *p32;
	const Elf64_Ehdr *e64;
	const Elf64_Phdr *p64;

	if (k->word == 4) {
		e32 = (const Elf32_Ehdr *)k->file;
		p32 = part(k, e32->e_phoff + i * sizeof(*p32), sizeof(*p32),
		    "program header beyond the kernel file");
		s->type = p32->p_type;
		s->offset = p32->p_offset;
		s->vaddr = p32->p_vaddr;
		s->filesz = p32->p_filesz;
		s->memsz = p32->p_memsz;
	} else {
		e64 = (const Elf64_Ehdr *)k->file;
		p64 = part(k, e64->e_phoff + i * sizeof(*p64), sizeof(*p64),
		    "program header beyond the kernel file");
		s->type = p64->p_type;
		s->offset = p64->p_offset;
		s->vaddr = p64->p_vaddr;
		s->filesz = p64->p_filesz;
		s->memsz = p64->p_memsz;
	}
}

static void
get_section(const struct kernel *k, unsigned int i, struct section *s)
{
	const Elf32_Ehdr *e32;
	const Elf32_Shdr *s32;
	const Elf64_Ehdr *e64;
	const Elf64_Shdr *s64;

	if (k->word == 4) {
		e32 = (const Elf32_Ehdr *)k->file;
		s32 = part(k, e32->e_shoff + i * sizeof(*s32), sizeof(*s32),
		    "section header beyond the kernel file");
		s->type = s32->sh_type;
		s->offset = s32->sh_offset;
		s->size = s32->sh_size;
		s->link = s32->sh_link;
	} else {
		e64 = (const Elf64_Ehdr *)k->file;
		s64 = part(k, e64->e_shoff + i * sizeof(*s64), sizeof(*s64),
		    "section header beyond the kernel file");
		s->type = s64->sh_type;
		s->offset = s64->sh_offset;
		s->size = s64->sh_size;
		s->link = s64->sh_link;
	}
}

/*
 * Copy a table behind the kernel, after its size in a word of the kernel's
 * size.
 */
static void
put_table(struct kernel *k, const struct section *s)
{
	uint64_t size;

	size = s->size;
	check_room(k->end, s->size + 2 * k->word, "no room for symbols at");
	memcpy((void *)k->end, &size, k->word);
	k->end += k->word;
	memcpy((void *)k->end, part(k, s->offset, s->size,
	    "symbols beyond the kernel file"), s->size);
	k->end += s->size;
	while (k->end % k->word != 0)
		*(uint8_t *)k->end++ = 0;
}

static void
put_symbols(struct kernel *k, unsigned int nsections)
{
	struct section symbols, strings;
	unsigned int i;

	for (i = 0; i < nsections; i++) {
		get_section(k, i, &symbols);
		if (symbols.type != SHT_SYMTAB || symbols.link >= nsections)
			continue;
		get_section(k, symbols.link, &strings);
		k->ssym = k->end;
		put_table(k, &symbols);
		put_table(k, &strings);
		k->esym = k->end;
		return;
	}
}

void
load_kernel(struct kernel *k, const uint8_t *file, uint32_t size)
{
	const Elf32_Ehdr *e32;
	const Elf64_Ehdr *e64;
	struct segment s;
	uint64_t base;
	uint32_t at;
	unsigned int i, nsegments, nsections;

	memset(k, 0, sizeof(*k));
	k->file = file;
	k->filesize = size;
	e32 = part(k, 0, sizeof(Elf64_Ehdr), "no kernel file");
	e64 = (const Elf64_Ehdr *)e32;
	if (!starts((const char *)file, ELFMAG) || e32->e_type != ET_EXEC)
		die("the kernel file is no ELF program", 0);
	if (file[EI_CLASS] == ELFCLASS64 && e64->e_machine == EM_X86_64) {
		k->word = 8;
		k->ehdrsize = sizeof(*e64);
		k->entry = e64->e_entry;
		base = k->entry & BASE64;
		nsegments = e64->e_phnum;
		nsections = e64->e_shnum;
	} else if (file[EI_CLASS] == ELFCLASS32 && e32->e_machine == EM_386) {
		k->word = 4;
		k->ehdrsize = sizeof(*e32);
		base = e32->e_entry & BASE32;
		k->entry = e32->e_entry - base;
		nsegments = e32->e_phnum;
		nsections = e32->e_shnum;
	} else
		die("the kernel file is for another machine", e32->e_machine);

	k->start = ~0U;
	for (i = 0; i < nsegments; i++) {
		get_segment(k, i, &s);
		if (s.type == PT_DYNAMIC)
			k->dynamic = s.vaddr;
		if (s.type != PT_LOAD)
			continue;
		at = (uint32_t)(s.vaddr - base);
		if (s.vaddr - base > 0x7fffffff || s.filesz > s.memsz)
			die("segment", at);
		check_room(at, s.memsz, "no room for the kernel at");
		memcpy((void *)at, part(k, s.offset, s.filesz,
		    "segment beyond the kernel file"), s.filesz);
		memset((void *)(at + s.filesz), 0, s.memsz - s.filesz);
		if (k->start > at)
			k->start = at;
		if (k->end < at + s.memsz)
			k->end = at + s.memsz;
	}
	if (k->end == 0)
		die("the kernel file has nothing to load", 0);
	while (k->end % k->word != 0)
		k->end++;
	put_symbols(k, nsections);
}
