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
 * members that are kept, vmcore save's output, stdio; for vmcore save,
 * zstd as well.  What may be read: PASSES times all of it.
 */
#define	MEMORY		(3 * 1024 * 1024)
#define	MEMORY_ZSTD	(12 * 1024 * 1024)
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
	size_t		memory;
} *job;
static char in[PATH_MAX], out[PATH_MAX], info[PATH_MAX];
static char dumps[2][PATH_MAX], kernels[2][PATH_MAX];	/* amd64, i386 */
static char threads[2][PATH_MAX];	/* kernels that have some */
static char svg[PATH_MAX];
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

/* vmcore save makes sure of what it has cleared: here of the host's disks. */
void
sync(void)
{
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
	if (peak > job->memory + FACTOR * size)
		fail("%zu bytes of memory for %zu", peak, size);
	if (bytesread > PASSES * (job->memory + (uint64_t)size))
		fail("%ju bytes read of %zu", (uintmax_t)bytesread, size);
}

static void
put_file(const char *name, const uint8_t *data, size_t size)
{
	int fd;

	/* What the file has of the one before stays its memory. */
	fd = open(name, O_WRONLY | O_CREAT, 0600);
	if (fd == -1 || pwrite(fd, data, size, 0) != (ssize_t)size ||
	    ftruncate(fd, size) == -1 || close(fd) == -1)
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

	put_file(in, data, size);
	begin();
	(void)run(cmd_info, args, 2);
	end(plainmax(data, size));
}

static void
do_messages(const uint8_t *data, size_t size)
{
	const char *args[] = { "dmesg", in, NULL };
	const char *kargs[] = { "dmesg", "-k", kernels[0], in, NULL };

	put_file(in, data, size);
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

	put_file(in, data, size);
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

/* A file that the product has made of a dump of so many bytes. */
static void
check_length(const char *name, size_t size)
{
	struct stat st;

	if (stat(name, &st) == 0 && st.st_size > 1000000 + 16 * (off_t)size)
		fail("%jd bytes written for %zu", (intmax_t)st.st_size, size);
}

/* The first byte says which map. */
static void
do_map(const uint8_t *data, size_t size)
{
	static const char *const words[][4] = {
		{ "map", in, NULL }, { "map", "--json", in, NULL },
		{ "map", "-o", svg, in }, { "info", "-v", in, NULL },
		{ "info", "-v", "--json", in },
	};
	const char *args[5];
	int n;

	if (size == 0)
		return;
	memcpy(args, words[data[0] % 5], sizeof(words[0]));
	args[4] = NULL;
	for (n = 0; args[n] != NULL; n++)
		continue;
	put_file(in, data + 1, size - 1);
	size = plainmax(data + 1, size - 1);
	begin();
	(void)run(strcmp(args[0], "map") == 0 ? cmd_map : cmd_info, args, n);
	end(size);
	check_length(svg, size);
	(void)unlink(svg);
}

/* That all of a core file is in it, and its memory is that of the dump. */
static void
check_core(const uint8_t *dump, size_t size)
{
	uint64_t filesz, i, num, ofs, va;
	uint8_t *core;
	const uint8_t *ph;
	ssize_t n;
	int is64, byte;

	n = get_file(out, &core);
	if (n == -1)
		return;
	is64 = n > 64 && core[4] == 2;
	if (n < 52 || memcmp(core, "\177ELF", 4) != 0)
		fail("a core of %zd bytes", n);
	num = le16dec(core + (is64 ? 56 : 44));
	ofs = is64 ? le64dec(core + 32) : le32dec(core + 28);
	if (num == 0xffff)
		num = 0;
	if (ofs + num * (is64 ? 56 : 32) > (uint64_t)n)
		fail("%ju program headers", (uintmax_t)num);
	for (i = 0; i < num; i++) {
		ph = core + (is64 ? 64 + i * 56 : 52 + i * 32);
		va = is64 ? le64dec(ph + 16) : le32dec(ph + 8);
		ofs = is64 ? le64dec(ph + 8) : le32dec(ph + 4);
		filesz = is64 ? le64dec(ph + 32) : le32dec(ph + 16);
		if (ofs > (uint64_t)n || filesz > n - ofs)
			fail("program header %ju", (uintmax_t)i);
		if (le32dec(ph) != 1 || filesz == 0 || size < 64 ||
		    dump[0] != 'm' || dump[24] != 1)
			continue;
		byte = model_byte(dump, size, va);
		if (byte != -1 && byte != core[ofs])
			fail("0x%jx: byte %d, not %d", (uintmax_t)va,
			    core[ofs], byte);
	}
	free(core);
}

/* The first byte says which command, and whether with a kernel. */
static void
do_core(const uint8_t *data, size_t size)
{
	const char *words[][5] = {
		{ "elf", "-f", in, out, NULL },
		{ "ps", threads[0], in, NULL, NULL },
		{ "ps", "--json", threads[0], in, NULL },
		{ "ps", in, NULL, NULL, NULL },
	};
	const char *elf[] = { "elf", "-fk", threads[0], in, out, NULL };
	size_t plain;
	int i, n, i386, which;

	if (size == 0)
		return;
	which = data[0] % 5;
	data++;
	size--;
	i386 = size > 17 && data[17] != 'a';
	for (i = 0; i386 && i < 5; i++) {
		if (elf[i] == threads[0])
			elf[i] = threads[1];
		if (which < 4 && words[which][i] == threads[0])
			words[which][i] = threads[1];
	}
	put_file(in, data, size);
	plain = plainmax(data, size);
	for (n = 0; which < 4 && words[which][n] != NULL; n++)
		continue;
	begin();
	if (which == 4)
		(void)run(cmd_elf, elf, 5);
	else
		(void)run(which == 0 ? cmd_elf : cmd_ps, words[which], n);
	end(plain);
	check_length(out, plain);
	check_core(data, size);
	(void)unlink(out);
}

/* Whatever can be read of a compressed dump is what gunzip makes of it. */
static void
do_members(const uint8_t *data, size_t size)
{
	static uint8_t plain[LONGEST];
	uint8_t buf[1000];
	kvm_t *kd;
	uint64_t ofs, end_ofs;
	size_t len;
	ssize_t n;
	int whole;

	len = model_gunzip(data, size, plain, sizeof(plain), &whole);
	put_file(in, data, size);
	begin();
	kd = kvm_openfiles(NULL, in, NULL, O_RDONLY, NULL);
	if (kd != NULL) {
		/* What is behind the dump is no part of it. */
		end_ofs = kvm_dumpinfo(kd)->ki_size;
		if (whole && end_ofs < len)
			len = end_ofs;
		for (ofs = 0; ofs < end_ofs; ofs += 1000) {
			n = kvm_pread(kd, buf, 1000, ofs);
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

	put_file(in, data, size);
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
 * Compare what was saved with what is on the disk, which may not all have been
 * read: "first" is where its vmcore is.
 */
static void
check_saved(const uint8_t *got, const uint8_t *want, size_t len, off_t first,
    int status)
{
	off_t at;
	size_t i;
	int lost, said;

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
}

/* Whether it may be what was saved: but for what could not be read. */
static int
may_be(const uint8_t *got, size_t n, const uint8_t *want, size_t len)
{
	size_t i;

	if (n != len || memcmp(got, want, len < 64 ? len : 64) != 0)
		return (0);
	for (i = 0; i < len; i++)
		if (got[i] != want[i] && got[i] != 0 &&
		    (i < 2048 || i >= 4096))
			return (0);
	return (1);
}

/*
 * What was saved, without -d and -z, has to be a dump that the disk has between
 * two headers, or, with -f, at one.
 */
static void
check_dump(const uint8_t *disk, size_t size, int force, int status)
{
	struct model_dump dump;
	uint8_t *got;
	ssize_t n;
	size_t at;
	u_int i;
	int found, is;

	n = get_file(out, &got);
	if (n == -1)
		return;
	found = 0;
	/* A vmcore is copied as it is. */
	if (disk[0] != 0 && strchr("m\177\037", disk[0]) != NULL &&
	    may_be(got, n, disk, size)) {
		check_saved(got, disk, size, 0, status);
		found = 1;
	}
	/* zstd has no model. */
	if (size >= 4 && memcmp(disk, "\050\265\057\375", 4) == 0)
		found = 1;
	/* Blocks count from the beginning, or back from the end. */
	for (at = 0; at < size && !found; at++) {
		if (at % KDH_SIZE != 0 && at % KDH_SIZE != size % KDH_SIZE)
			continue;
		for (i = 0; !found && (is = model_dump(disk, size, at, i,
		    force, &dump)) != 0; i++) {
			if (is == -1)
				continue;
			if (dump.compression == 2)
				found = 1;
			else if (dump.compression != 0)
				found = model_inflates(disk + dump.ofs,
				    dump.len, got, n);
			else if (may_be(got, n, disk + dump.ofs, dump.len)) {
				check_saved(got, disk + dump.ofs, dump.len,
				    dump.ofs, status);
				found = 1;
			}
		}
	}
	if (!found)
		fail("%zd bytes saved that are no dump", n);
	free(got);
}

/*
 * The disk that is made of the data: with "tables", of their first 4096 bytes
 * at its beginning; the rest is where a dump may be.  A file is as it is.
 */
static uint8_t *
make_disk(const uint8_t *data, size_t *size, int isfile, int tables)
{
	uint8_t *disk;
	size_t head, skip;

	head = tables ? 4096 : 0;
	if (head > *size)
		head = *size;
	skip = isfile ? 0 : METADATA - head;
	disk = calloc(1, *size + skip + 1);
	if (disk == NULL)
		err(2, "memory");
	memcpy(disk, data, head);
	memcpy(disk + head + skip, data + head, *size - head);
	*size += skip;
	return (disk);
}

/*
 * The first byte says how to save; the next three which blocks of the disk
 * cannot be read.
 */
static void
do_save(const uint8_t *data, size_t size)
{
	const char *args[8];
	uint8_t flags, *disk;
	struct stat st;
	int n, status;

	if (size < 5)
		return;
	flags = data[0];
	bad.start = (data[1] + (data[2] & 15) * 256) * KDH_SIZE;
	bad.end = bad.start + data[3] % 16 * KDH_SIZE;
	bad.whole = (flags & 64) != 0;
	size -= 4;
	disk = make_disk(data + 4, &size, (flags & 129) == 1,
	    (flags & 128) != 0);
	put_file(in, disk, size);
	if (stat(in, &st) == -1)
		err(2, "%s", in);
	bad.ino = bad.end != bad.start ? st.st_ino : 0;
	n = 0;
	args[n++] = "save";
	if ((flags & 2) != 0)
		args[n++] = (flags & 4) != 0 ? "-z" : "-d";
	else if ((flags & 4) != 0)
		args[n++] = "-ps1";
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
	end((flags & 1) != 0 ? plainmax(disk, size) : size);
	if (status == STATUS_OK && access(out, R_OK) == -1)
		fail("saved nothing");
	if ((flags & 2) == 0)
		check_dump(disk, size, (flags & 8) != 0, status);
	bad.ino = 0;
	free(disk);
	check_dir();
	(void)unlink(out);
	(void)unlink(info);
}

static void
do_deflate(const uint8_t *data, size_t size)
{
	const char *wrong;

	wrong = packed_wrong(data, size);
	if (wrong != NULL)
		fail("%s", wrong);
}

static const struct job jobs[] = {
	{ "header",	do_header,	0,	NULL,	MEMORY },
	{ "translate",	do_translate,	0,	NULL,	MEMORY },
	{ "messages",	do_messages,	0,	NULL,	MEMORY },
	{ "members",	do_members,	0,	model_sealgzip,	MEMORY },
	{ "elf",	do_elf,		0,	NULL,	MEMORY },
	{ "map",	do_map,		1,	NULL,	MEMORY },
	{ "core",	do_core,	1,	NULL,	MEMORY },
	{ "save",	do_save,	4,	model_sealdisk,	MEMORY_ZSTD },
	{ "deflate",	do_deflate,	0,	NULL,	MEMORY },
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
	snprintf(svg, sizeof(svg), "%s/out.svg", dir);
	for (i = 0; i < 2; i++) {
		snprintf(dumps[i], PATH_MAX, "%s/%s.dump", dir, archs[i]);
		snprintf(kernels[i], PATH_MAX, "%s/%s.kernel", dir, archs[i]);
		snprintf(threads[i], PATH_MAX, "%s/%s.threads", dir, archs[i]);
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
