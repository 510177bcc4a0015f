/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Symbols that can be found in a dump without the kernel's file, for kernel.c.
 */

#ifndef _DYNSYM_H_
#define	_DYNSYM_H_

#include <kvm.h>

struct dynsym;

/*
 * Find the symbols in the dump that modules are linked to.  Returns NULL,
 * without a message, if there are none.
 */
struct dynsym *dynsym_open(kvm_t *kd);
void	dynsym_close(struct dynsym *d);

/* Return whether the kernel's ELF header has FreeBSD as its OS ABI. */
int	dynsym_isbranded(const struct dynsym *d);

/* Return the address of a symbol, or -1 if there is none. */
int	dynsym_symbol(struct dynsym *d, const char *name, kvaddr_t *va);

/*
 * Find the struct pcb that the kernel saves before it dumps: the argument of a
 * call of savectx() for which "goes_on" says that the saved context continues
 * right after that call.  Returns -1 if there is none.
 */
typedef int	goes_on_t(void *arg, kvaddr_t pcb, kvaddr_t ip);
int	dynsym_dumppcb(struct dynsym *d, kvaddr_t *pcb, goes_on_t *goes_on,
	    void *arg);

#endif /* !_DYNSYM_H_ */
