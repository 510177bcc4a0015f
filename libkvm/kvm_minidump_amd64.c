/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * amd64 minidumps: the header's fields, and the paging.  The shared parts of
 * the reader find these through the table at the end.
 */

#include <sys/types.h>
#include <sys/endian.h>
#include <sys/minidump.h>

#include <kern/minidump_amd64.h>

#include <kvm.h>
#include <limits.h>
#include <stddef.h>
#include <stdint.h>

#include "kvm_private.h"
#include "kvm_minidump.h"
#include "kvm_minidump_impl.h"

#define	HDRSIZE		sizeof(struct minidumphdr_amd64)
/* A page directory entry is as a page table entry, but may map a superpage. */
#define	PDE_PS		0x080
/* The direct map is made of superpages. */
#define	SUPERPAGE	(2 * 1024 * 1024)
/* The upper half of the address space is the kernel's. */
#define	UPPERHALF	0xffff800000000000ULL

const struct minidump_paging _kvm_minidump_paging_amd64 = {
	8, 4, 3, { 9, 9, 9, 9 }, MINIDUMP_AMD64_V, PDE_PS, MINIDUMP_AMD64_RW,
	MINIDUMP_AMD64_NX, MINIDUMP_AMD64_FRAME
};

static int
amd64_header(kvm_t *kd, const void *page, struct opendump *md)
{
	const struct minidumphdr_amd64 *hdr;
	uint64_t ptelast;

	hdr = page;
	md->hdrsize = HDRSIZE;
	md->ptrsize = 8;
	md->paging = &_kvm_minidump_paging_amd64;
	md->kernbase = le64dec(&hdr->kernbase);
	md->kernlast = UINT64_MAX;
	md->dmapbase = le64dec(&hdr->dmapbase);
	md->dmapend = le64dec(&hdr->dmapend);

	if (md->kernbase < UPPERHALF) {
		_kvm_err(kd, kd->program,
		    "kernbase 0x%jx: not in the upper half of the address "
		    "space", (uintmax_t)md->kernbase);
		return (-1);
	}
	if (md->dmapbase < UPPERHALF || md->dmapbase % SUPERPAGE != 0) {
		_kvm_err(kd, kd->program, "dmapbase 0x%jx: %s",
		    (uintmax_t)md->dmapbase, md->dmapbase < UPPERHALF ?
		    "not in the upper half of the address space" :
		    "not a multiple of 2 MB");
		return (-1);
	}
	if (md->dmapend < md->dmapbase ||
	    md->dmapend % MINIDUMP_PAGE_SIZE != 0) {
		_kvm_err(kd, kd->program, "dmapend 0x%jx: %s",
		    (uintmax_t)md->dmapend, md->dmapend < md->dmapbase ?
		    "below dmapbase" : "not a multiple of the page size");
		return (-1);
	}
	/* kernbase plus a size may be 2^64, so use the last address. */
	ptelast = md->kernbase + md->ptes.size / md->paging->entsize *
	    _kvm_minidump_span(md->paging, md->top) - 1;
	if (md->dmapend > md->kernbase && md->dmapbase <= ptelast) {
		_kvm_err(kd, kd->program,
		    "dmapend 0x%jx: the direct map overlaps what the page "
		    "tables map from 0x%jx on", (uintmax_t)md->dmapend,
		    (uintmax_t)md->kernbase);
		return (-1);
	}
	/* The direct map has all of memory. */
	md->physend = md->dmapend - md->dmapbase;
	return (0);
}

const struct minidump_ops _kvm_minidump_amd64[] = {
	{ MINIDUMP_AMD64_MAGIC, "amd64", 1, HDRSIZE, 0, 1, amd64_header },
	{ MINIDUMP_AMD64_MAGIC, "amd64", 2, HDRSIZE, 0, 2, amd64_header },
	{ MINIDUMP_AMD64_MAGIC, "amd64", 3, HDRSIZE, HDRSIZE, 2, amd64_header },
	{ NULL, NULL, 0, 0, 0, 0, NULL }
};
