/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The header: which format a dump is of, and where its sections are.  The table
 * "formats" has what layouts and versions differ in.
 *
 * kvm_minidump.c calls this once, when it opens a dump, before anything else of
 * it is read.
 */

#include <sys/types.h>
#include <sys/endian.h>
#include <sys/minidump.h>

#include <kvm.h>
#include <limits.h>
#include <stdint.h>
#include <string.h>

#include "kvm_private.h"
#include "kvm_minidump.h"
#include "kvm_minidump_impl.h"

static const struct minidump_ops *const formats[] = {
	_kvm_minidump_amd64,
	_kvm_minidump_i386,
};
#define	NFORMATS	(sizeof(formats) / sizeof(formats[0]))

/* Identify a file that is not a minidump by its first bytes, or return NULL. */
static const char *
other_format(const struct minidumphdr *hdr, size_t n)
{
	static const struct {
		const char	*magic;
		const char	*what;
	} others[] = {
		{ "\177ELF",		"ELF file" },
		{ MINIDUMP_GZMAGIC,		"gzip file" },
		{ "\050\265\057\375",	"zstd file" },
		{ "FreeBSD Kernel Dump", "kernel dump header" },
	};
	const u_char *p;
	u_int i;

	p = (const u_char *)hdr;
	/* The type of an ELF file is two bytes in the file's own order. */
	if (n > 17 && memcmp(p, others[0].magic, 4) == 0 &&
	    p[16] + p[17] == 4)
		return ("ELF full dump");
	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (n >= strlen(others[i].magic) &&
		    memcmp(p, others[i].magic, strlen(others[i].magic)) == 0)
			return (others[i].what);
	return (NULL);
}

static void
too_short(kvm_t *kd, size_t n)
{

	_kvm_err(kd, kd->program, "the file's %ju bytes are too few for the "
	    "header of a minidump", (uintmax_t)n);
}

/*
 * Find the operations for a dump by the n bytes of its header; NULL with the
 * error message set if there are none.
 */
static const struct minidump_ops *
find_format(kvm_t *kd, const struct minidumphdr *hdr, size_t n)
{
	char magic[sizeof(hdr->magic) + 1];
	const struct minidump_ops *ops;
	const char *arch, *other;
	uint32_t version;
	u_int i;

	other = other_format(hdr, n);
	if (other != NULL) {
		_kvm_err(kd, kd->program, "%s: not a minidump", other);
		return (NULL);
	}
	if (n < MINIDUMP_HDRMIN) {
		too_short(kd, n);
		return (NULL);
	}
	version = le32dec(&hdr->version);
	arch = NULL;
	for (i = 0; i < NFORMATS; i++) {
		ops = formats[i];
		if (strncmp(hdr->magic, ops->magic, sizeof(hdr->magic)) != 0)
			continue;
		arch = ops->arch;
		while (ops->magic != NULL && ops->version != version)
			ops++;
		if (ops->magic == NULL)
			continue;
		if (n >= ops->hdrsize && (ops->availofs == 0 ||
		    n >= ops->availofs + MINIDUMP_AVAILSIZE))
			return (ops);
		too_short(kd, n);
		return (NULL);
	}
	if (arch != NULL) {
		_kvm_err(kd, kd->program, "version %u: no version of %s "
		    "minidumps that this can read", version, arch);
		return (NULL);
	}
	for (i = 0; i < sizeof(hdr->magic) && hdr->magic[i] != '\0'; i++)
		magic[i] = hdr->magic[i] >= ' ' && hdr->magic[i] <= '~' ?
		    hdr->magic[i] : '?';
	magic[i] = '\0';
	_kvm_err(kd, kd->program, "magic \"%s\": not a minidump%s", magic,
	    strncmp(magic, MINIDUMP_ANYMAGIC, strlen(MINIDUMP_ANYMAGIC)) == 0 ?
	    " that this can read" : "");
	return (NULL);
}

/* Parse the header, and check all fields except dump_avail's. */
static int
check_header(kvm_t *kd, const struct minidump_ops *ops, const void *page)
{
	const struct minidumphdr *hdr;
	struct opendump *md;
	uint64_t limit, span;

	hdr = page;
	md = &kd->vmst->md;
	md->msgbuf.size = le32dec(&hdr->msgbufsize);
	md->bitmap.size = le32dec(&hdr->bitmapsize);
	md->ptes.size = le32dec(&hdr->ptesize);
	if ((*ops->header)(kd, page, md) == -1)
		return (-1);

	/* What one page of entries maps is aligned to its size. */
	span = _kvm_minidump_span(md->paging, md->top);
	limit = PGSIZE / md->paging->entsize * span;
	if (md->kernbase % limit != 0) {
		_kvm_err(kd, kd->program,
		    "kernbase 0x%jx: not a multiple of 0x%jx",
		    (uintmax_t)md->kernbase, (uintmax_t)limit);
		return (-1);
	}
	limit = md->kernlast - md->kernbase;
	if (md->msgbuf.size > limit) {
		_kvm_err(kd, kd->program, "msgbufsize %ju: more than kernel "
		    "address space from 0x%jx on", (uintmax_t)md->msgbuf.size,
		    (uintmax_t)md->kernbase);
		return (-1);
	}
	if (md->ptes.size == 0 || md->ptes.size % PGSIZE != 0) {
		_kvm_err(kd, kd->program,
		    "ptesize %ju: not a whole number of pages",
		    (uintmax_t)md->ptes.size);
		return (-1);
	}
	if (md->ptes.size / md->paging->entsize - 1 > limit / span) {
		_kvm_err(kd, kd->program, "ptesize %ju: more than kernel "
		    "address space from 0x%jx on", (uintmax_t)md->ptes.size,
		    (uintmax_t)md->kernbase);
		return (-1);
	}
	if (md->bitmap.size == 0 || md->bitmap.size % md->ptrsize != 0) {
		_kvm_err(kd, kd->program,
		    "bitmapsize %ju: not a whole number of %u-byte words",
		    (uintmax_t)md->bitmap.size, md->ptrsize);
		return (-1);
	}
	/* It may have been rounded up to a page. */
	limit = TRUNC_PAGE(md->bitmap.size - 1) * 8 * PGSIZE;
	if (limit != 0 && limit >= md->physend) {
		_kvm_err(kd, kd->program, "bitmapsize %ju: more memory than "
		    "there can be below 0x%jx", (uintmax_t)md->bitmap.size,
		    (uintmax_t)md->physend);
		return (-1);
	}
	return (0);
}

/* Find out whether the dump was taken from a running kernel. */
static int
load_live(kvm_t *kd)
{
	struct minidump_live live;
	struct opendump *md;
	ssize_t n;

	md = &kd->vmst->md;
	n = _kvm_minidump_pread(kd, &live, sizeof(live), MINIDUMP_LIVE_OFFSET);
	if (n == -1)
		return (-1);
	if (n != (ssize_t)sizeof(live) || memcmp(live.magic,
	    MINIDUMP_LIVE_MAGIC, sizeof(live.magic)) != 0)
		return (0);
	md->livesize = sizeof(live);
	md->opened = le64dec(&live.opened);
	return (0);
}

int
_kvm_minidump_loadheader(kvm_t *kd, minidump_other_t *other)
{
	const struct minidump_ops *ops;
	struct opendump *md;
	union {
		struct minidumphdr hdr;
		uint64_t	align;
		u_char		bytes[MINIDUMP_LEFTOUT_OFFSET];
	} page;
	ssize_t n;

	md = &kd->vmst->md;
	memset(&page, 0, sizeof(page));
	n = _kvm_minidump_pread(kd, &page, sizeof(page), 0);
	if (n == -1)
		return (-1);
	ops = other != NULL ? (*other)(page.bytes, n) : NULL;
	md->isfull = ops != NULL;
	if (ops == NULL)
		ops = find_format(kd, &page.hdr, n);
	if (ops == NULL)
		return (-1);
	md->arch = ops->arch;
	md->version = ops->version;
	md->top = ops->top;
	if (md->isfull)
		return ((*ops->header)(kd, &page, md));
	if (check_header(kd, ops, &page) == -1)
		return (-1);
	md->hasavail = ops->availofs != 0;
	if (md->hasavail) {
		md->hdrsize = ops->availofs + MINIDUMP_AVAILSIZE;
		md->avail.size = le32dec(page.bytes + ops->availofs);
	}
	md->msgbuf.ofs = PGSIZE;
	md->avail.ofs = md->msgbuf.ofs + ROUND_PAGE(md->msgbuf.size);
	md->bitmap.ofs = md->avail.ofs + ROUND_PAGE(md->avail.size);
	md->ptes.ofs = md->bitmap.ofs + ROUND_PAGE(md->bitmap.size);
	md->pages.ofs = md->ptes.ofs + md->ptes.size;
	return (load_live(kd));
}
