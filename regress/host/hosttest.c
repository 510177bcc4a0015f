/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Unit tests of the code that writes minidumps, against simulated machines
 * with random memory, page tables and message buffers.
 *
 * 	hosttest NAME [SEED]
 *
 * Here is the table of the cases; each is a function of the files that test.h
 * names.  Layout number n of a case has the seed SEED + n; a failure tells its
 * seed, and a run with that seed begins with it.
 */

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "../report.h"
#include "test.h"

#define	DEFAULT_SEED	20060301
#define	HANGS		600	/* seconds: no case takes a tenth of it */

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
	if (damages_made > 0)
		snprintf(damages, sizeof(damages), ", %u damages",
		    damages_made);
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

	for (i = 0; i < NITEMS(cases) + nkinds; i++) {
		why[0] = '\0';
		damages_made = 0;
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
