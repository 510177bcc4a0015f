/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Stand-in for the 6.x header: the kernel's message buffer.  The structure is
 * at the end of the memory passed to msgbufinit(), after the text; readers of
 * dumps rely on this.
 */

#ifndef _SYS_MSGBUF_H_
#define	_SYS_MSGBUF_H_

#include <sys/types.h>

#define	MSG_MAGIC	0x063062

struct msgbuf {
	char	*msg_ptr;	/* the text: a ring of msg_size bytes */
	u_int	msg_magic;
	u_int	msg_size;
	u_int	msg_wseq;	/* bytes written, modulo msg_seqmod */
	u_int	msg_rseq;	/* bytes read, the same */
	u_int	msg_cksum;	/* sum of the text */
	u_int	msg_seqmod;	/* a multiple of msg_size */
};

#ifndef MSGBUF_SIZE
#define	MSGBUF_SIZE	(64 * 1024)
#endif

extern struct msgbuf	*msgbufp;

void	msgbufinit(void *ptr, int size);
void	msgbuf_addchar(struct msgbuf *mbp, int c);

#endif /* !_SYS_MSGBUF_H_ */
