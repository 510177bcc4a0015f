/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The pages of a dump, and those that it lacks, for the commands that show all
 * of them.
 */

#ifndef _PAGES_H_
#define	_PAGES_H_

#include <kvm.h>
#include <stddef.h>
#include <stdint.h>

#define	PAGE_BYTES	4096

enum page_state {
	PAGE_DUMPED,		/* in the dump, and in the file */
	PAGE_MISSING,		/* in the dump, and not in the file */
	PAGE_LEFT,		/* the kernel left it out */
	PAGE_DEVICE,		/* mapped, but not dumpable memory */
	NSTATES
};

/* Contiguous pages of one state. */
struct pages {
	enum page_state	state;
	int		mapped;		/* reported by its va */
	uint64_t	va;		/* if mapped */
	uint64_t	pa;
	uint64_t	len;		/* bytes */
	uint64_t	ofs;		/* byte of the dump, if dumped */
	int		prot;		/* as kp_prot, if mapped */
	int		physical;	/* left out for its pa, not its va */
};

typedef void	pages_cb_t(const struct pages *pages, void *arg);

/*
 * Call "cb" for all pages: first, by ascending va, those that are mapped; then,
 * by ascending pa, pages of memory that are dumped or missing; and then those
 * known to be left out.  Pages that were left out for their va have only that.
 * Returns -1 after printing why page tables could not be read; all other pages
 * are reported even so.
 */
int	walk_pages(kvm_t *kd, pages_cb_t *cb, void *arg);

/* Format a number of bytes for people: "4 KB", "23.8 MB".  Returns "buf". */
#define	SIZE_TEXT	16
const char *size_text(char buf[SIZE_TEXT], uint64_t bytes);

#endif /* !_PAGES_H_ */
