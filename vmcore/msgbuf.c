/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The message buffer of a dump, for the commands that print or search it.
 *
 * The dump has a section with its text, which is circular.  struct msgbuf says
 * where the oldest byte is.  In 6.x it directly follows the text, and is found
 * in the rest of the section's last page, by the kernel's symbol msgbufp, or by
 * looking at that offset of every page.
 *
 * A full dump has the buffer in memory only: it is found by the symbol, or by
 * looking at the end of every page.  Its pages are contiguous in memory.
 */

#include <sys/types.h>
#include <sys/endian.h>
#include <sys/minidump.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "vmcore.h"

/* struct msgbuf: a pointer to the text, and six 32-bit integers. */
#define	MSG_MAGIC	0x063062
#define	MSG_INTS	6
#define	MSG_MAXSIZE	(8 + MSG_INTS * 4)

/*
 * The pages of the dump are written after the section of the message buffer,
 * and meanwhile the kernel prints its progress, in at most this many bytes.
 */
#define	PROGRESS_MAX	4096

/* A larger message buffer is not believed. */
#define	SIZE_LIMIT	(64 * 1024 * 1024)

struct msghdr {
	uint64_t	ptr;		/* va of the text */
	uint32_t	size;		/* bytes of text */
	uint32_t	wseq;		/* bytes ever written, modulo seqmod */
};

/* Decode struct msgbuf.  Returns 0 if it is not that of this dump. */
static int
parse(const struct kvm_dumpinfo *ki, const u_char *buf, struct msghdr *mh)
{
	uint32_t i[MSG_INTS];
	int n;

	mh->ptr = ki->ki_ptrsize == 8 ? le64dec(buf) : le32dec(buf);
	for (n = 0; n < MSG_INTS; n++)
		i[n] = le32dec(buf + ki->ki_ptrsize + n * 4);
	/* In this order: magic, size, wseq, rseq, cksum, seqmod. */
	mh->size = i[1];
	mh->wseq = i[2];
	if (i[0] != MSG_MAGIC || i[1] == 0 ||
	    (ki->ki_full ? i[1] >= SIZE_LIMIT || i[1] > ki->ki_size :
	    i[1] != ki->ki_msgbuf.ks_size))
		return (0);
	return (i[5] != 0 && i[5] % i[1] == 0 && i[2] < i[5] && i[3] < i[5]);
}

/* Find struct msgbuf after the section's text. */
static int
find_in_section(kvm_t *kd, const struct kvm_dumpinfo *ki, struct msghdr *mh)
{
	u_char buf[MSG_MAXSIZE];
	uint64_t end;
	ssize_t len;

	len = ki->ki_ptrsize + MSG_INTS * 4;
	end = ki->ki_msgbuf.ks_offset + ki->ki_msgbuf.ks_size;
	if (end + len > ki->ki_bitmap.ks_offset)
		return (0);
	return (kvm_pread(kd, buf, len, end) == len && parse(ki, buf, mh));
}

/* Find it by the kernel's symbols. */
static int
find_by_symbol(kvm_t *kd, const struct kvm_dumpinfo *ki, struct msghdr *mh)
{
	u_char buf[MSG_MAXSIZE];
	uint64_t size;
	kvaddr_t va;
	ssize_t len;

	len = ki->ki_ptrsize + MSG_INTS * 4;
	if (kvm_symbol(kd, "msgbufp", &va, &size) == -1 ||
	    kvm_read2(kd, va, buf, ki->ki_ptrsize) != (ssize_t)ki->ki_ptrsize)
		return (0);
	va = ki->ki_ptrsize == 8 ? le64dec(buf) : le32dec(buf);
	return (kvm_read2(kd, va, buf, len) == len && parse(ki, buf, mh));
}

/*
 * Search the pages of the dump, each once, regardless of the page tables.  The
 * text begins on a page boundary, which gives struct msgbuf's offset in its
 * page; and its pointer has to lead back there.
 */
static int
find_in_pages(kvm_t *kd, const struct kvm_dumpinfo *ki, struct msghdr *mh)
{
	u_char buf[MSG_MAXSIZE];
	uint64_t ofs;
	ssize_t len;

	len = ki->ki_ptrsize + MSG_INTS * 4;
	for (ofs = ki->ki_pages.ks_offset +
	    ki->ki_msgbuf.ks_size % MINIDUMP_PAGE_SIZE;
	    ofs + len <= ki->ki_size; ofs += MINIDUMP_PAGE_SIZE)
		if (kvm_pread(kd, buf, len, ofs) == len &&
		    parse(ki, buf, mh) && kvm_offset(kd, mh->ptr +
		    ki->ki_msgbuf.ks_size) == (int64_t)ofs)
			return (1);
	return (0);
}

/*
 * struct msgbuf among the pages is newer than the text in the section.  If the
 * texts differ only in what the kernel has printed since, use the newer text.
 */
static void
replace_text(kvm_t *kd, const struct msghdr *mh, char *text, size_t len)
{
	char *young;
	size_t i, age;

	young = malloc(len);
	if (young == NULL)
		return;
	if (kvm_read2(kd, mh->ptr, young, len) != (ssize_t)len)
		goto out;
	for (i = 0; i < len; i++) {
		age = (mh->wseq % len + len - i - 1) % len;
		if (text[i] != young[i] && age >= PROGRESS_MAX)
			goto out;
	}
	memcpy(text, young, len);
out:
	free(young);
}

/*
 * Without struct msgbuf: a buffer that was never full ends with NULs.  Returns
 * where the oldest byte is, or 0 if this is unknown.
 */
static size_t
guess_start(const char *text, size_t len, const char **note)
{
	const char *nul;
	size_t i;

	nul = memchr(text, '\0', len);
	if (nul == NULL) {
		*note = "the header of the message buffer was not found: its "
		    "newest lines may stand before its oldest";
		return (0);
	}
	for (i = nul - text; i < len && text[i] == '\0'; i++)
		continue;
	return (i % len);
}

/*
 * Find it at the end of a page of a full dump.  The search begins at the last
 * page, as the kernel allocates the buffer from the end of memory.  "*ofs" is
 * where its text is.
 */
static int
find_in_memory(kvm_t *kd, const struct kvm_dumpinfo *ki, struct msghdr *mh,
    uint64_t *ofs)
{
	const struct kvm_range *r;
	u_char buf[MSG_MAXSIZE];
	uint64_t end, first;
	u_int len;

	len = ki->ki_ptrsize + MSG_INTS * 4;
	first = ki->ki_pages.ks_offset + ki->ki_npages * MINIDUMP_PAGE_SIZE;
	for (r = ki->ki_ranges + ki->ki_nranges; r-- > ki->ki_ranges; ) {
		/*
		 * The bytes of this range in the dump, as far as the file has
		 * them.
		 */
		end = first;
		first -= r->kr_end - r->kr_start;
		if (end > ki->ki_size)
			end = ki->ki_size - ki->ki_size % MINIDUMP_PAGE_SIZE;
		for (; end > first; end -= MINIDUMP_PAGE_SIZE) {
			if (kvm_pread(kd, buf, len, end - len) !=
			    (ssize_t)len || !parse(ki, buf, mh) ||
			    (mh->size + len) % MINIDUMP_PAGE_SIZE != 0 ||
			    mh->ptr % MINIDUMP_PAGE_SIZE != 0 ||
			    (uint64_t)mh->size + len > end - first)
				continue;
			*ofs = end - len - mh->size;
			return (1);
		}
	}
	return (0);
}

/* Allocate "len" bytes of text, and one more. */
static char *
alloc_text(const char *file, size_t len)
{
	char *text;

	text = malloc(len + 1);
	if (text == NULL)
		xwarn("%s: message buffer", file);
	return (text);
}

/*
 * Read the text of a full dump, circular, "*len" bytes with the oldest at
 * "*start".
 */
static char *
memory_text(kvm_t *kd, const char *file, size_t *len, size_t *start,
    const char **note)
{
	const struct kvm_dumpinfo *ki;
	struct msghdr mh;
	uint64_t ofs;
	char *text;
	ssize_t n;

	ki = kvm_dumpinfo(kd);
	memset(&mh, 0, sizeof(mh));
	n = 0;
	if (find_by_symbol(kd, ki, &mh)) {
		text = alloc_text(file, mh.size);
		if (text != NULL)
			n = kvm_read2(kd, mh.ptr, text, mh.size);
	} else if (find_in_memory(kd, ki, &mh, &ofs)) {
		text = alloc_text(file, mh.size);
		if (text != NULL)
			n = kvm_pread(kd, text, mh.size, ofs);
	} else {
		*note = "the message buffer was not found";
		return (alloc_text(file, 0));
	}
	if (text != NULL && n != (ssize_t)mh.size) {
		xwarnx("%s", kvm_geterr(kd));
		free(text);
		return (NULL);
	}
	*len = mh.size;
	*start = mh.wseq % mh.size;
	return (text);
}

/* The same for a minidump, which has a section with it. */
static char *
section_text(kvm_t *kd, const char *file, size_t *lenp, size_t *start,
    const char **note)
{
	const struct kvm_dumpinfo *ki;
	struct msghdr mh;
	char *text;
	size_t len;
	ssize_t n;

	ki = kvm_dumpinfo(kd);
	len = 0;
	if (ki->ki_size > ki->ki_msgbuf.ks_offset)
		len = ki->ki_size - ki->ki_msgbuf.ks_offset;
	if (len > ki->ki_msgbuf.ks_size)
		len = ki->ki_msgbuf.ks_size;
	text = alloc_text(file, len);
	if (text == NULL)
		return (NULL);
	n = kvm_pread(kd, text, len, ki->ki_msgbuf.ks_offset);
	if (n == -1) {
		xwarnx("%s", kvm_geterr(kd));
		free(text);
		return (NULL);
	}
	len = n;
	if (len == 0)
		*note = "the message buffer is empty";
	else if (len < ki->ki_msgbuf.ks_size)
		*start = guess_start(text, len, note);
	else if (find_in_section(kd, ki, &mh))
		*start = mh.wseq % len;
	else if (find_by_symbol(kd, ki, &mh) || find_in_pages(kd, ki, &mh)) {
		replace_text(kd, &mh, text, len);
		*start = mh.wseq % len;
	} else
		*start = guess_start(text, len, note);
	*lenp = len;
	return (text);
}

char *
msgbuf_text(kvm_t *kd, const char *file, size_t *lenp, const char **note)
{
	char *ordered, *text;
	size_t len, start;

	*note = NULL;
	*lenp = 0;
	len = start = 0;
	text = kvm_dumpinfo(kd)->ki_full ?
	    memory_text(kd, file, &len, &start, note) :
	    section_text(kd, file, &len, &start, note);
	if (text == NULL)
		return (NULL);
	ordered = alloc_text(file, len);
	if (ordered != NULL) {
		memcpy(ordered, text + start, len - start);
		memcpy(ordered + len - start, text, start);
		ordered[len] = '\0';
		*lenp = len;
	}
	free(text);
	return (ordered);
}
