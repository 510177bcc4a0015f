/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Reads full dumps, as 6.x writes them with debug.minidump=0, for the host
 * library; FreeBSD's libkvm has its own reader for them.  kvm_host.c calls
 * this, and the shared parts of the reader do through the tables at the end.
 *
 * A full dump is an ELF core file of all memory: one segment for each range of
 * physical addresses, in order.  The shared parts see it as a minidump that has
 * every page of its ranges.  Its page tables are those that the kernel used;
 * the kernel's symbols say where they begin.  Until these are known, only
 * physical addresses can be read.
 *
 * i386 kernels with PAE write 32-bit ELF files as well, and cut addresses,
 * offsets and sizes to 32 bits.  The ranges are in ascending order, so an
 * address below the previous one is 4 GB higher.  Offsets follow from the
 * sizes, and the size of the last segment from the size of the file.
 */

#include <sys/types.h>
#include <sys/endian.h>

#include <kvm.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "elffield.h"
#include "kvm_private.h"
#include "../kvm_minidump.h"

#define	GB		(1024 * 1024 * 1024ULL)

/* The kernel's half of the amd64 address space. */
#define	UPPERHALF	0xffff800000000000ULL
/* The limits of physical memory: amd64, and i386 with PAE. */
#define	PHYSEND_AMD64	(1ULL << 52)
#define	PHYSEND_PAE	(1ULL << 36)

struct fulldump {
	struct opendump	*md;		/* kernlast is 0 until root is known */
	uint64_t	linkbase;	/* va of the kernel, less its pa */
	char		why[_POSIX2_LINE_MAX];	/* why not, or "" */
};

/* A program header. */
struct segment {
	uint64_t	offset;
	uint64_t	vaddr;
	uint64_t	paddr;
	uint64_t	filesz;
	uint64_t	memsz;
};

/* Sizes and fields of ELF structures, for the dump "md". */
#define	IS64(md)	((md)->ptrsize == 8)
#define	SIZE(type)	ELF_SIZE(IS64(md), type)
#define	FIELD(p, type, field) ELF_FIELD(IS64(md), p, type, field)

/* Check program header n, whose segment has to be at byte ofs. */
static int
check_segment(kvm_t *kd, const struct opendump *md, u_int n,
    const struct segment *seg, uint64_t ofs)
{
	const char *field, *what;
	char other[64];
	uint64_t cut, value;

	cut = IS64(md) ? UINT64_MAX : UINT32_MAX;
	what = "not a multiple of the page size";
	if (seg->paddr % PGSIZE != 0) {
		field = "p_paddr";
		value = seg->paddr;
	} else if (seg->paddr != seg->vaddr) {
		field = "p_paddr";
		value = seg->paddr;
		snprintf(other, sizeof(other), "not the same as p_vaddr 0x%jx",
		    (uintmax_t)seg->vaddr);
		what = other;
	} else if (seg->filesz % PGSIZE != 0) {
		field = "p_filesz";
		value = seg->filesz;
	} else if (seg->memsz != seg->filesz) {
		field = "p_memsz";
		value = seg->memsz;
		what = "not the same as p_filesz";
	} else if (seg->offset != (ofs & cut)) {
		field = "p_offset";
		value = seg->offset;
		what = "not where the segment before it ends";
	} else
		return (0);
	_kvm_err(kd, kd->program, "program header %u: %s 0x%jx: %s", n, field,
	    (uintmax_t)value, what);
	return (-1);
}

/* Add the range of memory of program header n. */
static int
add_segment(kvm_t *kd, struct opendump *md, u_int n,
    const struct segment *seg)
{
	const struct minidump_range *last;
	uint64_t end, start;

	start = seg->paddr;
	last = md->nranges > 0 ? &md->ranges[md->nranges - 1] : NULL;
	if (last != NULL && start < last->end && md->ptrsize == 4)
		start += (last->end - start + 4 * GB - 1) / (4 * GB) *
		    (4 * GB);
	end = start + seg->filesz;
	if ((last != NULL && start < last->end) || end < start ||
	    end > md->physend) {
		_kvm_err(kd, kd->program, "program header %u: p_paddr 0x%jx: "
		    "%s", n, (uintmax_t)seg->paddr, end < start ||
		    end > md->physend ? "with p_filesz it ends above all "
		    "memory that there can be" : "below the end of the "
		    "segment before it");
		return (-1);
	}
	return (_kvm_minidump_addrange(kd, md, start, end));
}

/*
 * If the last segment is above 4 GB, its size may be cut to 32 bits: add as
 * many times 4 GB as the file's size requires.  If others are above 4 GB, too,
 * it is not known which size is cut.
 */
static int
grow_last(kvm_t *kd, struct opendump *md)
{
	struct minidump_range *last;
	uint64_t end;

	last = &md->ranges[md->nranges - 1];
	end = md->pages.ofs + (last->first * PGSIZE) +
	    (last->end - last->start);
	/* Less than a page more is not memory. */
	if (md->ptrsize == 8 || md->size < end + PGSIZE ||
	    last->start < 4 * GB)
		return (0);
	if (md->nranges > 1 && last[-1].start >= 4 * GB) {
		_kvm_err(kd, kd->program, "the file has %ju bytes, which is "
		    "%ju more than its segments, but not only one is above 4 "
		    "GB: whose p_filesz is cut to 32 bits cannot be told",
		    (uintmax_t)md->size, (uintmax_t)(md->size - end));
		return (-1);
	}
	last->end += (md->size - end + 4 * GB - 1) / (4 * GB) * (4 * GB);
	if (last->end > md->physend) {
		_kvm_err(kd, kd->program, "the file has %ju bytes, which is "
		    "more than there can be memory", (uintmax_t)md->size);
		return (-1);
	}
	return (0);
}

/* Read the program headers.  The first segment begins at the next page. */
static int
load_segments(kvm_t *kd, struct opendump *md, uint64_t phoff, u_int phnum)
{
	struct segment seg;
	u_char buf[sizeof(Elf64_Phdr)];
	uint64_t ofs;
	ssize_t got;
	u_int n;

	ofs = ROUND_PAGE(phoff + phnum * SIZE(Phdr));
	md->pages.ofs = ofs;
	for (n = 0; n < phnum; n++) {
		got = _kvm_minidump_pread(kd, buf, SIZE(Phdr), phoff +
		    n * SIZE(Phdr));
		if (got == -1)
			return (-1);
		if (got != (ssize_t)SIZE(Phdr)) {
			_kvm_err(kd, kd->program, "the file's %ju bytes end "
			    "in program header %u of e_phnum %u",
			    (uintmax_t)md->size, n, phnum);
			return (-1);
		}
		if (FIELD(buf, Phdr, p_type) != PT_LOAD) {
			_kvm_err(kd, kd->program, "program header %u: p_type "
			    "%u: not memory", n,
			    (u_int)FIELD(buf, Phdr, p_type));
			return (-1);
		}
		seg.offset = FIELD(buf, Phdr, p_offset);
		seg.vaddr = FIELD(buf, Phdr, p_vaddr);
		seg.paddr = FIELD(buf, Phdr, p_paddr);
		seg.filesz = FIELD(buf, Phdr, p_filesz);
		seg.memsz = FIELD(buf, Phdr, p_memsz);
		if (check_segment(kd, md, n, &seg, ofs) == -1 ||
		    add_segment(kd, md, n, &seg) == -1)
			return (-1);
		ofs += seg.filesz;
	}
	return (grow_last(kd, md));
}

/* Parse the ELF header; _kvm_full_format() has read it. */
static int
full_header(kvm_t *kd, const void *page, struct opendump *md)
{
	const struct minidump_range *last;
	const u_char *buf;
	uint64_t phoff;
	u_int n, phnum;

	buf = page;
	md->ptrsize = buf[EI_CLASS] == ELFCLASS64 ? 8 : 4;
	/* Until the kernel is known; no va is translated before that. */
	md->paging = md->ptrsize == 8 ? &_kvm_minidump_paging_amd64 :
	    &_kvm_minidump_paging_i386;
	md->physend = md->ptrsize == 8 ? PHYSEND_AMD64 : PHYSEND_PAE;
	kd->full = _kvm_malloc(kd, sizeof(*kd->full));
	if (kd->full == NULL)
		return (-1);
	kd->full->md = md;
	if (md->size < SIZE(Ehdr)) {
		_kvm_err(kd, kd->program, "the file's %ju bytes are too few "
		    "for an ELF header", (uintmax_t)md->size);
		return (-1);
	}
	phoff = FIELD(buf, Ehdr, e_phoff);
	n = FIELD(buf, Ehdr, e_phentsize);
	if (n != SIZE(Phdr)) {
		_kvm_err(kd, kd->program, "e_phentsize %u: not %u", n,
		    (u_int)SIZE(Phdr));
		return (-1);
	}
	phnum = FIELD(buf, Ehdr, e_phnum);
	if (phnum == 0) {
		_kvm_err(kd, kd->program, "e_phnum 0: no memory");
		return (-1);
	}
	if (phoff < SIZE(Ehdr) || phoff > PGSIZE) {
		_kvm_err(kd, kd->program, "e_phoff 0x%jx: not behind the "
		    "header, in the same page", (uintmax_t)phoff);
		return (-1);
	}
	if (load_segments(kd, md, phoff, phnum) == -1)
		return (-1);
	last = &md->ranges[md->nranges - 1];
	md->npages = last->first + (last->end - last->start) / PGSIZE;
	if (md->npages == 0) {
		_kvm_err(kd, kd->program, "program header 0: p_filesz 0x0: no "
		    "memory");
		return (-1);
	}
	md->physend = last->end;
	md->firstpage = md->ranges[0].start;
	md->lastpage = last->end - PGSIZE;
	return (0);
}

/*
 * Read a physical address from the kernel variable "name".  The pa of the
 * variable is its va less linkbase.
 */
static int
read_root(kvm_t *kd, const char *name)
{
	struct opendump *md;
	uint64_t size;
	kvaddr_t va;
	u_char buf[8];
	off_t ofs;
	u_int len;

	md = kd->full->md;
	if (kvm_symbol(kd, name, &va, &size) == -1)
		return (-1);
	len = _kvm_minidump_patoofs(kd, va, va - kd->full->linkbase, &ofs);
	if (len == 0)
		return (-1);
	if (len < md->ptrsize) {
		_kvm_err(kd, kd->program, "symbol %s: 0x%jx: not in one page",
		    name, (uintmax_t)va);
		return (-1);
	}
	if (_kvm_minidump_read(kd, ofs, buf, md->ptrsize) == -1)
		return (-1);
	md->root = elf_number(buf, md->ptrsize);
	return (0);
}

/* Return the frame of entry n of the table at pa; 0 if it is not valid. */
static uint64_t
frame_of(kvm_t *kd, const struct opendump *md, uint64_t va, uint64_t pa,
    u_int n)
{
	uint64_t entry, lost;

	if (_kvm_minidump_entry(kd, md, va, pa + n * md->paging->entsize,
	    &entry, &lost) == -1 || (entry & md->paging->valid) == 0)
		return (0);
	return (entry & md->paging->frame);
}

/*
 * Find the direct map in the upper half of amd64, which begins with a superpage
 * at pa 0, and the start of the kernel's own address space.  They differ
 * between releases.  The table's entry for itself, which maps the page tables,
 * is skipped.
 */
static void
find_spaces(kvm_t *kd, struct opendump *md)
{
	struct minidump_run run;
	uint64_t frame, span, va;
	u_int i, n;

	span = _kvm_minidump_span(md->paging, 4);
	for (n = 256; n < 512; n++) {
		va = UPPERHALF + (n - 256) * span;
		frame = frame_of(kd, md, va, md->root, n);
		if (frame == 0 || frame == md->root)
			continue;
		if (_kvm_minidump_findrun(kd, md, va, &run) == 0 &&
		    run.mapped && run.len > PGSIZE &&
		    run.pa == (md->dmapend == 0 ? 0 : va - md->dmapbase)) {
			if (md->dmapend == 0)
				md->dmapbase = va;
			md->dmapend = md->dmapbase + md->physend;
			continue;
		}
		for (i = 0; i < 512 && frame_of(kd, md, va, frame, i) == 0;
		    i++)
			continue;
		if (i < 512 && va + i * GB < md->kernbase)
			md->kernbase = va + i * GB;
	}
}

/* Without PAE, there is no memory above 4 GB, and no address is cut. */
static int
check_ranges(kvm_t *kd, const struct opendump *md)
{
	u_int n;

	for (n = 0; n < md->nranges && md->ranges[n].end <= 4 * GB; n++)
		continue;
	if (md->paemode || n == md->nranges)
		return (0);
	_kvm_err(kd, kd->program, "program header %u: p_paddr 0x%jx: below the "
	    "end of the segment before it, which only with PAE it could be",
	    n, (uintmax_t)(uint32_t)md->ranges[n].start);
	return (-1);
}

/* Find what the kernel's symbols describe. */
static int
read_kernel(kvm_t *kd)
{
	struct opendump *md;
	uint64_t size;
	kvaddr_t va;

	md = kd->full->md;
	if (kvm_symbol(kd, "kernbase", &md->kernbase, &size) == -1)
		return (-1);
	kd->full->linkbase = md->kernbase;
	md->kernbase = TRUNC_PAGE(md->kernbase);
	if (md->ptrsize == 8) {
		if (read_root(kd, "KPML4phys") == -1)
			return (-1);
		md->lowest = UPPERHALF;
		md->kernlast = UINT64_MAX;
		find_spaces(kd, md);
		return (0);
	}
	/* Only PAE has a table above the directories. */
	md->paemode = kvm_symbol(kd, "IdlePDPT", &va, &size) == 0;
	md->paging = md->paemode ? &_kvm_minidump_paging_pae :
	    &_kvm_minidump_paging_i386;
	if (check_ranges(kd, md) == -1)
		return (-1);
	if (read_root(kd, md->paemode ? "IdlePDPT" : "IdlePTD") == -1)
		return (-1);
	md->kernlast = UINT32_MAX;
	return (0);
}

int
_kvm_full_kernel(kvm_t *kd)
{

	if (read_kernel(kd) == 0)
		return (0);
	memcpy(kd->full->why, kd->errbuf, sizeof(kd->full->why));
	kd->full->md->why = kd->full->why;
	return (-1);
}

void
_kvm_full_close(kvm_t *kd)
{

	free(kd->full);
	kd->full = NULL;
}

static const struct minidump_ops full_amd64 = {
	NULL, "amd64", 0, 0, 0, 0, full_header
};
static const struct minidump_ops full_i386 = {
	NULL, "i386", 0, 0, 0, 0, full_header
};

const struct minidump_ops *
_kvm_full_format(const u_char *buf, size_t n)
{
	u_int machine;

	/* These are at the same place in 32-bit and 64-bit files. */
	if (n < offsetof(Elf32_Ehdr, e_version) ||
	    memcmp(buf, ELFMAG, SELFMAG) != 0 || buf[EI_DATA] !=
	    ELFDATA2LSB || ELF_FIELD(0, buf, Ehdr, e_type) != ET_CORE)
		return (NULL);
	machine = ELF_FIELD(0, buf, Ehdr, e_machine);
	if (machine == EM_X86_64 && buf[EI_CLASS] == ELFCLASS64)
		return (&full_amd64);
	if (machine == EM_386 && buf[EI_CLASS] == ELFCLASS32)
		return (&full_i386);
	return (NULL);
}
