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
#include "damage.h"
#include "unpack.h"

#define	DEFAULT_SEED	20060301
#define	GIB		((long long)1 << 30)
#define	HANGS		600	/* seconds: no case takes a tenth of it */
#define	NITEMS(a)	(sizeof(a) / sizeof((a)[0]))

/* The layout under test, and what the dump of it must be. */
static struct layout lay;
static struct model model;
static struct image image;
static unsigned char kdh[KDH_SIZE];

/* How it is on the device, and the plain dump that was made of that. */
static struct form form;
static struct image taken;

static const struct ending complete;
static struct telling telling;		/* what it must tell */

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

/* Make a model of the layout as it is, without the first "nleft" kinds. */
static void
make_model(unsigned nleft)
{
	unsigned before, k, left[KERN_KINDS];

	for (k = 0, before = 0; k <= nleft; before = model.npages, k++) {
		model_pages(&model, &lay, lay.piece, k);
		if (k > 0)
			left[k - 1] = before - model.npages;
	}
	memcpy(model.left, left, nleft * sizeof(left[0]));
	model_shape(&model, &lay, lay.piece);
	form.length = model.length;
}

static void
make_layout(const struct kind *kind, uint64_t seed)
{

	layout_make(&lay, kind, seed);
	make_model(0);
	model_image(&image, &model, &lay, lay.piece);
}

/* Is a page of this kind in the dump? */
static int
in_dump(int (*is)(uint64_t pa))
{
	int f;

	for (f = 0; f < mem_count(); f++)
		if (model.in[f] && (*is)(mem_pa(f)))
			return (1);
	return (0);
}

/*
 * Fill in the form that the dump of "model" will have.  This compresses it, as
 * the model knows only what must come out again.
 */
static void
know_form(struct form *f)
{
	unsigned i;

	f->length = f->gz ? 0 : model.length;
	if (!f->gz)
		return;
	f->nmembers = kern_members(model.nleft, model.left, f->size);
	for (i = 0; i < f->nmembers; i++)
		f->length += f->size[i];
}

/*
 * A device just large enough for the dump, if that cannot be compressed, or
 * larger by "spare" bytes; those that are "kept" of them can be looked at.
 */
static void
make_device(long long mediaoffset, long long spare, size_t kept)
{
	size_t len;

	len = (size_t)model.length + 2 * KDH_SIZE;
	if (form.gz)
		len += ((size_t)model.length / 500 + 5 * DEV_BLOCK) &
		    ~(size_t)(DEV_BLOCK - 1);
	dev_init(mediaoffset, METADATA + (long long)len + spare, len + kept);
}

/* How many bytes a dump can have on it. */
static uint64_t
dev_room(void)
{

	return ((uint64_t)dev.mediasize - METADATA - 2 * KDH_SIZE);
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

/*
 * Make the plain dump, "*length" bytes, of one of "f->length" bytes that
 * savecore would find in "mem".
 */
static const char *
plain_dump(const unsigned char *mem, struct form *f, struct image *plain,
    uint64_t *length)
{
	const unsigned char *p;

	p = mem + dev.len - KDH_SIZE - f->length;
	if (f->gz)
		return (unpack(p, f, plain, length));
	*length = f->length;
	plain->mem = sim_grow(plain->mem, &plain->size, (size_t)*length);
	memcpy(plain->mem, p, (size_t)*length);
	return (NULL);
}

/* The same of one that "model" describes, see model_forget(). */
static const char *
model_dump(const unsigned char *mem, struct form *f, struct image *plain)
{
	const char *error;
	uint64_t length;

	error = plain_dump(mem, f, plain, &length);
	if (error == NULL && length != model.length)
		error = "length of the plain dump";
	if (error == NULL)
		model_forget(plain->mem, &model, &lay, lay.piece);
	return (error);
}

/* Find the dump on the device: form.length.  The headers must fit. */
static int
found_dump(void)
{
	const unsigned char *p;
	int64_t length;

	length = find_dump(dev.mem);
	if (length == -1)
		return (wrong("savecore would not find it"));
	form.length = (uint64_t)length;
	p = dev.mem + dev.len - KDH_SIZE;
	model_kdh(&lay, form.length, dev.blocksize, kdh);
	if (memcmp(p, kdh, KDH_SIZE) != 0 ||
	    memcmp(p - form.length - KDH_SIZE, kdh, KDH_SIZE) != 0)
		return (wrong("kernel dump header"));
	return (1);
}

/* Take it from there: "taken". */
static int
take_dump(void)
{
	const char *error;

	if (!found_dump())
		return (0);
	error = model_dump(dev.mem, &form, &taken);
	return (error == NULL || wrong("%s", error));
}

/* Is what was taken the dump, as it must be? */
static int
check_dump(void)
{
	static const char *const names[] = { "header", "message buffer",
	    "bitmap", "page tables", "pages" };
	const unsigned char *p;
	uint64_t at;
	int i;

	p = taken.mem;
	if (memcmp(p, image.mem, model.length) != 0) {
		for (at = 0; p[at] == image.mem[at]; at++)
			;
		for (i = 0; at >= model.end[i]; i++)
			;
		return (wrong("%s: byte 0x%llx of the dump: 0x%02x, not "
		    "0x%02x", names[i], (unsigned long long)at, p[at],
		    image.mem[at]));
	}
	return (1);
}

/* What was printed and done must be what "telling" says. */
static int
check_told(void)
{

	if (strcmp(console, telling.text) != 0)
		return (wrong("console: \"%s\", not \"%s\"", console,
		    telling.text));
	if (dev.calls != telling.calls || dev.polls != telling.polls)
		return (wrong("%u calls and %u polls, not %u and %u",
		    dev.calls, dev.polls, telling.calls, telling.polls));
	return (1);
}

/*
 * A dump that is to end in this way; one that is to be complete is taken.  If
 * it is compressed and is not to be complete, "form" is known.
 */
static int
dump_ending(const struct ending *e)
{
	sim_dump();
	if (sim_error[0] != '\0')
		return (wrong("%s", sim_error));
	if (e->fail_call == 0 && (e->key_poll == 0 || e->key != 3) &&
	    !take_dump())
		return (0);
	memset(&telling, 0, sizeof(telling));
	(void)model_console(&model, &lay, &form, dev_room(), e, &telling);
	return (check_told());
}

/* A dump that is to be complete and right. */
static int
dump_right(void)
{
	uint64_t tables;

	dev_rearm();
	if (!dump_ending(&complete) || !check_dump())
		return (0);
	/* Every table twice, for the head of the message buffer, its pages. */
	tables = 2 * lay.npieces + MSGBUF_SIZE + 2 * (model.msgbuf_size /
	    PAGE + 2);
	if (mem_hook == NULL && (mem_loads > tables * (NENTRY + DIRS) ||
	    mem_maps > tables * (DIRS + 2) + model.npages))
		return (wrong("%llu entries read and %llu frames mapped",
		    (unsigned long long)mem_loads,
		    (unsigned long long)mem_maps));
	return (1);
}

/*
 * Layouts of all kinds, dumped twice.
 */

static const struct kind kinds[] = {
/*	  name	  n  rg pc hi  l su al dm msg end scr noise big huge */
	{ "small", 100, 4, 4, 0, 0, 0, 10, 0, 0, 0, 0, 20, 0, 0 },
	{ "many ranges of memory", 60, 32, 8, 20, 0, 0, 10, 0, 0, 0, 0, 20,
	    0, 0 },
	{ "high memory", 60, 6, 6, 100, 0, 10, 10, 10, 10, 0, 10, 20, 0, 0 },
	{ "superpages", 50, 6, 6, 20, 0, 80, 10, 0, 0, 0, 0, 20, 0, 0 },
	{ "damaged directories", 100, 6, 8, 10, 0, 5, 20, 50, 10, 2, 0, 20,
	    0, 0 },
	{ "damaged message buffer", 100, 6, 6, 0, 0, 5, 10, 5, 90, 0, 0, 20,
	    0, 0 },
	{ "damaged end of kernel memory", 20, 6, 8, 0, 0, 10, 10, 20, 20, 100,
	    0, 20, 0, 0 },
	{ "damaged bitmaps", 60, 6, 6, 20, 0, 0, 10, 0, 0, 0, 100, 20, 0, 0 },
	{ "memory up to the end", 15, 6, 6, 0, 100, 0, 10, 0, 0, 0, 20, 20,
	    0, 0 },
	{ "everything", 100, 12, 8, 20, 0, 10, 20, 20, 20, 2, 20, 20, 0, 0 },
};

/* For cases that are about something else. */
static const struct kind small = { "small", 0, 4, 4, 0, 0, 0, 10, 10, 10, 0,
    0, 20, 0, 0 };
/* Where each entry has one place in the dump. */
static const struct kind plain = { "plain", 0, 6, 8, 0, 0, 10, 0, 0, 10, 0,
    0, 20, 0, 0 };
/* Much that cannot be compressed. */
static const struct kind noisy = { "noisy", 0, 6, 6, 0, 0, 80, 10, 0, 0, 0,
    0, 100, 0, 0 };
/* Of some hundred writes. */
static const struct kind large = { "large", 0, 2, 4, 0, 0, 0, 10, 0, 10, 0, 0,
    20, 3200, 0 };
/* Of more than 4 GiB. */
static const struct kind huge = { "huge", 0, 4, 6, 0, 0, 0, 10, 0, 0, 0, 0,
    20, 0, 1 };
/* Whose tables are all right until they are damaged. */
static const struct kind whole = { "whole", 0, 4, 6, 5, 0, 3, 10, 0, 5, 0, 0,
    20, 0, 0 };

static int
check_spare(size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (dev.mem[i] != 0xe5)
			return (wrong("write below the dump"));
	return (1);
}

/* The size that a running kernel tells; what it prints is another matter. */
static uint64_t asked;

/* Estimates of a compressed one: from all members, and from a few. */
#define	FEW	5
static struct {
	uint64_t	all, few;
	unsigned	looked;		/* members, for the latter */
} guessed;

static void
ask_size(void)
{
	static char said[sizeof(console)];

	memcpy(said, console, sizeof(said));
	asked = kern_size(form.gz);
	if (form.gz) {
		guessed.all = kern_estimate(KERN_MEMBERS);
		members_made = 0;
		guessed.few = kern_estimate(FEW);
		guessed.looked = members_made;
	}
	memcpy(console, said, sizeof(said));
}

/*
 * It must be that of its dump.  The bitmap that the dump code works in, if it
 * is in the dump, is not the same then.
 */
static int
check_asked(void)
{

	if (form.gz && in_dump(mem_frozen_bitmap))
		return (1);
	if (asked != METADATA + form.length + 2 * KDH_SIZE)
		return (wrong("device of %llu bytes asked for, dump is %llu",
		    (unsigned long long)asked,
		    (unsigned long long)form.length));
	if (!form.gz)
		return (1);
	if (guessed.all > asked + 2 * DEV_BLOCK ||
	    guessed.all + 2 * DEV_BLOCK < asked)
		return (wrong("device of %llu bytes asked for, %llu estimated "
		    "from all members", (unsigned long long)asked,
		    (unsigned long long)guessed.all));
	if (guessed.looked > FEW || guessed.few < asked / 64)
		return (wrong("%llu bytes estimated from %u members, of %llu",
		    (unsigned long long)guessed.few, guessed.looked,
		    (unsigned long long)asked));
	return (1);
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
	ask_size();
	if (!dump_right() || !check_asked() ||
	    !check_spare(dev.len - (size_t)form.length - 2 * KDH_SIZE))
		return (0);

	/* The kernel goes on for a while, and the next dump is another. */
	layout_touch(&lay, (unsigned)rnd_below(20));
	make_model(0);
	model_image(&image, &model, &lay, lay.piece);
	make_device(offset, 0, 0);
	return (dump_right());
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
	model_pages(&model, &lay, lay.piece, 0);
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
	asked = 0;
	mem_hook = ask_size;
	ok = dump_right();
	mem_hook = NULL;
	return (ok && (asked == 0 || check_asked()));
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
	if (mem_live_bitmap(mem_pa(frame)) || mem_arena(mem_pa(frame)))
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
	uint64_t at, from, va;
	int f;

	if (memcmp(taken.mem, old, model.end[S_HEADER]) != 0)
		return (wrong("header changed"));
	from = model.end[S_HEADER];
	for (at = from; at < model.end[S_MSGBUF]; at++) {
		at = compare_either(taken.mem, old, new, at,
		    model.end[S_MSGBUF], 1);
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
	if (memcmp(taken.mem + from, old + from, model.bitmap_size) != 0)
		return (wrong("bitmap changed"));
	from = model.end[S_BITMAP];
	at = compare_either(taken.mem, old, new, from, model.end[S_TABLES],
	    ESIZE);
	if (at != model.end[S_TABLES])
		return (wrong("page tables: byte 0x%llx",
		    (unsigned long long)at));
	for (f = 0, from = at; f < mem_count(); f++) {
		if (!model.in[f])
			continue;
		at = compare_either(taken.mem, old, new, from, from + PAGE,
		    ESIZE);
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
	static struct image new;
	int ok;

	make_layout(&plain, seed);
	layout_changes(&lay, 1);
	make_model(0);
	model_image(&image, &model, &lay, lay.piece);
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
	make_model(0);
	model_image(&image, &model, &lay, lay.piece);
	make_device(0, 0, 0);
	return (ok && dump_right());
}

/*
 * The same, from the first frame that is mapped to the last call: then only
 * what is untouched is known.
 */
static int
word_changes(uint64_t pa)
{
	unsigned i;

	if (pa == 0)
		return (lay.lose_root);
	for (i = 0; i < lay.nchanges; i++)
		if (lay.change[i].pa == pa)
			return (1);
	return (0);
}

static void
run_any(void)
{

	if (chance(3))
		run_on();
}

static int
any_case(uint64_t seed)
{
	static struct layout before;
	static const char done[] = "\nDump complete\n";
	const char *error;
	uint64_t length;
	size_t len;

	make_layout(&plain, seed);
	layout_changes(&lay, 1);
	before = lay;
	len = (size_t)model.end[S_TABLES] + (size_t)mem_count() * PAGE * 9 / 8;
	dev_init(0, METADATA + (long long)len, len);
	mem_changes(lay.change, lay.nchanges, CHANGE_ANY);
	dev.any_hook = run_any;
	sim_dump();
	mem_no_changes();
	if (sim_error[0] != '\0')
		return (wrong("%s", sim_error));
	if (strlen(console) < sizeof(done) || strcmp(console +
	    strlen(console) - strlen(done), done) != 0)
		return (wrong("console: \"%s\"", console));
	if (!found_dump())
		return (0);
	error = plain_dump(dev.mem, &form, &taken, &length);
	if (error == NULL)
		error = damage_check(&before, word_changes, taken.mem, length);
	return (error == NULL || wrong("%s", error));
}

/*
 * Damaged page tables.
 */
#define	ROUNDS		20		/* of damages to a layout */
static unsigned ndamages;

static int
damage_case(uint64_t seed)
{
	static struct layout before;
	const char *error;
	unsigned i, n;
	int ok;

	make_layout(&whole, seed);
	before = lay;
	damage_walk(&lay);
	for (i = 0; i < lay.npieces; i++)
		if (lay.piece[i].is != before.piece[i].is ||
		    lay.piece[i].pa != before.piece[i].pa)
			return (wrong("the walk is wrong"));
	ok = 1;
	for (i = 0; i < ROUNDS && ok; i++) {
		n = 1 + (unsigned)rnd_below(chance(80) ? 3 : MAXDAMAGES);
		do {
			damage_undo(&lay);
			damage_walk(&lay);
			damage_some(&lay, n);
		} while (damage_moves(&lay));
		ndamages += n;
		make_model(0);
		model_image(&image, &model, &lay, lay.piece);
		make_device(0, 0, 0);
		ok = dump_right();
		error = !ok ? NULL : damage_check(&before, damage_hit,
		    taken.mem, model.length);
		if (error != NULL)
			ok = wrong("%s", error);
	}
	damage_undo(&lay);
	return (ok);
}

/*
 * The size of the device.
 */

/* What the dump is without the first kinds, plain and compressed. */
static struct plan {
	struct model	model;
	struct form	form[2];	/* gz or not */
} plans[KERN_KINDS + 1];

static void
make_plans(void)
{
	struct plan *p;
	unsigned nleft;

	for (nleft = 0; nleft <= KERN_KINDS; nleft++) {
		p = &plans[nleft];
		make_model(nleft);
		p->model = model;
		p->form[1].gz = 1;
		know_form(&p->form[0]);
		know_form(&p->form[1]);
	}
}

/*
 * "telling" of a dump onto a device with "room" bytes for one, that is to end
 * in this way.  Returns the plan that the last attempt followed, or NULL if
 * all of them were too large.
 */
static const struct plan *
expect_plans(int mode, uint64_t room, const struct ending *e,
    const struct form **formp)
{
	const struct plan *p;
	int gz;

	memset(&telling, 0, sizeof(telling));
	for (p = plans; p <= &plans[KERN_KINDS]; p++) {
		gz = mode == 1 || (mode == 2 && (p > plans ||
		    plans[0].model.length > room));
		*formp = &p->form[gz];
		if (!model_console(&p->model, &lay, *formp, room, e,
		    &telling))
			return (p);
	}
	return (NULL);
}

/* What was taken, and what is left, after a dump that followed a plan. */
static int
check_plan(const struct plan *p, const struct form *f)
{

	model = p->model;
	model_image(&image, &model, &lay, lay.piece);
	form = *f;
	if (!take_dump() || !check_dump())
		return (0);
	return (form.length == f->length || wrong("%llu bytes, not %llu",
	    (unsigned long long)form.length, (unsigned long long)f->length));
}

/* A device on which a dump could have "room" bytes. */
static void
plan_device(long long room, long long offset)
{

	dev_init(offset, room + METADATA + 2 * KDH_SIZE,
	    (size_t)plans[0].model.length * 2);
	if (offset < 0)
		dev.mediaoffset = 4 * GIB - dev.mediasize;
}

static int
size_dump(int mode, long long room, long long offset)
{
	const struct plan *p;
	const struct form *f;
	uint64_t need;
	size_t used;

	kern_set_compress(mode);
	plan_device(room, offset);
	p = expect_plans(mode, room > 0 ? (uint64_t)room : 0, &complete, &f);
	if (p == NULL) {
		need = f->length + METADATA + 2 * KDH_SIZE;
		used = strlen(telling.text);
		snprintf(telling.text + used, sizeof(telling.text) - used,
		    "Dump failed: device too small: %llu MB needed, %lld MB "
		    "there\n", (unsigned long long)(need + 0xfffff) >> 20,
		    dev.mediasize > 0 ? dev.mediasize >> 20 : 0);
	}
	sim_dump();
	if (sim_error[0] != '\0')
		return (wrong("%s", sim_error));
	if (!check_told())
		return (0);
	if (p == NULL)
		return (find_dump(dev.mem) == -1 || wrong("dump found"));
	return (check_plan(p, f));
}

/* Just large enough for each of the dumps, and a block too small. */
static int
sizes_case(uint64_t seed, int mode)
{
	static const long long offsets[] = { 0, 63 * 512, 5 * GIB + 512, -1 };
	static const long long others[] = { 0, 512, -512, 1024, 4000 * GIB,
	    -METADATA - 2 * KDH_SIZE, -METADATA - 2 * KDH_SIZE + 512,
	    -1024 * 1024, -0x7fffffffffffffffLL - 1 + METADATA };
	unsigned gz, i, k;
	long long offset;

	make_layout(&small, seed);
	know_form(&form);
	make_plans();
	for (k = 0; k <= KERN_KINDS; k++)
		for (gz = 0; gz < 2; gz++) {
			if ((k > 0 && plans[k].model.left[k - 1] == 0) ||
			    (mode == 0 && gz) ||
			    (mode == 1 && !gz) || (mode == 2 && !gz && k > 0))
				continue;
			for (i = 0; i < 3; i++) {
				offset = offsets[rnd_below(NITEMS(offsets))];
				if (!size_dump(mode, (long long)
				    plans[k].form[gz].length + 512 *
				    ((long long)i - 1), offset))
					return (wrong("without %u kinds", k));
			}
		}
	for (i = 0; i < NITEMS(others); i++)
		if (!size_dump(mode, others[i], GIB * (i & 1)))
			return (0);
	return (1);
}

static int
size_case(uint64_t seed)
{

	return (sizes_case(seed, form.gz));
}

static int
fit_case(uint64_t seed)
{

	return (sizes_case(seed, 2));
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

/* The headers of the older dump alone. */
static void
put_old(enum old_is is)
{
	unsigned char old_kdh[KDH_SIZE];
	static struct layout older;

	if (is == OLD_NONE)
		return;
	older = lay;
	if (is != OLD_SAME_HEADER)
		older.vars.now ^= 1 + (long)rnd_below(1000);
	model_kdh(&older, old_length, dev.blocksize, old_kdh);
	memcpy(dev.mem + dev.len - KDH_SIZE, old_kdh, KDH_SIZE);
	memcpy(dev.mem + dev.len - 2 * KDH_SIZE - old_length, old_kdh,
	    KDH_SIZE);
}

/* Fill the device, with an older dump of about the length of this one. */
static void
fill_old(enum old_is is)
{

	old_length = form.length;
	if (is == OLD_LONGER)
		old_length += (1 + rnd_below(40)) * PAGE;
	else if (is == OLD_SHORTER)
		old_length = (1 + rnd_below(form.length / DEV_BLOCK - 1)) *
		    DEV_BLOCK;
	rnd_fill(dev.mem, dev.len);
	put_old(is);
	memcpy(dev.medium, dev.mem, dev.len);
	old_mem = sim_grow(old_mem, &old_size, dev.len);
	memcpy(old_mem, dev.mem, dev.len);
}

static void
make_old(enum old_is is)
{

	make_device(0, 40 * PAGE, 40 * PAGE);
	fill_old(is);
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
	static struct form there;
	static struct image plain_there;
	int64_t len;
	size_t from;

	len = find_dump(mem);
	if (len == -1)
		return (FOUND_NONE);
	there.gz = form.gz;
	there.length = form.length;
	model_kdh(&lay, form.length, dev.blocksize, kdh);
	if ((uint64_t)len == form.length &&
	    memcmp(mem + dev.len - KDH_SIZE, kdh, KDH_SIZE) == 0 &&
	    model_dump(mem, &there, &plain_there) == NULL &&
	    memcmp(plain_there.mem, image.mem, model.length) == 0)
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
	int is;

	make_layout(&small, seed);
	know_form(&form);
	for (is = 0; is < NOLD; is++) {
		make_old(is);
		dev.hook = power_fails;
		if (!dump_ending(&complete) || !check_dump())
			return (wrong("with old dump, kind %d", is));
		if (whats_there(dev.medium) != FOUND_NEW)
			return (wrong("not flushed at the end"));
	}
	return (why[0] == '\0');
}

/*
 * Errors of the device, and keys.
 */

enum trouble {
	FAILS,				/* that call */
	FAILS_LATE,			/* but what it wrote is there */
	FAILS_ON,			/* and all later ones */
	NTROUBLES
};

/* Let call n fail, in a device that was made anew, with an older dump. */
static void
plan_failure(struct ending *e, unsigned n, enum trouble t)
{
	static const int errnos[] = { 5, 6, 16, 22, 28, 60, 85, -1, -3 };

	memset(e, 0, sizeof(*e));
	dev.fail_call = e->fail_call = n;
	dev.fail_errno = e->fail_errno = errnos[rnd_below(NITEMS(errnos))];
	dev.fail_late = t == FAILS_LATE;
	dev.fail_on = t == FAILS_ON;
}

/*
 * Call n of so many failed: is what is on the device no dump?  It can be the
 * new one if the device says that the flush at the end failed, and then fails
 * to take the trailer back; and the old one, if it cannot be written to.
 */
static int
check_failed(unsigned n, unsigned calls, enum trouble t)
{
	enum found found;

	found = whats_there(dev.mem);
	if (found != FOUND_NONE &&
	    !(found == FOUND_OLD && n == 1 && t != FAILS_LATE) &&
	    !(found == FOUND_NEW && n == calls && t == FAILS_ON))
		return (wrong("call %u of %u failed, and the %s dump is there",
		    n, calls, found == FOUND_OLD ? "old" : "new"));
	return (1);
}

static int
error_case(uint64_t seed)
{
	struct ending e;
	unsigned calls, n;
	int t;

	make_layout(&small, seed);
	know_form(&form);
	calls = 2 + model_writes(&form) + 3;
	for (n = 1; n <= calls; n++)
		for (t = 0; t < NTROUBLES; t++) {
			make_old((enum old_is)rnd_below(NOLD));
			plan_failure(&e, n, (enum trouble)t);
			dev.hook = power_fails;
			if (!dump_ending(&e) ||
			    !check_failed(n, calls, (enum trouble)t))
				return (0);
			if (!dump_right())
				return (wrong("after error in call %u", n));
		}
	return (why[0] == '\0');
}

/* A dump of some hundred writes; those of a compressed one take their time. */
static int
writes_case(uint64_t seed)
{
	struct ending e;
	unsigned calls, n;
	int t;

	make_layout(&large, seed);
	know_form(&form);
	calls = 2 + model_writes(&form) + 3;
	make_device(0, 0, 0);
	if (!dump_right())
		return (0);
	if (!form.gz && calls < 200)
		return (wrong("%u calls are few", calls));
	old_length = form.length;
	for (n = 1; n <= calls; n += form.gz ? calls / 3 : 1)
		for (t = 0; t < NTROUBLES; t += 2) {
			dev_rearm();
			put_old(OLD_SAME_LENGTH);
			plan_failure(&e, n, (enum trouble)t);
			if (!dump_ending(&e))
				return (0);
			if (n > 1 && n < calls && find_dump(dev.mem) != -1)
				return (wrong("call %u failed, and a dump is "
				    "there", n));
		}
	return (dump_right());
}

static int
key_case(uint64_t seed)
{
	struct ending e;
	unsigned n;

	make_layout(&small, seed);
	know_form(&form);
	memset(&e, 0, sizeof(e));
	for (n = 1; n <= model_writes(&form); n++) {
		make_old((enum old_is)rnd_below(NOLD));
		dev.key_poll = e.key_poll = n;
		dev.key = e.key = 3;
		dev.hook = power_fails;
		if (!dump_ending(&e))
			return (0);
		if (whats_there(dev.mem) != FOUND_NONE)
			return (wrong("^C at poll %u: dump left", n));
		if (!dump_right())
			return (wrong("after ^C at poll %u", n));

		dev_rearm();
		dev.key_poll = n;
		dev.key = e.key = n == 1 ? 0 : 'a' + (int)rnd_below(26);
		if (!dump_ending(&e) || !check_dump())
			return (wrong("other key at poll %u", n));
	}
	return (why[0] == '\0');
}

/*
 * The first attempts do not fit, and it is in one of them, or in the one that
 * would, that a call fails, a key is typed or the power fails.
 */
static int
left_trouble(const struct plan *fits, unsigned n, unsigned calls, int t)
{
	const struct plan *p;
	const struct form *f;
	struct ending e;
	uint64_t room;

	room = fits->form[1].length;
	plan_device((long long)room, GIB);
	model = fits->model;
	form = fits->form[1];
	model_image(&image, &model, &lay, lay.piece);
	fill_old((enum old_is)rnd_below(NOLD));
	memset(&e, 0, sizeof(e));
	if (t < NTROUBLES)
		plan_failure(&e, n, (enum trouble)t);
	else if (n > 0) {
		dev.key_poll = e.key_poll = n;
		dev.key = e.key = t == NTROUBLES ? 3 : 'c';
	}
	dev.hook = n == 0 || chance(20) ? power_fails : NULL;
	p = expect_plans(2, room, &e, &f);
	sim_dump();
	if (sim_error[0] != '\0')
		return (wrong("%s", sim_error));
	if (!check_told())
		return (0);
	if (n > 0 && t < NTROUBLES)
		return (check_failed(n, calls, (enum trouble)t));
	if (n > 0 && t == NTROUBLES)
		return (whats_there(dev.mem) == FOUND_NONE || wrong("dump "
		    "left"));
	return (p == fits ? check_plan(p, f) : wrong("another plan"));
}

static int
left_case(uint64_t seed)
{
	const struct plan *fits;
	unsigned calls, k, n, polls;

	/* One that leaves out more than one kind, if it can be. */
	do {
		make_layout(&small, seed);
		know_form(&form);
		make_plans();
		for (k = KERN_KINDS; k > 0; k--)
			if (plans[k].model.left[k - 1] != 0 &&
			    plans[k].form[1].length <
			    plans[k - 1].form[1].length)
				break;
		seed = rnd();
	} while (k == 0);
	fits = &plans[k];
	kern_set_compress(2);
	if (!left_trouble(fits, 0, 0, NTROUBLES))
		return (0);
	calls = telling.calls;
	polls = telling.polls;
	for (n = 1; n <= calls; n++)
		if (!left_trouble(fits, n, calls, (int)rnd_below(NTROUBLES)) ||
		    (n <= polls && !left_trouble(fits, n, calls, NTROUBLES +
		    (int)rnd_below(2))))
			return (0);
	return (why[0] == '\0');
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
		make_model(0);
		model_image(&image, &model, &lay, lay.piece);
		make_device(0, 0, 0);
		if (model.msgbuf_size != (more ? 0 : MSGBUF_MAX))
			return (wrong("the model is wrong"));
		if (!dump_right())
			return (0);
	}
	return (1);
}

/*
 * A dump of more than 4 GiB, as far as its first write, on a device that is
 * just large enough, or a block too small.
 */
static int
huge_case(uint64_t seed)
{
	char buf[200];
	uint64_t from, length, npages;
	unsigned i;
	int less;

	make_layout(&huge, seed);
	memset(lay.vars.kind, 0, sizeof(lay.vars.kind));
	kern_set(&lay.vars);
	for (i = 0; lay.vars.avail[2 * i + 2] != 0; i++)
		;
	from = lay.vars.avail[2 * i];
	kern_add_range(from, from + HUGE);
	npages = model.npages + HUGE / PAGE;
	length = model.end[S_MSGBUF] + boot.bitmap + (uint64_t)lay.npieces *
	    PAGE + npages * PAGE;
	for (less = 0; less < 2; less++) {
		dev_init(7 * GIB, METADATA + (long long)length + 2 * KDH_SIZE -
		    less * DEV_BLOCK, KDH_SIZE);
		dev.sink = 1;
		dev.fail_call = 3;
		dev.fail_errno = 5;
		sim_dump();
		if (sim_error[0] != '\0')
			return (wrong("%s", sim_error));
		snprintf(buf, sizeof(buf), less ? "device too small: %llu MB "
		    "needed, %llu MB there\n" : "Dumping %llu MB (%llu "
		    "pages):\nDump failed: ",
		    (unsigned long long)((less ? length + METADATA + 2 *
		    KDH_SIZE : length) + 0xfffff) >> 20,
		    less ? (unsigned long long)dev.mediasize >> 20 :
		    (unsigned long long)npages);
		if (strstr(console, buf) == NULL)
			return (wrong("console: \"%s\", without \"%s\"",
			    console, buf));
		if (dev.calls != (less ? 0 : 3) || (!less && dev.last !=
		    dev.mediaoffset + METADATA))
			return (wrong("%u calls, write at %lld", dev.calls,
			    dev.last));
	}
	return (1);
}

/*
 * What cannot be compressed is stored; how much larger it may be, unpack()
 * checks.
 */
static int
noise_case(uint64_t seed)
{
	unsigned i, stored;

	do
		make_layout(&noisy, seed++);
	while (model.npages < 400);
	make_device(0, 0, 0);
	if (!dump_right())
		return (0);
	for (i = stored = 0; i < form.nmembers; i++)
		stored += form.size[i] > 61440;
	return (stored > 0 || wrong("nothing is stored"));
}

/*
 * The compressor's memory is broken while it works: it writes no further than
 * it may, and can be used again.
 */
static int
broken_case(uint64_t seed)
{

	make_layout(&small, seed);
	know_form(&form);
	for (broken = BROKEN_HALF; broken <= BROKEN_ALWAYS; broken++) {
		make_device(0, 0, 0);
		if (!dump_right())
			break;
	}
	broken = WHOLE;
	make_device(0, 0, 0);
	return (dump_right());
}

/* Blocks of other sizes: refused, by their size, and nothing is done. */
static int
blocks_case(uint64_t seed)
{
	static const unsigned sizes[] = { 4096, 2048, 1024, 520, 256, 0 };
	char refused[100];
	unsigned i;

	make_layout(&small, seed);
	make_device(0, 0, 0);
	for (i = 0; i < NITEMS(sizes); i++) {
		dev.blocksize = sizes[i];
		snprintf(refused, sizeof(refused), "Dump failed: the device "
		    "has blocks of %u bytes, not 512\n", sizes[i]);
		sim_dump();
		if (sim_error[0] != '\0')
			return (wrong("blocks of %u bytes: %s", sizes[i],
			    sim_error));
		if (dev.calls != 0 || strcmp(console, refused) != 0)
			return (wrong("blocks of %u bytes: %u calls, \"%s\"",
			    sizes[i], dev.calls, console));
	}
	return (1);
}

/*
 * An ATA channel that does not do what it is told: the dump is whole, or the
 * first write has failed.
 */
static int
ata_case(uint64_t seed)
{
	static const struct {
		enum kern_ata	how;
		int		error;
	} modes[] = {
		{ ATA_WORKS, 0 }, { ATA_FLIGHT, 0 }, { ATA_STUCK, 0 },
		{ ATA_TAKEN, 0 }, { ATA_LOCKED, 0 }, { ATA_MIRROR, 0 },
		{ ATA_SERIAL, 0 },
		{ ATA_QUEUED, 16 },	/* EBUSY */
		{ ATA_SILENT, 60 },	/* ETIMEDOUT */
		{ ATA_SHORT, 5 },	/* EIO */
	};
	char failed[100];
	unsigned i;

	make_layout(&large, seed);
	know_form(&form);
	for (i = 0; i < NITEMS(modes); i++) {
		make_device(0, 0, 0);
		kern_ata(modes[i].how);
		sim_dump();
		kern_ata(ATA_NONE);
		if (sim_error[0] != '\0')
			return (wrong("mode %u: %s", i, sim_error));
		snprintf(failed, sizeof(failed), "Dump failed: start: error "
		    "%d\n", modes[i].error);
		if (strstr(console, modes[i].error == 0 ? "Dump complete\n" :
		    failed) == NULL)
			return (wrong("mode %u: console \"%s\"", i, console));
		if (modes[i].error != 0 ? find_dump(dev.mem) != -1 :
		    !take_dump() || !check_dump())
			return (wrong("mode %u: another dump", i));
	}
	return (1);
}

/*
 * It crashes while it dumps: at one of its calls and polls, and whenever it
 * looks at memory.
 */
static unsigned crash_at, crash_calls, crashes;

static void
crash(void)
{

	if (crash_at-- != 0)
		return;
	crashes++;
	crash_calls = dev.calls;
	kern_dump(dev.mediaoffset, dev.mediasize, dev.blocksize);
}

/*
 * A debugger begins another dump then.  That one is whole, and the older one,
 * when it is let go on, does nothing any more.
 */
static int
crash_case(uint64_t seed)
{
	static const char replaced[] =
	    "Dump failed: another has taken its place\n";
	unsigned events, i;
	char *p;

	make_layout(&small, seed);
	know_form(&form);
	make_device(0, 0, 0);
	if (!dump_right())
		return (0);
	events = dev.calls + dev.polls + (unsigned)mem_maps;
	for (i = 0; i < 30; i++) {
		make_device(0, 0, 0);
		crash_at = i < dev.calls ? i : (unsigned)rnd_below(events);
		crashes = 0;
		dev.any_hook = crash;
		sim_dump();
		dev.any_hook = NULL;
		if (sim_error[0] != '\0')
			return (wrong("%s", sim_error));
		memset(&telling, 0, sizeof(telling));
		(void)model_console(&model, &lay, &form, dev_room(),
		    &complete, &telling);
		p = strstr(console, telling.text);
		if (crashes != 1 || p == NULL || strstr(p, replaced) == NULL)
			return (wrong("crash %u of %u: \"%s\"", i, events,
			    console));
		if (dev.calls != crash_calls + telling.calls)
			return (wrong("crash %u of %u: %u calls, not %u and "
			    "%u", i, events, dev.calls, crash_calls,
			    telling.calls));
		if (!take_dump() || !check_dump())
			return (0);
	}
	return (dump_right());
}

/* Before minidump_startup(); and progress of what no machine has. */
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
	    "Dump failed: no page bitmap: error 6\n") != 0)
		return (wrong("%s %u calls, console \"%s\"", sim_error,
		    dev.calls, console));
	console[0] = '\0';
	kern_progress((uint64_t)7 << 44, (uint64_t)10 << 44);
	return (strcmp(console, " 70%") == 0 || wrong("progress: %s",
	    console));
}

/* How many layouts there are of each case, plain and compressed. */
static const struct {
	const char	*name;
	int		(*run)(uint64_t seed);
	unsigned	count[2];
} cases[] = {
	{ "dump before boot is done", early_case, { 1, 0 } },	/* first */
	{ "damaged page tables", damage_case, { 120, 3 } },
	{ "entries change when read", read_case, { 100, 10 } },
	{ "other CPUs run on", run_case, { 120, 15 } },
	{ "other CPUs do anything", any_case, { 120, 15 } },
	{ "size asked for meanwhile", ask_case, { 50, 5 } },
	{ "size of the device", size_case, { 20, 2 } },
	{ "more than 4 GiB", huge_case, { MEMBITS > 32 ? 10 : 0, 0 } },
	{ "made to fit", fit_case, { 0, 6 } },
	{ "made to fit, and in trouble", left_case, { 0, 2 } },
	{ "message buffer of 16 MB", msgbuf_case, { 1, 1 } },
	{ "power fails", power_case, { 20, 5 } },
	{ "error in any call", error_case, { 10, 2 } },
	{ "error in any of many writes", writes_case, { 1, 1 } },
	{ "key at any poll", key_case, { 15, 3 } },
	{ "crash while dumping", crash_case, { 5, 2 } },
	{ "blocks of other sizes", blocks_case, { 2, 1 } },
	{ "ATA channel in trouble", ata_case, { 2, 1 } },
	{ "compressor's memory is broken", broken_case, { 0, 3 } },
	{ "noise", noise_case, { 0, 5 } },
};
#define	KIND_SHARE	10	/* of the layouts of a kind: compressed */

static void
report_case(const char *name, const char *prefix, const char *what,
    unsigned count, uint64_t seed, int ok)
{
	char damages[40];

	damages[0] = '\0';
	if (ndamages > 0)
		snprintf(damages, sizeof(damages), ", %u damages", ndamages);
	report(ok, "host %s: %s%s%s: %u layouts%s, seed %llu%s%s", name,
	    prefix, what, form.gz ? ", compressed" : "", count, damages,
	    (unsigned long long)seed, ok ? "" : ": ", why);
}

/* All cases, plain or compressed. */
static void
run_cases(const char *name, uint64_t seed, int gz)
{
	unsigned count, i, n;
	int ok;

	for (i = 0; i < NITEMS(cases) + NITEMS(kinds); i++) {
		why[0] = '\0';
		ndamages = 0;
		form.gz = gz;
		kern_set_compress(gz);
		alarm(HANGS);
		if (i < NITEMS(cases)) {
			count = cases[i].count[gz];
			for (n = 0, ok = 1; n < count && ok; n++)
				ok = (*cases[i].run)(seed + n);
		} else {
			count = kinds[i - NITEMS(cases)].count /
			    (gz ? KIND_SHARE : 1);
			for (n = 0, ok = 1; n < count && ok; n++)
				ok = layout_case(&kinds[i - NITEMS(cases)],
				    seed + n);
		}
		form.gz = gz;
		if (count > 0)
			report_case(name, i < NITEMS(cases) ? "" : "layouts, ",
			    i < NITEMS(cases) ? cases[i].name :
			    kinds[i - NITEMS(cases)].name, count, seed, ok);
	}
}

int
main(int argc, char **argv)
{
	uint64_t seed;

	if (argc < 2) {
		fprintf(stderr, "usage: hosttest NAME [SEED]\n");
		return (2);
	}
	seed = argc > 2 ? strtoull(argv[2], NULL, 0) : DEFAULT_SEED;
	run_cases(argv[1], seed, 0);
	run_cases(argv[1], seed, 1);
	return (report_status());
}
