/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The simulated machine's memory.
 *
 * Every frame has a page of its own, followed by one that must not be touched.
 * A frame may be touched only while a slot of the window maps it.  The address
 * sanitizer checks both; the bitmaps are between pages that the host protects,
 * as the sanitizer does not see atomic operations.
 */

#include <sys/mman.h>

#include <sanitizer/asan_interface.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim_int.h"

static struct {
	uint64_t	start;
	uint64_t	end;
	int		first;		/* number of its first frame */
} range[KERN_RANGES];
static int nranges, nframes;
static uint64_t huge_start, huge_end;
static unsigned char *arena;

struct boot boot;

void
raw_copy(void *to, const void *from, size_t len)
{

	__asm __volatile("rep movsb"
	    : "+D" (to), "+S" (from), "+c" (len) : : "memory");
}

static void *
map_pages(size_t len, int prot)
{
	void *p;

	p = mmap(NULL, len, prot, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (p == MAP_FAILED) {
		perror("mmap");
		exit(2);
	}
	return (p);
}

void
mem_reset(void)
{
	size_t size;

	if (arena == NULL) {
		arena = map_pages((size_t)MAXFRAMES * STRIDE,
		    PROT_READ | PROT_WRITE);
		ASAN_POISON_MEMORY_REGION(arena, (size_t)MAXFRAMES * STRIDE);
	}
	if (boot.mem != NULL) {
		size = boot.end - boot.start;
		munmap(boot.mem - PAGE, size + 2 * PAGE);
		memset(&boot, 0, sizeof(boot));
	}
	nranges = nframes = 0;
	huge_start = huge_end = 0;
	mem_no_changes();
}

unsigned char *
frame_mem(uint64_t pa)
{
	int frame;

	frame = mem_frame(pa);
	if (frame == -1)
		return (NULL);
	if (pa >= boot.start && pa < boot.end)
		return (boot.mem + ((pa & ~PGMASK) - boot.start));
	return (arena + (size_t)frame * STRIDE);
}

void
mem_add(uint64_t start, uint64_t end)
{

	if (nranges == KERN_RANGES ||
	    nframes + (end - start) / PAGE > MAXFRAMES) {
		fprintf(stderr, "too much memory\n");
		exit(2);
	}
	range[nranges].start = start;
	range[nranges].end = end;
	range[nranges].first = nframes;
	nranges++;
	for (; start < end; start += PAGE, nframes++) {
		ASAN_POISON_MEMORY_REGION(frame_mem(start), PAGE);
	}
}

int
mem_count(void)
{

	return (nframes);
}

void
mem_huge(uint64_t start, uint64_t end)
{

	huge_start = start;
	huge_end = end;
}

int
is_huge(uint64_t pa)
{

	return (pa >= huge_start && pa < huge_end);
}

int
is_frame_mem(const unsigned char *p)
{

	return (p >= arena && p < arena + (size_t)MAXFRAMES * STRIDE);
}

/* Return the range that "pa" is in, or -1.  It is often the same as before. */
static int
find_range(uint64_t pa)
{
	static int last;
	int high, i, low;

	if (last < nranges && pa >= range[last].start && pa < range[last].end)
		return (last);
	for (low = 0, high = nranges; low < high;) {
		i = (low + high) / 2;
		if (pa < range[i].start)
			high = i;
		else if (pa >= range[i].end)
			low = i + 1;
		else
			return (last = i);
	}
	return (-1);
}

int
mem_frame(uint64_t pa)
{
	int i;

	i = find_range(pa);
	return (i == -1 ? -1 : range[i].first +
	    (int)((pa - range[i].start) / PAGE));
}

uint64_t
mem_edge(uint64_t pa)
{
	int i;

	i = find_range(pa);
	return (chance(50) ? range[i].end : range[i].start - PAGE);
}

uint64_t
mem_pa(int frame)
{
	int i;

	for (i = nranges - 1; range[i].first > frame; i--)
		;
	return (range[i].start + (uint64_t)(frame - range[i].first) * PAGE);
}

void
mem_read(uint64_t pa, void *buf, size_t len)
{

	raw_copy(buf, frame_mem(pa) + (pa & PGMASK), len);
}

void
mem_write(uint64_t pa, const void *buf, size_t len)
{

	raw_copy(frame_mem(pa) + (pa & PGMASK), buf, len);
}

/* Like raw_copy(), for one word. */
uint64_t __attribute__((no_sanitize_address))
mem_entry(uint64_t table, unsigned i)
{
	const unsigned char *p;

	p = frame_mem(table) + i * ESIZE;
	return (*(const entry_t *)(const void *)p ^ (entry_t)SCRAMBLE);
}

void
mem_set_entry(uint64_t table, unsigned i, uint64_t entry)
{

	entry ^= SCRAMBLE;
	mem_write(table + i * ESIZE, &entry, ESIZE);
}

void *
sim_boot_map(kern_addr start, kern_addr end)
{
	size_t size;
	int last;

	size = end - start;
	last = mem_frame(end - PAGE);
	if (mem_frame(start) == -1 || last == -1 || start >= end ||
	    last - mem_frame(start) != (int)(size / PAGE) - 1) {
		sim_fail("boot memory 0x%llx to 0x%llx is not there", start,
		    end);
		return (map_pages(MAXFRAMES * PAGE, PROT_READ | PROT_WRITE));
	}
	boot.mem = map_pages(size + 2 * PAGE, PROT_NONE);
	boot.mem += PAGE;
	if (mprotect(boot.mem, size, PROT_READ | PROT_WRITE) != 0) {
		perror("mprotect");
		exit(2);
	}
	memset(boot.mem, 0xa5, size);
	boot.start = start;
	boot.end = end;
	boot.bitmap = (size - kern_arena_size()) / 2;
	return (boot.mem);
}

static int
is_bitmap(uint64_t pa, int frozen)
{

	if (pa < boot.start || pa >= boot.start + 2 * boot.bitmap)
		return (0);
	return (kern_is_frozen_bitmap(boot.mem +
	    (pa - boot.start < boot.bitmap ? 0 : boot.bitmap)) == frozen);
}

int
mem_live_bitmap(uint64_t pa)
{

	return (is_bitmap(pa, 0));
}

int
mem_frozen_bitmap(uint64_t pa)
{

	return (is_bitmap(pa, 1));
}

int
mem_arena(uint64_t pa)
{

	return (pa >= boot.start + 2 * boot.bitmap && pa < boot.end);
}
