/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * power CASE VMCORE DIR OLDDISK: a guest has dumped onto a disk that held an
 * older dump.  DIR/log has the commands that its disk received, DIR/image is
 * the disk as it was before, as is OLDDISK, and DIR/disk as it was after.
 *
 * Power may fail after any write, and then any of the writes since the last
 * flush may be missing.  In each state, "VMCORE save" must find the older dump
 * whole, or nothing, or the newer one whole.
 *
 * The log is that of Linux's dm-log-writes, as QEMU's blklogwrites writes it:
 * little-endian, in units of 512 bytes; first the magic, version, number of
 * entries and unit; then for each entry a unit and the data written.
 */

#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../report.h"

#define	UNIT		512
#define	LOG_MAGIC	0x006a736677736872ULL
#define	LOG_FLUSH	0x1

#define	NSUBSETS	48		/* of the writes between two flushes */

/*
 * Of the writes between two flushes, what is on the disk is looked at after each
 * of the first and of the last NEAR, and after one of STRIDE in between: all of
 * these are pages, below a header that says there is no dump.  regress/host
 * stops after every one.
 */
#define	NEAR		48
#define	STRIDE		16

enum state { OLDER, NOTHING, NEWER, NSTATES };

struct entry {
	int		flush;
	uint64_t	ofs;		/* on the disk, bytes */
	size_t		len;
	const uint8_t	*data;
};

static const char	*name, *vmcore;
static struct entry	*entry;
static uint64_t		nentries;
static uint8_t		*image;		/* DIR/image, shared with vmcore */
static uint8_t		*durable;	/* what flushes have left there */
static size_t		disksize;

static void
die(const char *what, const char *why)
{

	printf("not ok %s: %s: %s\n", name, what, why);
	exit(1);
}

static uint64_t
le(const uint8_t *p, int n)
{
	uint64_t x;

	for (x = 0; n > 0; n--)
		x = x << 8 | p[n - 1];
	return (x);
}

static void *
map(const char *file, int prot, int flags, size_t *len)
{
	struct stat st;
	void *p;
	int fd;

	fd = open(file, (prot & PROT_WRITE) != 0 && flags == MAP_SHARED ?
	    O_RDWR : O_RDONLY);
	if (fd == -1 || fstat(fd, &st) == -1)
		die(file, "cannot open it");
	p = mmap(NULL, st.st_size, prot, flags, fd, 0);
	if (p == MAP_FAILED)
		die(file, "cannot map it");
	close(fd);
	*len = st.st_size;
	return (p);
}

static void
read_log(const char *file)
{
	const uint8_t *end, *p;
	struct entry *ep;
	uint64_t i;
	size_t len;

	p = map(file, PROT_READ, MAP_PRIVATE, &len);
	end = p + len;
	if (len < UNIT || le(p, 8) != LOG_MAGIC || le(p + 24, 4) != UNIT)
		die(file, "is no log");
	nentries = le(p + 16, 8);
	entry = calloc(nentries, sizeof(*entry));
	if (entry == NULL)
		die(file, "no memory");
	p += UNIT;
	for (i = 0; i < nentries; i++) {
		ep = &entry[i];
		if (end - p < UNIT)
			die(file, "is cut off");
		ep->ofs = le(p, 8) * UNIT;
		ep->len = le(p + 8, 8) * UNIT;
		ep->flush = (le(p + 16, 8) & LOG_FLUSH) != 0;
		p += UNIT;
		ep->data = p;
		if (ep->len > (size_t)(end - p) || ep->ofs > disksize ||
		    ep->len > disksize - ep->ofs)
			die(file, "a write that cannot be");
		p += ep->len;
	}
}

/* Run "vmcore save" from "disk" to "file".  Returns its exit status. */
static int
save(const char *disk, const char *file)
{
	pid_t pid;
	int status;

	status = 0;
	/* -f would replace the file, but also saves damaged dumps. */
	unlink(file);
	pid = fork();
	if (pid == 0) {
		if (freopen("/dev/null", "w", stdout) == NULL ||
		    freopen("save", "w", stderr) == NULL)
			_exit(126);
		execl(vmcore, vmcore, "save", disk, file, (char *)NULL);
		_exit(127);
	}
	if (pid == -1 || waitpid(pid, &status, 0) != pid)
		die(vmcore, "cannot run it");
	return (WIFEXITED(status) ? WEXITSTATUS(status) : 128);
}

static int
same(const char *file1, const char *file2)
{
	const void *p1, *p2;
	size_t len1, len2;
	int result;

	p1 = map(file1, PROT_READ, MAP_PRIVATE, &len1);
	p2 = map(file2, PROT_READ, MAP_PRIVATE, &len2);
	result = len1 == len2 && memcmp(p1, p2, len1) == 0;
	munmap((void *)(uintptr_t)p1, len1);
	munmap((void *)(uintptr_t)p2, len2);
	return (result);
}

/* Return what is on the disk; NSTATES if that is not allowed. */
static enum state
judge(void)
{
	struct stat st;
	int status;

	status = save("image", "saved");
	if (status == 1 && stat("saved", &st) == -1)
		return (NOTHING);
	if (status == 0 && same("saved", "old"))
		return (OLDER);
	if (status == 0 && same("saved", "new"))
		return (NEWER);
	return (NSTATES);
}

static void
apply(const struct entry *ep)
{

	memcpy(image + ep->ofs, ep->data, ep->len);
}

static void
take_back(const struct entry *ep)
{

	memcpy(image + ep->ofs, durable + ep->ofs, ep->len);
}

/*
 * Return whether the k-th of n writes is in a subset: all but one, only one,
 * the last ones, or random ones.
 */
static int
in_subset(uint64_t k, uint64_t n, u_int subset)
{
	static uint64_t seed = 1;
	uint64_t at;

	at = (n - 1) * (subset / 4) / (NSUBSETS / 4 - 1);
	switch (subset % 4) {
	case 0:
		return (k != at);
	case 1:
		return (k == at);
	case 2:
		return (k > at);
	default:
		seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
		return (seed >> 63);
	}
}

/*
 * Replay the writes [first, last), after which there is a flush or the end:
 * power fails with a subset written, or after a write.  Returns 0 if an
 * older state followed a newer one.
 */
static int
replay(uint64_t first, uint64_t last, u_int *some, u_int *each)
{
	static enum state state = OLDER;
	enum state now;
	uint64_t i;
	u_int subset;
	int ordered;

	for (subset = 0; subset < NSUBSETS && first < last; subset++) {
		for (i = first; i < last; i++)
			if (in_subset(i - first, last - first, subset))
				apply(&entry[i]);
		some[judge()]++;
		for (i = first; i < last; i++)
			take_back(&entry[i]);
	}
	ordered = 1;
	for (i = first; i < last; i++) {
		apply(&entry[i]);
		if (i - first >= NEAR && last - i > NEAR && i % STRIDE != 0)
			continue;
		now = judge();
		ordered &= now >= state;
		state = now;
		each[now]++;
	}
	for (i = first; i < last; i++)
		memcpy(durable + entry[i].ofs, entry[i].data, entry[i].len);
	return (ordered);
}

static void
tell(const char *what, const u_int *count, int ok)
{

	report(ok && count[NSTATES] == 0, "%s: power goes %s: %u times the "
	    "older dump, %u none, %u the newer, %u a mixture", name, what,
	    count[OLDER], count[NOTHING], count[NEWER], count[NSTATES]);
}

int
main(int argc, char **argv)
{
	const uint8_t *after;
	uint64_t first, i;
	size_t len;
	u_int each[NSTATES + 1], some[NSTATES + 1];
	int ordered;

	if (argc != 5) {
		fprintf(stderr, "usage: power case vmcore directory disk\n");
		return (2);
	}
	name = argv[1];
	vmcore = argv[2];
	if (chdir(argv[3]) == -1)
		die(argv[3], "no such directory");
	image = map("image", PROT_READ | PROT_WRITE, MAP_SHARED, &disksize);
	durable = map(argv[4], PROT_READ | PROT_WRITE, MAP_PRIVATE, &len);
	if (len != disksize)
		die(argv[4], "is not as large as the image");
	read_log("log");
	report(save(argv[4], "old") == 0 && save("disk", "new") == 0 &&
	    !same("old", "new"), "%s: there was a dump, and there is another",
	    name);

	memset(each, 0, sizeof(each));
	memset(some, 0, sizeof(some));
	ordered = judge() == OLDER;
	for (first = i = 0; i <= nentries; i++) {
		if (i < nentries && !entry[i].flush)
			continue;
		ordered &= replay(first, i, some, each);
		first = i + 1;
	}
	tell("after a write", each, ordered && judge() == NEWER);
	tell("and what was not flushed is lost", some, some[OLDER] > 0);

	after = map("disk", PROT_READ, MAP_PRIVATE, &len);
	report(len == disksize && memcmp(image, after, len) == 0,
	    "%s: the log has all that was written", name);
	return (report_status());
}
