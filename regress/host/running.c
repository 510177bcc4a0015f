/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Other CPUs run on during the dump: its shape is that of the beginning, and
 * all that did not change is right.
 */

#include <stdio.h>
#include <string.h>

#include "damage.h"
#include "test.h"

/* Each entry changes as soon as it has been read. */
int
read_case(uint64_t seed)
{

	make_layout(&kind_plain, seed);
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

int
run_case(uint64_t seed)
{
	static struct image new;
	int ok;

	make_layout(&kind_plain, seed);
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

int
any_case(uint64_t seed)
{
	static struct layout before;
	static const char done[] = "\nDump complete\n";
	const char *error;
	uint64_t length;
	size_t len;

	make_layout(&kind_plain, seed);
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
