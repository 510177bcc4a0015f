/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Pages of the dump: finds each by its physical address, or says why it is
 * missing.
 *
 * The page tables that are among the pages, and what they map, are found
 * through this; the host library calls it as well.  No page is read here.
 */

#include <sys/types.h>

#include <kvm.h>
#include <limits.h>
#include <stddef.h>
#include <stdint.h>

#include "kvm_private.h"
#include "kvm_minidump.h"
#include "kvm_minidump_impl.h"

int
_kvm_minidump_locate(kvm_t *kd, const char *what, uint64_t va, uint64_t pa,
    off_t *ofs)
{
	const struct minidump_left *left;
	const struct opendump *md;
	uint64_t before, end, same;
	u_int len;
	int isset;

	md = &kd->vmst->md;
	len = PGSIZE - pa % PGSIZE;
	isset = _kvm_minidump_findbit(kd, pa, &before);
	if (isset == -1)
		return (0);
	if (isset == MINIDUMP_BITCUT) {
		_kvm_err(kd, NULL, "address 0x%jx: %s 0x%jx: its bit is "
		    "beyond the end of the file", (uintmax_t)va, what,
		    (uintmax_t)TRUNC_PAGE(pa));
		return (0);
	}
	if (!isset) {
		same = 1;
		left = _kvm_minidump_findleft(md, va, pa, &same);
		if (left != NULL)
			_kvm_err(kd, NULL, "address 0x%jx: left out of this "
			    "dump: %s", (uintmax_t)va, left->name);
		else
			_kvm_err(kd, NULL, "address 0x%jx: %s 0x%jx: not in "
			    "the dump", (uintmax_t)va, what,
			    (uintmax_t)TRUNC_PAGE(pa));
		return (0);
	}
	*ofs = md->pages.ofs + before * PGSIZE + pa % PGSIZE;
	end = md->size;
	if ((uint64_t)*ofs >= end) {
		_kvm_err(kd, NULL, "address 0x%jx: %s 0x%jx: beyond the end "
		    "of the truncated file", (uintmax_t)va, what,
		    (uintmax_t)TRUNC_PAGE(pa));
		return (0);
	}
	return (len > end - *ofs ? end - *ofs : len);
}

int
_kvm_minidump_patoofs(kvm_t *kd, uint64_t va, uint64_t pa, off_t *ofs)
{
	const struct minidump_lost *lost;
	u_int len;

	len = _kvm_minidump_locate(kd, "page", va, pa, ofs);
	if (len == 0)
		return (0);
	lost = _kvm_minidump_findlost(&kd->vmst->md, *ofs, len);
	if (lost == NULL)
		return (len);
	if (lost->start > (uint64_t)*ofs)
		return (lost->start - *ofs);
	_kvm_err(kd, NULL, "address 0x%jx: page 0x%jx: not read from the disk "
	    "when the dump was saved", (uintmax_t)va,
	    (uintmax_t)TRUNC_PAGE(pa));
	return (0);
}

/* _kvm_minidump_nextpages(), including pages that the file lacks. */
static int
next_dumped(kvm_t *kd, uint64_t *pa, uint64_t end, uint64_t *ofs,
    uint64_t *len)
{
	const struct opendump *md;
	const struct minidump_range *r;
	struct minidump_range all;
	uint64_t before, bit, last, n;

	md = &kd->vmst->md;
	all.start = all.first = 0;
	all.end = UINT64_MAX;
	*len = 0;
	r = md->nranges != 0 ? _kvm_minidump_findrange(md, *pa) : &all;
	for (; r != NULL && r->start < end; r = r->end < end ?
	    _kvm_minidump_findrange(md, r->end) : NULL) {
		bit = r->first;
		if (*pa > r->start)
			bit += (*pa - r->start) / PGSIZE;
		last = r->first + ((r->end < end ? r->end : end) - r->start) /
		    PGSIZE;
		if (_kvm_minidump_nextbits(kd, &bit, last, &before,
		    &n) == -1)
			return (-1);
		if (n == 0)
			continue;
		*pa = r->start + (bit - r->first) * PGSIZE;
		*ofs = md->pages.ofs + before * PGSIZE;
		*len = n * PGSIZE;
		break;
	}
	return (0);
}

int
_kvm_minidump_nextpages(kvm_t *kd, uint64_t *pa, uint64_t end, uint64_t *ofs,
    uint64_t *len)
{
	const struct opendump *md;
	const struct minidump_lost *lost;
	uint64_t have, skip;

	md = &kd->vmst->md;
	for (;;) {
		if (next_dumped(kd, pa, end, ofs, len) == -1)
			return (-1);
		/* The page in which a file is cut is missing. */
		have = *len != 0 && md->size > *ofs ?
		    TRUNC_PAGE(md->size - *ofs) : 0;
		if (*len > have)
			*len = have;
		lost = *len != 0 ? _kvm_minidump_findlost(md, *ofs, *len) :
		    NULL;
		if (lost == NULL)
			return (0);
		if (lost->start >= *ofs + PGSIZE) {
			*len = TRUNC_PAGE(lost->start - *ofs);
			return (0);
		}
		skip = ROUND_PAGE(lost->end - *ofs);
		*pa += skip < *len ? skip : *len;
	}
}

int
_kvm_minidump_isdumped(kvm_t *kd, uint64_t pa, uint64_t end, uint64_t *len)
{
	uint64_t next, ofs;

	next = pa;
	if (next_dumped(kd, &next, end, &ofs, len) == -1 || *len == 0) {
		*len = end - pa;
		return (0);
	}
	if (next == pa)
		return (1);
	*len = next - pa;
	return (0);
}
