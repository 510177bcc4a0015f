/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The console (COM1), the manifest (COM2) and the kernel's printf.
 *
 * What is printed goes to the console and to the message buffer.  The manifest
 * goes to its port alone, so the console's log is what the buffer must hold.
 */

#include <sys/param.h>
#include <sys/systm.h>
#include <sys/cons.h>
#include <sys/lock.h>
#include <sys/msgbuf.h>
#include <sys/mutex.h>
#include <sys/stdint.h>

#include <machine/stdarg.h>

#include "kern.h"

#define	COM1		0x3f8
#define	COM2		0x2f8
#define	UART_DATA	0
#define	UART_IER	1
#define	UART_FCR	2
#define	UART_LCR	3
#define	UART_MCR	4
#define	UART_LSR	5
#define	LSR_RXRDY	0x01
#define	LSR_TXRDY	0x20
#define	FCR_ENABLE	0x01
#define	FIFOSIZE	16

#define	CTRL_C		0x03

struct msgbuf	*msgbufp;
int		cn_stop;
static int	msgbufmapped;
static u_int	manifest_room __section(".bss.mutable");	/* in the FIFO */

struct printer {
	void	(*put)(struct printer *, int c);
	char	*next;			/* put_string() only */
	char	*end;
};

/* The receiver is left alone: what was typed before boot stays typed. */
void
cninit(void)
{

	outb(COM1 + UART_IER, 0);
	outb(COM1 + UART_LCR, 3);
	outb(COM1 + UART_MCR, 3);
	outb(COM2 + UART_IER, 0);
	outb(COM2 + UART_LCR, 3);
	outb(COM2 + UART_MCR, 3);
	outb(COM2 + UART_FCR, FCR_ENABLE);
}

static void
uart_wait(u_int port)
{

	while ((inb(port + UART_LSR) & LSR_TXRDY) == 0)
		continue;
}

void
cnputc(int c)
{

	uart_wait(COM1);
	outb(COM1 + UART_DATA, c);
}

int
cncheckc(void)
{

	if (cn_stop != 0 && --cn_stop == 0)
		return (CTRL_C);
	if ((inb(COM1 + UART_LSR) & LSR_RXRDY) == 0)
		return (-1);
	return (inb(COM1 + UART_DATA));
}

void
msgbufinit(void *ptr, int size)
{

	size -= sizeof(*msgbufp);
	msgbufp = (struct msgbuf *)((char *)ptr + size);
	bzero(ptr, size + sizeof(*msgbufp));
	msgbufp->msg_ptr = ptr;
	msgbufp->msg_size = size;
	msgbufp->msg_seqmod = 16 * size;
	msgbufp->msg_magic = MSG_MAGIC;
	msgbufmapped = 1;
}

void
msgbuf_addchar(struct msgbuf *mbp, int c)
{
	char *p;

	p = mbp->msg_ptr + mbp->msg_wseq % mbp->msg_size;
	mbp->msg_cksum += (u_char)c - (u_char)*p;
	*p = c;
	mbp->msg_wseq = (mbp->msg_wseq + 1) % mbp->msg_seqmod;
}

static void
put_console(struct printer *p __unused, int c)
{

	cnputc(c);
	if (msgbufmapped)
		msgbuf_addchar(msgbufp, c);
}

static void
put_manifest(struct printer *p __unused, int c)
{

	if (manifest_room == 0) {
		uart_wait(COM2);
		manifest_room = FIFOSIZE;
	}
	manifest_room--;
	outb(COM2 + UART_DATA, c);
}

static void
put_string(struct printer *p, int c)
{

	if (p->next < p->end)
		*p->next++ = c;
}

static void
print_number(struct printer *p, uintmax_t n, u_int base, int width, int pad)
{
	char digits[24];
	int i;

	i = 0;
	do {
		digits[i++] = "0123456789abcdef"[n % base];
		n /= base;
	} while (n != 0);
	for (; width > i; width--)
		(*p->put)(p, pad);
	while (i > 0)
		(*p->put)(p, digits[--i]);
}

/*
 * Of printf(3): the conversions c d p s u x, a width, zero padding, '-' and
 * '#', the sizes j l ll q z, and a precision for s.
 */
static void
print(struct printer *p, const char *fmt, va_list ap)
{
	const char *s;
	uintmax_t n;
	intmax_t d;
	int alt, c, left, longs, pad, precision, width;

	for (; (c = *fmt) != '\0'; fmt++) {
		if (c != '%') {
			(*p->put)(p, c);
			continue;
		}
		alt = left = longs = width = 0;
		pad = ' ';
		precision = -1;
		for (fmt++; *fmt == '-' || *fmt == '0' || *fmt == '#'; fmt++) {
			if (*fmt == '-')
				left = 1;
			else if (*fmt == '0')
				pad = '0';
			else
				alt = 1;
		}
		for (; *fmt >= '0' && *fmt <= '9'; fmt++)
			width = 10 * width + *fmt - '0';
		if (*fmt == '.') {
			precision = 0;
			for (fmt++; *fmt >= '0' && *fmt <= '9'; fmt++)
				precision = 10 * precision + *fmt - '0';
		}
		for (; *fmt == 'l' || *fmt == 'j' || *fmt == 'q' ||
		    *fmt == 'z'; fmt++)
			longs += *fmt == 'l' || *fmt == 'z' ? 1 : 2;
		switch (c = *fmt) {
		case 'd':
			d = longs == 0 ? va_arg(ap, int) :
			    longs == 1 ? va_arg(ap, long) :
			    va_arg(ap, intmax_t);
			n = d;
			if (d < 0) {
				(*p->put)(p, '-');
				n = -n;
			}
			print_number(p, n, 10, width, pad);
			break;
		case 'p':
			longs = alt = 1;
			/* FALLTHROUGH */
		case 'u':
		case 'x':
			n = longs == 0 ? va_arg(ap, u_int) :
			    longs == 1 ? va_arg(ap, u_long) :
			    va_arg(ap, uintmax_t);
			if (alt) {
				(*p->put)(p, '0');
				(*p->put)(p, 'x');
			}
			print_number(p, n, c == 'u' ? 10 : 16, width, pad);
			break;
		case 's':
			s = va_arg(ap, const char *);
			for (; *s != '\0' && precision-- != 0; s++, width--)
				(*p->put)(p, *s);
			for (; left && width > 0; width--)
				(*p->put)(p, ' ');
			break;
		case 'c':
			c = va_arg(ap, int);
			/* FALLTHROUGH */
		default:
			(*p->put)(p, c);
			break;
		}
	}
}

/* One CPU prints at a time; a fault while it does may print, too. */
int
vprintf(const char *fmt, va_list ap)
{
	static struct mtx lock = { .mtx_lock = MTX_UNOWNED };
	struct printer p = { put_console, NULL, NULL };
	int owned;

	owned = mtx_owned(&lock);
	if (!owned)
		mtx_lock(&lock);
	print(&p, fmt, ap);
	if (!owned)
		mtx_unlock(&lock);
	return (0);
}

int
printf(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	return (0);
}

/* Print into the manifest. */
void
mprintf(const char *fmt, ...)
{
	struct printer p = { put_manifest, NULL, NULL };
	va_list ap;

	va_start(ap, fmt);
	print(&p, fmt, ap);
	va_end(ap);
}

int
vsnprintf(char *buf, size_t size, const char *fmt, va_list ap)
{
	struct printer p = { put_string, buf, buf + size - 1 };

	print(&p, fmt, ap);
	*p.next = '\0';
	return (p.next - buf);
}

int
snprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vsnprintf(buf, size, fmt, ap);
	va_end(ap);
	return (len);
}
