/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * A linker for one module, which puts what is in it where 6.x's does: of a
 * relocatable object (amd64) every section with contents behind the last one,
 * a shared object (i386) as it is.  It has no symbols to look up but its own.
 */

#include <sys/param.h>
#include <sys/systm.h>
#include <sys/linker.h>

#include <vm/vm.h>
#include <vm/pmap.h>
#include <machine/vmparam.h>

#include "kern.h"

/* What is used of an ELF file, of either size. */
struct elf_header {
	u_char		e_ident[16];
	uint16_t	e_type;
	uint16_t	e_machine;
	uint32_t	e_version;
	u_long		e_entry;
	u_long		e_phoff;
	u_long		e_shoff;
	uint32_t	e_flags;
	uint16_t	e_ehsize;
	uint16_t	e_phentsize;
	uint16_t	e_phnum;
	uint16_t	e_shentsize;
	uint16_t	e_shnum;
	uint16_t	e_shstrndx;
};

struct elf_section {
	uint32_t	sh_name;
	uint32_t	sh_type;
	u_long		sh_flags;
	u_long		sh_addr;
	u_long		sh_offset;
	u_long		sh_size;
	uint32_t	sh_link;
	uint32_t	sh_info;
	u_long		sh_addralign;
	u_long		sh_entsize;
};
enum { SHT_PROGBITS = 1, SHT_SYMTAB, SHT_STRTAB, SHT_RELA, SHT_NOBITS = 8,
    SHT_REL };
#define	SHF_ALLOC	2
#define	MAXSECTIONS	64

struct elf_symbol {
#ifdef __amd64__
	uint32_t	st_name;
	uint16_t	st_info;
	uint16_t	st_shndx;
	u_long		st_value;
	u_long		st_size;
#else
	uint32_t	st_name;
	uint32_t	st_value;
	uint32_t	st_size;
	uint16_t	st_info;
	uint16_t	st_shndx;
#endif
};

struct elf_reloc {
	u_long		r_offset;
	u_long		r_info;
#ifdef __amd64__
	long		r_addend;
#endif
};
#define	R_386_RELATIVE	8
enum { R_X86_64_64 = 1, R_X86_64_PC32, R_X86_64_PLT32 = 4, R_X86_64_32S = 11 };

extern char	module_file[], module_file_end[];

static char			kernel_name[] = "kernel";
static char			module_name[] = "regress.ko";
static struct linker_file	kernel_file = {
	.size = -(u_long)KERNBASE,
	.address = (caddr_t)KERNBASE,
	.filename = kernel_name,
};
static struct linker_file	the_module = {
	.filename = module_name,
};
linker_file_t			linker_kernel_file = &kernel_file;
static struct {
	linker_file_t		tqh_first;
} linker_files = { &kernel_file };

static struct elf_section	*section;
static u_int			nsections;
static u_long			place[MAXSECTIONS];	/* 0: not loaded */

/* Where each section is, if the module is at "base"; returns its size. */
static u_long
place_sections(u_long base)
{
	struct elf_section *s;
	u_long va;
	u_int i;

	va = base;
	for (i = 0; i < nsections; i++) {
		s = &section[i];
		place[i] = 0;
		if (s->sh_type != SHT_PROGBITS && s->sh_type != SHT_NOBITS)
#ifdef __amd64__
			continue;
		va = roundup2(va, s->sh_addralign);
#else
			if ((s->sh_flags & SHF_ALLOC) == 0)
				continue;
		if ((s->sh_flags & SHF_ALLOC) == 0)
			continue;
		va = base + s->sh_addr;
#endif
		place[i] = va;
		va += s->sh_size;
	}
	return (va - base);
}

/* One relocation of what is at "target". */
static void
relocate(const struct elf_reloc *r, u_long target, const struct elf_symbol *sym,
    u_long base)
{
#ifdef __amd64__
	u_long value;

	(void)base;
	sym += r->r_info >> 32;
	if (sym->st_shndx == 0 || sym->st_shndx >= nsections)
		panic("module: undefined symbol");
	value = place[sym->st_shndx] + sym->st_value + r->r_addend;
	target += r->r_offset;
	switch ((uint32_t)r->r_info) {
	case R_X86_64_64:
		*(u_long *)target = value;
		break;
	case R_X86_64_PC32:
	case R_X86_64_PLT32:
		*(uint32_t *)target = value - target;
		break;
	case R_X86_64_32S:
		*(uint32_t *)target = value;
		break;
	default:
		panic("module: relocation %u", (uint32_t)r->r_info);
	}
#else
	(void)target;
	(void)sym;
	if ((r->r_info & 0xff) != R_386_RELATIVE)
		panic("module: relocation %lu", r->r_info & 0xff);
	*(u_long *)(base + r->r_offset) += base;
#endif
}

static void
relocate_sections(u_long base)
{
	const struct elf_reloc *r, *end_r;
	const struct elf_symbol *sym;
	struct elf_section *s;

	for (s = section; s < section + nsections; s++) {
		if (s->sh_type != SHT_RELA && s->sh_type != SHT_REL)
			continue;
		sym = (void *)(module_file + section[s->sh_link].sh_offset);
#ifdef __amd64__
		if (place[s->sh_info] == 0)
			continue;
#endif
		r = (void *)(module_file + s->sh_offset);
		end_r = (void *)(module_file + s->sh_offset + s->sh_size);
		for (; r < end_r; r++)
			relocate(r, place[s->sh_info], sym, base);
	}
}

/* The address of one of its symbols. */
static u_long
find_symbol(const char *name, u_long base)
{
	const struct elf_symbol *sym, *end_sym;
	struct elf_section *s;
	const char *names;

	for (s = section; s < section + nsections; s++) {
		if (s->sh_type != SHT_SYMTAB)
			continue;
		names = module_file + section[s->sh_link].sh_offset;
		sym = (void *)(module_file + s->sh_offset);
		end_sym = (void *)(module_file + s->sh_offset + s->sh_size);
		for (; sym < end_sym; sym++)
			if (strcmp(names + sym->st_name, name) == 0)
#ifdef __amd64__
				return (place[sym->st_shndx] + sym->st_value);
#else
				return (base + sym->st_value);
#endif
	}
	(void)base;
	panic("module: no symbol %s", name);
}

/* The function that runs the module. */
void		(*module_run)(void (*wait)(void));

void
module_load(void)
{
	const struct elf_header *eh;
	u_long base, i;

	eh = (void *)module_file;
	section = (void *)(module_file + eh->e_shoff);
	nsections = eh->e_shnum;
	if (nsections > MAXSECTIONS)
		panic("module: %u sections", nsections);
	the_module.size = place_sections(0);
	base = kva_take(round_page(the_module.size), PAGE_SIZE);
	for (i = 0; i < the_module.size; i += PAGE_SIZE)
		pmap_enter(base + i, vm_frames(1, 1, 0), 1, PG_KRW);
	bzero((void *)base, round_page(the_module.size));
	place_sections(base);
	for (i = 0; i < nsections; i++)
		if (place[i] != 0 && section[i].sh_type != SHT_NOBITS)
			memcpy((void *)place[i], module_file +
			    section[i].sh_offset, section[i].sh_size);
	relocate_sections(base);
	the_module.address = (caddr_t)base;
	kernel_file.link.tqe_prev = &linker_files.tqh_first;
	kernel_file.link.tqe_next = &the_module;
	the_module.link.tqe_prev = &kernel_file.link.tqe_next;
	module_run = (void (*)(void (*)(void)))find_symbol("module_main",
	    base);
}
