/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The life of the stand-in kernel: boot, fill memory, panic, dump, exit.
 *
 * The manifest, on COM2, says what the dump must hold.  Its lines, all numbers
 * in hexadecimal, N being counts of pages:
 *
 *	layout NAME		amd64, i386 or pae
 *	kva BASE END		kernel address space, to kernel_vm_end
 *	dmap BASE END		the direct map, if there is one
 *	avail START END		one range of dump_avail
 *	map VA PA N BITS	small pages of kernel address space; BITS are
 *				those of the entry that are not the frame
 *	super VA PA N		superpages there
 *	window VA N		there, but with frames that come and go
 *	keep PA N		given to dump_add_page() and not taken back
 *	table PA N		page tables
 *	lost PA N		taken back from the two lines above
 *	loose PA N		frames that may be in the dump, or not
 *	gone VA N		not mapped, whatever was said before
 *	skipped N		page tables that damaged entries led to (once)
 *	range I START END	what kind I of the pages that can be left out
 *				is: va, the last kind pa (see check.c)
 *	fill PA N		frames that hold what formula.h says
 *	text PA N		the same, by its formula for text
 *	sum PA SUM		a frame whose words have this sum
 *	bits PA SUM I		page I of one of the dump's bitmaps: the sum if
 *				it is not the one that is in the dump
 *	log PA N		the message buffer
 *	dirty PA N		frames that change while the dump is made
 *	own PA N		frames that have the memory of /dev/minidump,
 *				and are not in what is read from it
 *	live OFFSET SIZE TIME	where on the disk, in bytes, is what was read
 *				from /dev/minidump, opened at that time
 *	sysctl NAME VALUE	a variable that sysctl(8) would show
 *	asked NAME LISTED ERROR IDLE GIANT
 *				whether sysctl -a shows it, what others than
 *				root get, pages that were mapped for nothing,
 *				and with Giant held
 *	var NAME VALUE		an int of the kernel
 *	string NAME TEXT	a string of the kernel
 *	media OFFSET SIZE	the dump device, in bytes
 *	dump			a dump begins
 *	wrote WRITES FLUSHES BYTES	and is over: what the disk was told
 */

#include <sys/param.h>
#include <sys/systm.h>
#include <sys/conf.h>
#include <sys/kdb.h>
#include <sys/kernel.h>
#include <sys/minidump.h>
#include <sys/pcpu.h>
#include <sys/proc.h>
#include <sys/smp.h>

#include <machine/cpu.h>

#include "kern.h"

#define	EXIT_PORT	0xf4		/* QEMU's isa-debug-exit */
#define	DUMP_UNIT	1		/* the second disk */

#if defined(__amd64__)
#define	LAYOUT	"amd64"
#elif defined(PAE)
#define	LAYOUT	"pae"
#else
#define	LAYOUT	"i386"
#endif

#define	LONG_TEXT \
	"0123456789012345678901234567890123456789012345678901234567890123456789"

const char		*panicstr;
time_t			time_second = 1141214400;	/* March 1, 2006 */
char			hostname[MAXHOSTNAMELEN] = "regress.example.org";
char			version[] = "FreeBSD 6.2-REGRESS #0: stand-in\n";

extern struct sysinit	*__start_sysinit_set[], *__stop_sysinit_set[];

static struct dumperinfo dumper;
static int		ready;		/* memory is filled */

/* These change during a dump. */
volatile u_int		boot_cpu __section(".bss.mutable");
int			kdb_active __section(".bss.mutable");
int			dumping __section(".bss.mutable");
int			trapped __section(".bss.mutable");
static int		full_dump __section(".bss.mutable");

void
kern_exit(int status)
{

	for (;;)
		outb(EXIT_PORT, status);
}

int
set_dumper(struct dumperinfo *di)
{

	if (dumper.dumper != NULL)
		return (EBUSY);
	dumper = *di;
	return (0);
}

/* As the 6.x one, but for the full dump itself. */
void __noinline
dumpsys(struct dumperinfo *di)
{

	if (do_minidump) {
		minidumpsys(di);
		return;
	}
	printf("full dump requested\n");
	full_dump = 1;
}

void __noinline
doadump(void)
{

	mprintf("dump\n");
	bzero(&ata_stats, sizeof(ata_stats));
	if (dump_refused(&dumper))
		goto done;
	savectx(&dumppcb);
	dumptid = BOOT_TID;
	dump_rest_cpus();
	dumping++;
	dumpsys(&dumper);
	dump_resume_cpus();
done:
	mprintf("wrote %x %x %jx\n", ata_stats.writes, ata_stats.flushes,
	    (uintmax_t)ata_stats.bytes);
}

/*
 * Dump, "regress.dumps" times, all but the last of which are stopped at the
 * console: the first after "regress.stop" writes, the next after twice as many.
 */
static void
dump_all(void)
{
	int dumps, i, stop;

	dumps = 1;
	stop = 0;
	TUNABLE_INT_FETCH("regress.dumps", &dumps);
	TUNABLE_INT_FETCH("regress.stop", &stop);
	manifest_end();
	damage_last();
	live_read_all(&dumper);
	for (i = 1; i <= dumps; i++) {
		cn_stop = i < dumps ? i * stop : 0;
		doadump();
	}
}

/*
 * What panic() ends with, on the CPU that it has to go to: that one gets here
 * when it chooses a thread.
 */
void
boot(void)
{

	boot_cpu = SHUTDOWN_CPU() + 1;
	while (boot_cpu != PCPU_GET(cpuid) + 1)
		cpu_spinwait();
	if (!dumping)
		dump_all();
	else
		mprintf("wrote %x %x %jx\n", ata_stats.writes,
		    ata_stats.flushes, (uintmax_t)ata_stats.bytes);
	kern_exit(trapped ? EXIT_TRAP : full_dump ? EXIT_FULL : EXIT_DUMPED);
}

/*
 * As the 6.x one: only the first panic has a name, and none dumps while a dump
 * is made.  Ends the guest.
 */
void
panic(const char *fmt, ...)
{
	static char buf[256];
	static volatile u_int panic_cpu = NOCPU;
	va_list ap;

	dump_panic_enter(&panic_cpu);
	if (panicstr == NULL) {
		va_start(ap, fmt);
		vsnprintf(buf, sizeof(buf), fmt, ap);
		va_end(ap);
		panicstr = buf;
	}
	printf("panic: ");
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	printf("\n");
	if (!ready)
		kern_exit(EXIT_SETUP);
	if (!dumping)
		mprintf("string panicstr %s\n", buf);
	boot();
}

/*
 * A debugger, whose user wants a dump, and again one when the first has
 * faulted.
 */
void
debugger(void)
{

	kdb_active = 1;
	stopped_cpus = all_cpus & ~PCPU_GET(cpumask);
	doadump();
	kern_exit(EXIT_DUMPED);
}

/* What boot calls when the system is up. */
static void
mi_startup(void)
{
	struct sysinit **sipp;

	for (sipp = __start_sysinit_set; sipp < __stop_sysinit_set; sipp++)
		(*(*sipp)->func)((*sipp)->arg);
}

/*
 * Called by locore.S with the physical address of multiboot's struct.  The dump
 * device begins "dump.offset" bytes into the disk, and is "dump.size" bytes or
 * "dump.short" bytes less than debug.minidump_size.
 */
void
kmain(uint32_t mbi)
{
	struct dumperinfo di;
	int error, long_names;

	smp_init();
	cninit();
	trap_init();
	mprintf("layout %s\n", LAYOUT);
	getmemsize(mbi);
	printf("%s", version);
	scenarios_early();
	virtual_avail = vm_page_startup(virtual_avail);
	pmap_growkernel(KERNBASE);

	if (getenv("regress.bench") == NULL)
		scenarios();
	mi_startup();
	kmem_init();
	smp_map();
	damage();
	pmap_window_done();
	sysctl_manifest();

	error = ata_attach(DUMP_UNIT, &di);
	if (error != 0)
		panic("no dump disk: error %d", error);
	di.mediaoffset = env_bytes("dump.offset", 0);
	di.mediasize = env_bytes("dump.size", di.mediasize - di.mediaoffset);
	if (getenv("dump.short") != NULL)
		di.mediasize = sysctl_value("minidump_size") -
		    env_bytes("dump.short", 0);
	mprintf("media %jx %jx\n", (uintmax_t)di.mediaoffset,
	    (uintmax_t)di.mediasize);
	set_dumper(&di);

	long_names = 0;
	TUNABLE_INT_FETCH("regress.longnames", &long_names);
	if (long_names)
		strlcpy(hostname, LONG_TEXT LONG_TEXT, sizeof(hostname));
	mprintf("kva %jx %jx\n", (uintmax_t)KERNBASE,
	    (uintmax_t)kernel_vm_end);
	mprintf("string hostname %s\n", hostname);
	mprintf("string version %s", version);	/* it ends its line */
	mprintf("var time_second %x\n", (u_int)time_second);
	if (getenv("regress.bench") != NULL)
		bench(&dumper);
	churn_start();
	ready = 1;
	smp_start();
	ata_crash();
	fault();
	if (getenv("regress.ddb") != NULL) {
		mprintf("string panicstr \n");
		manifest_end();
		debugger();
	}
	panic("regress: %s%s", LAYOUT, long_names ? LONG_TEXT LONG_TEXT
	    LONG_TEXT : "");
}
