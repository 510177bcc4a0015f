/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * i386 minidumps, with and without PAE: the header and the paging modes.  The
 * shared parts of the reader find these through the table at the end.
 */

#include <sys/types.h>
#include <sys/endian.h>
#include <sys/minidump.h>

#include <kern/minidump_i386.h>

#include <kvm.h>
#include <limits.h>
#include <stddef.h>
#include <stdint.h>

#include "kvm_private.h"
#include "kvm_minidump.h"
#include "kvm_minidump_impl.h"

#define	HDRSIZE		sizeof(struct minidumphdr_i386)
/* A page directory entry is as a page table entry, but may map a superpage. */
#define	PDE_PS		0x080

const struct minidump_paging _kvm_minidump_paging_i386 = {
	4, 2, 2, { 10, 10 }, MINIDUMP_I386_V, PDE_PS, MINIDUMP_I386_RW,
	MINIDUMP_I386_NX, MINIDUMP_I386_FRAME
};
const struct minidump_paging _kvm_minidump_paging_pae = {
	8, 3, 2, { 9, 9, 2 }, MINIDUMP_I386_V, PDE_PS, MINIDUMP_I386_RW,
	MINIDUMP_I386_NX, MINIDUMP_I386_FRAME
};

static int
i386_header(kvm_t *kd, const void *page, struct opendump *md)
{
	const struct minidumphdr_i386 *hdr;

	hdr = page;
	md->paemode = le32dec(&hdr->paemode);
	if (md->paemode > 1) {
		_kvm_err(kd, kd->program, "paemode %u: neither 0 nor 1",
		    md->paemode);
		return (-1);
	}
	md->hdrsize = HDRSIZE;
	md->ptrsize = 4;
	md->paging = md->paemode ? &_kvm_minidump_paging_pae :
	    &_kvm_minidump_paging_i386;
	md->physend = 1ULL << (md->paemode ? 36 : 32);
	md->kernbase = le32dec(&hdr->kernbase);
	md->kernlast = UINT32_MAX;
	return (0);
}

const struct minidump_ops _kvm_minidump_i386[] = {
	{ MINIDUMP_I386_MAGIC, "i386", 1, HDRSIZE, 0, 1, i386_header },
	{ MINIDUMP_I386_MAGIC, "i386", 2, HDRSIZE, HDRSIZE, 1, i386_header },
	{ NULL, NULL, 0, 0, 0, 0, NULL }
};
