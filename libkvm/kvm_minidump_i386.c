/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * i386 minidumps, with PAE and without, as the header says.  The shared parts
 * of the reader call this through the table at the end.
 */

#include <sys/types.h>
#include <sys/endian.h>
#include <sys/minidump.h>

#include <kvm.h>
#include <limits.h>
#include <stddef.h>
#include <stdint.h>

#include "kvm_private.h"
#include "kvm_minidump.h"
#include "kvm_minidump_impl.h"

/* Bytes of the header of version 1. */
#define	HDRSIZE		(offsetof(struct minidumphdr, md) +		\
			    sizeof(((struct minidumphdr *)0)->md.m_i386))

static int
i386_header(kvm_t *kd, const struct minidumphdr *hdr, struct opendump *md)
{

	md->paemode = le32dec(&hdr->md.m_i386.paemode);
	if (md->paemode > 1) {
		_kvm_err(kd, kd->program, "paemode %u: neither 0 nor 1",
		    md->paemode);
		return (-1);
	}
	md->hdrsize = HDRSIZE;
	md->ptrsize = 4;
	md->paging = &_kvm_minidump_paging[md->paemode ? PAGING_PAE :
	    PAGING_I386];
	md->physend = 1ULL << (md->paemode ? 36 : 32);
	md->kernbase = le32dec(&hdr->md.m_i386.kernbase);
	md->kernlast = UINT32_MAX;
	return (0);
}

const struct minidump_ops _kvm_minidump_i386[] = {
	{ MINIDUMP_MAGIC_I386, "i386", 1, 0, 1, i386_header },
	{ MINIDUMP_MAGIC_I386, "i386", 2, HDRSIZE, 1, i386_header },
	{ NULL, NULL, 0, 0, 0, NULL }
};
