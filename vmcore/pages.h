/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The pages of a dump, and those that it should have or might have had, for the
 * commands that show them all.
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
	PAGE_DEVICE,		/* mapped, and no memory that is dumped */
	NSTATES
};

/* Pages that are adjacent in address and of one state. */
struct pages {
	enum page_state	state;
	int		mapped;		/* told as part of address space */
	uint64_t	va;		/* if mapped */
	uint64_t	pa;
	uint64_t	len;		/* bytes */
	uint64_t	ofs;		/* byte of the dump, if dumped */
	int		prot;		/* as kp_prot, if mapped */
	int		physical;	/* left out for its pa, not its va */
};

typedef void	pages_cb_t(const struct pages *pages, void *arg);

/*
 * Tell "cb" of all pages: first, in rising va, of what is mapped; then of
 * physical memory, in rising pa those that are dumped or missing, and then
 * those known to be left out.  Pages that were left out for their va are told
 * with that alone.  Returns -1 after printing why page tables could not be
 * read; all that can be told is told even so.
 */
int	walk_pages(kvm_t *kd, pages_cb_t *cb, void *arg);

/* A number of bytes, as people read it: "4 KB", "23.8 MB"; returns "buf". */
#define	SIZE_TEXT	16
const char *size_text(char buf[SIZE_TEXT], uint64_t bytes);

#endif /* !_PAGES_H_ */
