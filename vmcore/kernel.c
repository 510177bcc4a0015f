/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * What a kernel tells of itself in its dump: see kernel.h.  How its symbols are
 * found without its file is in dynsym.c.
 */

#include <sys/types.h>
#include <sys/endian.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dynsym.h"
#include "kernel.h"
#include "vmcore.h"
#include "kvm_minidump.h"

/* A structure that is larger than this is none. */
#define	OFFSET_MAX	65536
/* More elements than any kernel has. */
#define	LIST_MAX	(1024 * 1024)

/* Of a thread, with the names that 6.x has for them. */
enum { TDS_INACTIVE, TDS_INHIBITED, TDS_CAN_RUN, TDS_RUNQ, TDS_RUNNING };
#define	TDI_SUSPENDED	0x0001
#define	TDI_SLEEPING	0x0002
#define	TDI_SWAPPED	0x0004
#define	TDI_LOCK	0x0008
#define	TDI_IWAIT	0x0010
/* More CPUs than there can be, in an int or in an unsigned char. */
#define	NCPUS_MAX	65536
#define	NOCPU_UCHAR	0xff

/*
 * Where struct pcb has registers: first as the kernel says, else as kernels had
 * it that do not: those of 6.x, 7.x, and from 9 on.
 */
struct pcb_layout {
	int	amd64;
	u_int	ofs[NREGS];
};
#define	NONE	OFFSET_MAX

struct kernel {
	kvm_t		*kd;
	const char	*file;
	int		hasfile;
	u_int		ptrsize;
	uint64_t	maxlist;	/* elements */
	int		amd64;
	struct dynsym	*dynsym;	/* NULL: not looked for, or none */
	int		looked;
	int		askedpcb;	/* told is what it tells, or nothing */
	int		tellspcb;
	struct pcb_layout told;
};

struct kernel *
kernel_open(kvm_t *kd, const char *file, int hasfile)
{
	const struct minidump *md;
	struct kernel *k;

	k = calloc(1, sizeof(*k));
	if (k == NULL) {
		xwarn("%s", file);
		return (NULL);
	}
	md = _kvm_minidump(kd);
	k->kd = kd;
	k->file = file;
	k->hasfile = hasfile;
	k->ptrsize = md->ptrsize;
	/* Each element has two pointers. */
	k->maxlist = md->size / (2 * md->ptrsize);
	k->amd64 = strcmp(md->ops->arch, "amd64") == 0;
	return (k);
}

void
kernel_close(struct kernel *k)
{

	dynsym_close(k->dynsym);
	free(k);
}

/* What the dump has of the kernel's own symbols. */
static struct dynsym *
get_dynsym(struct kernel *k)
{

	if (!k->looked)
		k->dynsym = dynsym_open(k->kd);
	k->looked = 1;
	return (k->dynsym);
}

int
kernel_symbol(struct kernel *k, const char *name, kvaddr_t *va)
{
	uint64_t size;

	if (k->hasfile)
		return (kvm_symbol(k->kd, name, va, &size));
	if (get_dynsym(k) == NULL)
		return (-1);
	return (dynsym_symbol(k->dynsym, name, va));
}

int
kernel_isbranded(struct kernel *k)
{
	const struct dynsym *d;

	d = get_dynsym(k);
	return (d != NULL && dynsym_isbranded(d));
}

/* Read a number of "size" bytes.  kvm_geterr() tells why not. */
static int
read_number(struct kernel *k, kvaddr_t va, u_int size, uint64_t *value)
{
	u_char buf[8];

	memset(buf, 0, sizeof(buf));
	if (kvm_read2(k->kd, va, buf, size) != (ssize_t)size)
		return (-1);
	*value = le64dec(buf);
	return (0);
}

static int
read_pointer(struct kernel *k, kvaddr_t va, kvaddr_t *value)
{

	return (read_number(k, va, k->ptrsize, value));
}

/* Read a string, and show what is not printable as a question mark. */
static void
read_string(struct kernel *k, kvaddr_t va, char *buf, size_t size)
{
	ssize_t i, n;

	n = kvm_read2(k->kd, va, buf, size - 1);
	for (i = 0; i < n && buf[i] != '\0'; i++)
		if (buf[i] < ' ' || buf[i] > '~')
			buf[i] = '?';
	buf[i] = '\0';
}

/*
 * The value of a symbol that is an int.  Returns -1 if there is no such symbol,
 * or if it cannot be what it should.
 */
static int
read_constant(struct kernel *k, const char *name, uint64_t *value)
{
	kvaddr_t va;

	if (kernel_symbol(k, name, &va) == -1)
		return (-1);
	if (read_number(k, va, 4, value) == -1) {
		xwarnx("%s: symbol %s: %s", k->file, name,
		    kvm_geterr(k->kd));
		return (-1);
	}
	if (*value >= OFFSET_MAX) {
		xwarnx("%s: symbol %s: 0x%jx: no size or offset", k->file,
		    name, (uintmax_t)*value);
		return (-1);
	}
	return (0);
}

/* A number that the kernel exports, by name. */
struct constant {
	const char	*name;
	uint64_t	*value;
};

/* Read all of a table that ends with NULL; returns the first not there. */
static const char *
read_constants(struct kernel *k, const struct constant *c)
{

	for (; c->name != NULL; c++)
		if (read_constant(k, c->name, c->value) == -1)
			return (c->name);
	return (NULL);
}

/*
 * ---- Registers
 */

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

/* The layout that the kernel tells.  Returns -1 if it tells none. */
static int
told_layout(struct kernel *k, struct pcb_layout *l)
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

/* Registers by one layout; -1 if they cannot be those of a thread. */
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
	/* It was in the kernel, on its stack. */
	if (read_number(k, regs->reg[REG_IP], 1, &value) == -1 ||
	    read_pointer(k, regs->reg[REG_SP], &value) == -1)
		return (-1);
	/* The return address that is "ip" has not been popped. */
	regs->reg[REG_SP] += k->ptrsize;
	return (0);
}

int
kernel_registers(struct kernel *k, kvaddr_t pcb, struct registers *regs)
{
	u_int i;

	if (!k->askedpcb)
		k->tellspcb = told_layout(k, &k->told) == 0;
	k->askedpcb = 1;
	if (k->tellspcb)
		return (read_layout(k, pcb, &k->told, regs));
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

	if (kernel_symbol(k, "stoppcbs", &va) == -1 ||
	    read_constant(k, "pcb_size", &size) == -1)
		return (-1);
	return (kernel_registers(k, va + cpu * size, regs));
}

/* What dynsym_dumppcb() asks: does a context saved at "pcb" go on at "ip"? */
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
	if (kernel_symbol(k, "dumptid", &va) == 0 &&
	    read_number(k, va, 4, &value) == 0 && value <= INT32_MAX)
		*tid = value;
	/* It is not always a symbol that modules could be linked to. */
	if (kernel_symbol(k, "dumppcb", &va) == -1 &&
	    (get_dynsym(k) == NULL ||
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

/*
 * ---- Threads
 */

struct offsets {
	uint64_t	p_pid, p_comm, p_list, p_threads, p_state;
	uint64_t	td_tid, td_oncpu, td_pcb, td_plist;
	uint64_t	td_state, td_inhibitors, td_wmesg, td_lockname;
	uint64_t	td_name;
	uint64_t	size_oncpu;
	int		hasstate;
	int		hasname;
	int		crashed;	/* the number of that thread */
};

/* What the kernel must tell, and what it may. */
static const char *
read_offsets(struct kernel *k, struct offsets *o)
{
	const struct constant needed[] = {
		{ "proc_off_p_pid", &o->p_pid },
		{ "proc_off_p_comm", &o->p_comm },
		{ "proc_off_p_list", &o->p_list },
		{ "proc_off_p_threads", &o->p_threads },
		{ "thread_off_td_tid", &o->td_tid },
		{ "thread_off_td_oncpu", &o->td_oncpu },
		{ "thread_off_td_pcb", &o->td_pcb },
		{ "thread_off_td_plist", &o->td_plist },
		{ NULL, NULL }
	};
	const struct constant state[] = {
		{ "proc_off_p_state", &o->p_state },
		{ "thread_off_td_state", &o->td_state },
		{ "thread_off_td_inhibitors", &o->td_inhibitors },
		{ "thread_off_td_wmesg", &o->td_wmesg },
		{ "thread_off_td_lockname", &o->td_lockname },
		{ NULL, NULL }
	};
	const char *missing;

	memset(o, 0, sizeof(*o));
	o->hasstate = read_constants(k, state) == NULL;
	o->hasname = read_constant(k, "thread_off_td_name",
	    &o->td_name) == 0;
	missing = read_constants(k, needed);
	/*
	 * Kernels that do not tell its size have an unsigned char behind
	 * another, up to FreeBSD 10, and then an int, which is aligned.
	 */
	if (missing == NULL && read_constant(k, "thread_size_td_oncpu",
	    &o->size_oncpu) == -1)
		o->size_oncpu = o->td_oncpu % 4 != 0 ? 1 : 4;
	return (missing);
}

/* The number of a CPU that is "size" bytes; -1 if it is none. */
static int
cpu_number(uint64_t value, uint64_t size)
{

	return (size == 1 ? (value == NOCPU_UCHAR ? -1 : (int)value) :
	    value >= NCPUS_MAX ? -1 : (int)value);
}

/* What a thread is at, in a word. */
static void
read_state(struct kernel *k, const struct offsets *o, kvaddr_t va,
    struct thread *td)
{
	uint64_t inhibitors, p, state;
	kvaddr_t wmesg;

	td->state = td->cpu != -1 ? "run" : "-";
	if (!o->hasstate ||
	    read_number(k, va + o->td_state, 4, &state) == -1 ||
	    read_number(k, va + o->td_inhibitors, 4, &inhibitors) == -1)
		return;
	wmesg = 0;
	switch (state) {
	case TDS_INACTIVE:
		td->state = "inactive";
		break;
	case TDS_INHIBITED:
		if ((inhibitors & TDI_LOCK) != 0) {
			td->state = "lock";
			wmesg = va + o->td_lockname;
		} else if ((inhibitors & TDI_SLEEPING) != 0) {
			td->state = "sleep";
			wmesg = va + o->td_wmesg;
		} else if ((inhibitors & TDI_IWAIT) != 0)
			td->state = "iwait";
		else if ((inhibitors & TDI_SWAPPED) != 0)
			td->state = "swapped";
		else
			td->state = "stopped";
		break;
	case TDS_CAN_RUN:
		td->state = "canrun";
		break;
	case TDS_RUNQ:
		td->state = "runq";
		break;
	case TDS_RUNNING:
		td->state = "run";
		break;
	}
	/* Before it has run for the first time it is on no CPU, either. */
	if (state != TDS_RUNNING)
		td->cpu = -1;
	if (wmesg != 0 && read_pointer(k, wmesg, &p) == 0 && p != 0)
		read_string(k, p, td->wmesg, sizeof(td->wmesg));
}

/* A thread, whose process has filled in the rest of "td". */
static int
read_thread(struct kernel *k, const struct offsets *o, kvaddr_t va,
    struct thread *td)
{
	uint64_t cpu, tid;

	if (read_number(k, va + o->td_tid, 4, &tid) == -1 ||
	    read_number(k, va + o->td_oncpu, o->size_oncpu, &cpu) == -1 ||
	    read_pointer(k, va + o->td_pcb, &td->pcb) == -1) {
		xwarnx("%s: process %d: thread at 0x%jx: %s", k->file, td->pid,
		    (uintmax_t)va, kvm_geterr(k->kd));
		return (-1);
	}
	/* That of the first process can be 0. */
	if (tid > INT32_MAX) {
		xwarnx("%s: process %d: thread at 0x%jx: td_tid 0x%jx: no "
		    "number of a thread", k->file, td->pid, (uintmax_t)va,
		    (uintmax_t)tid);
		return (-1);
	}
	td->tid = tid;
	td->crashed = td->tid == o->crashed;
	td->cpu = cpu_number(cpu, o->size_oncpu);
	td->name[0] = td->wmesg[0] = '\0';
	if (o->hasname)
		read_string(k, va + o->td_name, td->name, sizeof(td->name));
	read_state(k, o, va, td);
	return (0);
}

/*
 * Lists, whose elements have a pointer to the next one and then one to what
 * points to them, which is checked, so that no list leads in a circle.  "*va"
 * is an element, reached by the pointer at "from", and becomes the next, 0 if
 * it is the last.  Returns -1 after printing what is wrong.
 */
static int
check_element(struct kernel *k, const char *what, kvaddr_t from, kvaddr_t va,
    uint64_t ofs)
{
	kvaddr_t prev;

	if (read_pointer(k, va + ofs + k->ptrsize, &prev) == -1)
		xwarnx("%s: list of %s: 0x%jx, to which 0x%jx points: %s",
		    k->file, what, (uintmax_t)va, (uintmax_t)from,
		    kvm_geterr(k->kd));
	else if (prev != from)
		xwarnx("%s: list of %s: 0x%jx, to which 0x%jx points, says "
		    "that 0x%jx does: the list is damaged", k->file, what,
		    (uintmax_t)va, (uintmax_t)from, (uintmax_t)prev);
	else
		return (0);
	return (-1);
}

struct list {
	const char	*what;
	uint64_t	ofs;		/* of the two pointers */
	kvaddr_t	from;		/* where the pointer to "va" is */
	kvaddr_t	va;		/* the element */
	u_int		n;
};

/* Begin: "head" is where the pointer to the first element is. */
static void
list_init(struct list *l, const char *what, kvaddr_t head, uint64_t ofs)
{

	memset(l, 0, sizeof(*l));
	l->what = what;
	l->ofs = ofs;
	l->from = head;
}

/* Go to the next element: returns 1, 0 at the end, or -1 after an error. */
static int
list_next(struct kernel *k, struct list *l)
{

	if (l->va != 0)
		l->from = l->va + l->ofs;
	if (read_pointer(k, l->from, &l->va) == -1) {
		xwarnx("%s: list of %s: 0x%jx: %s", k->file, l->what,
		    (uintmax_t)l->from, kvm_geterr(k->kd));
		return (-1);
	}
	if (l->va == 0)
		return (0);
	if (l->n++ >= LIST_MAX || l->n > k->maxlist) {
		xwarnx("%s: list of %s: more than %u", k->file, l->what,
		    l->n - 1);
		return (-1);
	}
	return (check_element(k, l->what, l->from, l->va, l->ofs) == -1 ? -1 :
	    1);
}

/* The threads of the process at va. */
static int
walk_process(struct kernel *k, const struct offsets *o, kvaddr_t va,
    thread_cb_t *cb, void *arg)
{
	struct list l;
	struct thread td;
	uint64_t pid, state;
	int error, more;

	memset(&td, 0, sizeof(td));
	if (read_number(k, va + o->p_pid, 4, &pid) == -1) {
		xwarnx("%s: process at 0x%jx: %s", k->file, (uintmax_t)va,
		    kvm_geterr(k->kd));
		return (-1);
	}
	td.pid = (int32_t)pid;
	td.tid = td.cpu = -1;
	read_string(k, va + o->p_comm, td.comm, sizeof(td.comm));
	td.state = "-";
	if (o->hasstate && read_number(k, va + o->p_state, 4, &state) == 0)
		td.state = state == 0 ? "new" : state == 2 ? "zombie" : "-";
	list_init(&l, "threads", va + o->p_threads, o->td_plist);
	error = 0;
	while ((more = list_next(k, &l)) == 1) {
		if (read_thread(k, o, l.va, &td) == -1)
			error = -1;
		else
			(*cb)(&td, arg);
	}
	if (td.tid == -1)
		(*cb)(&td, arg);
	return (more == -1 ? -1 : error);
}

void
thread_name(const struct thread *td, char *buf, size_t size)
{

	snprintf(buf, size, "%s%s%s", td->comm,
	    td->name[0] != '\0' && strcmp(td->name, td->comm) != 0 ? "/" : "",
	    strcmp(td->name, td->comm) != 0 ? td->name : "");
}

int
kernel_threads(struct kernel *k, thread_cb_t *cb, void *arg)
{
	struct offsets o;
	struct list l;
	const char *missing;
	kvaddr_t va;
	uint64_t value;
	int error, more;

	missing = read_offsets(k, &o);
	if (missing == NULL && kernel_symbol(k, "allproc", &va) == -1)
		missing = "allproc";
	if (missing != NULL) {
		xwarnx("%s: the kernel does not tell where its threads are: it "
		    "has no symbol %s", k->file, missing);
		return (1);
	}
	list_init(&l, "processes", va, o.p_list);
	o.crashed = -1;
	if (kernel_symbol(k, "dumptid", &va) == 0 &&
	    read_number(k, va, 4, &value) == 0)
		o.crashed = (int32_t)value;
	error = 0;
	while ((more = list_next(k, &l)) == 1)
		if (walk_process(k, &o, l.va, cb, arg) == -1)
			error = -1;
	return (more == -1 ? -1 : error);
}

/*
 * ---- Modules
 */

int
kernel_modules(struct kernel *k, module_cb_t *cb, void *arg)
{
	uint64_t address, filename, next, pathname, size;
	const struct constant needed[] = {
		{ "kld_off_address", &address },
		{ "kld_off_filename", &filename },
		{ "kld_off_next", &next },
		{ NULL, NULL }
	};
	struct list l;
	struct module m;
	const char *missing;
	kvaddr_t name, va;
	int haspath, hassize, more;

	missing = read_constants(k, needed);
	if (missing == NULL &&
	    kernel_symbol(k, "linker_kernel_file", &va) == -1)
		missing = "linker_kernel_file";
	if (missing != NULL) {
		xwarnx("%s: the kernel does not tell what modules it has: it "
		    "has no symbol %s", k->file, missing);
		return (1);
	}
	haspath = read_constant(k, "kld_off_pathname", &pathname) == 0;
	hassize = read_constant(k, "kld_off_size", &size) == 0;
	/* The kernel is the first, but this is not what points to it there. */
	list_init(&l, "modules", va, next);
	if (read_pointer(k, va, &l.va) == -1) {
		xwarnx("%s: linker_kernel_file: %s", k->file,
		    kvm_geterr(k->kd));
		return (-1);
	}
	for (more = l.va != 0; more == 1; more = list_next(k, &l)) {
		memset(&m, 0, sizeof(m));
		if (read_pointer(k, l.va + (haspath ? pathname : filename),
		    &name) == -1 || read_pointer(k, l.va + address,
		    &m.address) == -1 || (hassize &&
		    read_pointer(k, l.va + size, &m.size) == -1)) {
			xwarnx("%s: module at 0x%jx: %s", k->file,
			    (uintmax_t)l.va, kvm_geterr(k->kd));
			return (-1);
		}
		read_string(k, name, m.name, sizeof(m.name));
		(*cb)(&m, arg);
	}
	return (more);
}
