/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Pages that are missing: the two tables in the header's page, of what the
 * kernel left out and of what could not be read when the dump was saved.
 *
 * kvm_minidump.c has them read when a dump is opened; code that looks for a
 * page asks here why it is missing.  Truncation is not detected here.
 */

#include <sys/types.h>
#include <sys/endian.h>
#include <sys/minidump.h>

#include <kvm.h>
#include <limits.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "kvm_private.h"
#include "kvm_minidump.h"
#include "kvm_minidump_impl.h"

/*
 * Check a row of the table of what was left out.  The user is warned about a
 * bad row, and it is ignored.
 */
static int
check_left(kvm_t *kd, u_int n, const struct minidump_left *left,
    uint32_t physical)
{
	size_t i;

	for (i = 0; i < sizeof(left->name) - 1 && left->name[i] >= ' ' &&
	    left->name[i] <= '~'; i++)
		continue;
	if (i == 0 || left->name[i] != '\0') {
		_kvm_minidump_warn(kd, "left out row %u: name: byte %u is "
		    "0x%02x: ignored", n, (u_int)i, (u_char)left->name[i]);
		return (0);
	}
	if (left->start > left->end) {
		_kvm_minidump_warn(kd, "left out row %u, %s: start 0x%jx: "
		    "above end 0x%jx: ignored", n, left->name,
		    (uintmax_t)left->start, (uintmax_t)left->end);
		return (0);
	}
	if (physical > 1) {
		_kvm_minidump_warn(kd, "left out row %u, %s: physical %u: "
		    "neither 0 nor 1: ignored", n, left->name, physical);
		return (0);
	}
	return (1);
}

/* Read the table of what was left out, if there is one. */
static int
load_left(kvm_t *kd)
{
	struct minidump_leftout table;
	struct minidump_left *left;
	struct opendump *md;
	uint32_t count, n, physical;
	ssize_t len;

	md = &kd->vmst->md;
	len = _kvm_minidump_pread(kd, &table, sizeof(table),
	    MINIDUMP_LEFTOUT_OFFSET);
	if (len == -1)
		return (-1);
	if (len != (ssize_t)sizeof(table) || memcmp(table.magic,
	    MINIDUMP_LEFTOUT_MAGIC, sizeof(table.magic)) != 0)
		return (0);
	count = le32dec(&table.count);
	if (count > MINIDUMP_LEFTOUT_MAX) {
		_kvm_minidump_warn(kd, "left out count %u: more than %u: "
		    "ignored", count, MINIDUMP_LEFTOUT_MAX);
		md->leftsize = sizeof(table);
		return (0);
	}
	md->leftsize = offsetof(struct minidump_leftout, row) +
	    count * sizeof(table.row[0]);
	for (n = 0; n < count; n++) {
		left = &md->left[md->nleft];
		memcpy(left->name, table.row[n].name, sizeof(left->name));
		left->start = le64dec(&table.row[n].start);
		left->end = le64dec(&table.row[n].end);
		left->pages = le32dec(&table.row[n].pages);
		physical = le32dec(&table.row[n].physical);
		left->physical = physical;
		if (check_left(kd, n, left, physical))
			md->nleft++;
	}
	return (0);
}

/*
 * Read the table of what could not be read when the dump was saved, if there is
 * one.  If it is damaged, the dump is refused: the zeros that it should list
 * would be taken for the kernel's data.
 */
static int
load_lost(kvm_t *kd)
{
	struct minidump_notread table;
	struct opendump *md;
	uint64_t end, last, start, sum;
	uint32_t count, n;
	ssize_t len;

	md = &kd->vmst->md;
	len = _kvm_minidump_pread(kd, &table, sizeof(table),
	    MINIDUMP_NOTREAD_OFFSET);
	if (len == -1)
		return (-1);
	if (len != (ssize_t)sizeof(table) || memcmp(table.magic,
	    MINIDUMP_NOTREAD_MAGIC, sizeof(table.magic)) != 0)
		return (0);
	count = le32dec(&table.count);
	if (count == 0 || count > MINIDUMP_NOTREAD_MAX) {
		_kvm_err(kd, kd->program, "not read count %u: not 1 to %u",
		    count, MINIDUMP_NOTREAD_MAX);
		return (-1);
	}
	last = PGSIZE;
	for (n = 0, sum = 0; n < count; n++, last = end) {
		start = le64dec(&table.row[n].start);
		end = le64dec(&table.row[n].end);
		if (start < last || start >= end) {
			_kvm_err(kd, kd->program, "not read row %u: start %ju, "
			    "end %ju: empty, or begins before byte %ju", n,
			    (uintmax_t)start, (uintmax_t)end, (uintmax_t)last);
			return (-1);
		}
		md->lost[n].start = start;
		md->lost[n].end = end;
		sum += end - start;
		/* Without a page's bit, no page after it can be found. */
		if (start < md->ptes.ofs && end > md->avail.ofs &&
		    md->placed == UINT64_MAX)
			md->placed = start;
	}
	md->nlost = count;
	md->lostsize = offsetof(struct minidump_notread, row) +
	    count * sizeof(table.row[0]);
	if (md->size > md->placed)
		md->size = md->placed;
	_kvm_minidump_warn(kd, "partial: %ju bytes of it, the first at byte "
	    "%ju, were not read from the disk when it was saved",
	    (uintmax_t)sum, (uintmax_t)md->lost[0].start);
	return (0);
}

int
_kvm_minidump_loadmissing(kvm_t *kd)
{

	return (load_left(kd) == -1 || load_lost(kd) == -1 ? -1 : 0);
}

const struct minidump_left *
_kvm_minidump_findleft(const struct opendump *md, uint64_t va, uint64_t pa,
    uint64_t *len)
{
	const struct minidump_left *left;
	uint64_t addr, next;

	for (left = md->left; left < md->left + md->nleft; left++) {
		addr = left->physical ? pa : va;
		if (addr >= left->end)
			continue;
		next = addr < left->start ? left->start : left->end;
		if (next - addr < *len)
			*len = next - addr;
		if (addr >= left->start)
			return (left);
	}
	return (NULL);
}

uint64_t
_kvm_minidump_countlost(const struct opendump *md)
{
	const struct minidump_lost *lost;
	uint64_t end, n, next, start;

	n = 0;
	next = md->pages.ofs;
	for (lost = md->lost; lost < md->lost + md->nlost; lost++) {
		start = TRUNC_PAGE(lost->start);
		if (start < next)
			start = next;
		end = TRUNC_PAGE(md->size);
		if (lost->end < end)
			end = ROUND_PAGE(lost->end);
		if (start >= end)
			continue;
		n += (end - start) / PGSIZE;
		next = end;
	}
	return (n);
}
