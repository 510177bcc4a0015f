/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Dumps that begin when they should not: while another is being written, and
 * before there is anything to dump.
 */

#include <string.h>

#include "test.h"

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
int
crash_case(uint64_t seed)
{
	static const char replaced[] =
	    "Dump failed: another has taken its place\n";
	unsigned events, i;
	char *p;

	make_layout(&kind_small, seed);
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
int
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
