/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * What a crash has broken: page tables, the message buffer, the compressor's
 * memory.
 */

#include <stdio.h>
#include <string.h>

#include "damage.h"
#include "test.h"
#include "unpack.h"

/* Page tables: each layout is damaged so often. */
#define	ROUNDS		20
unsigned damages_made;

int
damage_case(uint64_t seed)
{
	static struct layout before;
	const char *error;
	unsigned i, n;
	int ok;

	make_layout(&kind_whole, seed);
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
		damages_made += n;
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
 * The largest message buffer that is believed, and one byte more.
 */
int
msgbuf_case(uint64_t seed)
{
	uint64_t va;
	uint32_t size;
	unsigned more;
	int f, i;

	for (more = 0; more < 2; more++) {
		do
			make_layout(&kind_plain, seed++);
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
 * The compressor's memory is broken while it works: it writes no further than
 * it may, and can be used again.
 */
int
broken_case(uint64_t seed)
{

	make_layout(&kind_small, seed);
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
