/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * vmcore save: copies a dump from the disk that the kernel wrote it to, as
 * savecore(8) does on the machine that crashed, or from an image of the disk.
 * find.c finds the dumps, choose.c chooses one, and copy.c copies it.
 */

#include <sys/types.h>

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "choose.h"
#include "copy.h"
#include "medium.h"
#include "output.h"
#include "vmcore.h"

struct save {
	struct medium	m;
	const char	*place;		/* chosen by the user, or NULL */
	const char	*file;
	char		*infofile;	/* or NULL */
	int		convert;	/* 'z', 'd', or 0: copy as it is */
	int		force;
	int		clear;
	struct finding	fi;
	const struct found *f;		/* NULL: a vmcore, without headers */
	struct copy	copy;
};

/*
 * Set the expected decompressed size of a dump that is one stream: what the
 * kernel reserved, or more if the place was full.
 */
static void
set_plain(struct save *sv)
{
	const struct found *f;
	uint64_t extent;

	f = sv->f;
	extent = f->kdh.dumpextent;
	if (extent < f->len + MEDIUM_MAXBLOCK)
		return;
	sv->copy.plain = extent;
	sv->copy.atleast = f->first < f->place.start + MINIDUMP_METADATA +
	    f->block;
}

/* Determine how to convert the dump. */
static int
set_conversion(struct save *sv, const struct contents *c)
{
	struct copy *cp;
	int isgzip;

	cp = &sv->copy;
	cp->form = c->form;
	cp->isfile = sv->f == NULL;
	cp->force = sv->force;
	isgzip = c->form == FORM_GZIP;
	cp->conversion = COPY;
	if (c->form == FORM_ZSTD || (sv->f != NULL &&
	    sv->f->kdh.compression != KDH_PLAIN)) {
		cp->conversion = COPY_STREAM;
		if (sv->f != NULL)
			set_plain(sv);
	} else if (sv->convert == 'd' && isgzip)
		cp->conversion = COPY_DECOMPRESS;
	else if (sv->convert == 'z' && !isgzip)
		cp->conversion = COPY_COMPRESS;
	if (sv->convert != 'z' || cp->conversion == COPY_COMPRESS ||
	    (cp->conversion == COPY && c->members))
		return (0);
	if (sv->f != NULL && cp->conversion == COPY_STREAM)
		xwarnx("%s: a dump that the kernel compressed in another form "
		    "than -z does: save it without -z first", sv->m.name);
	else
		xwarnx("%s: a %s file in another form than that of compressed "
		    "dumps: -d first", sv->m.name, isgzip ? "gzip" : "zstd");
	return (-1);
}

/* Find what to copy from the medium. */
static int
find(struct save *sv)
{
	const struct contents *c;
	struct contents whole;
	struct choice ch;

	form_find(&sv->m, 0, sv->m.size, &whole);
	if (whole.error != 0) {
		xwarnx("%s: byte %ju: %s", sv->m.name,
		    (uintmax_t)whole.errofs, medium_error(whole.error));
		return (-1);
	}
	sv->copy.m = &sv->m;
	/*
	 * A saved dump begins with its magic.  A disk does not: the kernel
	 * never writes a dump at the very beginning.
	 */
	if (whole.plain != FORM_OTHER) {
		if (sv->infofile != NULL || sv->clear || sv->place != NULL) {
			xwarnx("%s: is a vmcore: %s is for disks, which have "
			    "headers", sv->m.name, sv->infofile != NULL ?
			    "-i" : sv->clear ? "--clear" : "-p");
			return (-1);
		}
		c = &whole;
		sv->copy.ofs = 0;
		sv->copy.len = sv->m.size;
	} else {
		memset(&ch, 0, sizeof(ch));
		ch.m = &sv->m;
		ch.place = sv->place;
		ch.force = sv->force;
		ch.fi = &sv->fi;
		if (choose_dump(&ch, &whole) == -1)
			return (-1);
		sv->f = ch.f;
		c = &sv->f->contents;
		sv->copy.ofs = sv->f->ofs;
		sv->copy.len = sv->f->len;
	}
	if (sv->clear && (sv->f->faults &
	    FAULT(NOLAST)) != 0) {
		xwarnx("%s: there is no trailing header to clear", sv->m.name);
		return (-1);
	}
	return (set_conversion(sv, c));
}

/* Print the dump's header, status and place. */
static void
print_info(FILE *fp, const struct save *sv)
{
	const struct copy *c;
	u_int i;

	c = &sv->copy;
	kdh_print(fp, &sv->f->kdh, sv->m.name, c->nlost > 0 ? "partial" :
	    found_rank(sv->f) > 1 ? "bad" : "good");
	for (i = 0; i < c->nlost; i++)
		fprintf(fp, "  Not Read: bytes %ju to %ju\n",
		    (uintmax_t)c->lost[i].start,
		    (uintmax_t)c->lost[i].end - 1);
	fprintf(fp, "  Dump Place: %s%s%s, bytes %ju to %ju, headers of %u\n",
	    sv->f->place.name, sv->f->place.before[0] != '\0' ? " before " :
	    "", sv->f->place.before, (uintmax_t)sv->f->ofs,
	    (uintmax_t)(sv->f->ofs + sv->f->len - 1), sv->f->block);
}

static int
write_info(void *arg, int fd, const char *file)
{
	FILE *fp;
	int error;

	error = -1;
	fp = fdopen(dup(fd), "w");
	if (fp != NULL) {
		print_info(fp, arg);
		error = ferror(fp) ? -1 : 0;
		if (fclose(fp) == EOF)
			error = -1;
	}
	if (error != 0)
		xwarn("%s", file);
	return (error);
}

/* List the other dumps on the medium. */
static void
print_others(const struct save *sv)
{
	u_int i;

	for (i = 0; i < sv->fi.n; i++)
		if (&sv->fi.found[i] != sv->f) {
			printf("Another dump: ");
			found_print(stdout, &sv->fi.found[i]);
		}
}

/*
 * Mark the dump as saved, as savecore(8) does: overwrite only the trailing
 * header's magic, so that -f of either program can save the dump again.  Write
 * the whole block, as raw devices require.
 */
static int
clear(struct save *sv)
{
	char block[MEDIUM_MAXBLOCK];

	if (medium_read(&sv->m, block, sv->f->block, sv->f->last) == -1)
		return (-1);
	memcpy(block, KDH_CLEARED, KDH_MAGICSIZE);
	if (write_all(sv->m.fd, block, sv->f->block, sv->f->last) == -1 ||
	    fsync(sv->m.fd) == -1) {
		xwarn("%s: clearing the dump", sv->m.name);
		return (-1);
	}
	return (0);
}

/* Save the dump.  Returns -1 after printing the reason. */
static int
save(struct save *sv)
{

	if (find(sv) == -1 || !may_write(sv->m.fd, sv->file, sv->force) ||
	    (sv->infofile != NULL &&
	    !may_write(sv->m.fd, sv->infofile, sv->force)))
		return (-1);
	if (write_file(sv->m.fd, sv->file, sv->force, copy_dump,
	    &sv->copy) == -1)
		return (-1);
	if (sv->f == NULL)
		return (0);
	print_info(stdout, sv);
	print_others(sv);
	if (sv->infofile != NULL && write_file(sv->m.fd, sv->infofile,
	    sv->force, write_info, sv) == -1)
		return (-1);
	if (sv->copy.nlost > 0) {
		xwarnx("%s: partial: what %s could not read is missing",
		    sv->file, sv->m.name);
		return (-1);
	}
	if (!sv->clear || sv->f->kdh.cleared)
		return (0);
	/* The directory entries must be on disk before the dump is cleared. */
	sync();
	return (clear(sv));
}

/* Open the medium, and save the dump. */
static int
open_and_save(struct save *sv, const char *disk, int info)
{
	size_t size;
	int error;

	if (info) {
		size = strlen(sv->file) + sizeof(".info");
		sv->infofile = malloc(size);
		if (sv->infofile == NULL) {
			xwarn("%s", sv->file);
			return (-1);
		}
		snprintf(sv->infofile, size, "%s.info", sv->file);
	}
	error = medium_open(&sv->m, disk, sv->clear ? O_RDWR : O_RDONLY);
	if (error == 0) {
		error = save(sv);
		if (close(sv->m.fd) == -1 && sv->clear && error == 0) {
			xwarn("%s", disk);
			error = -1;
		}
	}
	free(sv->infofile);
	return (error);
}

int
cmd_save(int argc, char **argv)
{
	static const struct option options[] = {
		{ "clear",	no_argument,	NULL,	'c' },
		{ "compress",	no_argument,	NULL,	'z' },
		{ "decompress",	no_argument,	NULL,	'd' },
		{ "force",	no_argument,	NULL,	'f' },
		{ "info",	no_argument,	NULL,	'i' },
		{ "place",	required_argument, NULL, 'p' },
		{ NULL,		0,		NULL,	0 }
	};
	struct save *sv;
	int ch, error, info, usage;

	sv = calloc(1, sizeof(*sv));
	if (sv == NULL) {
		xwarn("save");
		return (STATUS_FAILED);
	}
	info = usage = 0;
	while ((ch = getopt_long(argc, argv, "dfip:z", options, NULL)) != -1) {
		switch (ch) {
		case 'c':
			sv->clear = 1;
			break;
		case 'f':
			sv->force = 1;
			break;
		case 'i':
			info = 1;
			break;
		case 'p':
			sv->place = optarg;
			break;
		case 'd':
		case 'z':
			usage |= sv->convert != 0 && sv->convert != ch;
			sv->convert = ch;
			break;
		default:
			free(sv);
			return (unknown_option(argv));
		}
	}
	if (usage || argc - optind != 2) {
		free(sv);
		return (STATUS_USAGE);
	}
	sv->file = argv[optind + 1];
	error = open_and_save(sv, argv[optind], info);
	free(sv);
	return (error == 0 ? STATUS_OK : STATUS_FAILED);
}
