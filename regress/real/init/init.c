/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * init, the only program on a machine with a real FreeBSD kernel (amd64 or
 * i386) under test.  It executes the steps in the kernel environment, prove.1,
 * prove.2 and so on, and crashes the machine:
 *
 *	dump DEVICE		make this the dump device
 *	set SYSCTL VALUE	a number or a string
 *	show SYSCTL		print it
 *	read DEVICE		start a process that reads it repeatedly
 *	copy FROM TO		copy a device to another; prints the size
 *	churn			start a process that forks others
 *	sleep SECONDS
 *	exit			panic: "Going nowhere without my init!"
 *	reboot			as "reboot -d"
 *	fault			a page fault in the kernel
 *
 * Each prints its result on the console, "prove: STEP: N", which is 0 or more,
 * or the negative errno.  After the last step, init sleeps.
 *
 * This uses no library and no headers of FreeBSD, only raw system calls, with
 * the numbers and structs of 6.x.
 */

#include <stddef.h>
#include <stdint.h>

/* System calls by number. */
enum call {
	CALL_EXIT = 1,
	CALL_FORK = 2,
	CALL_READ = 3,
	CALL_WRITE = 4,
	CALL_OPEN = 5,
	CALL_WAIT4 = 7,
	CALL_IOCTL = 54,
	CALL_REBOOT = 55,
	CALL_LSEEK = 199,
	CALL_SYSCTL = 202,
	CALL_NANOSLEEP = 240,
	CALL_KLDSYM = 337,
	CALL_KENV = 390,
	CALL_JAIL_ATTACH = 436
};

#define	KENV_GET	0
#define	O_RDONLY	0
#define	O_WRONLY	1
#define	O_RDWR		2
#define	RB_DUMP		0x100
#define	DIOCSKERNELDUMP	0x80046485UL	/* _IOW('d', 133, u_int) */
#define	KLDSYM_LOOKUP	1
#define	CTLTYPE		0xf
#define	CTLTYPE_STRING	3

#define	ENOENT		2
#define	EINVAL		22

struct lookup {				/* struct kld_sym_lookup */
	int		version;
	const char	*name;
	unsigned long	value;
	size_t		size;
};

long	sys(enum call, ...);
void	init(void) __attribute__((__noreturn__));
void	*memcpy(void *, const void *, size_t);
void	*memset(void *, int, size_t);

static char	buffer[65536];

void *
memcpy(void *to, const void *from, size_t len)
{
	char *t;
	const char *f;

	for (t = to, f = from; len > 0; len--)
		*t++ = *f++;
	return (to);
}

void *
memset(void *to, int c, size_t len)
{
	char *t;

	for (t = to; len > 0; len--)
		*t++ = c;
	return (to);
}

static size_t
length(const char *s)
{
	size_t len;

	for (len = 0; s[len] != '\0'; len++)
		continue;
	return (len);
}

static int
same(const char *a, const char *b)
{

	for (; *a == *b; a++, b++)
		if (*a == '\0')
			return (1);
	return (0);
}

static char *
append(char *to, const char *s)
{

	while (*s != '\0')
		*to++ = *s++;
	*to = '\0';
	return (to);
}

/* Divide by 10, for which i386 needs libgcc.  Returns the remainder. */
static int
divide(unsigned long long *n)
{
	unsigned long long quotient;
	int bit, rest;

	quotient = 0;
	rest = 0;
	for (bit = 0; bit < 64; bit++) {
		rest = 2 * rest + (int)(*n >> 63);
		*n <<= 1;
		quotient = quotient << 1 | (rest >= 10);
		if (rest >= 10)
			rest -= 10;
	}
	*n = quotient;
	return (rest);
}

static char *
append_number(char *to, long long n)
{
	unsigned long long u;
	char digits[24], *p;

	p = &digits[sizeof(digits)];
	*--p = '\0';
	u = n < 0 ? -(unsigned long long)n : (unsigned long long)n;
	do {
		*--p = '0' + divide(&u);
	} while (u != 0);
	if (n < 0)
		*--p = '-';
	return (append(to, p));
}

static long long
number(const char *s)
{
	long long n;
	int negative;

	negative = *s == '-';
	if (negative)
		s++;
	for (n = 0; *s >= '0' && *s <= '9'; s++)
		n = 10 * n + *s - '0';
	return (negative ? -n : n);
}

/* Print a result with one write, as other processes may be printing. */
static void
say(const char *step, const char *result)
{
	char line[512], *p;

	p = append(line, "prove: ");
	p = append(p, step);
	p = append(p, ": ");
	p = append(p, result);
	p = append(p, "\n");
	sys(CALL_WRITE, 1L, line, (long)(p - line));
}

/* Convert a sysctl's name.  Returns the length of its OID, or -errno. */
static long
name_to_oid(const char *name, int *oid, size_t size)
{
	int query[2] = { 0, 3 };
	long error;

	error = sys(CALL_SYSCTL, query, 2L, oid, &size, name,
	    (long)length(name));
	return (error < 0 ? error : (long)(size / sizeof(*oid)));
}

/* Return the size of a sysctl, 4 or 8; 0 if it is a string. */
static long
sysctl_size(const int *oid, long n)
{
	struct {
		unsigned int	kind;
		char		format[124];
	} info;
	int query[26];
	size_t size;
	long error;

	query[0] = 0;
	query[1] = 4;
	memcpy(query + 2, oid, n * sizeof(*oid));
	size = sizeof(info);
	memset(&info, 0, size);
	error = sys(CALL_SYSCTL, query, n + 2, &info, &size, NULL, 0L);
	if (error < 0)
		return (error);
	if ((info.kind & CTLTYPE) == CTLTYPE_STRING)
		return (0);
	if (info.format[0] == 'Q')
		return (8);
	return (info.format[0] == 'L' ? (long)sizeof(long) : 4);
}

static long
set_sysctl(const char *name, const char *value)
{
	long long wide;
	int oid[24];
	long n, size;

	n = name_to_oid(name, oid, sizeof(oid));
	if (n < 0)
		return (n);
	size = sysctl_size(oid, n);
	if (size < 0)
		return (size);
	if (size == 0)
		return (sys(CALL_SYSCTL, oid, n, NULL, NULL, value,
		    (long)length(value)));
	wide = number(value);
	return (sys(CALL_SYSCTL, oid, n, NULL, NULL, &wide, size));
}

static void
show_sysctl(const char *step, const char *name)
{
	char text[256];
	long long wide;
	size_t len;
	int oid[24];
	long n, size;

	n = name_to_oid(name, oid, sizeof(oid));
	size = n < 0 ? n : sysctl_size(oid, n);
	wide = 0;
	memset(text, 0, sizeof(text));
	if (size == 0) {
		len = sizeof(text) - 1;
		size = sys(CALL_SYSCTL, oid, n, text, &len, NULL, 0L);
	} else if (size > 0) {
		len = size;
		size = sys(CALL_SYSCTL, oid, n, &wide, &len, NULL, 0L);
		if (len == sizeof(int))
			wide = (unsigned int)wide;
		append_number(text, wide);
	}
	if (size < 0)
		append_number(text, size);
	say(step, text);
}

static long
set_dump_device(const char *device)
{
	unsigned int on;
	long fd;

	fd = sys(CALL_OPEN, device, (long)O_RDONLY, 0L);
	if (fd < 0)
		return (fd);
	on = 1;
	return (sys(CALL_IOCTL, fd, DIOCSKERNELDUMP, &on));
}

/* On i386, off_t is two words, after a word of padding. */
static long
seek(long fd, unsigned long at)
{

#ifdef __x86_64__
	return (sys(CALL_LSEEK, fd, 0L, at, 0L) == (long)at ? 0 : -EINVAL);
#else
	return (sys(CALL_LSEEK, fd, 0L, at, 0L, 0L) == (long)at ? 0 : -EINVAL);
#endif
}

static long
kernel_symbol(const char *name, unsigned long *value)
{
	struct lookup look;
	long error;

	look.version = sizeof(look);
	look.name = name;
	look.value = 0;
	look.size = 0;
	error = sys(CALL_KLDSYM, 0L, (long)KLDSYM_LOOKUP, &look);
	*value = look.value;
	return (error);
}

/*
 * Make the list of jails, which nothing else uses, point to unmapped memory,
 * and look for a jail: the kernel faults in a function two calls below the
 * system call.
 */
static long
fault(void)
{
	unsigned long bad, list;
	long fd, error;

	list = 0;
	error = kernel_symbol("allprison", &list);
	if (error < 0)
		return (error);
	fd = sys(CALL_OPEN, "/dev/kmem", (long)O_RDWR, 0L);
	if (fd < 0)
		return (fd);
	bad = 0x10;
	error = seek(fd, list);
	if (error == 0)
		error = sys(CALL_WRITE, fd, &bad, sizeof(bad));
	return (error < 0 ? error : sys(CALL_JAIL_ATTACH, 1L));
}

/* Read from all over the device until an error. */
static void
reader(const char *device)
{
	unsigned long at, step;
	long fd, n;

	fd = sys(CALL_OPEN, device, (long)O_RDONLY, 0L);
	at = 0;
	for (step = 1; fd >= 0; step += 131) {
		n = seek(fd, at);
		if (n == 0)
			n = sys(CALL_READ, fd, buffer, sizeof(buffer));
		if (n <= 0 && at == 0)
			break;
		at = n <= 0 ? 0 : step % 509 * sizeof(buffer);
	}
	say("reader", "stopped");
	sys(CALL_EXIT, 1L);
}

/* Copy a device, in units of the buffer, which are whole blocks. */
static long
copy_device(const char *from, const char *to)
{
	long done, fd, n, out, total;

	fd = sys(CALL_OPEN, from, (long)O_RDONLY, 0L);
	if (fd < 0)
		return (fd);
	out = sys(CALL_OPEN, to, (long)O_WRONLY, 0L);
	if (out < 0)
		return (out);
	for (total = 0;; total += n) {
		n = sys(CALL_READ, fd, buffer, sizeof(buffer));
		if (n <= 0)
			break;
		done = sys(CALL_WRITE, out, buffer, n);
		if (done != n)
			return (done < 0 ? done : -EINVAL);
	}
	return (n < 0 ? n : total);
}

/* Create and end processes, which allocates and frees memory. */
static void
churn(void)
{
	size_t i;
	long pid;

	for (;;) {
		pid = sys(CALL_FORK);
		for (i = 0; i < sizeof(buffer); i += 4096)
			buffer[i]++;
		if (pid == 0)
			sys(CALL_EXIT, 0L);
		sys(CALL_WAIT4, pid, NULL, 0L, NULL);
	}
}

static long
pause(long seconds)
{
	long spec[2];

	spec[0] = seconds;
	spec[1] = 0;
	return (sys(CALL_NANOSLEEP, spec, NULL));
}

/* Split "line" at blanks.  Returns the number of words. */
static int
cut(char *line, char **word, int max)
{
	int n;

	for (n = 0; n < max; n++) {
		while (*line == ' ')
			*line++ = '\0';
		if (*line == '\0')
			break;
		word[n] = line;
		while (*line != ' ' && *line != '\0')
			line++;
	}
	return (n);
}

static void
do_step(const char *step)
{
	char copy[256], result[24], *word[3];
	long error;
	int n;

	append(copy, step);
	n = cut(copy, word, 3);
	error = -EINVAL;
	if (n == 3 && same(word[0], "set"))
		error = set_sysctl(word[1], word[2]);
	else if (n == 2 && same(word[0], "show")) {
		show_sysctl(step, word[1]);
		return;
	} else if (n == 2 && same(word[0], "dump"))
		error = set_dump_device(word[1]);
	else if (n == 2 && same(word[0], "read")) {
		error = sys(CALL_FORK);
		if (error == 0)
			reader(word[1]);
	} else if (n == 3 && same(word[0], "copy"))
		error = copy_device(word[1], word[2]);
	else if (n == 1 && same(word[0], "churn")) {
		error = sys(CALL_FORK);
		if (error == 0)
			churn();
	} else if (n == 2 && same(word[0], "sleep"))
		error = pause((long)number(word[1]));
	else if (n == 1 && same(word[0], "exit")) {
		say(step, "0");
		sys(CALL_EXIT, 0L);
	} else if (n == 1 && same(word[0], "reboot")) {
		say(step, "0");
		error = sys(CALL_REBOOT, (long)RB_DUMP);
	} else if (n == 1 && same(word[0], "fault")) {
		say(step, "0");
		error = fault();
	}
	append_number(result, error);
	say(step, result);
}

void
init(void)
{
	char name[24], step[129];
	int i;

	/* Descriptors 0 to 2; the kernel has mounted /dev. */
	for (i = 0; i < 3; i++)
		sys(CALL_OPEN, "/dev/console", (long)O_RDWR, 0L);
	for (i = 1;; i++) {
		append_number(append(name, "prove."), i);
		memset(step, 0, sizeof(step));
		if (sys(CALL_KENV, (long)KENV_GET, name, step,
		    (long)sizeof(step) - 1) < 0)
			break;
		do_step(step);
	}
	say("end", "0");
	for (;;)
		pause(3600);
}
