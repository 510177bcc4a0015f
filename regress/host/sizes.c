/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * How large the dump is, and the device: what is left out to make it fit, to
 * the block, and what is said if nothing makes it fit.
 */

#include <stdio.h>
#include <string.h>

#include "test.h"

/* What the dump is without the first kinds. */
struct plan plans[KERN_KINDS + 1];

void
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

const struct plan *
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
int
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
void
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

	make_layout(&kind_small, seed);
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

int
size_case(uint64_t seed)
{

	return (sizes_case(seed, form.gz));
}

int
fit_case(uint64_t seed)
{

	return (sizes_case(seed, 2));
}

/*
 * A dump of more than 4 GiB, as far as its first write, on a device that is
 * just large enough, or a block too small.
 */
int
huge_case(uint64_t seed)
{
	char buf[200];
	uint64_t from, length, npages;
	unsigned i;
	int less;

	make_layout(&kind_huge, seed);
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
int
noise_case(uint64_t seed)
{
	unsigned i, stored;

	do
		make_layout(&kind_noisy, seed++);
	while (model.npages < 400);
	make_device(0, 0, 0);
	if (!dump_right())
		return (0);
	for (i = stored = 0; i < form.nmembers; i++)
		stored += form.size[i] > 61440;
	return (stored > 0 || wrong("nothing is stored"));
}
