/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Unit tests of the code that writes minidumps, against simulated machines
 * with random memory, page tables and message buffers.
 *
 *	hosttest NAME [SEED]
 *
 * Layout number n of a case has the seed SEED + n; a failure tells its seed,
 * and a run with that seed begins with it.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../report.h"
#include "model.h"

#define	DEFAULT_SEED	20060301
#define	GIB		((long long)1 << 30)
#define	HANGS		600	/* seconds: no case takes a tenth of it */
#define	NITEMS(a)	(sizeof(a) / sizeof((a)[0]))

/* The layout under test, and what the dump of it must be. */
static struct layout lay;
static struct model model;
static struct image image;
static unsigned char kdh[KDH_SIZE];

static char why[512];

/* Note why the case fails, if that is not known.  Returns 0. */
static int __attribute__((format(printf, 1, 2)))
wrong(const char *fmt, ...)
{
	va_list ap;
	int n;

	if (why[0] != '\0')
		return (0);
	n = snprintf(why, sizeof(why), "seed %llu: ",
	    (unsigned long long)lay.seed);
	va_start(ap, fmt);
	vsnprintf(why + n, sizeof(why) - (size_t)n, fmt, ap);
	va_end(ap);
	for (n = 0; why[n] != '\0'; n++)
		if (why[n] == '\n')
			why[n] = '|';
	return (0);
}

/* Make a model of the layout as it is. */
static void
make_model(void)
{

	model_pages(&model, &lay, lay.piece);
	model_shape(&model, &lay, lay.piece);
	model_image(&image, &model, &lay, lay.piece);
}

static void
make_layout(const struct kind *kind, uint64_t seed)
{

	layout_make(&lay, kind, seed);
	make_model();
}

/*
 * A device just large enough for the dump, or larger by "spare" bytes; those
 * that are "kept" of them can be looked at.
 */
static void
make_device(long long mediaoffset, long long spare, size_t kept)
{

	dev_init(mediaoffset, METADATA + (long long)model.length +
	    2 * KDH_SIZE + spare, (size_t)model.length + 2 * KDH_SIZE + kept);
	model_kdh(&lay, model.length, dev.blocksize, kdh);
}

/* The dump that savecore(8) would find: its length, or -1. */
static int64_t
find_dump(const unsigned char *mem)
{
	const unsigned char *head, *tail;
	unsigned char x[4];
	uint64_t len;
	int i;

	tail = mem + dev.len - KDH_SIZE;
	if (memcmp(tail, "FreeBSD Kernel Dump", 20) != 0 ||
	    memcmp(tail + 32, "\0\0\0\1", 4) != 0)
		return (-1);
	memset(x, 0, sizeof(x));
	for (i = 0; i < KDH_SIZE; i++)
		x[i % 4] ^= tail[i];
	for (len = 0, i = 40; i < 48; i++)
		len = len << 8 | tail[i];
	if (memcmp(x, "\0\0\0\0", 4) != 0 || len > dev.len - 2 * KDH_SIZE)
		return (-1);
	head = tail - len - KDH_SIZE;
	return (memcmp(head, tail, KDH_SIZE) == 0 ? (int64_t)len : -1);
}

/* Is all of the dump on the device as it must be? */
static int
check_device(void)
{
	static const char *const names[] = { "header", "message buffer",
	    "bitmap", "page tables", "pages" };
	const unsigned char *p;
	uint64_t at;
	int i;

	p = dev.mem + dev.len - KDH_SIZE;
	if (memcmp(p, kdh, KDH_SIZE) != 0)
		return (wrong("trailing kernel dump header"));
	p -= model.length;
	if (memcmp(p - KDH_SIZE, kdh, KDH_SIZE) != 0)
		return (wrong("leading kernel dump header"));
	if (memcmp(p, image.mem, model.length) != 0) {
		for (at = 0; p[at] == image.mem[at]; at++)
			;
		for (i = 0; at >= model.end[i]; i++)
			;
		return (wrong("%s: byte 0x%llx of the dump: 0x%02x, not "
		    "0x%02x", names[i], (unsigned long long)at, p[at],
		    image.mem[at]));
	}
	if (find_dump(dev.mem) != (int64_t)model.length)
		return (wrong("savecore would not find it"));
	return (1);
}

static int
check_console(const struct ending *e)
{
	static char buf[sizeof(console)];

	model_console(&model, &lay, e, buf, sizeof(buf));
	if (strcmp(console, buf) != 0)
		return (wrong("console: \"%s\", not \"%s\"", console, buf));
	return (1);
}

/* A dump that is to end in this way; all but what is on the device. */
static int
dump_ending(const struct ending *e)
{

	sim_dump();
	if (sim_error[0] != '\0')
		return (wrong("%s", sim_error));
	return (check_console(e));
}

/* A dump that is to be complete and right. */
static int
dump_right(void)
{
	static const struct ending complete;
	unsigned writes;

	dev_rearm();
	if (!dump_ending(&complete) || !check_device())
		return (0);
	writes = model_writes(&model);
	if (dev.writes > writes + 2 || dev.polls != writes)
		return (wrong("%u writes and %u polls for %llu bytes",
		    dev.writes, dev.polls, (unsigned long long)model.length));
	return (1);
}

/*
 * Layouts of all kinds, dumped twice.
 */

static const struct kind kinds[] = {
/*	  name      n  rg pc hi  l su al dm msg end scr */
	{ "small", 600, 4, 4, 0, 0, 0, 10, 0, 0, 0, 0 },
	{ "many ranges of memory", 200, 32, 8, 20, 0, 0, 10, 0, 0, 0, 0 },
	{ "high memory", 200, 6, 6, 100, 0, 10, 10, 10, 10, 0, 10 },
	{ "superpages", 150, 6, 6, 20, 0, 80, 10, 0, 0, 0, 0 },
	{ "damaged directories", 600, 6, 8, 10, 0, 5, 20, 50, 10, 2, 0 },
	{ "damaged message buffer", 500, 6, 6, 0, 0, 5, 10, 5, 90, 0, 0 },
	{ "damaged end of kernel memory", 40, 6, 8, 0, 0, 10, 10, 20, 20, 100,
	    0 },
	{ "damaged bitmaps", 200, 6, 6, 20, 0, 0, 10, 0, 0, 0, 100 },
	{ "memory up to the end", 30, 6, 6, 0, 100, 0, 10, 0, 0, 0, 20 },
	{ "everything", 400, 12, 8, 20, 0, 10, 20, 20, 20, 2, 20 },
};

/* For cases that are about something else. */
static const struct kind small = { "small", 0, 4, 4, 0, 0, 0, 10, 10, 10, 0,
    0 };
/* Where each entry has one place in the dump. */
static const struct kind plain = { "plain", 0, 6, 8, 0, 0, 10, 0, 0, 10, 0,
    0 };

static int
check_spare(size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (dev.mem[i] != 0xe5)
			return (wrong("write below the dump"));
	return (1);
}

/* The size that a running kernel tells must be that of its dump. */
static void
ask_size(void)
{
	uint64_t size;

	size = kern_size(model.msgbuf_size);
	if (size != METADATA + model.length + 2 * KDH_SIZE)
		(void)wrong("device of %llu bytes asked for, dump is %llu",
		    (unsigned long long)size,
		    (unsigned long long)model.length);
}

static int
layout_case(const struct kind *kind, uint64_t seed)
{
	long long offset;
	size_t kept;

	make_layout(kind, seed);
	offset = chance(50) ? 0 : DEV_BLOCK * (long long)rnd_below(20000000);
	kept = DEV_BLOCK * (size_t)rnd_below(200);
	make_device(offset, (long long)kept + (chance(70) ? 0 : 5 * GIB),
	    kept);
	dev.blocksize <<= rnd_below(3);
	model_kdh(&lay, model.length, dev.blocksize, kdh);
	ask_size();
	if (!dump_right() || !check_spare(kept))
		return (0);

	/* The kernel goes on for a while, and the next dump is another. */
	layout_touch(&lay, (unsigned)rnd_below(20));
	make_model();
	make_device(offset, 0, 0);
	return (dump_right() && why[0] == '\0');
}

/*
 * Other CPUs run on during the dump.
 */

/* Each entry changes as soon as it has been read. */
static int
read_case(uint64_t seed)
{

	make_layout(&plain, seed);
	layout_changes(&lay, 0);
	model_pages(&model, &lay, lay.piece);
	mem_apply(lay.change, lay.nchanges, 1);
	model_shape(&model, &lay, lay.after);
	model_image(&image, &model, &lay, lay.after);
	mem_apply(lay.change, lay.nchanges, 0);
	make_device(0, 0, 0);
	mem_changes(lay.change, lay.nchanges, CHANGE_READ);
	return (dump_right());
}

/* The size is asked for by another CPU while this one makes the dump. */
static int
ask_case(uint64_t seed)
{
	int ok;

	make_layout(&small, seed);
	make_device(0, 0, 0);
	mem_hook = ask_size;
	ok = dump_right();
	mem_hook = NULL;
	return (ok && why[0] == '\0');
}

/* Called by the device: everything is used, and what can be is damaged. */
static void
run_on(void)
{
	struct kern_vars vars;
	unsigned i;

	layout_touch(&lay, (unsigned)rnd_below(10));
	vars = lay.vars;
	vars.vm_end = KERNBASE + (uintptr_t)rnd() % (VM_MAX - KERNBASE);
	vars.msgbuf = KERNBASE + (uintptr_t)rnd() % (VM_MAX - KERNBASE);
	for (i = 0; i < NITEMS(vars.avail); i++)
		vars.avail[i] = rnd() & FRAMEMASK;
	if (lay.lose_root && chance(50)) {
		do
			vars.root = random_hole() & 0xffffffff;
		while (mem_frame(vars.root) != -1 ||
		    mem_frame(vars.root + 3 * PAGE) != -1);
	}
	kern_set(&vars);
}

/* Is the frame one in which something changes? */
static int
frame_changes(int frame)
{
	unsigned i;

	if (frame == -1)
		return (0);
	if (mem_live_bitmap(mem_pa(frame)))
		return (1);
	for (i = 0; i < lay.nchanges; i++)
		if (mem_frame(lay.change[i].pa) == frame)
			return (1);
	return (0);
}

/* The first byte of [from, to) that is neither the old nor the new; or "to". */
static uint64_t
compare_either(const unsigned char *got, const unsigned char *old,
    const unsigned char *new, uint64_t from, uint64_t to, size_t word)
{

	for (; from < to; from += word)
		if (memcmp(got + from, old + from, word) != 0 &&
		    memcmp(got + from, new + from, word) != 0)
			break;
	return (from);
}

/*
 * Each word is the old or the new one; the shape is the old one.  Text of the
 * message buffer could be one thing more, where mapping and page change.
 */
static int
check_either(const unsigned char *old, const unsigned char *new)
{
	const unsigned char *got;
	uint64_t at, from, va;
	int f;

	got = dev.mem + dev.len - KDH_SIZE - model.length;
	if (memcmp(got, old, model.end[S_HEADER]) != 0)
		return (wrong("header changed"));
	from = model.end[S_HEADER];
	for (at = from; at < model.end[S_MSGBUF]; at++) {
		at = compare_either(got, old, new, at, model.end[S_MSGBUF], 1);
		if (at == model.end[S_MSGBUF])
			break;
		va = model.msgbuf_ptr + (at - from);
		mem_apply(lay.change, lay.nchanges, 0);
		f = model_frame(&lay, lay.piece, va);
		mem_apply(lay.change, lay.nchanges, 1);
		if (!frame_changes(f) &&
		    !frame_changes(model_frame(&lay, lay.after, va)))
			return (wrong("message buffer: byte 0x%llx",
			    (unsigned long long)at));
	}
	from = model.end[S_MSGBUF];
	if (memcmp(got + from, old + from, model.bitmap_size) != 0)
		return (wrong("bitmap changed"));
	from = model.end[S_BITMAP];
	at = compare_either(got, old, new, from, model.end[S_TABLES], ESIZE);
	if (at != model.end[S_TABLES])
		return (wrong("page tables: byte 0x%llx",
		    (unsigned long long)at));
	for (f = 0, from = at; f < mem_count(); f++) {
		if (!model.in[f])
			continue;
		at = compare_either(got, old, new, from, from + PAGE, ESIZE);
		if (at != from + PAGE && !mem_live_bitmap(mem_pa(f)))
			return (wrong("page 0x%llx: byte 0x%llx",
			    (unsigned long long)mem_pa(f),
			    (unsigned long long)at));
		from += PAGE;
	}
	return (1);
}

static int
run_case(uint64_t seed)
{
	static const struct ending complete;
	static struct image new;
	int ok;

	make_layout(&plain, seed);
	layout_changes(&lay, 1);
	make_model();
	mem_apply(lay.change, lay.nchanges, 1);
	model_image(&new, &model, &lay, lay.after);
	mem_apply(lay.change, lay.nchanges, 0);
	make_device(0, 0, 0);
	dev.hook = run_on;
	mem_changes(lay.change, lay.nchanges, CHANGE_RUN);
	ok = dump_ending(&complete) && check_either(image.mem, new.mem);

	/* All is as before again; but for what dump_add_page() was told. */
	mem_no_changes();
	mem_apply(lay.change, lay.nchanges, 0);
	kern_set(&lay.vars);
	make_model();
	make_device(0, 0, 0);
	return (ok && dump_right());
}

/*
 * The size of the device.
 */
static int
size_case(uint64_t seed)
{
	static const struct {
		const char	*name;
		int		absolute;
		long long	size;	/* or what is added to the smallest */
		long long	offset;
		int		fits;
	} tests[] = {
		{ "exactly large enough", 0, 0, 0, 1 },
		{ "exactly large enough, in a partition", 0, 0, 63 * 512, 1 },
		{ "exactly large enough, far up", 0, 0, 5 * GIB + 512, 1 },
		{ "a block too small", 0, -512, 0, 0 },
		{ "a block too small, far up", 0, -512, 7 * GIB, 0 },
		{ "ends at 4 GiB", 0, 0, -1, 1 },
		{ "a block more", 0, 512, 1024, 1 },
		{ "huge", 0, 4000 * GIB, 63 * 512, 1 },
		{ "nothing but what is kept free", 1, METADATA, 0, 0 },
		{ "a block", 1, 512, 1 * GIB, 0 },
		{ "of no size", 1, 0, 0, 0 },
		{ "of negative size", 1, -1024 * 1024, 5 * GIB, 0 },
		{ "of the most negative size", 1, -0x7fffffffffffffffLL - 1,
		    0, 0 },
	};
	char buf[256];
	long long need;
	size_t i;

	make_layout(&small, seed);
	need = METADATA + (long long)model.length + 2 * KDH_SIZE;
	for (i = 0; i < NITEMS(tests); i++) {
		make_device(tests[i].offset, tests[i].size, 0);
		if (tests[i].offset < 0)
			dev.mediaoffset = 4 * GIB - dev.mediasize;
		if (tests[i].absolute)
			dev.mediasize = tests[i].size;
		if (tests[i].fits) {
			if (!dump_right())
				return (wrong("device %s", tests[i].name));
			continue;
		}
		sim_dump();
		snprintf(buf, sizeof(buf), "pages):\nDump failed: device too "
		    "small: %lld MB needed, %lld MB there\n",
		    (need + 0xfffff) >> 20,
		    dev.mediasize > 0 ? dev.mediasize >> 20 : 0);
		if (sim_error[0] != '\0' || dev.calls != 0 ||
		    strstr(console, buf) == NULL)
			return (wrong("device %s: %u calls, console \"%s\"",
			    tests[i].name, dev.calls, console));
	}
	return (1);
}

/*
 * An older dump is on the device.
 */

enum old_is {
	OLD_NONE,
	OLD_LONGER,
	OLD_SHORTER,
	OLD_SAME_LENGTH,
	OLD_SAME_HEADER,		/* an equal header, other contents */
	NOLD
};
static uint64_t old_length;
static unsigned char *old_mem;
static size_t old_size;

static void
make_old(enum old_is is)
{
	unsigned char old_kdh[KDH_SIZE];
	static struct layout older;
	size_t i;

	make_device(0, 40 * PAGE, 40 * PAGE);
	old_length = model.length;
	if (is == OLD_LONGER)
		old_length += (1 + rnd_below(40)) * PAGE;
	else if (is == OLD_SHORTER)
		old_length = rnd_below(model.length / PAGE) * PAGE;
	for (i = 0; i < dev.len; i++)
		dev.mem[i] = (unsigned char)rnd();
	older = lay;
	if (is != OLD_SAME_HEADER)
		older.vars.now ^= 1 + (long)rnd_below(1000);
	model_kdh(&older, old_length, dev.blocksize, old_kdh);
	if (is != OLD_NONE) {
		memcpy(dev.mem + dev.len - KDH_SIZE, old_kdh, KDH_SIZE);
		memcpy(dev.mem + dev.len - 2 * KDH_SIZE - old_length, old_kdh,
		    KDH_SIZE);
	}
	memcpy(dev.medium, dev.mem, dev.len);
	old_mem = sim_grow(old_mem, &old_size, dev.len);
	memcpy(old_mem, dev.mem, dev.len);
}

/* What is on the device: no dump, a whole one, or a mixture. */
enum found {
	FOUND_NONE,
	FOUND_OLD,
	FOUND_NEW,
	FOUND_MIXTURE
};

static enum found
whats_there(const unsigned char *mem)
{
	const unsigned char *p;
	int64_t len;
	size_t from;

	len = find_dump(mem);
	if (len == -1)
		return (FOUND_NONE);
	p = mem + dev.len - KDH_SIZE - (size_t)len;
	if ((uint64_t)len == model.length &&
	    memcmp(p, image.mem, (size_t)len) == 0 &&
	    memcmp(p + len, kdh, KDH_SIZE) == 0)
		return (FOUND_NEW);
	from = dev.len - 2 * KDH_SIZE - (size_t)len;
	if ((uint64_t)len == old_length &&
	    memcmp(mem + from, old_mem + from, dev.len - from) == 0)
		return (FOUND_OLD);
	return (FOUND_MIXTURE);
}

/*
 * Called by the device: the power could fail here.  What was not flushed is on
 * the medium, or not, block by block.
 */
static void
power_fails(void)
{
	static unsigned char *mem;
	static size_t size;
	size_t i;
	int trial;

	mem = sim_grow(mem, &size, dev.len);
	for (trial = 0; trial < 6; trial++) {
		for (i = 0; i < dev.len; i += DEV_BLOCK)
			memcpy(mem + i, (trial == 0 || (trial > 1 &&
			    chance(50)) ? dev.mem : dev.medium) + i,
			    DEV_BLOCK);
		if (whats_there(mem) == FOUND_MIXTURE)
			(void)wrong("after %u calls the power fails: a "
			    "mixture of old and new", dev.calls);
	}
	if (dev.calls >= 3 && whats_there(dev.mem) == FOUND_OLD)
		(void)wrong("old dump still there after %u calls", dev.calls);
}

static int
power_case(uint64_t seed)
{
	static const struct ending complete;
	int is;

	make_layout(&small, seed);
	for (is = 0; is < NOLD; is++) {
		make_old(is);
		dev.hook = power_fails;
		if (!dump_ending(&complete) || !check_device())
			return (wrong("with old dump, kind %d", is));
		if (whats_there(dev.medium) != FOUND_NEW)
			return (wrong("not flushed at the end"));
	}
	return (why[0] == '\0');
}

/*
 * Errors of the device, and keys.
 */

static int
error_case(uint64_t seed)
{
	static const int errnos[] = { 5, 6, 16, 22, 28, 60 };
	struct ending e;
	enum found found;
	unsigned calls, n;
	int late;

	make_layout(&small, seed);
	calls = 2 + model_writes(&model) + 3;
	memset(&e, 0, sizeof(e));
	for (n = 1; n <= calls; n++)
		for (late = 0; late < 2; late++) {
			make_old((enum old_is)rnd_below(NOLD));
			dev.fail_call = e.fail_call = n;
			dev.fail_errno = e.fail_errno =
			    errnos[rnd_below(NITEMS(errnos))];
			dev.fail_late = late;
			dev.hook = power_fails;
			if (!dump_ending(&e))
				return (0);
			/* If even the flush of the trailer fails: one more. */
			if (dev.calls != n + (n == calls))
				return (wrong("%u calls, %u failed",
				    dev.calls, n));
			found = whats_there(dev.mem);
			if (found != FOUND_NONE &&
			    !(found == FOUND_OLD && n == 1 && !late) &&
			    !(found == FOUND_NEW && n == calls - 1 && late))
				return (wrong("call %u failed, and the %s "
				    "dump is there", n,
				    found == FOUND_OLD ? "old" : "new"));
			if (!dump_right())
				return (wrong("after error in call %u", n));
		}
	return (why[0] == '\0');
}

static int
key_case(uint64_t seed)
{
	struct ending e;
	unsigned n;

	make_layout(&small, seed);
	memset(&e, 0, sizeof(e));
	for (n = 1; n <= model_writes(&model); n++) {
		make_old((enum old_is)rnd_below(NOLD));
		dev.key_poll = e.key_poll = n;
		dev.key = e.key = 3;
		if (!dump_ending(&e))
			return (0);
		if (dev.calls != n + 2 || whats_there(dev.mem) != FOUND_NONE)
			return (wrong("^C at poll %u: %u calls, or dump left",
			    n, dev.calls));
		if (!dump_right())
			return (wrong("after ^C at poll %u", n));

		dev_rearm();
		dev.key_poll = n;
		dev.key = e.key = n == 1 ? 0 : 'a' + (int)rnd_below(26);
		if (!dump_ending(&e) || !check_device())
			return (wrong("other key at poll %u", n));
	}
	return (1);
}

/*
 * The largest message buffer that is believed, and one byte more.
 */
static int
msgbuf_case(uint64_t seed)
{
	uint64_t va;
	uint32_t size;
	unsigned more;
	int f, i;

	for (more = 0; more < 2; more++) {
		do
			make_layout(&plain, seed++);
		while (!model.msgbuf_found);
		size = MSGBUF_MAX + more;
		for (i = 0; i < 4; i++) {
			va = lay.vars.msgbuf + sizeof(void *) + 4 + (unsigned)i;
			f = model_frame(&lay, lay.piece, va);
			mem_write(mem_pa(f) + (va & PGMASK),
			    (unsigned char *)&size + i, 1);
		}
		make_model();
		make_device(0, 0, 0);
		if (model.msgbuf_size != (more ? 0 : MSGBUF_MAX))
			return (wrong("the model is wrong"));
		if (!dump_right())
			return (0);
	}
	return (1);
}

/* Before minidump_startup(). */
static int
early_case(uint64_t seed)
{

	(void)seed;
	kern_add_range(0, 1024 * PAGE);
	kern_add_page(5 * PAGE);
	kern_drop_page(6 * PAGE);
	dev_init(0, GIB, PAGE);
	sim_dump();
	if (sim_error[0] != '\0' || dev.calls != 0 || strcmp(console,
	    "\nDump failed: no page bitmap: error 6\n") != 0)
		return (wrong("%s %u calls, console \"%s\"", sim_error,
		    dev.calls, console));
	return (1);
}

static const struct {
	const char	*name;
	int		(*run)(uint64_t seed);
	unsigned	count;
} cases[] = {
	{ "dump before boot is done", early_case, 1 },	/* must be first */
	{ "entries change when read", read_case, 300 },
	{ "other CPUs run on", run_case, 300 },
	{ "size asked for meanwhile", ask_case, 100 },
	{ "size of the device", size_case, 40 },
	{ "message buffer of 16 MB", msgbuf_case, 1 },
	{ "power fails", power_case, 30 },
	{ "error in any call", error_case, 15 },
	{ "key at any poll", key_case, 15 },
};

int
main(int argc, char **argv)
{
	uint64_t seed;
	unsigned i, n;
	int ok;

	if (argc < 2) {
		fprintf(stderr, "usage: hosttest NAME [SEED]\n");
		return (2);
	}
	seed = argc > 2 ? strtoull(argv[2], NULL, 0) : DEFAULT_SEED;
	for (i = 0; i < NITEMS(cases); i++) {
		why[0] = '\0';
		alarm(HANGS);
		for (n = 0, ok = 1; n < cases[i].count && ok; n++)
			ok = (*cases[i].run)(seed + n);
		report(ok, "host %s: %s: %u layouts, seed %llu%s%s", argv[1],
		    cases[i].name, cases[i].count, (unsigned long long)seed,
		    ok ? "" : ": ", why);
	}
	for (i = 0; i < NITEMS(kinds); i++) {
		why[0] = '\0';
		alarm(HANGS);
		for (n = 0, ok = 1; n < kinds[i].count && ok; n++)
			ok = layout_case(&kinds[i], seed + n);
		report(ok, "host %s: layouts, %s: %u layouts, seed %llu%s%s",
		    argv[1], kinds[i].name, kinds[i].count,
		    (unsigned long long)seed, ok ? "" : ": ", why);
	}
	return (report_status());
}
