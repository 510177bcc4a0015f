/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * For savecore(8) -L: save a dump of the running kernel, from /dev/minidump.
 * The file names are those of later versions of savecore.  A file is renamed to
 * its final name when it is complete.
 */

#include <sys/cdefs.h>
__FBSDID("$FreeBSD$");

#include <sys/param.h>
#include <sys/disk.h>
#include <sys/ioctl.h>
#include <sys/kerneldump.h>
#include <sys/minidump.h>
#include <sys/stat.h>
#include <sys/sysctl.h>

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "save_live.h"

#define	DEVICE		"/dev/minidump"
#define	TEMPORARY	"livecore.tmp"
#define	PIECE		65536		/* bytes that are read at once */

#ifdef __amd64__
#define	ARCHVERSION	KERNELDUMP_AMD64_VERSION
#else
#define	ARCHVERSION	KERNELDUMP_I386_VERSION
#endif

/* Open the device, and get the size of the dump.  Returns -1 on failure. */
static int
open_device(off_t *size)
{
	int fd;

	fd = open(DEVICE, O_RDONLY);
	if (fd == -1) {
		syslog(LOG_ERR, "%s: %m", DEVICE);
		return (-1);
	}
	if (ioctl(fd, DIOCGMEDIASIZE, size) == -1) {
		syslog(LOG_ERR, "%s: size: %m", DEVICE);
		close(fd);
		return (-1);
	}
	return (fd);
}

/* Make the header that the kernel would write before and after a dump. */
static int
make_header(int fd, off_t size, struct kerneldumpheader *kdh)
{
	struct minidump_live live;
	char version[512];
	size_t len;
	ssize_t n;

	n = pread(fd, &live, sizeof(live), MINIDUMP_LIVE_OFFSET);
	if (n != (ssize_t)sizeof(live) || memcmp(live.magic,
	    MINIDUMP_LIVE_MAGIC, sizeof(live.magic)) != 0) {
		syslog(LOG_ERR, "%s: byte %d: no live dump%s%s", DEVICE,
		    MINIDUMP_LIVE_OFFSET, n == -1 ? ": " : "",
		    n == -1 ? strerror(errno) : "");
		return (-1);
	}
	memset(kdh, 0, sizeof(*kdh));
	strlcpy(kdh->magic, KERNELDUMPMAGIC, sizeof(kdh->magic));
	strlcpy(kdh->architecture, MACHINE_ARCH, sizeof(kdh->architecture));
	kdh->version = htod32(KERNELDUMPVERSION);
	kdh->architectureversion = htod32(ARCHVERSION);
	kdh->dumplength = htod64((uint64_t)size);
	kdh->dumptime = htod64(live.opened);
	kdh->blocksize = htod32(DEV_BSIZE);
	if (gethostname(kdh->hostname, sizeof(kdh->hostname) - 1) == -1)
		kdh->hostname[0] = '\0';
	memset(version, 0, sizeof(version));
	len = sizeof(version) - 1;
	if (sysctlbyname("kern.version", version, &len, NULL, 0) == -1)
		strlcpy(version, "unknown\n", sizeof(version));
	strlcpy(kdh->versionstring, version, sizeof(kdh->versionstring));
	kdh->parity = kerneldump_parity(kdh);
	return (0);
}

/* Copy the dump.  Returns -1 after logging an error. */
static int
copy(int fd, FILE *fp, off_t size, int verbose)
{
	static char buf[PIECE];
	off_t left;
	ssize_t n;

	for (left = size; left > 0; left -= n) {
		n = read(fd, buf, left < PIECE ? (size_t)left : PIECE);
		if (n <= 0) {
			syslog(LOG_ERR, "%s: byte %lld: %s", DEVICE,
			    (long long)(size - left), n == -1 ?
			    strerror(errno) : "the end of it");
			return (-1);
		}
		if (fwrite(buf, 1, (size_t)n, fp) != (size_t)n) {
			syslog(LOG_ERR, "%s: %m", TEMPORARY);
			return (-1);
		}
		if (verbose > 1)
			printf("%lld\r", (long long)(size - left + n));
	}
	if (verbose > 1)
		printf("\n");
	return (0);
}

/* Save the dump as TEMPORARY, which only its owner can read. */
static int
save_core(const struct live_save *ls, int fd, off_t size)
{
	FILE *fp;
	mode_t mask;
	int error;

	(void)unlink(TEMPORARY);
	mask = umask(S_IRWXG | S_IRWXO);
	fp = ls->compress ? (*ls->zopen)(TEMPORARY, "w") :
	    fopen(TEMPORARY, "w");
	(void)umask(mask);
	if (fp == NULL) {
		syslog(LOG_ERR, "%s: %m", TEMPORARY);
		return (-1);
	}
	error = copy(fd, fp, size, ls->verbose);
	if (fclose(fp) != 0 && error == 0) {
		syslog(LOG_ERR, "%s: %m", TEMPORARY);
		error = -1;
	}
	return (error);
}

/* Write the info file, and print it if requested. */
static int
save_info(const struct live_save *ls, const struct kerneldumpheader *kdh)
{
	char name[32];
	FILE *fp;
	mode_t mask;

	snprintf(name, sizeof(name), "info.%d", ls->bounds);
	mask = umask(S_IRWXG | S_IRWXO);
	fp = fopen(name, "w");
	(void)umask(mask);
	if (fp != NULL) {
		(*ls->printheader)(fp, kdh, DEVICE, ls->bounds, ls->good);
		if (ferror(fp) == 0 && fclose(fp) == 0)
			return (0);
	}
	syslog(LOG_ERR, "%s: %m", name);
	(void)unlink(name);
	return (-1);
}

int
save_live(const struct live_save *ls)
{
	struct kerneldumpheader kdh;
	char name[32];
	off_t size;
	int error, fd;

	fd = open_device(&size);
	if (fd == -1)
		return (1);
	error = make_header(fd, size, &kdh);
	if (error == 0 && !(*ls->check_space)(ls->dir, size))
		error = -1;
	if (error == 0) {
		(*ls->writebounds)(ls->bounds + 1);
		snprintf(name, sizeof(name), "livecore.%d%s", ls->bounds,
		    ls->compress ? ".gz" : "");
		if (ls->verbose)
			(*ls->printheader)(stdout, &kdh, DEVICE, ls->bounds,
			    ls->good);
		syslog(LOG_NOTICE, "writing %score to %s/%s",
		    ls->compress ? "compressed " : "", ls->dir, name);
		error = save_core(ls, fd, size);
		if (error == 0)
			error = save_info(ls, &kdh);
		if (error == 0 && rename(TEMPORARY, name) == -1) {
			syslog(LOG_ERR, "%s: %m", name);
			snprintf(name, sizeof(name), "info.%d", ls->bounds);
			(void)unlink(name);
			error = -1;
		}
		if (error != 0)
			(void)unlink(TEMPORARY);
	}
	close(fd);
	return (error == 0 ? 0 : 1);
}
