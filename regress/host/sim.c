/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The simulated machine (see sim.h).
 *
 * Every frame has a page of its own, followed by one that must not be touched.
 * A frame may be touched only while a slot of the window maps it.  The address
 * sanitizer checks both; the bitmaps are between pages that the host protects,
 * as the sanitizer does not see atomic operations.
 */

#include <sys/mman.h>

#include <sanitizer/asan_interface.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim.h"

#define	STRIDE		(2 * PAGE)
#define	NSLOTS		16		/* of the window: MAXDUMPPGS */
#define	SCRAMBLE	0x5aa5c33c0ff09669ULL
#define	METADATA	65536		/* bytes that must stay unwritten */
#define	HOOK_READS	1000		/* for each call of mem_hook */
#define	CHANGE_MAPS	50		/* for the changes of one */

#if ESIZE == 4
typedef uint32_t entry_t;
#else
typedef uint64_t entry_t;
#endif

static struct {
	uint64_t	start;
	uint64_t	end;
	int		first;		/* number of its first frame */
} range[KERN_RANGES];
static int nranges, nframes;
static uint64_t huge_start, huge_end;
static unsigned char *arena;

static unsigned char *slots[NSLOTS];

static struct change *changes;
static unsigned nchanges, nleft;
static enum change_when changes_when;

void (*mem_hook)(void);
uint64_t mem_maps, mem_loads;
struct boot boot;
struct device dev;
char console[CONSOLE_SIZE];
char sim_error[256];

static uint64_t rnd_state;

void
sim_fail(const char *fmt, ...)
{
	va_list ap;

	if (sim_error[0] != '\0')
		return;
	va_start(ap, fmt);
	vsnprintf(sim_error, sizeof(sim_error), fmt, ap);
	va_end(ap);
}

void *
sim_grow(void *mem, size_t *size, size_t len)
{

	if (len <= *size)
		return (mem);
	free(mem);
	mem = malloc(len);
	if (mem == NULL) {
		perror("malloc");
		exit(2);
	}
	*size = len;
	return (mem);
}

/*
 * Random numbers.
 */

void
rnd_seed(uint64_t seed)
{

	rnd_state = seed;
}

uint64_t
rnd(void)
{
	uint64_t x;

	rnd_state += 0x9e3779b97f4a7c15ULL;
	x = rnd_state;
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
	return (x ^ (x >> 31));
}

uint64_t
rnd_below(uint64_t n)
{

	return (n == 0 ? 0 : rnd() % n);
}

void
rnd_fill(void *buf, size_t len)
{
	uint64_t *p;

	for (p = buf; len > 0; len -= sizeof(*p))
		*p++ = rnd();
}

int
chance(unsigned percent)
{

	return (rnd_below(100) < percent);
}

/*
 * Memory.
 */

/* Copy memory that the sanitizer hides from the dump code. */
static void
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
	nleft = 0;
}

/* Return where the frame at "pa" is kept, or NULL. */
static unsigned char *
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
	if (p == NULL && pa >= huge_start && pa < huge_end)
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
	if (old >= arena && old < arena + (size_t)MAXFRAMES * STRIDE)
		ASAN_POISON_MEMORY_REGION(old, PAGE);
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

/*
 * The device.
 */

void
dev_init(long long mediaoffset, long long mediasize, size_t len)
{
	static unsigned char *mem, *medium;
	static size_t mem_size, medium_size;

	mem = sim_grow(mem, &mem_size, len);
	medium = sim_grow(medium, &medium_size, len);
	memset(&dev, 0, sizeof(dev));
	dev.mediaoffset = mediaoffset;
	dev.mediasize = mediasize;
	dev.blocksize = DEV_BLOCK;
	dev.len = len;
	dev.mem = memset(mem, 0xe5, len);
	dev.medium = memset(medium, 0xe5, len);
	dev.pending = len;
}

void
dev_rearm(void)
{

	dev.fail_call = dev.key_poll = 0;
	dev.fail_late = dev.fail_on = 0;
	dev.hook = dev.any_hook = NULL;
	dev.calls = dev.writes = dev.flushes = dev.polls = 0;
}

/* Check that this may be written; called for every write, even if it fails. */
static int
dev_allows(long long offset, size_t len)
{
	long long end;

	end = dev.mediaoffset + dev.mediasize;
	if (len == 0 || len % DEV_BLOCK != 0 || offset % DEV_BLOCK != 0)
		sim_fail("write of %zu bytes at %lld", len, offset);
	else if (offset < dev.mediaoffset + METADATA || offset > end ||
	    (long long)len > end - offset)
		sim_fail("write of %zu bytes at %lld: outside of the device",
		    len, offset);
	else if (offset < end - (long long)dev.len && !dev.sink)
		sim_fail("write of %zu bytes at %lld: too low", len, offset);
	else
		return (1);
	return (0);
}

static void
dev_store(const void *buf, long long offset, size_t len)
{
	long long from;
	size_t at;

	from = dev.mediaoffset + dev.mediasize - (long long)dev.len;
	if (offset < from)
		return;
	at = (size_t)(offset - from);
	memcpy(dev.mem + at, buf, len);
	if (at < dev.pending)
		dev.pending = at;
}

/*
 * What dadump() does with a write if blocks are larger: it begins at a block
 * boundary, and a command for 0 blocks means 256.
 */
static void
dev_blocks(long long *offset, size_t *len)
{

	if (dev.blocksize == DEV_BLOCK)
		return;
	*offset -= *offset % dev.blocksize;
	*len -= *len % dev.blocksize;
	if (*len == 0)
		*len = 256 * (size_t)dev.blocksize;
}

int
sim_dumper(const void *buf, long long offset, size_t len)
{
	int fails;

	dev.calls++;
	fails = dev.calls == dev.fail_call || (dev.fail_on &&
	    dev.calls > dev.fail_call);
	if (buf == NULL) {
		if (len != 0 || offset != 0)
			sim_fail("flush at %lld of %zu bytes", offset, len);
		dev.flushes++;
		if (!fails) {
			memcpy(dev.medium + dev.pending,
			    dev.mem + dev.pending, dev.len - dev.pending);
			dev.pending = dev.len;
		}
	} else {
		dev.writes++;
		dev.last = offset;
		dev_blocks(&offset, &len);
		if (dev_allows(offset, len) && (!fails || dev.fail_late))
			dev_store(buf, offset, len);
	}
	change_some(20);
	if (dev.hook != NULL)
		(*dev.hook)();
	if (dev.any_hook != NULL)
		(*dev.any_hook)();
	return (fails ? dev.fail_errno : 0);
}

/*
 * The console, and the rest of the kernel's library.
 */

int
sim_getc(void)
{

	if (changes_when == CHANGE_ANY)
		change_some(20);
	if (dev.any_hook != NULL)
		(*dev.any_hook)();
	return (++dev.polls == dev.key_poll ? dev.key : -1);
}

void
sim_vprintf(const char *fmt, __builtin_va_list ap)
{
	size_t used;

	used = strlen(console);
	vsnprintf(console + used, sizeof(console) - used, fmt, ap);
}

/* The sanitizer's memmove() is slow. */
void
sim_copy(const void *from, void *to, size_t len)
{

	if ((uintptr_t)to - (uintptr_t)from < len ||
	    (uintptr_t)from - (uintptr_t)to < len)
		memmove(to, from, len);
	else
		memcpy(to, from, len);
}

void
sim_zero(void *to, size_t len)
{

	memset(to, 0, len);
}

size_t
sim_strlcpy(char *dst, const char *src, size_t size)
{
	size_t len;

	len = strlen(src);
	if (size > 0) {
		memcpy(dst, src, len < size ? len + 1 : size);
		dst[size - 1] = '\0';
	}
	return (len);
}

void
sim_dump(void)
{
	unsigned i;

	console[0] = '\0';
	mem_maps = mem_loads = 0;
	kern_dump(dev.mediaoffset, dev.mediasize, dev.blocksize);
	for (i = 0; i < NSLOTS; i++)
		unmap_slot(i);
}
