/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * vmcore read: prints memory of the kernel that crashed, by symbol or address.
 */

#include <sys/types.h>
#include <sys/endian.h>
#include <sys/minidump.h>

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "vmcore.h"

/* The longest string, if the symbol's size is unknown. */
#define	STRING_MAX	1024
/* A larger length must be a mistake. */
#define	LENGTH_MAX	0xffffffffU
#define	LINELEN		16

/* A range of bytes that could not be read. */
struct hole {
	kvaddr_t	start;
	kvaddr_t	end;		/* exclusive; equal to start if empty */
};

/* Parse a whole number.  Returns -1 if "s" is not one. */
static int
number(const char *s, uint64_t *value)
{
	char *end;

	errno = 0;
	*value = strtoull(s, &end, 0);
	return (s[0] < '0' || s[0] > '9' || *end != '\0' || errno != 0 ?
	    -1 : 0);
}

/* Print lines of bytes, with addresses as wide as the kernel's pointers. */
static void
print_hex(kvaddr_t va, u_int ptrsize, const u_char *buf, size_t len)
{
	size_t i, n;

	for (; len > 0; va += n, buf += n, len -= n) {
		n = len < LINELEN ? len : LINELEN;
		printf("%0*jx ", (int)ptrsize * 2, (uintmax_t)va);
		for (i = 0; i < LINELEN; i++) {
			if (i % 8 == 0)
				putchar(' ');
			if (i < n)
				printf("%02x ", buf[i]);
			else
				printf("   ");
		}
		printf(" |");
		for (i = 0; i < n; i++)
			putchar(buf[i] >= ' ' && buf[i] <= '~' ? buf[i] : '.');
		printf("|\n");
	}
}

static void
report_hole(const char *file, struct hole *hole)
{

	if (hole->start != hole->end)
		xwarnx("%s: %ju bytes from address 0x%jx on could not be read",
		    file, (uintmax_t)(hole->end - hole->start),
		    (uintmax_t)hole->start);
	hole->start = hole->end;
}

/*
 * Print those of "len" bytes that can be read.  For each range of others, print
 * the reason and the size to stderr.
 */
static int
read_hex(kvm_t *kd, const char *file, kvaddr_t va, uint64_t len)
{
	u_char buf[MINIDUMP_PAGE_SIZE];
	struct hole hole;
	size_t n;
	ssize_t got;
	int status;

	status = STATUS_OK;
	hole.start = hole.end = va;
	for (; len > 0; va += n, len -= n) {
		n = sizeof(buf) - va % sizeof(buf);
		if (n > len)
			n = len;
		got = kvm_read2(kd, va, buf, n);
		if (got > 0) {
			report_hole(file, &hole);
			print_hex(va, kvm_dumpinfo(kd)->ki_ptrsize, buf, got);
			n = got;
			hole.start = hole.end = va + n;
			continue;
		}
		if (hole.start == hole.end)
			xwarnx("%s", kvm_geterr(kd));
		/* The rest of the page may be readable. */
		if (n > kvm_gap(kd, va))
			n = kvm_gap(kd, va);
		hole.end = va + n;
		status = STATUS_FAILED;
	}
	report_hole(file, &hole);
	return (status);
}

/* Print bytes up to a NUL, at most "len". */
static int
read_string(kvm_t *kd, kvaddr_t va, uint64_t len)
{
	char buf[MINIDUMP_PAGE_SIZE];
	size_t n, shown;
	ssize_t got;
	int last, status;

	last = '\n';
	status = STATUS_OK;
	for (; len > 0; va += n, len -= n) {
		n = sizeof(buf) - va % sizeof(buf);
		if (n > len)
			n = len;
		got = kvm_read2(kd, va, buf, n);
		shown = got > 0 ? strnlen(buf, got) : 0;
		print_text(stdout, buf, shown);
		if (shown > 0)
			last = buf[shown - 1];
		if (got > 0 && shown < (size_t)got)
			break;
		if (got != (ssize_t)n) {
			status = STATUS_FAILED;
			break;
		}
	}
	if (last != '\n')
		putchar('\n');
	if (status != STATUS_OK)
		xwarnx("%s", kvm_geterr(kd));
	return (status);
}

static int
read_unsigned(kvm_t *kd, kvaddr_t va, size_t len)
{
	u_char buf[8];

	memset(buf, 0, sizeof(buf));
	if (kvm_read2(kd, va, buf, len) != (ssize_t)len) {
		xwarnx("%s", kvm_geterr(kd));
		return (STATUS_FAILED);
	}
	printf("%ju\n", (uintmax_t)le64dec(buf));
	return (STATUS_OK);
}

/* The arguments. */
struct request {
	const char	*kernel;	/* or NULL */
	const char	*file;
	const char	*symbol;	/* NULL: an address */
	kvaddr_t	va;
	uint64_t	len;		/* 0: the symbol's size */
};

/* Return whether an argument is an address, in any form, and not a symbol. */
static int
is_address(const char *s)
{

	return (s[0] >= '0' && s[0] <= '9');
}

/*
 * Parse "[kernel] file symbol | address [length]".  The kernel can only be
 * omitted with an address, and only a length can follow an address.
 */
static int
parse(struct request *req, int argc, char **argv)
{
	const char *len;

	memset(req, 0, sizeof(*req));
	if (argc < 2 || argc > 4)
		return (-1);
	if (argc == 4 || (argc == 3 && !(is_address(argv[1]) &&
	    is_address(argv[2])))) {
		req->kernel = *argv++;
		argc--;
	}
	req->file = argv[0];
	len = argc == 3 ? argv[2] : NULL;
	if (len != NULL && (number(len, &req->len) == -1 || req->len == 0 ||
	    req->len > LENGTH_MAX)) {
		xwarnx("length %s: not a number from 1 to %u", len,
		    LENGTH_MAX);
		return (-1);
	}
	if (!is_address(argv[1]))
		req->symbol = argv[1];
	else if (strncmp(argv[1], "0x", 2) != 0 ||
	    number(argv[1], &req->va) == -1) {
		xwarnx("address %s: not a number of 0x and hexadecimal digits",
		    argv[1]);
		return (-1);
	}
	if (req->symbol != NULL && req->kernel == NULL) {
		xwarnx("symbol %s: a symbol needs the kernel", req->symbol);
		return (-1);
	}
	return (0);
}

/*
 * Look up the symbol.  If it is larger than the whole dump, the kernel file is
 * damaged or the wrong one.
 */
static int
find_symbol(kvm_t *kd, struct request *req)
{
	uint64_t size;

	if (kvm_symbol(kd, req->symbol, &req->va, &size) == -1) {
		xwarnx("%s", kvm_geterr(kd));
		return (-1);
	}
	if (req->len == 0 && size > kvm_dumpinfo(kd)->ki_size) {
		xwarnx("%s: symbol %s: a size of %ju bytes: more than the "
		    "dump has", req->kernel, req->symbol, (uintmax_t)size);
		return (-1);
	}
	if (req->len == 0)
		req->len = size;
	return (0);
}

static int
read_request(kvm_t *kd, struct request *req, int form)
{
	uint64_t len;

	if (req->symbol != NULL && find_symbol(kd, req) == -1)
		return (STATUS_FAILED);
	len = req->len;
	if (len == 0)
		len = form == 's' ? STRING_MAX : kvm_dumpinfo(kd)->ki_ptrsize;
	if (form == 's')
		return (read_string(kd, req->va, len));
	if (form != 'u')
		return (read_hex(kd, req->file, req->va, len));
	if (len == 1 || len == 2 || len == 4 || len == 8)
		return (read_unsigned(kd, req->va, len));
	xwarnx("length %ju: -u needs 1, 2, 4 or 8", (uintmax_t)len);
	return (STATUS_USAGE);
}

int
cmd_read(int argc, char **argv)
{
	struct request req;
	kvm_t *kd;
	int ch, form, status;

	form = 'x';
	while ((ch = getopt(argc, argv, "su")) != -1) {
		if (ch == '?' || form != 'x')
			return (unknown_option(argv));
		form = ch;
	}
	if (parse(&req, argc - optind, argv + optind) == -1)
		return (STATUS_USAGE);
	kd = open_dump(req.kernel, req.file);
	if (kd == NULL)
		return (STATUS_FAILED);
	status = read_request(kd, &req, form);
	kvm_close(kd);
	return (status);
}
