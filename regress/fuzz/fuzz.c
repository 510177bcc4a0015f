/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The target of the fuzzer: what the library and vmcore(8) do with a file that
 * libFuzzer makes.  FUZZ_JOB in the environment says which part it is for, and
 * FUZZ_DIR where files may be made; regress/fuzz/run calls it.
 *
 * Besides what the sanitizers see this stops at a read that begins beyond the
 * end of the file, at memory or work that the size of the file does not
 * account for, and at an answer that is not what model.c finds by itself.
 */

#include <sys/types.h>
#include <sys/endian.h>
#include <sys/stat.h>

#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <kvm.h>
#include <limits.h>
#include <sanitizer/allocator_interface.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kvm_private.h"
#include "kvm_minidump.h"
#include "../../vmcore/vmcore.h"
#include "model.h"

/* The Makefile gives this name to the pread() of all but this file. */
#undef	pread
ssize_t	fuzz_pread(int fd, void *buf, size_t len, off_t ofs);
ssize_t	pread(int fd, void *buf, size_t len, off_t ofs);

int	LLVMFuzzerInitialize(int *argc, char ***argv);
int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t	LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max,
	    unsigned int seed);
size_t	LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max);

/*
 * What may be allocated, besides FACTOR bytes for each of the dump: zlib, the
 * members that are kept, vmcore save's output, libelf, stdio.  What may be
 * read: PASSES times all of it.
 */
#define	MEMORY		(3 * 1024 * 1024)
#define	FACTOR		4
#define	PASSES		64

/* How many addresses of a dump are looked up. */
#define	MAXADDRS	32

#define	KDH_SIZE	512
#define	METADATA	65536
#define	LONGEST		(64 * 1024 * 1024)

static const struct job {
	const char	*name;
	void		(*run)(const uint8_t *, size_t);
	size_t		skip;		/* bytes before the file */
	void		(*seal)(uint8_t *, size_t);
} *job;
static char in[PATH_MAX], out[PATH_MAX], info[PATH_MAX];
static char dumps[2][PATH_MAX], kernels[2][PATH_MAX];	/* amd64, i386 */
static const char *dir;
static int messages;		/* stderr, which the product has not */
static int counting;		/* the product runs */
static size_t live, peak;	/* bytes allocated */
static uint64_t bytesread;

static void __attribute__((__noreturn__, __format__(__printf__, 1, 2)))
fail(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	dprintf(messages, "%s: ", job->name);
	vdprintf(messages, fmt, ap);
	dprintf(messages, "\n");
	va_end(ap);
	abort();
}

/* What the disk cannot read: of the file that has this number. */
static struct {
	ino_t		ino;
	off_t		start;
	off_t		end;
	int		whole;		/* a read of any of it fails */
} bad;

ssize_t
fuzz_pread(int fd, void *buf, size_t len, off_t ofs)
{
	struct stat st;
	ssize_t n;

	if (fstat(fd, &st) == -1)
		return (-1);
	if (ofs < 0 || ofs > st.st_size)
		fail("read at byte %jd of %jd", (intmax_t)ofs,
		    (intmax_t)st.st_size);
	if (bad.ino == st.st_ino && ofs < bad.end &&
	    ofs + (off_t)len > bad.start) {
		if (ofs >= bad.start || bad.whole) {
			errno = EIO;
			return (-1);
		}
		len = bad.start - ofs;
	}
	n = pread(fd, buf, len, ofs);
	if (n > 0)
		bytesread += n;
	return (n);
}

static void
on_malloc(const volatile void *p, size_t size)
{

	(void)p;
	if (!counting)
		return;
	live += size;
	if (live > peak)
		peak = live;
}

static void
on_free(const volatile void *p)
{
	size_t size;

	if (!counting || p == NULL)
		return;
	size = __sanitizer_get_allocated_size(p);
	live -= size < live ? size : live;
}

/* The product runs from begin() to end(), on so many bytes of dump. */
static void
begin(void)
{

	live = peak = bytesread = 0;
	counting = 1;
}

static void
end(size_t size)
{

	counting = 0;
	if (peak > MEMORY + FACTOR * size)
		fail("%zu bytes of memory for %zu", peak, size);
	if (bytesread > PASSES * (MEMORY + (uint64_t)size))
		fail("%ju bytes read of %zu", (uintmax_t)bytesread, size);
}

static void
put_file(const char *name, const uint8_t *data, size_t size, off_t ofs)
{
	int fd;

	fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	if (fd == -1 || pwrite(fd, data, size, ofs) != (ssize_t)size ||
	    close(fd) == -1)
		err(2, "%s", name);
}

/* A file that the product has made; -1: there is none. */
static ssize_t
get_file(const char *name, uint8_t **data)
{
	struct stat st;
	int fd;

	*data = NULL;
	fd = open(name, O_RDONLY);
	if (fd == -1)
		return (-1);
	if (fstat(fd, &st) == -1 || (*data = malloc(st.st_size + 1)) == NULL ||
	    pread(fd, *data, st.st_size, 0) != st.st_size)
		err(2, "%s", name);
	close(fd);
	return (st.st_size);
}

/* Run a command of vmcore(8). */
static int
run(int (*command)(int, char **), const char *args[], int n)
{
	int status;

	optind = 0;
	status = (*command)(n, (char **)(uintptr_t)args);
	if (status != STATUS_OK && status != STATUS_FAILED)
		fail("status %d", status);
	return (status);
}

static size_t
plainmax(const uint8_t *data, size_t size)
{

	if (size > 2 && data[0] == 0x1f)
		return (model_gzmax(data, size));
	return (size);
}

static void
do_header(const uint8_t *data, size_t size)
{
	const char *args[] = { "info", in, NULL };

	put_file(in, data, size, 0);
	begin();
	(void)run(cmd_info, args, 2);
	end(plainmax(data, size));
}

static void
do_messages(const uint8_t *data, size_t size)
{
	const char *args[] = { "dmesg", in, NULL };
	const char *kargs[] = { "dmesg", "-k", kernels[0], in, NULL };

	put_file(in, data, size, 0);
	begin();
	(void)run(cmd_dmesg, args, 2);
	end(plainmax(data, size));
	if (size > 17 && data[17] != 'a')
		kargs[2] = kernels[1];
	begin();
	(void)run(cmd_dmesg, kargs, 4);
	end(plainmax(data, size));
}

/* Whether the library reads what the model says is there. */
static void
compare(kvm_t *kd, const uint8_t *dump, size_t size, uint64_t va)
{
	uint8_t buf[3];
	ssize_t n;
	int byte, i;

	n = kvm_read2(kd, va, buf, sizeof(buf));
	if (n == 0 || n > (ssize_t)sizeof(buf))
		fail("0x%jx: %zd bytes", (uintmax_t)va, n);
	for (i = 0; i < 3; i++) {
		byte = model_byte(dump, size, va + i);
		if (i < n ? byte != buf[i] : byte != -1)
			fail("0x%jx: byte %d of %zd is %d", (uintmax_t)va, i,
			    n, byte);
		if (i >= n)
			break;
	}
}

static void
do_translate(const uint8_t *data, size_t size)
{
	const char *args[] = { "verify", in, NULL };
	kvm_t *kd;
	u_int i;

	put_file(in, data, size, 0);
	begin();
	kd = kvm_openfiles(NULL, in, NULL, O_RDONLY, NULL);
	if (kd != NULL) {
		/* The model knows plain dumps of version 1. */
		for (i = 0; i < MAXADDRS && data[0] == 'm' && data[24] == 1;
		    i++)
			compare(kd, data, size, model_addr(data, size, i));
		kvm_close(kd);
	}
	if (run(cmd_verify, args, 2) == STATUS_OK && kd == NULL)
		fail("verified and not opened");
	end(plainmax(data, size));
}

/* Whatever can be read of a compressed dump is what gunzip makes of it. */
static void
do_members(const uint8_t *data, size_t size)
{
	static uint8_t plain[LONGEST];
	uint8_t buf[MINIDUMP_GZ_PLAIN];
	const struct opendump *md;
	kvm_t *kd;
	uint64_t ofs;
	size_t len;
	ssize_t n;
	int whole;

	len = model_gunzip(data, size, plain, sizeof(plain), &whole);
	put_file(in, data, size, 0);
	begin();
	kd = kvm_openfiles(NULL, in, NULL, O_RDONLY, NULL);
	if (kd != NULL) {
		md = _kvm_minidump(kd);
		for (ofs = 0; ofs < md->size; ofs += 1000) {
			n = _kvm_minidump_pread(kd, buf, 1000, ofs);
			if (n > 0 && ofs < len && memcmp(buf, plain + ofs,
			    len - ofs < (size_t)n ? len - ofs : (size_t)n) != 0)
				fail("byte %ju of the dump", (uintmax_t)ofs);
			/* Where nothing is damaged, all can be read. */
			if (whole && data[10] == 6 && data[11] == 0 &&
			    n != (ssize_t)(len - ofs < 1000 ? len - ofs : 1000))
				fail("%zd bytes at %ju: %s", n,
				    (uintmax_t)ofs, kvm_geterr(kd));
		}
		kvm_close(kd);
	}
	end(plainmax(data, size));
}

static void
do_elf(const uint8_t *data, size_t size)
{
	static const char *const names[] = {
		"version", "_counter", "msgbufp", "plain", "across", "nosuch"
	};
	kvaddr_t va;
	kvm_t *kd;
	uint64_t len;
	char buf[64];
	u_int i, n;

	put_file(in, data, size, 0);
	for (i = 0; i < 2; i++) {
		begin();
		kd = kvm_openfiles(in, dumps[i], NULL, O_RDONLY, NULL);
		for (n = 0; kd != NULL && n < 6; n++)
			if (kvm_symbol(kd, names[n], &va, &len) == 0)
				(void)kvm_read2(kd, va, buf, sizeof(buf));
		if (kd != NULL)
			kvm_close(kd);
		end(size);
	}
}

/* No other file than these may be there. */
static void
check_dir(void)
{
	struct dirent *de;
	DIR *dp;

	dp = opendir(dir);
	if (dp == NULL)
		err(2, "%s", dir);
	while ((de = readdir(dp)) != NULL)
		if (strncmp(de->d_name, "out.", 4) == 0 &&
		    strcmp(de->d_name, "out.info") != 0)
			fail("left %s", de->d_name);
	closedir(dp);
}

/*
 * Compare what was saved, without conversion, with the disk: "first" is where
 * its vmcore is.
 */
static void
check_saved(const uint8_t *want, size_t len, off_t first, int status)
{
	uint8_t *got;
	off_t at;
	ssize_t n;
	size_t i;
	int lost, said;

	n = get_file(out, &got);
	if (n == -1)
		return;
	if ((size_t)n != len)
		fail("%zd bytes of %zu", n, len);
	for (i = 0; i < len; i++) {
		at = first + i;
		lost = at >= bad.start && at < bad.end;
		if (lost && status == STATUS_OK)
			fail("byte %zu was not read", i);
		if (want[0] == 'm' && i >= 2048 && i < 4096 && status !=
		    STATUS_OK)
			continue;
		if (got[i] != (lost ? 0 : want[i]) && (want[0] != 'm' ||
		    status == STATUS_OK || got[i] != 0 ||
		    !model_notread(got, len, i)))
			fail("byte %zu is 0x%02x, not 0x%02x", i, got[i],
			    want[i]);
		if (want[0] != 'm' || status == STATUS_OK)
			continue;
		/* What is beside it in a block is lost as well. */
		said = model_notread(got, len, i);
		if (said ? at + KDH_SIZE <= bad.start ||
		    at >= bad.end + KDH_SIZE : lost)
			fail("byte %zu: %d, not %d", i, said, lost);
	}
	free(got);
}

/*
 * The first byte says how to save; the next three which blocks of the disk
 * cannot be read.
 */
static void
do_save(const uint8_t *data, size_t size)
{
	const char *args[8];
	const uint8_t *vmcore;
	uint8_t flags;
	struct stat st;
	size_t len, skip;
	off_t first;
	int n, status;

	if (size < 4)
		return;
	flags = data[0];
	skip = (flags & 1) != 0 ? 0 : METADATA;
	bad.start = (data[1] + (data[2] & 15) * 256) * KDH_SIZE;
	bad.end = bad.start + data[3] % 16 * KDH_SIZE;
	bad.whole = (flags & 64) != 0;
	data += 4;
	size -= 4;
	put_file(in, data, size, skip);
	if (stat(in, &st) == -1)
		err(2, "%s", in);
	bad.ino = bad.end != bad.start ? st.st_ino : 0;
	n = 0;
	args[n++] = "save";
	if ((flags & 2) != 0)
		args[n++] = (flags & 4) != 0 ? "-z" : "-d";
	if ((flags & 8) != 0)
		args[n++] = "-f";
	if ((flags & 16) != 0)
		args[n++] = "-i";
	if ((flags & 32) != 0)
		args[n++] = "--clear";
	args[n++] = in;
	args[n++] = out;
	args[n] = NULL;
	begin();
	status = run(cmd_save, args, n);
	end((flags & 1) != 0 ? plainmax(data, size) : size);
	if (status == STATUS_OK && access(out, R_OK) == -1)
		fail("saved nothing");
	vmcore = data;
	len = model_vmcore(data, size, &vmcore);
	first = skip + (vmcore - data);
	if ((flags & 1) != 0) {
		len = size;
		vmcore = data;
		first = 0;
	}
	if ((flags & 2) == 0)
		check_saved(vmcore, len, first, status);
	bad.ino = 0;
	check_dir();
	(void)unlink(out);
	(void)unlink(info);
}

static const struct job jobs[] = {
	{ "header",	do_header,	0,	NULL },
	{ "translate",	do_translate,	0,	NULL },
	{ "messages",	do_messages,	0,	NULL },
	{ "members",	do_members,	0,	model_sealgzip },
	{ "elf",	do_elf,		0,	NULL },
	{ "save",	do_save,	4,	model_sealdisk },
};
#define	NJOBS	(sizeof(jobs) / sizeof(jobs[0]))

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	static const char *const archs[] = { "amd64", "i386" };
	const char *name;
	u_int i;

	(void)argc;
	(void)argv;
	messages = dup(STDERR_FILENO);
	name = getenv("FUZZ_JOB");
	dir = getenv("FUZZ_DIR");
	for (i = 0; name != NULL && i < NJOBS; i++)
		if (strcmp(jobs[i].name, name) == 0)
			job = &jobs[i];
	if (job == NULL || dir == NULL)
		errx(2, "no FUZZ_JOB or no FUZZ_DIR");
	snprintf(in, sizeof(in), "%s/in", dir);
	snprintf(out, sizeof(out), "%s/out", dir);
	snprintf(info, sizeof(info), "%s/out.info", dir);
	for (i = 0; i < 2; i++) {
		snprintf(dumps[i], PATH_MAX, "%s/%s.dump", dir, archs[i]);
		snprintf(kernels[i], PATH_MAX, "%s/%s.kernel", dir, archs[i]);
	}
	__sanitizer_install_malloc_and_free_hooks(on_malloc, on_free);
	return (0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{

	(*job->run)(data, size);
	return (0);
}

/*
 * Most of a dump is pages of memory, which may be anything; what matters stands
 * at the beginning of pages.  Half of what is made has right checksums.
 */
size_t
LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max,
    unsigned int seed)
{
	size_t len, ofs;

	ofs = (seed >> 8) % 8 * 4096 + ((seed >> 16) % 4 == 0 ?
	    (seed >> 20) % 16 * 256 : 0);
	if ((seed & 3) != 0 && ofs < size) {
		len = size - ofs < 64 ? size - ofs : 64;
		(void)LLVMFuzzerMutate(data + ofs, len, len);
	} else
		size = LLVMFuzzerMutate(data, size, max);
	if ((seed & 4) != 0 && job->seal != NULL && size > job->skip)
		(*job->seal)(data + job->skip, size - job->skip);
	return (size);
}
