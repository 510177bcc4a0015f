/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * kvm_walk_pages(): all that a dump has, as runs of pages.  The reader,
 * kvm_minidump.c and its table of formats, finds the pages by the page tables
 * and the bitmap; this file only joins them.
 */

#include <sys/types.h>

#include <kvm.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "kvm_private.h"
#include "../kvm_minidump.h"

/* A run that may still grow, and the callback that it is passed to. */
struct walk {
	kvm_walk_pages_cb_t *cb;
	void		*arg;
	struct kvm_page	run;		/* kp_len 0: none */
	uint64_t	left;		/* steps: see kvm_minidump.h */
	int		stopped;
	int		failed;
	char		errbuf[_POSIX2_LINE_MAX];	/* of the first error */
};

/* Remember that something could not be read. */
static void
fail(kvm_t *kd, struct walk *w)
{

	if (!w->failed)
		memcpy(w->errbuf, kd->errbuf, sizeof(w->errbuf));
	w->failed = 1;
}

/* Pass the run to the callback. */
static void
flush(struct walk *w)
{

	if (w->run.kp_len != 0 && !w->stopped)
		w->stopped = (*w->cb)(&w->run, w->arg) == 0;
	w->run.kp_len = 0;
}

/* Add these pages to the run, or begin the next run. */
static void
add(struct walk *w, const struct kvm_page *kp)
{
	const struct kvm_page *run;
	uint64_t len;

	run = &w->run;
	len = run->kp_len;
	if (len == 0 || run->kp_prot != kp->kp_prot ||
	    run->kp_paddr + len != kp->kp_paddr ||
	    run->kp_kmap_vaddr + len != kp->kp_kmap_vaddr ||
	    (run->kp_dmap_vaddr != 0) != (kp->kp_dmap_vaddr != 0) ||
	    (run->kp_offset == -1 ? kp->kp_offset != -1 :
	    run->kp_offset + (int64_t)len != kp->kp_offset)) {
		flush(w);
		w->run = *kp;
	} else
		w->run.kp_len += kp->kp_len;
}

/* The direct map's address of this page; 0 if it has none. */
static kvaddr_t
dmap_vaddr(const struct opendump *md, uint64_t pa)
{

	return (pa < md->dmapend - md->dmapbase ? md->dmapbase + pa : 0);
}

/* Add the pages of a mapped run, some of which may be in the dump. */
static void
walk_run(kvm_t *kd, struct walk *w, uint64_t va,
    const struct minidump_run *run)
{
	const struct opendump *md;
	struct kvm_page kp;
	uint64_t have, len, ofs, pa, start;

	md = _kvm_minidump(kd);
	memset(&kp, 0, sizeof(kp));
	kp.kp_version = KVM_PAGE_VERSION;
	kp.kp_prot = KVM_PROT_READ;
	if (run->writable)
		kp.kp_prot |= KVM_PROT_WRITE;
	if (run->executable)
		kp.kp_prot |= KVM_PROT_EXECUTE;
	pa = run->pa;
	len = run->len;
	/*
	 * Address 0 means that a run has none, so a run must not begin there.
	 */
	if (va == 0) {
		va += MINIDUMP_PAGE_SIZE;
		pa += MINIDUMP_PAGE_SIZE;
		len -= MINIDUMP_PAGE_SIZE;
	}
	for (; len > 0 && !w->stopped && w->left > 0; len -= kp.kp_len) {
		start = pa;
		if (_kvm_minidump_nextpages(kd, &start, pa + len, &ofs,
		    &have) == -1) {
			fail(kd, w);
			have = 0;
		}
		if (have == 0) {
			kp.kp_offset = -1;
			kp.kp_len = len;
		} else if (start != pa) {
			kp.kp_offset = -1;
			kp.kp_len = start - pa;
		} else {
			kp.kp_offset = ofs;
			kp.kp_len = have;
		}
		kp.kp_paddr = pa;
		kp.kp_kmap_vaddr = va;
		kp.kp_dmap_vaddr = dmap_vaddr(md, pa);
		add(w, &kp);
		pa += kp.kp_len;
		va += kp.kp_len;
		w->left--;
	}
}

/* Every page of the dump. */
static void
walk_dump(kvm_t *kd, struct walk *w)
{
	const struct opendump *md;
	struct kvm_page kp;
	uint64_t ofs, pa;

	md = _kvm_minidump(kd);
	memset(&kp, 0, sizeof(kp));
	kp.kp_version = KVM_PAGE_VERSION;
	kp.kp_prot = KVM_PROT_READ | KVM_PROT_WRITE | KVM_PROT_EXECUTE;
	for (pa = 0; !w->stopped; pa += kp.kp_len) {
		if (_kvm_minidump_nextpages(kd, &pa, UINT64_MAX, &ofs,
		    &kp.kp_len) == -1) {
			fail(kd, w);
			break;
		}
		if (kp.kp_len == 0)
			break;
		kp.kp_paddr = pa;
		kp.kp_dmap_vaddr = dmap_vaddr(md, pa);
		kp.kp_offset = ofs;
		w->run = kp;
		flush(w);
	}
}

enum kvm_absence
kvm_absence(kvm_t *kd, kvaddr_t va, kpaddr_t pa, uint64_t *len)
{
	const struct minidump_left *left;

	if (_kvm_minidump_isdumped(kd, pa, pa + *len, len))
		return (KVM_ABSENT_MISSING);
	left = _kvm_minidump_findleft(_kvm_minidump(kd), va, pa, len);
	*len = ROUND_PAGE(*len);
	if (left == NULL)
		return (KVM_ABSENT_OTHER);
	return (left->physical ? KVM_ABSENT_LEFTPA : KVM_ABSENT_LEFTVA);
}

int
kvm_walk_pages(kvm_t *kd, kvm_walk_pages_cb_t *cb, void *arg)
{
	const struct opendump *md;
	struct minidump_run run;
	struct walk w;
	uint64_t ofs;

	memset(&w, 0, sizeof(w));
	w.cb = cb;
	w.arg = arg;
	md = _kvm_minidump(kd);
	w.left = _kvm_minidump_walkmax(md);
	for (ofs = 0; md->kernlast != 0 && !w.stopped; ofs += run.len) {
		if (w.left == 0) {
			_kvm_err(kd, NULL, "address 0x%jx: page tables: more "
			    "entries than the dump has room for: a table is "
			    "used more than once", (uintmax_t)md->kernbase +
			    ofs);
			fail(kd, &w);
			break;
		}
		memset(&run, 0, sizeof(run));
		if (_kvm_minidump_findrun(kd, md, md->kernbase + ofs,
		    &run) == -1) {
			run.mapped = 0;
			fail(kd, &w);
		}
		if (run.len == 0)
			break;
		if (run.mapped)
			walk_run(kd, &w, md->kernbase + ofs, &run);
		else
			w.left--;
	}
	flush(&w);
	walk_dump(kd, &w);
	if (w.stopped)
		return (0);
	if (!w.failed)
		return (1);
	memcpy(kd->errbuf, w.errbuf, sizeof(kd->errbuf));
	return (-1);
}
