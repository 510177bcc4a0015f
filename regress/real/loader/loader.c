/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Does loader(8)'s work for a FreeBSD kernel under QEMU.  It is a multiboot
 * kernel, whose first module is a FreeBSD kernel (amd64, i386, PAE) and whose
 * second, if there is one, is its environment.  The kernel is copied to its
 * address, followed by its symbols, the environment and the metadata, and is
 * entered as loader(8) would do it.
 *
 * The environment is text: NAME=VALUE lines, as in loader.conf(5) and
 * device.hints(5).  "boothowto" has the flags of sys/reboot.h.
 *
 * It runs at LOADBASE (see ../Makefile), with the modules behind it; everything
 * for the kernel is below.  Errors are printed on the first serial port, and
 * then it stops.
 */

#include <elf.h>
#include <stddef.h>
#include <stdint.h>

#include "loader.h"

/* The multiboot information, as far as it is used. */
#define	MB_MODS		0x08
#define	MB_MMAP		0x40

struct multiboot {
	uint32_t	flags;
	uint32_t	unused1[4];
	uint32_t	nmods;
	uint32_t	mods;
	uint32_t	unused2[4];
	uint32_t	mmaplen;
	uint32_t	mmap;
};

struct module {
	uint32_t	start;
	uint32_t	end;
	uint32_t	string;
	uint32_t	reserved;
};

struct mmap {				/* of BIOS's E820 */
	uint32_t	size;		/* of what follows */
	uint8_t		smap[SMAPSIZE];
};

/* Passed to i386 kernels: loader(8)'s struct of version 1. */
#define	RB_BOOTINFO	0x80000000U

struct bootinfo {
	uint32_t	version;
	uint32_t	kernelname;
	uint32_t	unused1[2];
	uint32_t	geom[8];
	uint32_t	size;
	uint8_t		memsizes_valid;
	uint8_t		biosdev;
	uint8_t		pad[2];
	uint32_t	basemem;
	uint32_t	extmem;
	uint32_t	symtab;
	uint32_t	esymtab;
	uint32_t	kernend;
	uint32_t	envp;
	uint32_t	modulep;
};

#define	PG_V		0x001
#define	PG_RW		0x002
#define	PG_PS		0x080

void	loader(const struct multiboot *);
void	enter32(uint32_t, uint32_t, const struct bootinfo *)
	    __attribute__((__noreturn__));
void	enter64(uint64_t, uint32_t, uint32_t, const uint64_t *)
	    __attribute__((__noreturn__));
void	returned(void) __attribute__((__noreturn__));

static struct bootinfo bootinfo;
static uint64_t pml4[512] __attribute__((__aligned__(4096)));
static uint64_t pdp[512] __attribute__((__aligned__(4096)));
static uint64_t dir[512] __attribute__((__aligned__(4096)));

void
returned(void)
{

	die("the kernel does not know this kind of bootinfo", 0);
}

/*
 * Copy the lines of "text" to "at", each ended by a NUL instead, the last by
 * two.  Returns the end, and in "howto" the flags.
 */
static uint32_t
put_environment(const char *text, const char *end, uint32_t at,
    uint32_t *howto)
{
	static const char key[] = "boothowto=";
	char *to, *line;
	const char *eol;

	to = (char *)at;
	for (; text < end; text = eol + 1) {
		for (eol = text; eol < end && *eol != '\n'; eol++)
			continue;
		if (eol == text || *text == '#')
			continue;
		line = to;
		check_room((uint32_t)to, eol - text + 2,
		    "no room for the environment at");
		for (; text < eol; text++)
			if (*text != '"')
				*to++ = *text;
		*to++ = '\0';
		if (starts(line, key))
			*howto = number(line + sizeof(key) - 1);
	}
	*to++ = '\0';
	return ((uint32_t)to);
}

/*
 * One page directory, of the first GiB, is used for each GiB of all address
 * space: so that GiB is mapped at 0, at KERNBASE and wherever else the kernel
 * looks.
 */
static void
map_everything(void)
{
	unsigned int i;

	for (i = 0; i < 512; i++) {
		pml4[i] = (uint32_t)pdp | PG_V | PG_RW;
		pdp[i] = (uint32_t)dir | PG_V | PG_RW;
		dir[i] = (uint64_t)i << 21 | PG_V | PG_RW | PG_PS;
	}
}

/* All records of the BIOS's map, one behind the other. */
static void
put_smap(struct metadata *m, const struct multiboot *mb)
{
	const struct mmap *p;
	uint32_t n;

	n = 0;
	for (p = (const struct mmap *)mb->mmap;
	    (uint32_t)p < mb->mmap + mb->mmaplen;
	    p = (const struct mmap *)((uint32_t)p + p->size + 4))
		n++;
	metadata_begin(m, MODINFO_METADATA | MODINFOMD_SMAP, n * SMAPSIZE);
	for (p = (const struct mmap *)mb->mmap;
	    (uint32_t)p < mb->mmap + mb->mmaplen;
	    p = (const struct mmap *)((uint32_t)p + p->size + 4))
		metadata_bytes(m, p->smap, SMAPSIZE);
	metadata_end(m);
}

void
loader(const struct multiboot *mb)
{
	const struct module *mod;
	struct metadata m;
	struct kernel k;
	uint32_t envp, howto, kernend;

	if ((mb->flags & (MB_MODS | MB_MMAP)) != (MB_MODS | MB_MMAP) ||
	    mb->nmods < 1)
		die("no kernel (-initrd) or no map of memory", 0);
	mod = (const struct module *)mb->mods;
	load_kernel(&k, (const uint8_t *)mod->start, mod->end - mod->start);

	howto = 0;
	envp = PAGE_ROUND(k.end);
	if (mb->nmods > 1)
		m.at = put_environment((const char *)mod[1].start,
		    (const char *)mod[1].end, envp, &howto);
	else
		m.at = put_environment(NULL, NULL, envp, &howto);

	m.start = m.at = PAGE_ROUND(m.at);
	m.word = k.word;
	metadata_string(&m, MODINFO_NAME, KERNELNAME);
	metadata_string(&m, MODINFO_TYPE, "elf kernel");
	metadata_word(&m, MODINFO_ADDR, k.start);
	metadata_word(&m, MODINFO_SIZE, k.end - k.start);
	metadata_begin(&m, MODINFO_METADATA | MODINFOMD_ELFHDR, k.ehdrsize);
	metadata_bytes(&m, k.file, k.ehdrsize);
	metadata_end(&m);
	if (k.esym != 0) {
		metadata_word(&m, MODINFO_METADATA | MODINFOMD_SSYM, k.ssym);
		metadata_word(&m, MODINFO_METADATA | MODINFOMD_ESYM, k.esym);
	}
	if (k.dynamic != 0) {
		metadata_begin(&m, MODINFO_METADATA | MODINFOMD_DYNAMIC,
		    k.word);
		metadata_bytes(&m, &k.dynamic, k.word);
		metadata_end(&m);
	}
	metadata_begin(&m, MODINFO_METADATA | MODINFOMD_HOWTO, sizeof(howto));
	metadata_bytes(&m, &howto, sizeof(howto));
	metadata_end(&m);
	metadata_word(&m, MODINFO_METADATA | MODINFOMD_ENVP, envp);
	put_smap(&m, mb);
	/* The end includes the record that states it, and the last record. */
	kernend = PAGE_ROUND(m.at + 2 * (2 * sizeof(uint32_t)) + k.word);
	metadata_word(&m, MODINFO_METADATA | MODINFOMD_KERNEND, kernend);
	metadata_begin(&m, MODINFO_END, 0);
	metadata_end(&m);

	if (k.word == 8) {
		map_everything();
		enter64(k.entry, m.start, kernend, pml4);
	}
	bootinfo.version = 1;
	bootinfo.kernelname = (uint32_t)KERNELNAME;
	bootinfo.size = sizeof(bootinfo);
	bootinfo.symtab = k.ssym;
	bootinfo.esymtab = k.esym;
	bootinfo.kernend = kernend;
	bootinfo.envp = envp;
	bootinfo.modulep = m.start;
	enter32((uint32_t)k.entry, howto | RB_BOOTINFO, &bootinfo);
}
