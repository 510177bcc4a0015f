/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The kernel dump header, for vmcore save: check, compare, print.
 */

#include <sys/types.h>
#include <sys/endian.h>

#include <inttypes.h>
#include <stddef.h>
#include <string.h>
#include <time.h>

#include "kerneldump.h"
#include "vmcore.h"

static const struct {
	const char	*name;
	size_t		ofs;
	size_t		size;
} fields[] = {
#define	FIELD(name)	{ #name, offsetof(struct kerneldumphdr, name),	\
			    sizeof(((struct kerneldumphdr *)NULL)->name) }
	FIELD(magic),
	FIELD(architecture),
	FIELD(version),
	FIELD(archversion),
	FIELD(dumplength),
	FIELD(dumptime),
	FIELD(blocksize),
	FIELD(hostname),
	FIELD(versionstring),
	FIELD(panicstring),
	FIELD(parity),
#undef FIELD
};

uint32_t
kdh_parity(const struct kerneldumphdr *kdh)
{
	const uint8_t *p;
	uint32_t sum;
	size_t i;

	p = (const uint8_t *)kdh;
	sum = 0;
	for (i = 0; i < KDH_SIZE; i += 4)
		sum ^= be32dec(p + i);
	return (sum);
}

int
kdh_restore(struct kerneldumphdr *kdh)
{
	uint32_t sum;

	if (memcmp(kdh->magic, KDH_CLEARED, sizeof(kdh->magic)) != 0)
		return (0);
	/*
	 * savecore(8) leaves the parity as it was when it clears the magic.
	 * Where it holds for the cleared header it has been made anew.
	 */
	sum = kdh_parity(kdh);
	memcpy(kdh->magic, KDH_MAGIC, sizeof(kdh->magic));
	if (sum == 0)
		be32enc(kdh->parity, be32dec(kdh->parity) ^ kdh_parity(kdh));
	return (1);
}

const char *
kdh_check(const struct kerneldumphdr *kdh, char *value, size_t size)
{
	size_t i;

	if (memcmp(kdh->magic, KDH_MAGIC, sizeof(kdh->magic)) != 0) {
		for (i = 0; i < sizeof(kdh->magic) && i + 1 < size; i++)
			value[i] = kdh->magic[i] < ' ' || kdh->magic[i] > '~' ?
			    '.' : kdh->magic[i];
		value[i] = '\0';
		return ("magic");
	}
	if (be32dec(kdh->version) != KDH_VERSION) {
		snprintf(value, size, "%u", (u_int)be32dec(kdh->version));
		return ("version");
	}
	if (kdh_parity(kdh) != 0) {
		snprintf(value, size, "0x%08x",
		    (u_int)be32dec(kdh->parity));
		return ("parity");
	}
	if (be64dec(kdh->dumplength) == 0) {
		snprintf(value, size, "0");
		return ("dumplength");
	}
	return (NULL);
}

const char *
kdh_differ(const struct kerneldumphdr *a, const struct kerneldumphdr *b)
{
	size_t i;

	for (i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (memcmp((const char *)a + fields[i].ofs,
		    (const char *)b + fields[i].ofs, fields[i].size) != 0)
			return (fields[i].name);
	return (NULL);
}

void
kdh_print(FILE *fp, const struct kerneldumphdr *kdh, const char *device,
    const char *status)
{
	struct tm *tm;
	char when[64];
	time_t t;
	uint64_t length;

	length = be64dec(kdh->dumplength);
	t = be64dec(kdh->dumptime);
	tm = localtime(&t);
	if (tm == NULL || strftime(when, sizeof(when), "%a %b %e %T %Y",
	    tm) == 0)
		snprintf(when, sizeof(when), "%ju",
		    (uintmax_t)be64dec(kdh->dumptime));

	fprintf(fp, "Dump header from device %s\n", device);
	fprintf(fp, "  Architecture: ");
	print_line(fp, kdh->architecture, sizeof(kdh->architecture));
	fprintf(fp, "  Architecture Version: %u\n  Dump Length: %juB (%ju MB)\n"
	    "  Blocksize: %u\n  Dumptime: %s\n  Hostname: ",
	    (u_int)be32dec(kdh->archversion), (uintmax_t)length,
	    (uintmax_t)(length >> 20), (u_int)be32dec(kdh->blocksize), when);
	print_line(fp, kdh->hostname, sizeof(kdh->hostname));
	fprintf(fp, "  Magic: ");
	print_line(fp, kdh->magic, sizeof(kdh->magic));
	fprintf(fp, "  Version String: ");
	print_line(fp, kdh->versionstring, sizeof(kdh->versionstring));
	fprintf(fp, "  Panic String: ");
	print_line(fp, kdh->panicstring, sizeof(kdh->panicstring));
	fprintf(fp, "  Dump Parity: %u\n  Dump Status: %s\n",
	    (u_int)be32dec(kdh->parity), status);
}
