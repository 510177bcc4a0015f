/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * vmcore save: copy a dump from the medium that the kernel wrote it on, as
 * savecore(8) does on the machine that crashed, or from a file that has been
 * copied from there.
 */

#include <sys/types.h>
#include <sys/endian.h>
#include <sys/minidump.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gzip.h"
#include "kerneldump.h"
#include "output.h"
#include "vmcore.h"
#include "kvm_minidump.h"

/* Whole members of a compressed dump, and whole blocks. */
#define	CHUNK		(16 * MINIDUMP_GZ_PLAIN)

/* What a vmcore is, by its first bytes. */
enum form { FORM_OTHER, FORM_PLAIN, FORM_GZIP, FORM_ELF };

struct medium {
	const char	*name;
	int		fd;
	uint64_t	size;		/* bytes */
	int		isfile;		/* a vmcore, without headers */
	enum form	form;		/* of the vmcore */
	struct kerneldumphdr kdh;	/* the last one, checked */
	uint64_t	ofs;		/* of the vmcore */
	uint64_t	len;
	int		cleared;	/* it was saved before */
	int		convert;	/* 'z', 'd', or 0: copy as it is */
	u_int		nlost;		/* ranges that could not be read, */
	struct minidump_lost lost[MINIDUMP_NOTREAD_MAX]; /* of the vmcore */
};

/* The file that is made of it. */
struct output {
	int		fd;
	const char	*file;
	uint64_t	len;		/* bytes so far */
};

/*
 * Read from the medium as much as there is of this.  If it is not all, errno
 * says why, and is 0 at the end of the medium.
 */
static size_t
read_some(const struct medium *m, char *buf, size_t len, uint64_t ofs)
{
	size_t done;
	ssize_t n;

	for (done = 0; done < len; done += n) {
		n = pread(m->fd, buf + done, len - done, (off_t)(ofs + done));
		if (n == -1 && errno == EINTR)
			n = 0;
		else if (n == -1)
			break;
		else if (n == 0) {
			errno = 0;
			break;
		}
	}
	return (done);
}

/*
 * Read from the medium.  What is said to be there must be, so that a short read
 * is an error.
 */
static int
read_medium(const struct medium *m, void *buf, size_t len, uint64_t ofs)
{
	size_t done;

	done = read_some(m, buf, len, ofs);
	if (done == len)
		return (0);
	if (errno != 0)
		xwarn("%s: byte %ju", m->name, (uintmax_t)(ofs + done));
	else
		xwarnx("%s: byte %ju: the end of the medium", m->name,
		    (uintmax_t)(ofs + done));
	return (-1);
}

/*
 * Whether bytes of the vmcore, from ofs on, may be missing: a plain minidump
 * has a table of them, in its first page, and in a compressed one they are
 * damage that its checksums find.  In any other file the zeros in their place
 * would be taken for what the kernel wrote.
 */
static int
may_lose(const struct medium *m, uint64_t ofs)
{

	return (m->convert == 0 && !m->isfile && (m->form == FORM_GZIP ||
	    (m->form == FORM_PLAIN && ofs >= MINIDUMP_PAGE_SIZE)));
}

/*
 * Note that bytes of the vmcore could not be read.  When the table is full, all
 * that follows counts as one range.  Returns whether it is a range of its own.
 */
static int
add_lost(struct medium *m, uint64_t start, uint64_t end)
{

	if (m->nlost > 0 && (m->lost[m->nlost - 1].end == start ||
	    m->nlost == MINIDUMP_NOTREAD_MAX)) {
		m->lost[m->nlost - 1].end = end;
		return (0);
	}
	m->lost[m->nlost].start = start;
	m->lost[m->nlost++].end = end;
	return (1);
}

/*
 * Read a piece of the vmcore, from byte ofs of it on.  If not all of it can be
 * read, read it block by block, with zeros for the blocks that cannot.
 */
static int
read_piece(struct medium *m, char *buf, size_t len, uint64_t ofs)
{
	size_t i, n;

	i = read_some(m, buf, len, m->ofs + ofs);
	for (i -= i % KDH_SIZE; i < len; i += n) {
		n = len - i < KDH_SIZE ? len - i : KDH_SIZE;
		if (read_some(m, buf + i, n, m->ofs + ofs + i) == n)
			continue;
		if (errno == 0 || !may_lose(m, ofs + i)) {
			/* To say why; or it can be read the second time. */
			if (read_medium(m, buf + i, n, m->ofs + ofs + i) == -1)
				return (-1);
			continue;
		}
		if (add_lost(m, ofs + i, ofs + i + n))
			xwarn("%s: byte %ju", m->name,
			    (uintmax_t)(m->ofs + ofs + i));
		memset(buf + i, 0, n);
	}
	return (0);
}

/* Find the dump on a disk, and check all that is said of it. */
static int
find_dump(struct medium *m, int force)
{
	struct kerneldumphdr first;
	char value[32];
	const char *field;

	if (m->size < MINIDUMP_METADATA + 2 * KDH_SIZE) {
		xwarnx("%s: %ju bytes are too few for a dump", m->name,
		    (uintmax_t)m->size);
		return (-1);
	}
	if (read_medium(m, &m->kdh, KDH_SIZE, m->size - KDH_SIZE) == -1)
		return (-1);
	m->cleared = kdh_restore(&m->kdh);
	field = kdh_check(&m->kdh, value, sizeof(value));
	if (field != NULL) {
		xwarnx("%s: no dump: header at byte %ju: %s %s is wrong",
		    m->name, (uintmax_t)(m->size - KDH_SIZE), field, value);
		return (-1);
	}
	m->len = be64dec(m->kdh.dumplength);
	if (m->len > m->size - MINIDUMP_METADATA - 2 * KDH_SIZE) {
		xwarnx("%s: header at byte %ju: dumplength %ju: more than the "
		    "medium's %ju bytes have room for", m->name,
		    (uintmax_t)(m->size - KDH_SIZE), (uintmax_t)m->len,
		    (uintmax_t)m->size);
		return (-1);
	}
	m->ofs = m->size - KDH_SIZE - m->len;
	if (read_medium(m, &first, KDH_SIZE, m->ofs - KDH_SIZE) == -1)
		return (-1);
	(void)kdh_restore(&first);
	field = kdh_differ(&first, &m->kdh);
	if (field != NULL) {
		xwarnx("%s: %s differs between the headers at byte %ju and at "
		    "byte %ju: the dump was not finished, or is overwritten",
		    m->name, field, (uintmax_t)(m->ofs - KDH_SIZE),
		    (uintmax_t)(m->size - KDH_SIZE));
		return (-1);
	}
	if (m->cleared && !force) {
		xwarnx("%s: magic \"%s\": the dump was saved before; -f saves "
		    "it again", m->name, KDH_CLEARED);
		return (-1);
	}
	return (0);
}

/* Find out what the bytes from ofs on are. */
static int
find_form(struct medium *m, uint64_t ofs)
{
	static const char magic[] = "minidump ", elf[] = "\177ELF";
	char buf[sizeof(magic) - 1];

	m->form = FORM_OTHER;
	if (m->len < sizeof(buf))
		return (0);
	if (read_medium(m, buf, sizeof(buf), ofs) == -1)
		return (-1);
	if (memcmp(buf, magic, sizeof(buf)) == 0)
		m->form = FORM_PLAIN;
	else if (memcmp(buf, _kvm_minidump_gz_start, 2) == 0)
		m->form = FORM_GZIP;
	else if (memcmp(buf, elf, sizeof(elf) - 1) == 0)
		m->form = FORM_ELF;
	return (0);
}

/*
 * Find out what the medium is.  A vmcore begins with its own magic, and a disk
 * does not: there is nothing of a dump so near its beginning.
 */
static int
find_size(struct medium *m)
{
	off_t end;

	end = lseek(m->fd, 0, SEEK_END);
	if (end == -1) {
		xwarn("%s: size of the medium", m->name);
		return (-1);
	}
	m->size = m->len = end;
	if (find_form(m, 0) == -1)
		return (-1);
	m->isfile = m->form != FORM_OTHER;
	return (0);
}

/* Find out whether there is something to convert. */
static int
check_convert(struct medium *m)
{
	u_char buf[MINIDUMP_GZ_HEADER];
	size_t n;
	int isgzip;

	n = m->len < sizeof(buf) ? m->len : sizeof(buf);
	if (read_medium(m, buf, n, m->ofs) == -1)
		return (-1);
	isgzip = n >= 2 && memcmp(buf, _kvm_minidump_gz_start, 2) == 0;
	if (m->convert == 'z' && isgzip &&
	    _kvm_minidump_gz_header(buf, n, 1) == 0) {
		xwarnx("%s: a gzip file in another form than that of "
		    "compressed dumps: -d first", m->name);
		return (-1);
	}
	if ((m->convert == 'd') != isgzip)
		m->convert = 0;
	return (0);
}

/* Add to the file. */
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

/*
 * Hand the vmcore to "gz", or to the output if that is NULL.
 */
static int
copy_chunks(struct medium *m, struct gzip *gz, struct output *out)
{
	static char buf[CHUNK];
	uint64_t done;
	size_t n;
	int error;

	error = 0;
	for (done = 0; done < m->len && error == 0; done += n) {
		n = m->len - done < CHUNK ? m->len - done : CHUNK;
		error = read_piece(m, buf, n, done);
		if (error == 0)
			error = gz != NULL ? gzip_write(gz, buf, n) :
			    output(out, buf, n);
		if (error == 0)
			progress(done + n, m->len);
	}
	progress_end();
	if (error == 0 && gz != NULL)
		error = gzip_end(gz);
	return (error);
}

/* Write the table of what could not be read into a plain minidump. */
static int
write_lost(const struct medium *m, int fd, const char *file)
{
	struct minidump_notread table;
	u_int i;

	memset(&table, 0, sizeof(table));
	memcpy(table.magic, MINIDUMP_NOTREAD_MAGIC, sizeof(table.magic));
	le32enc(&table.count, m->nlost);
	for (i = 0; i < m->nlost; i++) {
		le64enc(&table.row[i].start, m->lost[i].start);
		le64enc(&table.row[i].end, m->lost[i].end);
	}
	if (write_all(fd, (char *)&table, sizeof(table),
	    MINIDUMP_NOTREAD_OFFSET) == 0)
		return (0);
	xwarn("%s", file);
	return (-1);
}

/* Copy the vmcore to "fd". */
static int
copy(void *arg, int fd, const char *file)
{
	struct medium *m;
	struct output out;
	struct gzip *gz;
	int error;

	m = arg;
	out.fd = fd;
	out.file = file;
	out.len = 0;
	gz = NULL;
	if (m->convert != 0) {
		gz = gzip_open(m->name, m->convert == 'z' ? GZIP_COMPRESS :
		    GZIP_DECOMPRESS, output, &out);
		if (gz == NULL)
			return (-1);
	}
	error = copy_chunks(m, gz, &out);
	if (gz != NULL)
		gzip_close(gz);
	if (error == 0 && m->nlost > 0 && m->form == FORM_PLAIN)
		error = write_lost(m, fd, file);
	/* The last block may have been left out. */
	if (error == 0 && (ftruncate(fd, (off_t)out.len) == -1 ||
	    fsync(fd) == -1)) {
		xwarn("%s", file);
		error = -1;
	}
	return (error);
}

/* Print what is known of the dump, once it is copied. */
static void
print_info(FILE *fp, const struct medium *m)
{
	u_int i;

	kdh_print(fp, &m->kdh, m->name, m->nlost > 0 ? "partial" : "good");
	for (i = 0; i < m->nlost; i++)
		fprintf(fp, "  Not Read: bytes %ju to %ju\n",
		    (uintmax_t)m->lost[i].start,
		    (uintmax_t)m->lost[i].end - 1);
}

static int
write_info(void *arg, int fd, const char *file)
{
	const struct medium *m;
	FILE *fp;
	int error;

	m = arg;
	error = -1;
	fp = fdopen(dup(fd), "w");
	if (fp != NULL) {
		print_info(fp, m);
		error = ferror(fp) ? -1 : 0;
		if (fclose(fp) == EOF)
			error = -1;
	}
	if (error != 0)
		xwarn("%s", file);
	return (error);
}

/*
 * Mark the dump as saved.  As savecore(8) does it: the last header's magic is
 * overwritten and nothing else is, so that -f of both finds what it was.
 */
static int
clear(struct medium *m)
{

	memcpy(m->kdh.magic, KDH_CLEARED, sizeof(m->kdh.magic));
	if (write_all(m->fd, m->kdh.magic, sizeof(m->kdh.magic),
	    m->size - KDH_SIZE) == -1 || fsync(m->fd) == -1) {
		xwarn("%s: clearing the dump", m->name);
		return (-1);
	}
	return (0);
}

/* All of it, once the arguments are known.  Returns -1 after printing why. */
static int
save(struct medium *m, const char *file, const char *infofile, int force,
    int doclear)
{

	if (find_size(m) == -1)
		return (-1);
	if (m->isfile && (infofile != NULL || doclear)) {
		xwarnx("%s: is a vmcore: %s is for disks, which have headers",
		    m->name, infofile != NULL ? "-i" : "--clear");
		return (-1);
	}
	if ((!m->isfile && (find_dump(m, force) == -1 ||
	    find_form(m, m->ofs) == -1)) ||
	    (m->convert != 0 && check_convert(m) == -1) ||
	    !may_write(m->fd, file, force) ||
	    (infofile != NULL && !may_write(m->fd, infofile, force)))
		return (-1);
	if (write_file(m->fd, file, force, copy, m) == -1)
		return (-1);
	if (!m->isfile)
		print_info(stdout, m);
	if (infofile != NULL &&
	    write_file(m->fd, infofile, force, write_info, m) == -1)
		return (-1);
	if (m->nlost > 0) {
		xwarnx("%s: partial: what %s could not read is missing", file,
		    m->name);
		return (-1);
	}
	if (!doclear || m->cleared)
		return (0);
	/* The names of the files have to be on disk as well. */
	sync();
	return (clear(m));
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
		{ NULL,		0,		NULL,	0 }
	};
	struct medium m;
	char *infofile;
	const char *file;
	size_t size;
	int ch, doclear, error, force, info;

	memset(&m, 0, sizeof(m));
	doclear = force = info = 0;
	while ((ch = getopt_long(argc, argv, "dfiz", options, NULL)) != -1) {
		switch (ch) {
		case 'c':
			doclear = 1;
			break;
		case 'f':
			force = 1;
			break;
		case 'i':
			info = 1;
			break;
		case 'd':
		case 'z':
			if (m.convert != 0 && m.convert != ch)
				return (STATUS_USAGE);
			m.convert = ch;
			break;
		default:
			return (STATUS_USAGE);
		}
	}
	if (argc - optind != 2)
		return (STATUS_USAGE);
	m.name = argv[optind];
	file = argv[optind + 1];
	infofile = NULL;
	if (info) {
		size = strlen(file) + sizeof(".info");
		infofile = malloc(size);
		if (infofile == NULL) {
			xwarn("%s", file);
			return (STATUS_FAILED);
		}
		snprintf(infofile, size, "%s.info", file);
	}
	m.fd = open(m.name, doclear ? O_RDWR : O_RDONLY);
	if (m.fd == -1) {
		xwarn("%s", m.name);
		free(infofile);
		return (STATUS_FAILED);
	}
	error = save(&m, file, infofile, force, doclear);
	if (close(m.fd) == -1 && doclear && error == 0) {
		xwarn("%s", m.name);
		error = -1;
	}
	free(infofile);
	return (error == 0 ? STATUS_OK : STATUS_FAILED);
}
