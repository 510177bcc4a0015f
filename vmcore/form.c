/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Recognizes, for vmcore save, how dumps begin, and what could be mistaken for
 * a dump or may contain one.  This only classifies bytes; its callers decide
 * what to do with them.
 */

#include <sys/types.h>

#include <errno.h>
#include <string.h>
#include <zlib.h>

#include "elffield.h"
#include "form.h"
#include "gzip.h"
#include "stream.h"

/*
 * Bytes that are needed to know a dump's format, and those of a compressed one:
 * zstd needs all of the first block.
 */
#define	PLAIN		512
#define	PACKED_GZIP	8192
#define	PACKED_ZSTD	(132 * 1024)
/* Added to the window size, this makes zlib read gzip headers. */
#define	GZIP_WBITS	(MAX_WBITS + 16)

/*
 * Files that begin like this are not dumps.  Images of virtual machines may
 * have their blocks in any order, or lack some: what looks like a dump in one
 * is not usable.
 */
static const struct {
	const char	*bytes;
	u_int		size;
	u_int		ofs;
	int		scattered;
	const char	*name;
} others[] = {
	{ "\375" "7zXZ\0", 6, 0, 0, "a file compressed with xz" },
	{ "BZh", 3, 0, 0, "a file compressed with bzip2" },
	{ "\004\"M\030", 4, 0, 0, "a file compressed with lz4" },
	{ "\135\0\0\200\0", 5, 0, 0, "a file compressed with lzma" },
	{ "LZIP", 4, 0, 0, "a file compressed with lzip" },
	{ "\211LZO\0\r\n\032\n", 9, 0, 0, "a file compressed with lzop" },
	{ "\037\235", 2, 0, 0, "a file compressed with compress" },
	{ "\037\240", 2, 0, 0, "a file compressed with freeze" },
	{ "PK\003\004", 4, 0, 0, "a zip archive" },
	{ "7z\274\257\047\034", 6, 0, 0, "a 7-Zip archive" },
	{ "Rar!\032\007", 6, 0, 0, "a RAR archive" },
	{ "ustar", 5, 257, 0, "a tar archive" },
	{ "#!/bin/sh\n#V2.0 Format", 22, 0, 1, "an image of mkuzip" },
	{ "#!/bin/sh\n#L3.0", 15, 0, 1, "an image of mkuzip" },
	{ "#!/bin/sh\n#Z4.0", 15, 0, 1, "an image of mkuzip" },
	{ "QFI\373", 4, 0, 1, "a disk image in QEMU's qcow2 format" },
	{ "QED\0", 4, 0, 1, "a disk image in QEMU's QED format" },
	{ "KDMV", 4, 0, 1, "a disk image in VMware's VMDK format" },
	{ "COWD", 4, 0, 1, "a disk image in VMware's VMDK format" },
	{ "# Disk DescriptorFile", 21, 0, 1,
	    "the description of a disk image in VMware's VMDK format" },
	{ "vhdxfile", 8, 0, 1, "a disk image in the VHDX format" },
	{ "conectix", 8, 0, 1, "a disk image in the VHD format" },
	{ "\177\020\332\276", 4, 64, 1,
	    "a disk image in VirtualBox's VDI format" },
	{ "\177ELF", 4, 0, 0, "an ELF file that has not all of memory" },
};

/*
 * A full dump is an ELF core file whose segments are all memory.  That of a
 * process has notes, and so has one made for gdb.
 */
static int
is_full(const u_char *buf, size_t n)
{
	uint64_t phoff;
	int is64, msb;

	if (n < sizeof(Elf64_Ehdr) || memcmp(buf, ELFMAG, SELFMAG) != 0)
		return (0);
	is64 = buf[EI_CLASS] == ELFCLASS64;
	msb = buf[EI_DATA] == ELFDATA2MSB;
	if (ELF_ANYFIELD(is64, msb, buf, Ehdr, e_type) != ET_CORE)
		return (0);
	phoff = ELF_ANYFIELD(is64, msb, buf, Ehdr, e_phoff);
	/* All known dumps have their program headers in the first bytes. */
	return (phoff <= n - ELF_SIZE(is64, Phdr) && ELF_ANYFIELD(is64, msb,
	    buf + phoff, Phdr, p_type) == PT_LOAD);
}

/* Return the form of an uncompressed dump by its first bytes. */
static enum form
plain_form(const u_char *buf, size_t n)
{
	static const char minidump[] = "minidump FreeBSD/";

	if (n >= sizeof(minidump) - 1 &&
	    memcmp(buf, minidump, sizeof(minidump) - 1) == 0)
		return (FORM_MINIDUMP);
	return (is_full(buf, n) ? FORM_ELF : FORM_OTHER);
}

/*
 * Decompress the beginning of a gzip file.  Returns the number of bytes; sets
 * "*damaged" if damage ended it.
 */
static size_t
gunzip_start(u_char *in, size_t inlen, u_char *out, size_t outlen,
    int *damaged)
{
	z_stream z;
	int error;

	*damaged = 0;
	memset(&z, 0, sizeof(z));
	z.next_in = in;
	z.avail_in = inlen;
	z.next_out = out;
	z.avail_out = outlen;
	if (inflateInit2(&z, GZIP_WBITS) != Z_OK)
		return (0);
	/* Members may be small, or empty. */
	do {
		error = inflate(&z, Z_NO_FLUSH);
		if (error == Z_STREAM_END && z.avail_in > 0)
			error = inflateReset(&z);
	} while (error == Z_OK && z.avail_out > 0 && z.avail_in > 0);
	*damaged = error == Z_DATA_ERROR;
	(void)inflateEnd(&z);
	return (outlen - z.avail_out);
}

/* Find the contents of a compressed file, by the beginning of the file. */
static void
packed_form(u_char *buf, size_t n, struct contents *c)
{
	u_char plain[PLAIN];
	size_t len;
	int damaged;

	if (c->form == FORM_GZIP) {
		c->members = gzip_ismember(buf, n);
		len = gunzip_start(buf, n, plain, sizeof(plain), &damaged);
		c->name = "a file compressed with gzip";
	} else {
		len = zstd_start(buf, n, plain, sizeof(plain), &damaged);
		c->name = zstd_known() ? "a file compressed with zstd" :
		    "a file compressed with zstd, which this vmcore was built "
		    "without";
	}
	c->plain = plain_form(plain, len);
	/* A dump with a damaged beginning is still a dump. */
	if (c->plain == FORM_OTHER && damaged && c->members)
		c->plain = FORM_MINIDUMP;
	if (c->plain != FORM_OTHER)
		c->name = NULL;
}

void
form_find(const struct medium *m, uint64_t ofs, uint64_t len,
    struct contents *c)
{
	static u_char buf[PACKED_ZSTD];
	size_t n, want;
	u_int i;

	memset(c, 0, sizeof(*c));
	want = len < PLAIN ? len : PLAIN;
	n = medium_some(m, buf, want, ofs);
	if (n < want) {
		c->error = errno != 0 ? errno : ENXIO;
		c->errofs = ofs + n;
		return;
	}
	c->form = c->plain = plain_form(buf, n);
	if (c->form != FORM_OTHER)
		return;
	if (n >= 2 && memcmp(buf, "\037\213", 2) == 0)
		c->form = FORM_GZIP;
	else if (n >= 4 && memcmp(buf, "\050\265\057\375", 4) == 0)
		c->form = FORM_ZSTD;
	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (n >= others[i].ofs + others[i].size &&
		    memcmp(buf + others[i].ofs, others[i].bytes,
		    others[i].size) == 0) {
			c->name = others[i].name;
			c->scattered = others[i].scattered;
		}
	if (c->form == FORM_OTHER)
		return;
	want = c->form == FORM_GZIP ? PACKED_GZIP : PACKED_ZSTD;
	if (want > len)
		want = len;
	n += medium_start(m, buf + n, want - n, ofs + n);
	packed_form(buf, n, c);
}
