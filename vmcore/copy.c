/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Copies a dump, once save.c knows which and how.  Blocks that cannot be read
 * are listed where readers of the file look for them.  The medium may hold the
 * only copy: nothing here writes to it.
 */

#include <sys/types.h>
#include <sys/endian.h>

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "copy.h"
#include "gzip.h"
#include "output.h"
#include "stream.h"
#include "vmcore.h"

/* A multiple of a compressed dump's members, and of blocks. */
#define	CHUNK		(16 * MINIDUMP_GZ_PLAIN)

/* The file to be written. */
struct output {
	int		fd;
	const char	*file;
	uint64_t	len;		/* bytes so far */
};

/* The converter: one of these, or neither. */
struct converter {
	struct gzip	*gz;
	struct stream	*st;
};

/*
 * Return whether bytes of the dump, from ofs on, may be missing.  A plain
 * minidump lists them in its first page; in a compressed one, its checksums
 * reveal them.  In any other file the zeros in their place would be taken for
 * the kernel's data.
 */
static int
may_lose(const struct copy *c, uint64_t ofs)
{

	return (c->conversion == COPY && !c->isfile &&
	    (c->form == FORM_GZIP || (c->form == FORM_MINIDUMP &&
	    ofs >= MINIDUMP_PAGE_SIZE)));
}

/*
 * Add a range of unreadable bytes.  If the table is full, its last range is
 * extended up to their end.  Returns whether a range was added.
 */
static int
add_lost(struct copy *c, uint64_t start, uint64_t end)
{

	if (c->nlost > 0 && (c->lost[c->nlost - 1].end == start ||
	    c->nlost == MINIDUMP_NOTREAD_MAX)) {
		c->lost[c->nlost - 1].end = end;
		return (0);
	}
	c->lost[c->nlost].start = start;
	c->lost[c->nlost++].end = end;
	return (1);
}

/*
 * Read bytes of the dump from ofs on.  If that fails, read block by block, and
 * replace unreadable blocks by zeros.
 */
static int
read_part(struct copy *c, char *buf, size_t len, uint64_t ofs)
{
	size_t i, n;

	i = medium_some(c->m, buf, len, c->ofs + ofs);
	for (i -= i % MEDIUM_BLOCK; i < len; i += n) {
		n = len - i < MEDIUM_BLOCK ? len - i : MEDIUM_BLOCK;
		if (medium_some(c->m, buf + i, n, c->ofs + ofs + i) == n)
			continue;
		if (errno == 0 || !may_lose(c, ofs + i)) {
			/* Print the error, unless it can be read this time. */
			if (medium_read(c->m, buf + i, n,
			    c->ofs + ofs + i) == -1)
				return (-1);
			continue;
		}
		if (add_lost(c, ofs + i, ofs + i + n))
			xwarn("%s: byte %ju", c->m->name,
			    (uintmax_t)(c->ofs + ofs + i));
		memset(buf + i, 0, n);
	}
	return (0);
}

/* Append to the file. */
static int
output(void *arg, const char *buf, size_t len)
{
	struct output *out;

	out = arg;
	if (write_sparse(out->fd, buf, len, out->len) == -1) {
		xwarn("%s", out->file);
		return (-1);
	}
	out->len += len;
	return (0);
}

static int
convert_open(struct converter *cv, const struct copy *c, struct output *out)
{

	cv->gz = NULL;
	cv->st = NULL;
	if (c->conversion == COPY)
		return (0);
	if (c->conversion == COPY_STREAM)
		cv->st = stream_open(c->m->name, c->form == FORM_ZSTD, output,
		    out);
	else
		cv->gz = gzip_open(c->m->name, c->conversion == COPY_COMPRESS ?
		    GZIP_COMPRESS : GZIP_DECOMPRESS, output, out);
	return (cv->gz == NULL && cv->st == NULL ? -1 : 0);
}

static int
convert_write(struct converter *cv, struct output *out, char *buf, size_t len)
{

	if (cv->gz != NULL)
		return (gzip_write(cv->gz, buf, len));
	if (cv->st != NULL)
		return (stream_write(cv->st, buf, len));
	return (output(out, buf, len));
}

static int
convert_end(struct converter *cv)
{

	if (cv->gz != NULL)
		return (gzip_end(cv->gz));
	return (cv->st != NULL ? stream_end(cv->st) : 0);
}

static void
convert_close(struct converter *cv)
{

	if (cv->gz != NULL)
		gzip_close(cv->gz);
	if (cv->st != NULL)
		stream_close(cv->st);
}

static int
copy_chunks(struct copy *c, struct converter *cv, struct output *out)
{
	static char buf[CHUNK];
	uint64_t done;
	size_t n;
	int error;

	error = 0;
	for (done = 0; done < c->len && error == 0; done += n) {
		n = c->len - done < CHUNK ? c->len - done : CHUNK;
		error = read_part(c, buf, n, done);
		if (error == 0)
			error = convert_write(cv, out, buf, n);
		if (error == 0)
			progress(done + n, c->len);
	}
	progress_end();
	return (error == 0 ? convert_end(cv) : -1);
}

/* Write the table of unreadable bytes into a plain minidump. */
static int
write_lost(const struct copy *c, int fd, const char *file)
{
	struct minidump_notread table;
	u_int i;

	memset(&table, 0, sizeof(table));
	memcpy(table.magic, MINIDUMP_NOTREAD_MAGIC, sizeof(table.magic));
	le32enc(&table.count, c->nlost);
	for (i = 0; i < c->nlost; i++) {
		le64enc(&table.row[i].start, c->lost[i].start);
		le64enc(&table.row[i].end, c->lost[i].end);
	}
	if (write_all(fd, (char *)&table, sizeof(table),
	    MINIDUMP_NOTREAD_OFFSET) == 0)
		return (0);
	xwarn("%s", file);
	return (-1);
}

/* Compare the length of the file with what the kernel reserved for the dump. */
static int
check_plain(const struct copy *c, uint64_t len)
{

	if (c->plain == 0 || len == c->plain || (c->atleast && len > c->plain))
		return (0);
	xwarnx("%s: %sdecompressed %ju bytes, but dumpextent is %ju",
	    c->m->name, c->force ? "warning: " : "", (uintmax_t)len,
	    (uintmax_t)c->plain);
	return (c->force ? 0 : -1);
}

int
copy_dump(void *arg, int fd, const char *file)
{
	struct converter cv;
	struct output out;
	struct copy *c;
	int error;

	c = arg;
	out.fd = fd;
	out.file = file;
	out.len = 0;
	if (convert_open(&cv, c, &out) == -1)
		return (-1);
	error = copy_chunks(c, &cv, &out);
	convert_close(&cv);
	if (error == 0)
		error = check_plain(c, out.len);
	if (error == 0 && c->nlost > 0 && c->form == FORM_MINIDUMP)
		error = write_lost(c, fd, file);
	/* Trailing zeros have not been written. */
	if (error == 0 && (ftruncate(fd, (off_t)out.len) == -1 ||
	    fsync(fd) == -1)) {
		xwarn("%s", file);
		error = -1;
	}
	return (error);
}
