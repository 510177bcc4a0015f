/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The page tables: finds the page of a kernel va, by the dump's section of page
 * tables and by the page tables that are among its pages.
 *
 * kvm_minidump.c calls this for every address, and the host library to list all
 * mappings.  The layer below finds the pages of the dump.
 */

#include <sys/types.h>
#include <sys/endian.h>
#include <sys/minidump.h>

#include <kvm.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "kvm_private.h"
#include "kvm_minidump.h"
#include "kvm_minidump_impl.h"

/*
 * Page tables that are among the dumped pages are cached, too, by their page
 * number modulo NTABLES.
 */
#define	NTABLES		16

struct table {
	uint64_t	pa;
	uint64_t	ofs;		/* in the dump */
	u_int		len;		/* bytes in the file; 0: none */
	u_char		bytes[PGSIZE];
};

struct minidump_tables {
	uint64_t	nptpages;	/* in the file's section */
	u_char		**ptpages;	/* NULL: not read */
	struct table	*tables[NTABLES];
};

struct minidump_tables *
_kvm_minidump_tables_open(kvm_t *kd)
{

	return (_kvm_malloc(kd, sizeof(struct minidump_tables)));
}

void
_kvm_minidump_tables_close(struct minidump_tables *tables)
{
	uint64_t n;

	if (tables == NULL)
		return;
	if (tables->ptpages != NULL)
		for (n = 0; n < tables->nptpages; n++)
			free(tables->ptpages[n]);
	free(tables->ptpages);
	for (n = 0; n < NTABLES; n++)
		free(tables->tables[n]);
	free(tables);
}

/*
 * Read a page of entries, "len" bytes, with zeros for bytes that were not read
 * when the dump was saved.  Returns how many the file still has, or -1.
 */
static ssize_t
read_entries(kvm_t *kd, u_char *p, u_int len, uint64_t ofs)
{
	const struct minidump_lost *lost;
	uint64_t end;
	ssize_t got;
	u_int done, n;

	for (done = 0; done < len; done += n) {
		lost = _kvm_minidump_findlost(&kd->vmst->md, ofs + done,
		    len - done);
		end = ofs + len;
		if (lost != NULL && lost->start > ofs + done)
			end = lost->start;
		else if (lost != NULL && lost->end < end)
			end = lost->end;
		n = end - (ofs + done);
		if (lost != NULL && lost->start <= ofs + done) {
			memset(p + done, 0, n);
			continue;
		}
		got = _kvm_minidump_pread(kd, p + done, n, ofs + done);
		if (got != (ssize_t)n)
			return (got == -1 ? -1 : (ssize_t)done + got);
	}
	return (len);
}

/*
 * Check that the entry for va, at byte ofs of the dump, was read when the dump
 * was saved.  If not, "*n" is the number of entries, from this one on, that
 * were not.
 */
static int
check_read(kvm_t *kd, const struct opendump *md, uint64_t va, uint64_t ofs,
    uint64_t *n)
{
	const struct minidump_lost *lost;

	lost = _kvm_minidump_findlost(md, ofs, md->paging->entsize);
	if (lost == NULL)
		return (0);
	*n = lost->end >= ofs + PGSIZE ? PGSIZE / md->paging->entsize :
	    (lost->end - ofs + md->paging->entsize - 1) / md->paging->entsize;
	_kvm_err(kd, NULL, "address 0x%jx: its page table entry: not read "
	    "from the disk when the dump was saved", (uintmax_t)va);
	return (-1);
}

/*
 * Get page n of the page tables, as much as the file has of it.  It stays in
 * memory.  Returns NULL with the error message set on failure.
 */
static const u_char *
ptpage(kvm_t *kd, uint64_t n)
{
	const struct opendump *md;
	struct minidump_tables *tables;
	uint64_t len, ofs;
	ssize_t got;
	u_char *p;

	tables = kd->vmst->tables;
	md = &kd->vmst->md;
	if (tables->ptpages == NULL) {
		len = md->size - md->ptes.ofs;
		if (len > md->ptes.size)
			len = md->ptes.size;
		tables->nptpages = (len + PGSIZE - 1) / PGSIZE;
		tables->ptpages = _kvm_malloc(kd, tables->nptpages *
		    sizeof(tables->ptpages[0]));
		if (tables->ptpages == NULL)
			return (NULL);
	}
	if (tables->ptpages[n] != NULL)
		return (tables->ptpages[n]);
	ofs = md->ptes.ofs + n * PGSIZE;
	len = md->size - ofs < PGSIZE ? md->size - ofs : PGSIZE;
	p = _kvm_malloc(kd, PGSIZE);
	if (p == NULL)
		return (NULL);
	got = read_entries(kd, p, len, ofs);
	if (got == (ssize_t)len) {
		tables->ptpages[n] = p;
		return (p);
	}
	free(p);
	if (got != -1)
		_kvm_err(kd, NULL, "address 0x%jx: its page table entry is "
		    "beyond the end of the file, which has become shorter",
		    (uintmax_t)(md->kernbase +
		    n * (PGSIZE / md->paging->entsize) * PGSIZE));
	return (NULL);
}

uint64_t
_kvm_minidump_walkmax(const struct opendump *md)
{

	return (md->size / md->paging->entsize + PGSIZE);
}

uint64_t
_kvm_minidump_span(const struct minidump_paging *p, u_int level)
{
	uint64_t span;
	u_int i;

	span = PGSIZE;
	for (i = 1; i < level; i++)
		span <<= p->bits[i - 1];
	return (span);
}

/* Decode an entry of the dump. */
static uint64_t
decode(const struct opendump *md, const u_char *p)
{

	return (md->paging->entsize == 8 ? le64dec(p) : le32dec(p));
}

/*
 * Read the entry for va, which is not below kernbase, in the page tables
 * section.  Returns 1; 0 if there is none; -1 with the error message set if it
 * cannot be read: "*len" is then how much from va on fails for the same reason.
 */
static int
section_entry(kvm_t *kd, const struct opendump *md, uint64_t va,
    uint64_t *entry, uint64_t *len)
{
	const u_char *p;
	uint64_t lost, n, ofs, page, span;

	span = _kvm_minidump_span(md->paging, md->top);
	n = (va - md->kernbase) / span;
	if (va < md->kernbase || n >= md->ptes.size / md->paging->entsize)
		return (0);
	ofs = n * md->paging->entsize;
	/* All entries of a page fail alike, as do all past the end of file. */
	page = (uint64_t)PGSIZE / md->paging->entsize * span;
	*len = page - (va - md->kernbase) % page;
	if (md->ptes.ofs + ofs + md->paging->entsize > md->size) {
		*len = (md->ptes.size / md->paging->entsize - n) * span;
		_kvm_err(kd, NULL, "address 0x%jx: its page table entry is "
		    "beyond the end of the file", (uintmax_t)va);
		return (-1);
	}
	if (check_read(kd, md, va, md->ptes.ofs + ofs, &lost) == -1) {
		if (lost * span - va % span < *len)
			*len = lost * span - va % span;
		return (-1);
	}
	p = ptpage(kd, ofs / PGSIZE);
	if (p == NULL)
		return (-1);
	*entry = decode(md, p + ofs % PGSIZE);
	return (1);
}

/*
 * Get the page table at physical address pa, as much as the file has of it.  It
 * stays in memory until it is replaced by another.  Returns NULL with the error
 * message set if the dump has none of it.
 */
static const struct table *
get_table(kvm_t *kd, uint64_t va, uint64_t pa)
{
	struct table **tp;
	off_t ofs;
	int len;

	tp = &kd->vmst->tables->tables[pa / PGSIZE % NTABLES];
	if (*tp == NULL)
		*tp = _kvm_malloc(kd, sizeof(**tp));
	if (*tp == NULL)
		return (NULL);
	if ((*tp)->len != 0 && (*tp)->pa == pa)
		return (*tp);
	(*tp)->len = 0;
	len = _kvm_minidump_locate(kd, "page table", va, pa, &ofs);
	if (len == 0)
		return (NULL);
	len = read_entries(kd, (*tp)->bytes, len, ofs);
	if (len == -1)
		return (NULL);
	(*tp)->pa = pa;
	(*tp)->ofs = ofs;
	(*tp)->len = len;
	return (*tp);
}

int
_kvm_minidump_entry(kvm_t *kd, const struct opendump *md, uint64_t va,
    uint64_t pa, uint64_t *entry, uint64_t *n)
{
	const struct table *table;

	table = get_table(kd, va, TRUNC_PAGE(pa));
	if (table == NULL)
		return (-1);
	if (pa % PGSIZE + md->paging->entsize > table->len) {
		_kvm_err(kd, NULL, "address 0x%jx: its page table entry is "
		    "beyond the end of the file", (uintmax_t)va);
		return (-1);
	}
	if (check_read(kd, md, va, table->ofs + pa % PGSIZE, n) == -1)
		return (-1);
	*entry = decode(md, table->bytes + pa % PGSIZE);
	return (0);
}

/* Describe the run that an entry for a page or a superpage maps from va on. */
static void
make_run(const struct minidump_paging *p, uint64_t va, uint64_t entry,
    uint64_t span, struct minidump_run *run)
{

	run->len = span - va % span;
	run->mapped = (entry & p->valid) != 0;
	run->writable = (entry & p->writable) != 0;
	run->executable = (entry & p->noexec) == 0;
	run->pa = (entry & p->frame & ~(span - 1)) + TRUNC_PAGE(va % span);
}

/* Follow the tables from the entry for va at this level to its last one. */
static int
descend(kvm_t *kd, const struct opendump *md, uint64_t va, u_int level,
    uint64_t entry, struct minidump_run *run)
{
	const struct minidump_paging *p;
	uint64_t lost, slot, span, table;

	p = md->paging;
	span = _kvm_minidump_span(p, level);
	while ((entry & p->valid) != 0 && level > 1 &&
	    ((entry & p->large) == 0 || level > p->nlarge)) {
		run->len = span - va % span;
		table = level > p->nlevels ? md->root : entry & p->frame;
		level--;
		span = _kvm_minidump_span(p, level);
		slot = (va / span) & ((1U << p->bits[level - 1]) - 1);
		lost = UINT64_MAX / span;
		if (_kvm_minidump_entry(kd, md, va, table + slot *
		    p->entsize, &entry, &lost) == 0)
			continue;
		if (lost * span - va % span < run->len)
			run->len = lost * span - va % span;
		return (-1);
	}
	make_run(p, va, entry, span, run);
	return (0);
}

int
_kvm_minidump_findrun(kvm_t *kd, const struct opendump *md, uint64_t va,
    struct minidump_run *run)
{
	uint64_t entry;
	u_int level;
	int found;

	memset(run, 0, sizeof(*run));
	if (md->top == 0) {
		if (md->kernlast == 0) {
			_kvm_err(kd, NULL, "address 0x%jx: the page tables of "
			    "a full dump are not found%s%s", (uintmax_t)va,
			    md->why != NULL ? ": " : " without its kernel",
			    md->why != NULL ? md->why : "");
			return (-1);
		}
		if (va < md->lowest || va > md->kernlast)
			return (0);
		entry = md->paging->valid;
		level = md->paging->nlevels + 1;
	} else {
		found = section_entry(kd, md, va, &entry, &run->len);
		if (found != 1)
			return (found);
		level = md->top;
	}
	return (descend(kd, md, va, level, entry, run));
}

int
_kvm_minidump_vatopa(kvm_t *kd, uint64_t va, uint64_t *pap)
{
	const struct opendump *md;
	struct minidump_run run;

	md = &kd->vmst->md;
	if (va >= md->dmapbase && va < md->dmapend) {
		*pap = va - md->dmapbase;
		return (0);
	}
	if (_kvm_minidump_findrun(kd, md, TRUNC_PAGE(va), &run) == -1)
		return (-1);
	if (run.len == 0) {
		_kvm_err(kd, NULL, "address 0x%jx: outside the dumped address "
		    "space", (uintmax_t)va);
		return (-1);
	}
	if (!run.mapped) {
		_kvm_err(kd, NULL, "address 0x%jx: not mapped", (uintmax_t)va);
		return (-1);
	}
	*pap = run.pa + va % PGSIZE;
	return (0);
}
