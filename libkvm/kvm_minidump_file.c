/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The lowest layer of the reader: bytes of the file kd->pmfd, and warnings.
 *
 * Only the layers above know the format of a dump.
 */

#include <sys/types.h>

#include <errno.h>
#include <kvm.h>
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "mediasize.h"
#include "kvm_private.h"
#include "kvm_minidump.h"
#include "kvm_minidump_impl.h"

void
_kvm_minidump_warn(kvm_t *kd, const char *fmt, ...)
{
	struct opendump *md;
	char text[MINIDUMP_WARNINGLEN];
	va_list ap;

	md = &kd->vmst->md;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	_kvm_err(kd, kd->program, "%s", text);
	if (md->nwarnings < MINIDUMP_NWARNINGS)
		memcpy(md->warning[md->nwarnings++], text, sizeof(text));
}

int
_kvm_minidump_filesize(kvm_t *kd, uint64_t *size)
{
	off_t end;

	end = media_size(kd->pmfd);
	if (end == -1) {
		_kvm_syserr(kd, kd->program, "size of the file");
		return (-1);
	}
	*size = end;
	return (0);
}

int
_kvm_minidump_begins(kvm_t *kd, const char *magic)
{
	char buf[MINIDUMP_MAGIC_MAX];
	size_t len;

	len = strlen(magic);
	return (pread(kd->pmfd, buf, len, 0) == (ssize_t)len &&
	    memcmp(buf, magic, len) == 0);
}

ssize_t
_kvm_minidump_rawpread(kvm_t *kd, void *buf, size_t len, uint64_t ofs)
{
	uint64_t end;
	size_t done;
	ssize_t n;

	/* Ignore data that has been appended since the file was opened. */
	end = kd->vmst->md.filesize;
	if (ofs > end)
		ofs = end;
	if (len > end - ofs)
		len = end - ofs;
	for (done = 0; done < len; done += n) {
		n = pread(kd->pmfd, (char *)buf + done, len - done,
		    (off_t)(ofs + done));
		if (n == -1 && errno == EINTR)
			n = 0;
		else if (n == -1) {
			_kvm_syserr(kd, kd->program, "reading at byte %ju",
			    (uintmax_t)(ofs + done));
			return (-1);
		} else if (n == 0)
			break;
	}
	return (done);
}
