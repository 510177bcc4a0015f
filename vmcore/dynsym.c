/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Symbols from the dump itself.  The kernel's file is not always at hand, but
 * much of it is in the dump: its text begins with its ELF headers, and the
 * symbols that modules are linked to follow them.  Static symbols, such as
 * dumppcb in some kernels, are not among these; dumppcb is found by the code
 * that uses it.
 */

#include <sys/types.h>
#include <sys/endian.h>
#include <sys/minidump.h>

#include <stdlib.h>
#include <string.h>

#include "dynsym.h"
#include "elffield.h"

#define	PAGE		MINIDUMP_PAGE_SIZE
/* Where an amd64 kernel is; its kernbase may be far below. */
#define	AMD64_KERNEL	0xffffffff80000000ULL
/* The text begins at most this far from there; on i386, from kernbase. */
#define	TEXT_DISTANCE	(64 * 1024 * 1024)
/* A larger number of symbols is not believed. */
#define	NSYMBOLS_MAX	(1024 * 1024)
#define	STRINGS_MAX	(64 * 1024 * 1024)
#define	TEXT_MAX	(256 * 1024 * 1024)
#define	DYNAMIC_MAX	256
/* There are no more calls of savectx() than this. */
#define	CALLS_MAX	64

/*
 * A call with a 32-bit displacement, and how far before it its argument may be.
 */
#define	CALL_LEN	5
#define	CALL_OPCODE	0xe8
#define	ARGUMENT_MAX	32

/* Sizes and fields of ELF structures, for the architecture of "d". */
#define	SIZE(type)	ELF_SIZE(d->amd64, type)
#define	FIELD(p, type, field) ELF_FIELD(d->amd64, p, type, field)

struct dynsym {
	kvm_t		*kd;
	int		amd64;
	kvaddr_t	text;		/* executable segment */
	uint64_t	textlen;
	kvaddr_t	dynamic;
	u_char		osabi;
	u_char		*symbols;
	uint32_t	nsymbols;
	u_int		symsize;	/* of one */
	char		*strings;	/* terminated */
	uint64_t	stringslen;
};

/* Read memory, all or nothing. */
static int
get(struct dynsym *d, kvaddr_t va, void *buf, size_t len)
{

	return (kvm_read2(d->kd, va, buf, len) == (ssize_t)len ? 0 : -1);
}

/* An upper limit on the size of anything in the dump. */
static uint64_t
dumpsize(const struct dynsym *d)
{

	return (kvm_dumpinfo(d->kd)->ki_size);
}

/*
 * Check whether this is the first page of the kernel's text, which begins with
 * its ELF headers.
 */
static int
check_headers(struct dynsym *d, const u_char *page)
{
	const u_char *ph;
	uint64_t n, phoff;

	if (memcmp(page, ELFMAG, SELFMAG) != 0 ||
	    page[EI_CLASS] != (d->amd64 ? ELFCLASS64 : ELFCLASS32) ||
	    page[EI_DATA] != ELFDATA2LSB ||
	    FIELD(page, Ehdr, e_type) != ET_EXEC ||
	    FIELD(page, Ehdr, e_machine) != (d->amd64 ? EM_X86_64 :
	    EM_386) || FIELD(page, Ehdr, e_phentsize) != SIZE(Phdr))
		return (-1);
	phoff = FIELD(page, Ehdr, e_phoff);
	n = FIELD(page, Ehdr, e_phnum);
	if (phoff > PAGE || n * SIZE(Phdr) > PAGE - phoff)
		return (-1);
	d->osabi = page[EI_OSABI];
	d->text = d->textlen = d->dynamic = 0;
	for (ph = page + phoff; n > 0; n--, ph += SIZE(Phdr))
		switch (FIELD(ph, Phdr, p_type)) {
		case PT_LOAD:
			if ((FIELD(ph, Phdr, p_flags) & PF_X) == 0)
				break;
			d->text = FIELD(ph, Phdr, p_vaddr);
			d->textlen = FIELD(ph, Phdr, p_memsz);
			break;
		case PT_DYNAMIC:
			d->dynamic = FIELD(ph, Phdr, p_vaddr);
			break;
		}
	return (d->text != 0 && d->dynamic != 0 &&
	    d->textlen <= TEXT_MAX && d->textlen <= dumpsize(d) ? 0 : -1);
}

/* Find the ELF headers. */
static int
find_headers(struct dynsym *d)
{
	u_char page[PAGE];
	kvaddr_t va;
	uint64_t n;
	u_int ofs;

	n = 0;
	va = d->amd64 ? AMD64_KERNEL : kvm_dumpinfo(d->kd)->ki_kernbase;
	for (ofs = 0; ofs < TEXT_DISTANCE; ofs += PAGE)
		if (get(d, va + ofs, page, SELFMAG) == 0 &&
		    /* Limits the work if many va map the same page. */
		    n++ < kvm_dumpinfo(d->kd)->ki_npages &&
		    memcmp(page, ELFMAG, SELFMAG) == 0 &&
		    get(d, va + ofs, page, PAGE) == 0 &&
		    check_headers(d, page) == 0)
			return (0);
	return (-1);
}

/* Read the symbols that the dynamic section describes. */
static int
read_symbols(struct dynsym *d)
{
	u_char buf[sizeof(Elf64_Dyn)];
	kvaddr_t hash, strings, symbols;
	uint64_t value;
	u_int i;

	hash = strings = symbols = 0;
	for (i = 0; i < DYNAMIC_MAX; i++) {
		if (get(d, d->dynamic + i * SIZE(Dyn), buf,
		    SIZE(Dyn)) == -1)
			return (-1);
		value = FIELD(buf, Dyn, d_un);
		switch (FIELD(buf, Dyn, d_tag)) {
		case DT_NULL:
			i = DYNAMIC_MAX;
			break;
		case DT_HASH:
			hash = value;
			break;
		case DT_STRTAB:
			strings = value;
			break;
		case DT_STRSZ:
			d->stringslen = value;
			break;
		case DT_SYMTAB:
			symbols = value;
			break;
		}
	}
	d->symsize = SIZE(Sym);
	/* The second word of the hash table is the number of symbols. */
	if (hash == 0 || strings == 0 || symbols == 0 ||
	    d->stringslen > STRINGS_MAX || d->stringslen > dumpsize(d) ||
	    get(d, hash + 4, buf, 4) == -1)
		return (-1);
	d->nsymbols = le32dec(buf);
	if (d->nsymbols > NSYMBOLS_MAX ||
	    (uint64_t)d->nsymbols * d->symsize > dumpsize(d))
		return (-1);
	d->symbols = malloc((size_t)d->nsymbols * d->symsize + 1);
	d->strings = malloc(d->stringslen + 1);
	if (d->symbols == NULL || d->strings == NULL ||
	    get(d, symbols, d->symbols, d->nsymbols * d->symsize) == -1 ||
	    get(d, strings, d->strings, d->stringslen) == -1)
		return (-1);
	d->strings[d->stringslen] = '\0';
	return (0);
}

struct dynsym *
dynsym_open(kvm_t *kd)
{
	struct dynsym *d;

	d = calloc(1, sizeof(*d));
	if (d == NULL)
		return (NULL);
	d->kd = kd;
	d->amd64 = strcmp(kvm_dumpinfo(kd)->ki_arch, "amd64") == 0;
	if (find_headers(d) == 0 && read_symbols(d) == 0)
		return (d);
	dynsym_close(d);
	return (NULL);
}

void
dynsym_close(struct dynsym *d)
{

	if (d == NULL)
		return;
	free(d->symbols);
	free(d->strings);
	free(d);
}

int
dynsym_isbranded(const struct dynsym *d)
{

	return (d->osabi == ELFOSABI_FREEBSD);
}

int
dynsym_symbol(struct dynsym *d, const char *name, kvaddr_t *va)
{
	const u_char *p;
	uint64_t str;
	uint32_t i;

	for (i = 0; i < d->nsymbols; i++) {
		p = d->symbols + (size_t)i * d->symsize;
		str = FIELD(p, Sym, st_name);
		if (str >= d->stringslen ||
		    FIELD(p, Sym, st_shndx) == SHN_UNDEF ||
		    strcmp(d->strings + str, name) != 0)
			continue;
		*va = FIELD(p, Sym, st_value);
		return (0);
	}
	return (-1);
}

/*
 * Return the address that an instruction at p loads as the argument of a call,
 * in one of the ways that compilers do; 0 if it is another instruction.  The
 * instruction has at most 7 bytes.
 */
static kvaddr_t
argument(const struct dynsym *d, const u_char *p, kvaddr_t va)
{

	if (d->amd64) {
		/* mov $imm32,%rdi */
		if (memcmp(p, "\x48\xc7\xc7", 3) == 0)
			return ((int64_t)(int32_t)le32dec(p + 3));
		/* lea disp32(%rip),%rdi */
		if (memcmp(p, "\x48\x8d\x3d", 3) == 0)
			return (va + 7 + (int32_t)le32dec(p + 3));
		return (0);
	}
	/* push $imm32 */
	if (p[0] == 0x68)
		return (le32dec(p + 1));
	/* movl $imm32,(%esp) */
	if (memcmp(p, "\xc7\x04\x24", 3) == 0)
		return (le32dec(p + 3));
	return (0);
}

int
dynsym_dumppcb(struct dynsym *d, kvaddr_t *pcb, goes_on_t *goes_on, void *arg)
{
	u_char *buf;
	kvaddr_t ip, savectx, va;
	uint64_t i, j;
	u_int calls;
	int error;

	if (dynsym_symbol(d, "savectx", &savectx) == -1)
		return (-1);
	buf = malloc(d->textlen);
	if (buf == NULL)
		return (-1);
	error = -1;
	calls = 0;
	if (get(d, d->text, buf, d->textlen) == -1)
		d->textlen = 0;
	for (i = ARGUMENT_MAX; error == -1 && i + CALL_LEN <= d->textlen;
	    i++) {
		ip = d->text + i + CALL_LEN;
		va = ip + (int32_t)le32dec(buf + i + 1);
		if (!d->amd64)
			va = (uint32_t)va;
		if (buf[i] != CALL_OPCODE || va != savectx)
			continue;
		if (++calls > CALLS_MAX)
			break;
		for (j = CALL_LEN; error == -1 && j <= ARGUMENT_MAX; j++) {
			*pcb = argument(d, buf + i - j, d->text + i - j);
			if (*pcb != 0 && (*goes_on)(arg, *pcb, ip))
				error = 0;
		}
	}
	free(buf);
	return (error);
}
