/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Reads kernel files for the host library: kvm_host.c asks for symbols, for the
 * kernel's initialized data and for its segments.
 *
 * The file is not trusted: nothing outside it is read, and no more memory is
 * allocated than the file is long.
 */

#include <sys/types.h>

#include <kvm.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "elffield.h"
#include "kvm_private.h"

/* Values of n_type in nlist(3) for a defined symbol. */
enum { TYPE_ABS = 2, TYPE_TEXT = 4, TYPE_DATA = 6 };

/* A symbol table and its string table. */
struct symtab {
	int		loaded;
	u_char		*syms;
	uint64_t	nsyms;
	char		*strings;	/* terminated */
	uint64_t	stringslen;
};
enum { SYMTAB, DYNSYM, NSYMTABS };

struct kernfile {
	int		is64;
	uint64_t	size;		/* of the file */
	u_char		*phdrs;
	uint64_t	nphdrs;
	u_char		*shdrs;
	uint64_t	nshdrs;
	struct symtab	symtabs[NSYMTABS];
};

/* Sizes and fields of ELF structures, for the kernel "k". */
#define	SIZE(type)	ELF_SIZE(k->is64, type)
#define	FIELD(p, type, field) ELF_FIELD(k->is64, p, type, field)

/*
 * Read a part of the file into memory and append a NUL.  Returns NULL if the
 * file does not have all of it.
 */
static void *
load(kvm_t *kd, uint64_t ofs, uint64_t len)
{
	const struct kernfile *k;
	char *p;

	k = kd->kernel;
	if (ofs > k->size || len > k->size - ofs)
		return (NULL);
	p = _kvm_malloc(kd, len + 1);
	if (p != NULL && pread(kd->nlfd, p, len, (off_t)ofs) != (ssize_t)len) {
		free(p);
		p = NULL;
	}
	return (p);
}

/*
 * Read a table from the file.  Returns NULL if its elements have another size.
 */
static u_char *
load_table(kvm_t *kd, uint64_t ofs, uint64_t entsize, uint64_t size,
    uint64_t *n)
{
	u_char *p;

	p = NULL;
	if (*n != 0 && entsize == size)
		p = load(kd, ofs, *n * size);
	if (p == NULL)
		*n = 0;
	return (p);
}

int
_kvm_elf_open(kvm_t *kd, const char *arch)
{
	struct kernfile *k;
	u_char eh[sizeof(Elf64_Ehdr)];
	unsigned int is, machine;
	off_t end;

	k = kd->kernel = _kvm_malloc(kd, sizeof(*k));
	if (k == NULL)
		return (-1);
	memset(eh, 0, sizeof(eh));
	end = lseek(kd->nlfd, 0, SEEK_END);
	if (end == -1 || pread(kd->nlfd, eh, sizeof(eh), 0) == -1) {
		_kvm_syserr(kd, kd->program, "reading the header");
		return (-1);
	}
	k->size = end;
	k->is64 = eh[EI_CLASS] == ELFCLASS64;
	if (memcmp(eh, ELFMAG, SELFMAG) != 0 || eh[EI_DATA] != ELFDATA2LSB ||
	    (!k->is64 && eh[EI_CLASS] != ELFCLASS32) || k->size < SIZE(Ehdr)) {
		_kvm_err(kd, kd->program, "not an ELF file, so no kernel");
		return (-1);
	}
	machine = strcmp(arch, "amd64") == 0 ? EM_X86_64 : EM_386;
	is = FIELD(eh, Ehdr, e_machine);
	if (is != machine) {
		_kvm_err(kd, kd->program,
		    "e_machine %u: the dump is of %s, which has %u", is, arch,
		    machine);
		return (-1);
	}
	k->nphdrs = FIELD(eh, Ehdr, e_phnum);
	k->phdrs = load_table(kd, FIELD(eh, Ehdr, e_phoff),
	    FIELD(eh, Ehdr, e_phentsize), SIZE(Phdr), &k->nphdrs);
	k->nshdrs = FIELD(eh, Ehdr, e_shnum);
	k->shdrs = load_table(kd, FIELD(eh, Ehdr, e_shoff),
	    FIELD(eh, Ehdr, e_shentsize), SIZE(Shdr), &k->nshdrs);
	return (0);
}

void
_kvm_elf_close(kvm_t *kd)
{
	struct kernfile *k;
	int i;

	k = kd->kernel;
	if (k == NULL)
		return;
	for (i = 0; i < NSYMTABS; i++) {
		free(k->symtabs[i].syms);
		free(k->symtabs[i].strings);
	}
	free(k->phdrs);
	free(k->shdrs);
	free(k);
	kd->kernel = NULL;
}

/* Read the first symbol table of a type; a kernel has at most one of each. */
static void
load_symtab(kvm_t *kd, struct symtab *st, uint32_t type)
{
	const struct kernfile *k;
	const u_char *sh;
	uint64_t i, link;

	k = kd->kernel;
	for (i = 0; i < k->nshdrs; i++)
		if (FIELD(k->shdrs + i * SIZE(Shdr), Shdr, sh_type) == type)
			break;
	if (i == k->nshdrs)
		return;
	sh = k->shdrs + i * SIZE(Shdr);
	link = FIELD(sh, Shdr, sh_link);
	if (link >= k->nshdrs)
		return;
	st->nsyms = FIELD(sh, Shdr, sh_size) / SIZE(Sym);
	st->syms = load_table(kd, FIELD(sh, Shdr, sh_offset),
	    FIELD(sh, Shdr, sh_entsize), SIZE(Sym), &st->nsyms);
	sh = k->shdrs + link * SIZE(Shdr);
	st->stringslen = FIELD(sh, Shdr, sh_size);
	st->strings = load(kd, FIELD(sh, Shdr, sh_offset), st->stringslen);
	if (st->strings == NULL)
		st->stringslen = 0;
}

/*
 * Find a symbol in one symbol table.  Global symbols take precedence over local
 * ones.
 */
static const u_char *
find_symbol(const struct kernfile *k, const struct symtab *st,
    const char *name)
{
	const u_char *found, *p;
	uint64_t i, str;
	u_int type;

	found = NULL;
	for (i = 0; i < st->nsyms; i++) {
		p = st->syms + i * SIZE(Sym);
		type = ELF32_ST_TYPE(FIELD(p, Sym, st_info));
		str = FIELD(p, Sym, st_name);
		if (FIELD(p, Sym, st_shndx) == SHN_UNDEF || type == STT_FILE ||
		    type == STT_SECTION || str >= st->stringslen ||
		    strcmp(st->strings + str, name) != 0)
			continue;
		found = p;
		if (ELF32_ST_BIND(FIELD(p, Sym, st_info)) != STB_LOCAL)
			break;
	}
	return (found);
}

int
_kvm_elf_symbol(kvm_t *kd, const char *name, kvaddr_t *va, uint64_t *size,
    unsigned char *type)
{
	static const uint32_t types[NSYMTABS] = { SHT_SYMTAB, SHT_DYNSYM };
	struct kernfile *k;
	const u_char *p;
	int i;

	k = kd->kernel;
	for (i = 0; i < NSYMTABS; i++) {
		if (!k->symtabs[i].loaded)
			load_symtab(kd, &k->symtabs[i], types[i]);
		k->symtabs[i].loaded = 1;
		p = find_symbol(k, &k->symtabs[i], name);
		if (p == NULL)
			continue;
		*va = FIELD(p, Sym, st_value);
		*size = FIELD(p, Sym, st_size);
		*type = TYPE_DATA;
		if (FIELD(p, Sym, st_shndx) == SHN_ABS)
			*type = TYPE_ABS;
		else if (ELF32_ST_TYPE(FIELD(p, Sym, st_info)) == STT_FUNC)
			*type = TYPE_TEXT;
		return (0);
	}
	return (-1);
}

size_t
_kvm_elf_read(kvm_t *kd, kvaddr_t va, void *buf, size_t len)
{
	const struct kernfile *k;
	const u_char *ph;
	uint64_t filesz, ofs, i;
	ssize_t n;

	k = kd->kernel;
	for (i = 0; i < k->nphdrs; i++) {
		ph = k->phdrs + i * SIZE(Phdr);
		filesz = FIELD(ph, Phdr, p_filesz);
		ofs = va - FIELD(ph, Phdr, p_vaddr);
		if (FIELD(ph, Phdr, p_type) != PT_LOAD || ofs >= filesz)
			continue;
		if (len > filesz - ofs)
			len = filesz - ofs;
		ofs += FIELD(ph, Phdr, p_offset);
		n = ofs < k->size ? pread(kd->nlfd, buf, len, (off_t)ofs) : 0;
		return (n > 0 ? (size_t)n : 0);
	}
	return (0);
}

int
_kvm_elf_segment(kvm_t *kd, unsigned int n, kvaddr_t *va, uint64_t *size)
{
	const struct kernfile *k;
	const u_char *ph;
	uint64_t i;

	k = kd->kernel;
	for (i = 0; i < k->nphdrs; i++) {
		ph = k->phdrs + i * SIZE(Phdr);
		if (FIELD(ph, Phdr, p_type) != PT_LOAD || n-- != 0)
			continue;
		*va = FIELD(ph, Phdr, p_vaddr);
		*size = FIELD(ph, Phdr, p_memsz);
		return (0);
	}
	return (-1);
}
