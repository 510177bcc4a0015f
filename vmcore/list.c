/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Walks the kernel's lists, which may be damaged: no list may be circular, or
 * have more elements than the dump can hold.  In a live dump a list may have
 * changed between two reads, and is followed as far as possible.
 */

#include <sys/types.h>

#include <inttypes.h>
#include <string.h>

#include "kernel_int.h"
#include "vmcore.h"

/* More elements than any kernel has. */
#define	LIST_MAX	(1024 * 1024)

/*
 * Check that the element points back to the one before it: each has a pointer
 * to the next element, and one to whatever points to it.  If all do, the list
 * is not circular.  In a live dump, one that does not only causes a warning.
 * Returns -1 after printing the reason.
 */
static int
check_element(struct kernel *k, struct list *l)
{
	kvaddr_t prev;

	if (read_pointer(k, l->va + l->ofs + k->ptrsize, &prev) == -1) {
		xwarnx("%s: list of %s: 0x%jx, to which 0x%jx points: %s",
		    k->file, l->what, (uintmax_t)l->va, (uintmax_t)l->from,
		    kvm_geterr(k->kd));
		return (-1);
	}
	if (prev == l->from)
		return (0);
	if (!kernel_islive(k)) {
		xwarnx("%s: list of %s: 0x%jx, to which 0x%jx points, says "
		    "that 0x%jx does: the list is damaged", k->file, l->what,
		    (uintmax_t)l->va, (uintmax_t)l->from, (uintmax_t)prev);
		return (-1);
	}
	if (!l->changed)
		xwarnx("%s: list of %s: it changed while the dump was read, "
		    "at 0x%jx: some may be missing", k->file, l->what,
		    (uintmax_t)l->va);
	l->changed = 1;
	return (0);
}

/*
 * Check for a circle, which is possible if back pointers are wrong.  An element
 * is remembered, another one each time that the number of elements has doubled;
 * in a circle the walk comes back to it.
 */
static int
check_circle(struct kernel *k, struct list *l)
{

	if (l->va == l->mark) {
		xwarnx("%s: list of %s: it leads to 0x%jx again", k->file,
		    l->what, (uintmax_t)l->va);
		return (-1);
	}
	if ((l->n & (l->n - 1)) == 0)
		l->mark = l->va;
	return (0);
}

void
list_init(struct list *l, const char *what, kvaddr_t head, uint64_t ofs)
{

	memset(l, 0, sizeof(*l));
	l->what = what;
	l->ofs = ofs;
	l->from = head;
}

int
list_next(struct kernel *k, struct list *l)
{

	if (l->va != 0)
		l->from = l->va + l->ofs;
	if (read_pointer(k, l->from, &l->va) == -1) {
		xwarnx("%s: list of %s: 0x%jx: %s", k->file, l->what,
		    (uintmax_t)l->from, kvm_geterr(k->kd));
		return (-1);
	}
	if (l->va == 0)
		return (0);
	if (l->n++ >= LIST_MAX || l->n > k->maxlist) {
		xwarnx("%s: list of %s: more than %u", k->file, l->what,
		    l->n - 1);
		return (-1);
	}
	if (check_element(k, l) == -1 || check_circle(k, l) == -1)
		return (-1);
	return (1);
}
