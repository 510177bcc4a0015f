/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Ranges of memory: which page each bit of the bitmap stands for.  They come
 * from dump_avail, which is read and checked here, or from the segments of a
 * full dump; without any, bit N stands for page N.
 *
 * kvm_minidump.c calls this when a dump is opened, and the bitmap's layer does
 * for each page after that.  The bitmap itself is not used here.
 */

#include <sys/types.h>
#include <sys/endian.h>
#include <sys/minidump.h>

#include <kvm.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>

#include "kvm_private.h"
#include "kvm_minidump.h"
#include "kvm_minidump_impl.h"

int
_kvm_minidump_addrange(kvm_t *kd, struct opendump *md, uint64_t start,
    uint64_t end)
{
	struct minidump_range *r;
	uint64_t first;

	/* The array is full when nranges is a power of 2. */
	if ((md->nranges & (md->nranges - 1)) == 0) {
		r = realloc(md->ranges, (size_t)(md->nranges == 0 ? 1 :
		    md->nranges * 2) * sizeof(*r));
		if (r == NULL) {
			_kvm_syserr(kd, kd->program, "%u ranges of memory",
			    md->nranges + 1);
			return (-1);
		}
		md->ranges = r;
	}
	r = &md->ranges[md->nranges];
	first = md->nranges == 0 ? 0 : r[-1].first +
	    (r[-1].end - r[-1].start) / PGSIZE;
	r->start = start;
	r->end = end;
	r->first = first;
	md->nranges++;
	return (0);
}

uint64_t
_kvm_minidump_rangepages(const struct opendump *md)
{
	const struct minidump_range *r;

	if (md->nranges == 0)
		return (0);
	r = &md->ranges[md->nranges - 1];
	return (r->first + (r->end - r->start) / PGSIZE);
}

const struct minidump_range *
_kvm_minidump_findrange(const struct opendump *md, uint64_t pa)
{
	u_int high, low, n;

	for (low = 0, high = md->nranges; low < high; ) {
		n = low + (high - low) / 2;
		if (md->ranges[n].end > pa)
			high = n;
		else
			low = n + 1;
	}
	return (low < md->nranges ? &md->ranges[low] : NULL);
}

int64_t
_kvm_minidump_patobit(const struct opendump *md, uint64_t pa)
{
	const struct minidump_range *r;

	/* If dump_avail is cut off, so is the bitmap: any bit will do. */
	if (md->nranges == 0)
		return (md->avail.size != 0 ? 0 : pa / PGSIZE);
	r = _kvm_minidump_findrange(md, pa);
	if (r == NULL || pa < r->start)
		return (-1);
	return (r->first + (pa - r->start) / PGSIZE);
}

uint64_t
_kvm_minidump_bittopa(const struct opendump *md, uint64_t bit)
{
	const struct minidump_range *r;

	if (md->nranges == 0)
		return (bit * PGSIZE);
	for (r = md->ranges + md->nranges - 1; r->first > bit; r--)
		continue;
	return (r->start + (bit - r->first) * PGSIZE);
}

/*
 * Check entry n of dump_avail and the next one, where the range ends; "last" is
 * the end of the previous range.
 */
static int
check_range(kvm_t *kd, u_int n, uint64_t start, uint64_t end, uint64_t last)
{
	const struct opendump *md;

	md = &kd->vmst->md;
	if (start % PGSIZE != 0 || end % PGSIZE != 0) {
		_kvm_err(kd, kd->program, "dump_avail[%u] 0x%jx: not a "
		    "multiple of the page size", start % PGSIZE != 0 ? n :
		    n + 1, (uintmax_t)(start % PGSIZE != 0 ? start : end));
		return (-1);
	}
	if (start < last || end <= start) {
		_kvm_err(kd, kd->program, "dump_avail[%u] 0x%jx: not above "
		    "0x%jx, where the %s", start < last ? n : n + 1,
		    (uintmax_t)(start < last ? start : end),
		    (uintmax_t)(start < last ? last : start), start < last ?
		    "range before it ends" : "range begins");
		return (-1);
	}
	if (end > md->physend) {
		_kvm_err(kd, kd->program, "dump_avail[%u] 0x%jx: more memory "
		    "than there can be below 0x%jx", n + 1, (uintmax_t)end,
		    (uintmax_t)md->physend);
		return (-1);
	}
	return (0);
}

/* Read dump_avail, which has to end in its section. */
static int
load_ranges(kvm_t *kd)
{
	struct opendump *md;
	u_char buf[MINIDUMP_AVAILPAIR];
	uint64_t end, last, ofs, start;
	ssize_t n;
	u_int i;

	md = &kd->vmst->md;
	last = 0;
	for (i = 0, ofs = 0; ofs < md->avail.size; i += 2, ofs += sizeof(buf)) {
		if (md->avail.ofs + ofs + sizeof(buf) > md->size) {
			/* It is cut off; check_filesize() will report this. */
			md->nranges = 0;
			return (0);
		}
		n = _kvm_minidump_pread(kd, buf, sizeof(buf), md->avail.ofs +
		    ofs);
		if (n == -1)
			return (-1);
		if (n != (ssize_t)sizeof(buf)) {
			_kvm_err(kd, kd->program, "dump_avail: the file has "
			    "become shorter");
			return (-1);
		}
		start = le64dec(buf);
		end = le64dec(buf + sizeof(start));
		if (end == 0)
			break;
		if (check_range(kd, i, start, end, last) == -1 ||
		    _kvm_minidump_addrange(kd, md, start, end) == -1)
			return (-1);
		last = end;
	}
	if (ofs >= md->avail.size) {
		_kvm_err(kd, kd->program, "dumpavailsize %ju: dump_avail has "
		    "no end in it", (uintmax_t)md->avail.size);
		return (-1);
	}
	return (0);
}

int
_kvm_minidump_loadavail(kvm_t *kd)
{
	struct opendump *md;
	uint64_t npages;

	md = &kd->vmst->md;
	if (!md->hasavail)
		return (0);
	if (md->avail.size == 0 || md->avail.size % MINIDUMP_AVAILPAIR != 0) {
		_kvm_err(kd, kd->program, "dumpavailsize %ju: not a whole "
		    "number of pairs", (uintmax_t)md->avail.size);
		return (-1);
	}
	if (load_ranges(kd) == -1)
		return (-1);
	npages = _kvm_minidump_rangepages(md);
	if (md->size < md->bitmap.ofs)
		return (0);
	if (npages == 0) {
		_kvm_err(kd, kd->program, "dump_avail[1] 0x0: no memory");
		return (-1);
	}
	if (md->bitmap.size * 8 < npages ||
	    TRUNC_PAGE(md->bitmap.size - 1) * 8 >= npages) {
		_kvm_err(kd, kd->program, "bitmapsize %ju: too %s for the %ju "
		    "pages of dump_avail", (uintmax_t)md->bitmap.size,
		    md->bitmap.size * 8 < npages ? "small" : "large",
		    (uintmax_t)npages);
		return (-1);
	}
	return (0);
}
