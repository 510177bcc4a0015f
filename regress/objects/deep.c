/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * How deep minidump_gz() goes, zlib and all: prints the bytes of stack that it
 * used.  Called by regress/objects/run; linked with the kernel's object file
 * and regress/bench/members.c.
 */

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

#define	STACK		(256 * 1024)
#define	PATTERN		0xa5
#define	LEN		(300 * 4096)

uint64_t bench_members(const void *dump, size_t len);

static ucontext_t main_context, deep_context;
static unsigned char stack[STACK];
static unsigned char dump[LEN];
static uint64_t compressed;

static void
deep(void)
{

	compressed = bench_members(dump, sizeof(dump));
}

int
main(void)
{
	uint32_t x;
	size_t i;

	/* Runs, repetitions and noise: all that deflate can do. */
	for (x = 1, i = 0; i < sizeof(dump); i++) {
		x = x * 1664525 + 1013904223;
		if (i % 65536 < 20000)
			dump[i] = x >> 24;
		else if (i % 65536 < 40000)
			dump[i] = i % 97 < 60 ? dump[i - 97] : x >> 30;
	}
	memset(stack, PATTERN, sizeof(stack));
	if (getcontext(&deep_context) != 0)
		return (1);
	deep_context.uc_stack.ss_sp = stack;
	deep_context.uc_stack.ss_size = sizeof(stack);
	deep_context.uc_link = &main_context;
	makecontext(&deep_context, deep, 0);
	if (swapcontext(&main_context, &deep_context) != 0)
		return (1);
	for (i = 0; i < sizeof(stack) && stack[i] == PATTERN; i++)
		;
	if (compressed == 0 || i == 0)
		return (1);
	printf("%zu\n", sizeof(stack) - i);
	return (0);
}
