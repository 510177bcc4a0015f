/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Devices that are not as they should be: blocks of other sizes, an ATA
 * channel that does not do what it is told.
 */

#include <stdio.h>
#include <string.h>

#include "test.h"

/* Blocks of other sizes: refused, by their size, and nothing is done. */
int
blocks_case(uint64_t seed)
{
	static const unsigned sizes[] = { 4096, 2048, 1024, 520, 256, 0 };
	char refused[100];
	unsigned i;

	make_layout(&kind_small, seed);
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
int
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

	make_layout(&kind_large, seed);
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
