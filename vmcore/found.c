/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * What is known about a dump that find.c has found, for vmcore save: whether it
 * can be saved, and the text that explains why not.
 */

#include <sys/types.h>

#include <inttypes.h>
#include <string.h>

#include "find.h"

int
found_compressed(const struct found *f)
{

	switch (f->kdh.compression) {
	case KDH_GZIP:
		return (f->contents.form == FORM_GZIP);
	case KDH_ZSTD:
		return (f->contents.form == FORM_ZSTD);
	default:
		return (1);
	}
}

int
found_usable(const struct found *f, int force)
{

	if ((f->faults & (FAULT(VERSION) - 1)) != 0)
		return (0);
	return (force || f->faults == 0);
}

int
found_rank(const struct found *f)
{

	if (f->faults == 0)
		return (0);
	return (f->faults == FAULT(CLEARED) ? 1 : 2);
}

enum fault
found_worst(const struct found *f, int force)
{
	u_int damage, faults;
	enum fault i;

	/* If the headers are damaged, this may be why no dump was found. */
	damage = FAULT(PARITY) | FAULT(NOFIRST) | FAULT(DIFFER);
	faults = f->faults;
	/* The fields of other versions are unknown. */
	if (!force && (faults & FAULT(VERSION)) != 0)
		return (FAULT_VERSION);
	if (f->contents.name == NULL && (faults & damage) != 0)
		faults &= ~FAULT(NODUMP);
	for (i = 0; i < FAULT_CLEARED; i++)
		if ((faults & 1U << i) != 0)
			break;
	return (i);
}

void
found_fault(const struct found *f, enum fault fault, char *buf, size_t size)
{
	static const char *const names[] = { "plain", "gzip", "zstd" };
	const char *s;

	switch (fault) {
	case FAULT_TEXT:
		snprintf(buf, size, "header at byte %ju: magic \"%s\": a "
		    "textdump, which has no memory of the kernel in it",
		    (uintmax_t)f->hdr, KDH_TEXT);
		break;
	case FAULT_EMPTY:
		snprintf(buf, size, "no dump: header at byte %ju: dumplength 0 "
		    "is wrong", (uintmax_t)f->hdr);
		break;
	case FAULT_ROOM:
		s = strcmp(f->place.name, "disk") == 0 ? "medium" : "place";
		snprintf(buf, size, "header at byte %ju: dumplength %ju: more "
		    "than the %s's %ju bytes have room for", (uintmax_t)f->hdr,
		    (uintmax_t)f->kdh.dumplength, s, (uintmax_t)f->room);
		break;
	case FAULT_EXTENT:
		snprintf(buf, size, "header at byte %ju: dumpextent %ju: less "
		    "than its dumplength %ju", (uintmax_t)f->hdr,
		    (uintmax_t)f->kdh.dumpextent,
		    (uintmax_t)f->kdh.dumplength);
		break;
	case FAULT_ENCRYPTED:
		snprintf(buf, size, "header at byte %ju: dumpkeysize %u: an "
		    "encrypted dump, which savecore(8) and decryptcore(8) are "
		    "for", (uintmax_t)f->hdr, (u_int)f->kdh.dumpkeysize);
		break;
	case FAULT_COMPRESSION:
		snprintf(buf, size, "header at byte %ju: compression %u: %s",
		    (uintmax_t)f->hdr, f->kdh.compression,
		    f->kdh.compression == KDH_ZSTD ? "zstd, which this vmcore "
		    "was built without" : "not known");
		break;
	case FAULT_UNREAD:
		snprintf(buf, size, "byte %ju: %s",
		    (uintmax_t)f->contents.errofs,
		    medium_error(f->contents.error));
		break;
	case FAULT_NODUMP:
		if (!found_compressed(f))
			snprintf(buf, size, "header at byte %ju: compression "
			    "%u: %s, but what is at byte %ju is not",
			    (uintmax_t)f->hdr, f->kdh.compression,
			    names[f->kdh.compression], (uintmax_t)f->ofs);
		else
			snprintf(buf, size, "no dump: what is at byte %ju is "
			    "%s", (uintmax_t)f->ofs,
			    f->contents.name != NULL ? f->contents.name :
			    "none");
		break;
	case FAULT_VERSION:
		snprintf(buf, size, "header at byte %ju: version %u is wrong",
		    (uintmax_t)f->hdr, (u_int)f->kdh.version);
		break;
	case FAULT_PARITY:
		snprintf(buf, size, "header at byte %ju: parity 0x%08x is "
		    "wrong", (uintmax_t)f->hdr,
		    (u_int)f->parity);
		break;
	case FAULT_NOFIRST:
		snprintf(buf, size, "leading header: byte %ju: %s",
		    (uintmax_t)f->first, medium_error(f->error));
		break;
	case FAULT_DIFFER:
		snprintf(buf, size, "%s differs between the headers at byte "
		    "%ju and at byte %ju: the dump was not finished, or is "
		    "overwritten", f->field, (uintmax_t)f->first,
		    (uintmax_t)f->last);
		break;
	case FAULT_NOLAST:
		snprintf(buf, size, "no trailing header at byte %ju: the dump "
		    "was not finished, or is overwritten",
		    (uintmax_t)f->last);
		break;
	case FAULT_FORM:
		snprintf(buf, size, "no dump of a format that is known begins "
		    "at byte %ju", (uintmax_t)f->ofs);
		break;
	default:
		snprintf(buf, size, "magic \"%s\": the dump was saved before",
		    KDH_CLEARED);
		break;
	}
}

void
found_print(FILE *fp, const struct found *f)
{

	fprintf(fp, "%s%s%s: ", f->place.name, f->place.before[0] != '\0' ?
	    " before " : "", f->place.before);
	if (f->ofs == 0)
		fprintf(fp, "header at byte %ju: ", (uintmax_t)f->hdr);
	else
		fprintf(fp, "bytes %ju to %ju: ", (uintmax_t)f->ofs,
		    (uintmax_t)(f->ofs + f->len - 1));
	if ((f->faults & FAULT(TEXT)) != 0)
		fprintf(fp, "textdump: ");
	else if ((f->faults & FAULT(ENCRYPTED)) != 0)
		fprintf(fp, "encrypted: ");
	else if (f->faults == FAULT(CLEARED))
		fprintf(fp, "saved before: ");
	else if (f->faults != 0)
		fprintf(fp, "damaged: ");
	kdh_printline(fp, &f->kdh);
}
