/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * savecore's save_live(), with what it has of savecore.c made up, called by the
 * run script next to this file.
 *
 * usage: savecore [-fvz] FILE SIZE
 *
 * /dev/minidump is FILE, which says that it has SIZE bytes; -f: the file system
 * has no room.  Exits as savecore would.
 */

#include <sys/types.h>
#include <sys/disk.h>
#include <sys/kerneldump.h>
#include <sys/sysctl.h>

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "save_live.h"

#undef	open		/* which save_live.c calls by the name fake_open() */
int	open(const char *name, int flags, ...);
int	ioctl(int fd, unsigned long request, ...);

static const char	*device;
static long long	size;
static int		full;

int
fake_open(const char *name, int flags, ...)
{

	return (open(strcmp(name, "/dev/minidump") == 0 ? device : name,
	    flags));
}

int
ioctl(int fd, unsigned long request, ...)
{
	va_list ap;

	if (fd < 3 || request != DIOCGMEDIASIZE) {
		errno = ENOTTY;
		return (-1);
	}
	va_start(ap, request);
	*va_arg(ap, off_t *) = size;
	va_end(ap);
	return (0);
}

int
sysctlbyname(const char *name, void *oldp, size_t *oldlenp, const void *newp,
    size_t newlen)
{

	if (strcmp(name, "kern.version") != 0 || newp != NULL || newlen != 0)
		abort();
	*oldlenp = strlcpy(oldp, "FreeBSD 6.2-FAKE #0\n", *oldlenp);
	return (0);
}

size_t
strlcpy(char *to, const char *from, size_t len)
{

	snprintf(to, len, "%s", from);
	return (strlen(from));
}

uint32_t
kerneldump_parity(struct kerneldumpheader *kdh)
{
	const unsigned char *p;
	uint32_t parity, word;

	parity = 0;
	for (p = (unsigned char *)kdh; p < (unsigned char *)(kdh + 1);
	    p += sizeof(word)) {
		memcpy(&word, p, sizeof(word));
		parity ^= word;
	}
	return (parity);
}

static int
check_space(const char *dir, off_t bytes)
{

	return (!full && strcmp(dir, "/crash") == 0 && bytes == size);
}

static void
writebounds(int bounds)
{

	printf("bounds %d\n", bounds);
}

static void
printheader(FILE *fp, const struct kerneldumpheader *kdh, const char *name,
    int bounds, const int status)
{
	struct kerneldumpheader copy;

	copy = *kdh;
	fprintf(fp, "%s %d %d: %s %s %u %u %llu %llu %u %s'%s' %u\n", name,
	    bounds, status, kdh->magic, kdh->architecture,
	    be32toh(kdh->version), be32toh(kdh->architectureversion),
	    (unsigned long long)be64toh(kdh->dumplength),
	    (unsigned long long)be64toh(kdh->dumptime),
	    be32toh(kdh->blocksize), kdh->versionstring, kdh->panicstring,
	    kerneldump_parity(&copy));
}

static FILE *
zopen(const char *name, const char *mode)
{
	FILE *fp;

	fp = fopen(name, mode);
	if (fp != NULL)
		fputs("zipped ", fp);
	return (fp);
}

int
main(int argc, char *argv[])
{
	struct live_save ls;
	int ch;

	memset(&ls, 0, sizeof(ls));
	while ((ch = getopt(argc, argv, "fvz")) != -1)
		if (ch == 'f')
			full = 1;
		else if (ch == 'v')
			ls.verbose = 1;
		else
			ls.compress = 1;
	device = argv[optind];
	size = atoll(argv[optind + 1]);
	openlog("savecore", LOG_PERROR, LOG_DAEMON);
	ls.dir = "/crash";
	ls.bounds = 7;
	ls.good = 1;
	ls.check_space = check_space;
	ls.writebounds = writebounds;
	ls.printheader = printheader;
	ls.zopen = zopen;
	return (save_live(&ls));
}
