/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The kernel dump header, for vmcore save: decodes, compares and prints it.
 */

#include <sys/types.h>
#include <sys/endian.h>

#include <inttypes.h>
#include <string.h>

#include "kerneldump.h"
#include "vmcore.h"

enum field {
	MAGIC, ARCHITECTURE, VERSION, ARCHVERSION, DUMPLENGTH, DUMPEXTENT,
	DUMPTIME, DUMPKEYSIZE, BLOCKSIZE, COMPRESSION, HOSTNAME,
	VERSIONSTRING, PANICSTRING, PARITY, NFIELDS
};

/* Offset and size of each field in each version; 0: not in that version. */
static const struct {
	const char	*name;
	struct {
		uint16_t	ofs;
		uint16_t	size;
	} at[KDH_VERSION];
} fields[NFIELDS] = {
#define	ALL(ofs, size)	{ { ofs, size }, { ofs, size }, { ofs, size },	\
			    { ofs, size } }
	{ "magic",	ALL(0, KDH_MAGICSIZE) },
	{ "architecture", ALL(20, 12) },
	{ "version",	ALL(32, 4) },
	{ "archversion", ALL(36, 4) },
	{ "dumplength",	ALL(40, 8) },
	{ "dumpextent",	{ { 0, 0 }, { 0, 0 }, { 48, 8 }, { 496, 8 } } },
	{ "dumptime",	{ { 48, 8 }, { 48, 8 }, { 56, 8 }, { 48, 8 } } },
	{ "dumpkeysize", { { 0, 0 }, { 56, 4 }, { 64, 4 }, { 56, 4 } } },
	{ "blocksize",	{ { 56, 4 }, { 60, 4 }, { 68, 4 }, { 60, 4 } } },
	{ "compression", { { 0, 0 }, { 0, 0 }, { 72, 1 }, { 495, 1 } } },
	{ "hostname",	{ { 60, 64 }, { 64, 64 }, { 73, 64 }, { 64, 64 } } },
	{ "versionstring", { { 124, 192 }, { 128, 192 }, { 137, 192 },
	    { 128, 192 } } },
	{ "panicstring", { { 316, 192 }, { 320, 188 }, { 329, 179 },
	    { 320, 175 } } },
	{ "parity",	ALL(508, 4) },
#undef ALL
};

/* Return the table's column; an unknown version is taken for the nearest. */
static u_int
column(const struct kdh *kdh)
{

	if (kdh->version > KDH_VERSION)
		return (KDH_VERSION - 1);
	return (kdh->version == 0 ? 0 : kdh->version - 1);
}

static size_t
size_of(const struct kdh *kdh, enum field f)
{

	return (fields[f].at[column(kdh)].size);
}

static const char *
text(const struct kdh *kdh, enum field f)
{

	return ((const char *)kdh->raw + fields[f].at[column(kdh)].ofs);
}

/* Return a number; 0 if the version does not have it. */
static uint64_t
number(const struct kdh *kdh, enum field f)
{
	const char *p;
	uint64_t v;
	size_t i;

	p = text(kdh, f);
	for (v = i = 0; i < size_of(kdh, f); i++)
		v = v << 8 | (uint8_t)p[i];
	return (v);
}

static uint32_t
sum(const struct kdh *kdh)
{
	uint32_t v;
	size_t i;

	for (v = i = 0; i < KDH_SIZE; i += 4)
		v ^= be32dec(kdh->raw + i);
	return (v);
}

int
kdh_parity(const struct kdh *kdh)
{

	return (sum(kdh) == 0);
}

uint32_t
kdh_parityfield(const struct kdh *kdh)
{

	return (number(kdh, PARITY));
}

/* Restore a cleared header. */
static void
restore(struct kdh *kdh)
{
	uint8_t *parity;
	uint32_t was;

	/*
	 * savecore(8) does not update the parity when it clears the magic.
	 * If the parity of the cleared header is right, something else has
	 * computed it again.
	 */
	was = sum(kdh);
	memcpy(kdh->raw, KDH_MAGIC, KDH_MAGICSIZE);
	parity = kdh->raw + fields[PARITY].at[0].ofs;
	if (was == 0)
		be32enc(parity, be32dec(parity) ^ sum(kdh));
}

int
kdh_decode(struct kdh *kdh, const void *raw)
{

	memcpy(kdh->raw, raw, KDH_SIZE);
	kdh->kind = KDH_DUMP;
	kdh->cleared = memcmp(raw, KDH_CLEARED, KDH_MAGICSIZE) == 0;
	if (kdh->cleared)
		restore(kdh);
	else if (memcmp(raw, KDH_TEXT, sizeof(KDH_TEXT)) == 0)
		kdh->kind = KDH_TEXTDUMP;
	else if (memcmp(raw, KDH_MAGIC, KDH_MAGICSIZE) != 0)
		kdh->kind = KDH_NONE;
	kdh->version = 0;
	kdh->version = number(kdh, VERSION);
	kdh->dumplength = number(kdh, DUMPLENGTH);
	kdh->dumpextent = number(kdh, DUMPEXTENT);
	kdh->dumpkeysize = number(kdh, DUMPKEYSIZE);
	kdh->blocksize = number(kdh, BLOCKSIZE);
	kdh->compression = number(kdh, COMPRESSION);
	return (kdh->kind != KDH_NONE);
}

void
kdh_magic(const void *raw, char *value, size_t size)
{
	const char *magic;
	size_t i;

	magic = raw;
	for (i = 0; i < KDH_MAGICSIZE && i + 1 < size; i++)
		value[i] = magic[i] < ' ' || magic[i] > '~' ? '.' : magic[i];
	value[i] = '\0';
}

const char *
kdh_differ(const struct kdh *a, const struct kdh *b)
{
	enum field f;

	for (f = 0; f < NFIELDS; f++)
		if (memcmp(text(b, f), (const char *)a->raw +
		    (text(b, f) - (const char *)b->raw), size_of(b, f)) != 0)
			return (fields[f].name);
	/* Bytes between the fields are zero. */
	return (memcmp(a->raw, b->raw, KDH_SIZE) != 0 ? "unused" : NULL);
}

int
kdh_isarch(const struct kdh *kdh, const char *arch)
{

	return (strncmp(text(kdh, ARCHITECTURE), arch,
	    size_of(kdh, ARCHITECTURE)) == 0);
}

void
kdh_printline(FILE *fp, const struct kdh *kdh)
{
	char when[64];

	text_date(when, sizeof(when), number(kdh, DUMPTIME));
	fprintf(fp, "%s: ", when);
	print_line(fp, text(kdh, PANICSTRING), size_of(kdh, PANICSTRING));
}

void
kdh_print(FILE *fp, const struct kdh *kdh, const char *device,
    const char *status)
{
	static const char *const compression[] = { "none", "gzip", "zstd" };
	char when[64];

	text_date(when, sizeof(when), number(kdh, DUMPTIME));
	fprintf(fp, "Dump header from device ");
	print_name(fp, device);
	fprintf(fp, "\n  Architecture: ");
	print_line(fp, text(kdh, ARCHITECTURE), size_of(kdh, ARCHITECTURE));
	fprintf(fp, "  Architecture Version: %u\n  Dump Length: %juB (%ju MB)\n"
	    "  Blocksize: %u\n", (u_int)number(kdh, ARCHVERSION),
	    (uintmax_t)kdh->dumplength, (uintmax_t)(kdh->dumplength >> 20),
	    (u_int)kdh->blocksize);
	if (size_of(kdh, COMPRESSION) != 0)
		fprintf(fp, "  Compression: %s\n",
		    kdh->compression <= KDH_ZSTD ?
		    compression[kdh->compression] : "unknown");
	fprintf(fp, "  Dumptime: %s\n  Hostname: ", when);
	print_line(fp, text(kdh, HOSTNAME), size_of(kdh, HOSTNAME));
	fprintf(fp, "  Magic: ");
	print_line(fp, text(kdh, MAGIC), size_of(kdh, MAGIC));
	fprintf(fp, "  Version String: ");
	print_line(fp, text(kdh, VERSIONSTRING), size_of(kdh, VERSIONSTRING));
	fprintf(fp, "  Panic String: ");
	print_line(fp, text(kdh, PANICSTRING), size_of(kdh, PANICSTRING));
	fprintf(fp, "  Dump Parity: %u\n  Dump Status: %s\n",
	    (u_int)number(kdh, PARITY), status);
}
