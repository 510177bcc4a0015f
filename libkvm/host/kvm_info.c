/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * kvm_dumpinfo(): what the reader knows about an open dump, in the form that
 * programs see; and kvm_pread(), which reads the bytes of the dump itself.
 */

#include <sys/types.h>
#include <sys/endian.h>

#include <kvm.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "kvm_private.h"
#include "../kvm_minidump.h"

/* The structure, and the arrays that it points to. */
struct dumpinfo {
	struct kvm_dumpinfo info;
	struct kvm_range lost[MINIDUMP_NOTREAD_MAX];
	struct kvm_leftout left[MINIDUMP_LEFTOUT_MAX];
	struct kvm_range ranges[];
};

static struct kvm_section
section(const struct minidump_section *sec)
{
	struct kvm_section ks;

	ks.ks_offset = sec->ofs;
	ks.ks_size = sec->size;
	return (ks);
}

static void
copy_arrays(struct dumpinfo *di, const struct opendump *md)
{
	const struct minidump_left *left;
	u_int i;

	for (i = 0; i < md->nlost; i++) {
		di->lost[i].kr_start = md->lost[i].start;
		di->lost[i].kr_end = md->lost[i].end;
	}
	for (i = 0; i < md->nranges; i++) {
		di->ranges[i].kr_start = md->ranges[i].start;
		di->ranges[i].kr_end = md->ranges[i].end;
	}
	for (i = 0; i < md->nleft; i++) {
		left = &md->left[i];
		memcpy(di->left[i].kl_name, left->name,
		    sizeof(di->left[i].kl_name));
		di->left[i].kl_physical = left->physical;
		di->left[i].kl_start = left->start;
		di->left[i].kl_end = left->end;
		di->left[i].kl_pages = left->pages;
	}
	di->info.ki_lost = di->lost;
	di->info.ki_ranges = di->ranges;
	di->info.ki_left = di->left;
}

int
_kvm_info_make(kvm_t *kd)
{
	const struct opendump *md;
	struct kvm_dumpinfo *ki;

	md = _kvm_minidump(kd);
	kd->info = _kvm_malloc(kd, sizeof(*kd->info) + md->nranges *
	    sizeof(kd->info->ranges[0]));
	if (kd->info == NULL)
		return (-1);
	copy_arrays(kd->info, md);
	ki = &kd->info->info;
	ki->ki_infoversion = KVM_DUMPINFO_VERSION;
	ki->ki_arch = md->arch;
	ki->ki_full = md->isfull;
	ki->ki_version = md->version;
	ki->ki_truncated = _kvm_minidump_truncated(md);
	ki->ki_paemode = md->paemode;
	ki->ki_ptrsize = md->ptrsize;
	ki->ki_entsize = md->paging->entsize;
	ki->ki_filesize = md->filesize;
	ki->ki_size = md->size;
	ki->ki_members = md->nmembers;
	ki->ki_kernbase = md->kernbase;
	ki->ki_kernlast = md->kernlast;
	ki->ki_dmapbase = md->dmapbase;
	ki->ki_dmapend = md->dmapend;
	ki->ki_header.ks_size = md->hdrsize;
	ki->ki_lefttable.ks_offset = MINIDUMP_LEFTOUT_OFFSET;
	ki->ki_lefttable.ks_size = md->leftsize;
	ki->ki_losttable.ks_offset = MINIDUMP_NOTREAD_OFFSET;
	ki->ki_losttable.ks_size = md->lostsize;
	ki->ki_liverecord.ks_offset = MINIDUMP_LIVE_OFFSET;
	ki->ki_liverecord.ks_size = md->livesize;
	ki->ki_opened = md->opened;
	ki->ki_msgbuf = section(&md->msgbuf);
	ki->ki_avail = section(&md->avail);
	ki->ki_bitmap = section(&md->bitmap);
	ki->ki_ptes = section(&md->ptes);
	ki->ki_pages = section(&md->pages);
	ki->ki_npages = md->npages;
	ki->ki_nmissing = md->nmissing;
	ki->ki_firstpage = md->firstpage;
	ki->ki_lastpage = md->lastpage;
	ki->ki_physend = md->physend;
	ki->ki_nranges = md->nranges;
	ki->ki_nleft = md->nleft;
	ki->ki_nlost = md->nlost;
	return (0);
}

const struct kvm_dumpinfo *
kvm_dumpinfo(kvm_t *kd)
{

	return (&kd->info->info);
}

ssize_t
kvm_pread(kvm_t *kd, void *buf, size_t len, uint64_t ofs)
{

	return (_kvm_minidump_pread(kd, buf, len, ofs));
}

int64_t
kvm_offset(kvm_t *kd, kvaddr_t va)
{
	off_t ofs;

	return (_kvm_minidump_vatop64(kd, va, &ofs) == 0 ? -1 : ofs);
}

size_t
kvm_gzmember(const void *buf, size_t len)
{

	if (len < MINIDUMP_GZ_HEADER ||
	    le32dec((const u_char *)buf + MINIDUMP_GZ_NUMBER) != 0)
		return (0);
	return (_kvm_minidump_gz_header(buf, len));
}
