/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * How the dump code sees the simulated machine's memory: window slots, and
 * pte_load(); and the changes that other CPUs make meanwhile.
 */

#include <sanitizer/asan_interface.h>

#include <stdlib.h>

#include "sim_int.h"

#define	NSLOTS		16		/* of the window: MAXDUMPPGS */
#define	HOOK_READS	1000		/* for each call of mem_hook */
#define	CHANGE_MAPS	50		/* for the changes of one */

static unsigned char *slots[NSLOTS];

static struct change *changes;
static unsigned nchanges, nleft;
static enum change_when changes_when;

void (*mem_hook)(void);
uint64_t mem_maps, mem_loads;

static void
change_now(struct change *c)
{

	if (c->done)
		return;
	raw_copy(c->word, &c->new, ESIZE);
	c->done = 1;
	nleft--;
}

/* Let other CPUs run for a while, if they run at all. */
static void
change_some(unsigned percent)
{
	unsigned i;

	if (nleft == 0 || changes_when == CHANGE_READ)
		return;
	for (i = 0; i < nchanges; i++)
		if (chance(percent))
			change_now(&changes[i]);
}

void
run_others(int polls)
{

	if (!polls || changes_when == CHANGE_ANY)
		change_some(20);
}

/* Get a frame that the dump code wants to read. */
static unsigned char *
wanted_frame(kern_addr pa)
{
	static unsigned char nothing[PAGE];
	unsigned char *p;

	mem_maps++;
	if (nleft > 0 && (dev.calls > 0 || changes_when == CHANGE_ANY) &&
	    rnd_below(CHANGE_MAPS) == 0)
		change_some(5);
	if (dev.any_hook != NULL)
		(*dev.any_hook)();
	p = frame_mem(pa);
	if (p == NULL && is_huge(pa))
		return (nothing);
	if (p == NULL) {
		sim_fail("read of 0x%llx, which is no memory", pa);
		return (nothing);
	}
	return (p);
}

static void
unmap_slot(unsigned slot)
{
	unsigned char *old;
	unsigned i;

	old = slots[slot];
	slots[slot] = NULL;
	for (i = 0; i < NSLOTS; i++)
		if (slots[i] == old)
			return;
	if (is_frame_mem(old))
		ASAN_POISON_MEMORY_REGION(old, PAGE);
}

void
unmap_slots(void)
{
	unsigned i;

	for (i = 0; i < NSLOTS; i++)
		unmap_slot(i);
}

void *
sim_window(kern_addr pa, unsigned slot)
{

	if (slot >= NSLOTS || (pa & PGMASK) != 0) {
		sim_fail("0x%llx mapped in slot %u", pa, slot);
		slot = 0;
	}
	unmap_slot(slot);
	slots[slot] = wanted_frame(pa);
	ASAN_UNPOISON_MEMORY_REGION(slots[slot], PAGE);
	return (slots[slot]);
}

static int
change_cmp(const void *a, const void *b)
{
	const struct change *x = a, *y = b;

	return (x->word < y->word ? -1 : x->word > y->word);
}

void
mem_changes(struct change *c, unsigned n, enum change_when when)
{
	unsigned i;

	for (i = 0; i < n; i++) {
		c[i].word = frame_mem(c[i].pa) + (c[i].pa & PGMASK);
		c[i].done = 0;
	}
	qsort(c, n, sizeof(*c), change_cmp);
	changes = c;
	nchanges = nleft = n;
	changes_when = when;
}

void
mem_no_changes(void)
{

	nleft = 0;
}

void
mem_apply(struct change *c, unsigned n, int new)
{
	unsigned i;

	for (i = 0; i < n; i++)
		mem_write(c[i].pa, new ? &c[i].new : &c[i].old, ESIZE);
}

kern_addr
sim_entry(const volatile void *p)
{
	struct change key, *c;
	void (*hook)(void);
	uint64_t entry;

	mem_loads++;
	hook = mem_hook;
	if (hook != NULL && rnd_below(HOOK_READS) == 0) {
		mem_hook = NULL;
		(*hook)();
		mem_hook = hook;
	}
	entry = *(const volatile entry_t *)p ^ (entry_t)SCRAMBLE;
	if (nleft > 0 && changes_when == CHANGE_READ) {
		key.word = (unsigned char *)(uintptr_t)p;
		c = bsearch(&key, changes, nchanges, sizeof(*c), change_cmp);
		if (c != NULL)
			change_now(c);
	}
	return (entry);
}
