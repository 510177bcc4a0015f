/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * All pages of a dump: those that kvm_walk_pages() finds, and what is known
 * about the others.
 */

#include <sys/types.h>

#include <stdio.h>
#include <string.h>

#include "pages.h"
#include "vmcore.h"

struct page_walk {
	kvm_t		*kd;
	const struct kvm_dumpinfo *ki;
	pages_cb_t	*cb;
	void		*arg;
	struct pages	run;		/* may grow; len 0: none */
	uint64_t	end;		/* of the last page that was dumped */
};

static void
flush(struct page_walk *w)
{

	if (w->run.len != 0)
		(*w->cb)(&w->run, w->arg);
	w->run.len = 0;
}

/* Add absent pages to the run, or begin the next run. */
static void
add(struct page_walk *w, const struct pages *page)
{
	const struct pages *run;

	run = &w->run;
	if (run->len != 0 && run->state == page->state &&
	    run->pa + run->len == page->pa &&
	    (!page->mapped || run->va + run->len == page->va) &&
	    run->prot == page->prot && run->physical == page->physical) {
		w->run.len += page->len;
		return;
	}
	flush(w);
	w->run = *page;
}

/* Find why the pages of a mapped run are absent. */
static void
add_absent(struct page_walk *w, const struct kvm_page *kp)
{
	struct pages pages;
	uint64_t ofs;

	memset(&pages, 0, sizeof(pages));
	pages.mapped = 1;
	pages.prot = kp->kp_prot;
	for (ofs = 0; ofs < kp->kp_len; ofs += pages.len) {
		pages.va = kp->kp_kmap_vaddr + ofs;
		pages.pa = kp->kp_paddr + ofs;
		pages.len = kp->kp_len - ofs;
		pages.state = PAGE_LEFT;
		pages.physical = 0;
		switch (kvm_absence(w->kd, pages.va, pages.pa, &pages.len)) {
		case KVM_ABSENT_MISSING:
			pages.state = PAGE_MISSING;
			break;
		case KVM_ABSENT_LEFTPA:
			pages.physical = 1;
			break;
		case KVM_ABSENT_LEFTVA:
			break;
		case KVM_ABSENT_OTHER:
			pages.state = PAGE_DEVICE;
			break;
		}
		add(w, &pages);
	}
}

/*
 * Report the pages of this state in physical memory from "start" to "end":
 * those that the dump should have, or those that it was made without.
 */
static void
add_physical(struct page_walk *w, enum page_state state, uint64_t start,
    uint64_t end)
{
	struct pages pages;
	int missing;

	memset(&pages, 0, sizeof(pages));
	pages.state = state;
	pages.physical = state == PAGE_LEFT;
	for (pages.pa = start; pages.pa < end; pages.pa += pages.len) {
		pages.len = end - pages.pa;
		missing = kvm_absence(w->kd, KVM_NOVA, pages.pa, &pages.len) ==
		    KVM_ABSENT_MISSING;
		if (missing == (state == PAGE_MISSING))
			add(w, &pages);
	}
	flush(w);
}

/* Report missing pages up to here, from the end of the last dumped run. */
static void
add_missing(struct page_walk *w, uint64_t end)
{

	if (w->ki->ki_nmissing > 0)
		add_physical(w, PAGE_MISSING, w->end, end);
}

static int
add_run(struct kvm_page *kp, void *arg)
{
	struct pages pages;
	struct page_walk *w;

	w = arg;
	if (kp->kp_offset == -1) {
		add_absent(w, kp);
		return (1);
	}
	flush(w);
	if (kp->kp_kmap_vaddr == 0)
		add_missing(w, kp->kp_paddr);
	memset(&pages, 0, sizeof(pages));
	pages.state = PAGE_DUMPED;
	pages.mapped = kp->kp_kmap_vaddr != 0;
	pages.va = kp->kp_kmap_vaddr;
	pages.pa = kp->kp_paddr;
	pages.len = kp->kp_len;
	pages.ofs = kp->kp_offset;
	pages.prot = kp->kp_prot;
	(*w->cb)(&pages, w->arg);
	if (!pages.mapped)
		w->end = pages.pa + pages.len;
	return (1);
}

int
walk_pages(kvm_t *kd, pages_cb_t *cb, void *arg)
{
	const struct kvm_leftout *left;
	const struct kvm_dumpinfo *ki;
	struct page_walk w;
	uint64_t end, limit;
	int error;

	memset(&w, 0, sizeof(w));
	w.kd = kd;
	w.ki = ki = kvm_dumpinfo(kd);
	w.cb = cb;
	w.arg = arg;
	error = 0;
	if (kvm_walk_pages(kd, add_run, &w) == -1) {
		xwarnx("%s", kvm_geterr(kd));
		error = -1;
	}
	flush(&w);
	add_missing(&w, ki->ki_lastpage + PAGE_BYTES);
	/* Limit the work by the size of the file. */
	limit = ki->ki_bitmap.ks_size;
	if (limit > ki->ki_size)
		limit = ki->ki_size;
	limit *= 8 * PAGE_BYTES;
	if (ki->ki_nranges > 0)
		limit = ki->ki_ranges[ki->ki_nranges - 1].kr_end;
	for (left = ki->ki_left; left < ki->ki_left + ki->ki_nleft; left++) {
		if (!left->kl_physical)
			continue;
		end = left->kl_end < limit ? left->kl_end : limit;
		add_physical(&w, PAGE_LEFT, left->kl_start - left->kl_start %
		    PAGE_BYTES, end);
	}
	return (error);
}

const char *
size_text(char buf[SIZE_TEXT], uint64_t bytes)
{
	static const char units[] = "KMGTPE";
	uint64_t tenths, unit, whole;
	u_int i;

	i = 0;
	for (unit = 1024; i < 5 && bytes / unit >= 1024; unit *= 1024)
		i++;
	whole = bytes / unit;
	tenths = (bytes % unit * 10 + unit / 2) / unit;
	if (tenths == 10) {
		whole++;
		tenths = 0;
	}
	if (tenths == 0 || whole >= 1000)
		snprintf(buf, SIZE_TEXT, "%ju %cB", (uintmax_t)whole,
		    units[i]);
	else
		snprintf(buf, SIZE_TEXT, "%ju.%ju %cB", (uintmax_t)whole,
		    (uintmax_t)tenths, units[i]);
	return (buf);
}
