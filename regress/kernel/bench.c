/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The measurements of regress/bench: with "regress.bench=BYTES" the kernel does
 * not run the scenarios, but fills memory until its dump has that many bytes,
 * and dumps repeatedly, plain and compressed.
 *
 * The manifest has a line for each: "bench WHAT USECONDS WRITES BYTES", in
 * decimal.  WHAT is plain or gz.  A line with plainraw or gzraw precedes each:
 * the same number of bytes, written to the same place in order and flushed, by
 * the same driver.  "regress.rounds" is the number of rounds, 5 by default.
 * Without gz if "debug.minidump_compress=0", without the raw writes if
 * "regress.raw=0".
 */

#include <sys/param.h>
#include <sys/systm.h>
#include <sys/conf.h>
#include <sys/kernel.h>
#include <sys/minidump.h>

#include <vm/vm.h>
#include <vm/pmap.h>
#include <machine/vmparam.h>

#include "../bench/page.h"
#include "kern.h"

/* The timer of the PC's power management: 24 bits at 3579545 Hz. */
#define	PM_TIMER	0x608
#define	PM_TENTH	357954

#define	RAWSIZE		((size_t)MAXDUMPPGS * PAGE_SIZE)

static vm_offset_t	filled;		/* the memory mapped there */
static uint64_t		ticks_a_ms;
static struct dumperinfo bench_di;

static inline uint64_t
rdtsc(void)
{
	uint32_t high, low;

	__asm __volatile("rdtsc" : "=a" (low), "=d" (high));
	return ((uint64_t)high << 32 | low);
}

/* Measure the frequency of the time stamp counter. */
static void
calibrate(void)
{
	uint64_t ticks;
	uint32_t start;

	start = inl(PM_TIMER);
	ticks = rdtsc();
	while (((inl(PM_TIMER) - start) & 0xffffff) < PM_TENTH)
		continue;
	ticks_a_ms = (rdtsc() - ticks) / 100;
}

/* Map and fill the pages that a dump of so many bytes still lacks. */
static void
fill(vm_size_t bytes)
{
	vm_offset_t last, va;
	vm_paddr_t pa;
	vm_size_t size;
	uint64_t *word;
	u_int i, n;

	va = filled = kva_take(bytes, PAGE_SIZE);
	size = sysctl_value("minidump_size");
	last = va + (size < bytes ? bytes - size : 0);
	pa = 0;
	for (n = 0; va < last; n++, va += PAGE_SIZE) {
		pa = vm_frames(1, 1, pa);
		word = pmap_window(pa);
		for (i = 0; i < PAGE_SIZE / sizeof(*word); i++)
			word[i] = bench_word(n, i);
		pmap_kenter(va, pa);
	}
	if (va - filled < RAWSIZE)
		panic("bench: a dump has more than %ju bytes",
		    (uintmax_t)bytes);
}

/*
 * Write "bytes" bytes to the end of the dump device, in large writes, from the
 * filled memory.
 */
static int
write_raw(uint64_t bytes)
{
	off_t offset;
	size_t len;
	int error;

	error = 0;
	offset = bench_di.mediaoffset + bench_di.mediasize - bytes;
	for (; error == 0 && bytes > 0; bytes -= len, offset += len) {
		len = bytes < RAWSIZE ? bytes : RAWSIZE;
		error = (*bench_di.dumper)(bench_di.priv, (void *)filled, 0,
		    offset, len);
	}
	if (error == 0)
		error = (*bench_di.dumper)(bench_di.priv, NULL, 0, 0, 0);
	return (error);
}

/*
 * Measure a raw write of "bytes" bytes, or a dump if that is 0, and add a line
 * to the manifest if "tell" is 1.  Returns the number of bytes written.
 */
static uint64_t
measure(const char *what, uint64_t bytes, int tell)
{
	uint64_t begin, took;

	bzero(&ata_stats, sizeof(ata_stats));
	begin = rdtsc();
	if (bytes == 0)
		dumpsys(&bench_di);
	else if (write_raw(bytes) != 0)
		panic("bench: raw write");
	took = (rdtsc() - begin) * 1000 / ticks_a_ms;
	if (tell)
		mprintf("bench %s %ju %u %ju\n", what, (uintmax_t)took,
		    ata_stats.writes, (uintmax_t)ata_stats.bytes);
	return (ata_stats.bytes);
}

void
bench(struct dumperinfo *di)
{
	uint64_t gz, plain;
	int compress, raws, round, rounds;

	bench_di = *di;
	compress = minidump_compress;
	raws = 1;
	TUNABLE_INT_FETCH("regress.raw", &raws);
	rounds = 5;
	TUNABLE_INT_FETCH("regress.rounds", &rounds);
	calibrate();
	fill(env_bytes("regress.bench", 0));

	/* An extra first round finds the number of bytes. */
	gz = plain = 0;
	for (round = raws ? 0 : 1; round <= rounds; round++) {
		if (round > 0 && raws)
			(void)measure("plainraw", plain, 1);
		minidump_compress = 0;
		plain = measure("plain", 0, round > 0);
		if (!compress)
			continue;
		if (round > 0 && raws)
			(void)measure("gzraw", gz, 1);
		minidump_compress = 1;
		gz = measure("gz", 0, round > 0);
	}
	kern_exit(EXIT_DUMPED);
}
