/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * vmcore read: memory of the kernel that crashed, by symbol or address.
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
#include "kvm_minidump.h"

/* The longest string, for a symbol that tells no size. */
#define	STRING_MAX	1024
/* More than this cannot be meant. */
#define	LENGTH_MAX	0xffffffffU
#define	LINELEN		16

/* Bytes in a row that could not be read. */
struct hole {
	kvaddr_t	start;
	kvaddr_t	end;		/* exclusive; start if there are none */
};

/* Take a whole number apart.  Returns -1 if "s" is none. */
static int
number(const char *s, uint64_t *value)
{
	char *end;

	errno = 0;
	*value = strtoull(s, &end, 0);
	return (s[0] < '0' || s[0] > '9' || *end != '\0' || errno != 0 ?
	    -1 : 0);
}

static void
print_hex(kvaddr_t va, const u_char *buf, size_t len)
{
	size_t i, n;

	for (; len > 0; va += n, buf += n, len -= n) {
		n = len < LINELEN ? len : LINELEN;
		printf("%016jx ", (uintmax_t)va);
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
 * Print what there is of "len" bytes, and tell on stderr what there is not:
 * the reason for the first of each run of bytes, and how many it has.
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
			print_hex(va, buf, got);
			n = got;
			hole.start = hole.end = va + n;
			continue;
		}
		if (hole.start == hole.end)
			xwarnx("%s", kvm_geterr(kd));
		/* The rest of the page may have been read. */
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

int
cmd_read(int argc, char **argv)
{
	kvm_t *kd;
	kvaddr_t va;
	uint64_t len, size;
	int ch, form, isnumber, status;

	form = 'x';
	while ((ch = getopt(argc, argv, "su")) != -1) {
		if (ch == '?' || form != 'x')
			return (STATUS_USAGE);
		form = ch;
	}
	argc -= optind;
	argv += optind;
	if (argc < 3 || argc > 4)
		return (STATUS_USAGE);
	len = 0;
	if (argc == 4 && (number(argv[3], &len) == -1 || len == 0 ||
	    len > LENGTH_MAX)) {
		xwarnx("length %s: not a number from 1 to %u", argv[3],
		    LENGTH_MAX);
		return (STATUS_USAGE);
	}
	isnumber = argv[2][0] >= '0' && argv[2][0] <= '9';
	if (isnumber && (strncmp(argv[2], "0x", 2) != 0 ||
	    number(argv[2], &va) == -1)) {
		xwarnx("address %s: not a number of 0x and hexadecimal digits",
		    argv[2]);
		return (STATUS_USAGE);
	}

	kd = open_dump(argv[0], argv[1]);
	if (kd == NULL)
		return (STATUS_FAILED);
	size = 0;
	if (!isnumber && kvm_symbol(kd, argv[2], &va, &size) == -1) {
		xwarnx("%s", kvm_geterr(kd));
		kvm_close(kd);
		return (STATUS_FAILED);
	}
	if (len == 0)
		len = size;
	if (len == 0)
		len = form == 's' ? STRING_MAX : _kvm_minidump(kd)->ptrsize;
	if (form == 'u' && len != 1 && len != 2 && len != 4 && len != 8) {
		xwarnx("length %ju: -u needs 1, 2, 4 or 8", (uintmax_t)len);
		status = STATUS_USAGE;
	} else if (form == 'u')
		status = read_unsigned(kd, va, len);
	else if (form == 's')
		status = read_string(kd, va, len);
	else
		status = read_hex(kd, argv[1], va, len);
	kvm_close(kd);
	return (status);
}
