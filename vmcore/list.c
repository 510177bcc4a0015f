/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Walks the kernel's lists, which may be damaged: no list may be circular, or
 * have more elements than the dump can hold.
 */

#include <sys/types.h>

#include <inttypes.h>
#include <string.h>

#include "kernel_int.h"
#include "vmcore.h"

/* More elements than any kernel has. */
#define	LIST_MAX	(1024 * 1024)

/*
 * Check that the element at "va" points back to "from": each has a pointer to
 * the next element, and one to whatever points to it.  If all do, the list is
 * not circular.  Returns -1 after printing the reason.
 */
static int
check_element(struct kernel *k, const char *what, kvaddr_t from, kvaddr_t va,
    uint64_t ofs)
{
	kvaddr_t prev;

	if (read_pointer(k, va + ofs + k->ptrsize, &prev) == -1)
		xwarnx("%s: list of %s: 0x%jx, to which 0x%jx points: %s",
		    k->file, what, (uintmax_t)va, (uintmax_t)from,
		    kvm_geterr(k->kd));
	else if (prev != from)
		xwarnx("%s: list of %s: 0x%jx, to which 0x%jx points, says "
		    "that 0x%jx does: the list is damaged", k->file, what,
		    (uintmax_t)va, (uintmax_t)from, (uintmax_t)prev);
	else
		return (0);
	return (-1);
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
	return (check_element(k, l->what, l->from, l->va, l->ofs) == -1 ? -1 :
	    1);
}
