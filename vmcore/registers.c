/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Registers, from a struct pcb: of the thread that crashed, of threads that
 * were not running, and of those whose CPU was stopped.
 */

#include <sys/types.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "kernel_int.h"
#include "vmcore.h"

static const struct pcb_layout pcb_layouts[] = {
	{ 1, { 128, 112, 104, 120, NONE, NONE, 96, 88, 80, 72 } },
	{ 1, { 64, 48, 40, 56, NONE, NONE, 32, 24, 16, 8 } },
	{ 1, { 56, 40, 32, 48, NONE, NONE, 24, 16, 8, 0 } },
	{ 0, { 24, 16, 12, 20, 8, 4, NONE, NONE, NONE, NONE } },
	{ 0, { 20, 12, 8, 16, 4, 0, NONE, NONE, NONE, NONE } },
};
#define	NPCB_LAYOUTS	(sizeof(pcb_layouts) / sizeof(pcb_layouts[0]))

static const char *const pcb_names[2][NREGS] = {
	{ "eip", "esp", "ebp", "ebx", "esi", "edi", NULL, NULL, NULL, NULL },
	{ "rip", "rsp", "rbp", "rbx", NULL, NULL, "r12", "r13", "r14", "r15" },
};

/* Get the layout that the kernel exports.  Returns -1 if it does not. */
static int
exported_layout(struct kernel *k, struct pcb_layout *l)
{
	char name[32];
	uint64_t value;
	u_int i;

	for (i = 0; i < NREGS; i++) {
		l->ofs[i] = NONE;
		if (pcb_names[k->amd64][i] == NULL)
			continue;
		snprintf(name, sizeof(name), "pcb_off_pcb_%s",
		    pcb_names[k->amd64][i]);
		if (read_constant(k, name, &value) == -1)
			return (-1);
		l->ofs[i] = value;
	}
	return (0);
}

/* Read registers by one layout.  Returns -1 if they are not plausible. */
static int
read_layout(struct kernel *k, kvaddr_t pcb, const struct pcb_layout *l,
    struct registers *regs)
{
	uint64_t value;
	u_int i;

	memset(regs, 0, sizeof(*regs));
	for (i = 0; i < NREGS; i++)
		if (l->ofs[i] != NONE && read_number(k, pcb + l->ofs[i],
		    k->ptrsize, &regs->reg[i]) == -1)
			return (-1);
	/* The thread was in the kernel, on its kernel stack. */
	if (read_number(k, regs->reg[REG_IP], 1, &value) == -1 ||
	    read_pointer(k, regs->reg[REG_SP], &value) == -1)
		return (-1);
	/* The return address, which is "ip", is still on the stack. */
	regs->reg[REG_SP] += k->ptrsize;
	return (0);
}

int
kernel_registers(struct kernel *k, kvaddr_t pcb, struct registers *regs)
{
	u_int i;

	if (!k->askedpcb)
		k->exportspcb = exported_layout(k, &k->exported) == 0;
	k->askedpcb = 1;
	if (k->exportspcb)
		return (read_layout(k, pcb, &k->exported, regs));
	for (i = 0; i < NPCB_LAYOUTS; i++)
		if (pcb_layouts[i].amd64 == k->amd64 &&
		    read_layout(k, pcb, &pcb_layouts[i], regs) == 0)
			return (0);
	return (-1);
}

int
kernel_stopped(struct kernel *k, int cpu, struct registers *regs)
{
	kvaddr_t va;
	uint64_t size;

	if (kernel_islive(k) || kernel_symbol(k, "stoppcbs", &va) == -1 ||
	    read_constant(k, "pcb_size", &size) == -1)
		return (-1);
	return (kernel_registers(k, va + cpu * size, regs));
}

/* For dynsym_dumppcb(): return whether the context at "pcb" resumes at "ip". */
static int
goes_on(void *arg, kvaddr_t pcb, kvaddr_t ip)
{
	struct registers regs;

	return (kernel_registers(arg, pcb, &regs) == 0 &&
	    regs.reg[REG_IP] == ip);
}

int
kernel_crashed(struct kernel *k, struct registers *regs, int *tid)
{
	kvaddr_t va;
	uint64_t value;

	*tid = -1;
	if (kernel_islive(k))
		return (1);
	if (kernel_symbol(k, "dumptid", &va) == 0 &&
	    read_number(k, va, 4, &value) == 0 && value <= INT32_MAX)
		*tid = value;
	/* In some kernels, dumppcb is static, and not in the dynamic table. */
	if (kernel_symbol(k, "dumppcb", &va) == -1 &&
	    (kernel_dynsym(k) == NULL ||
	    dynsym_dumppcb(k->dynsym, &va, goes_on, k) == -1)) {
		xwarnx("%s: no registers of the thread that crashed: %s",
		    k->file, k->hasfile ? "the kernel has no symbol dumppcb" :
		    "dumppcb is not found: -k names the kernel");
		return (-1);
	}
	if (kernel_registers(k, va, regs) == 0)
		return (0);
	xwarnx("%s: no registers of the thread that crashed: dumppcb at 0x%jx "
	    "has none that can be true: %s", k->file, (uintmax_t)va,
	    k->hasfile ? "is this its kernel?" : kvm_geterr(k->kd));
	return (-1);
}
