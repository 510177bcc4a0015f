/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * A machine's memory when its dump began and when it ended (memory.c), the
 * mappings of its kernel address space (walk.c), its kernel's symbols
 * (symbols.c), and its dump (dump.c): check.c compares them.
 */

#ifndef _CHECK_H_
#define	_CHECK_H_

#include <stddef.h>
#include <stdint.h>

#define	PAGESIZE	4096
#define	PAGEMASK	4095ULL
#define	NOWHERE		UINT64_MAX

/* Memory at one time.  It begins at 0, and may continue after a hole. */
struct memory {
	const uint8_t	*map;
	uint64_t	size;
	uint64_t	low;		/* bytes below the hole */
	uint64_t	cr3;
};

#define	HOLE_END	(4ULL << 30)

/* Paging modes. */
enum paging {
	PAGING_32,
	PAGING_PAE,
	PAGING_LONG
};

/* A kernel's object by name: address and size; both 0 if it has none. */
struct object {
	uint64_t	va;
	uint64_t	size;
};

struct machine {
	enum paging	paging;
	int		word;		/* 4 or 8: of the kernel */
	uint64_t	kernbase;
	uint64_t	kernend;	/* end of what may be mapped */
	uint64_t	dmapbase;	/* 0 if there is no direct map */
	uint64_t	dmapend;
	struct memory	begin;
	struct memory	end;
};

/* A range of addresses, for a list that ends with end 0. */
struct range {
	uint64_t	start;
	uint64_t	end;
};

/* A page of physical memory, and why it is in the dump. */
struct frame {
	uint64_t	ofs;		/* in the dump, NOWHERE if it is not */
	uint64_t	va;		/* where it is mapped, if it is */
	unsigned int	avail : 1;	/* memory, by dump_avail */
	unsigned int	mapped : 1;	/* at the beginning and the end, */
	unsigned int	once : 1;	/* or at least at one of these times */
	unsigned int	table : 1;	/* a page table, of any level */
	unsigned int	dumper : 1;	/* has data of the dump code */
	unsigned int	boot : 1;	/* allocated at boot */
	unsigned int	pointed : 1;	/* a dumped page points into it */
	unsigned int	left : 1;	/* left out, according to the dump */
};

/* memory.c */
void	 memory_open(struct memory *, const char *, uint64_t low);
const uint8_t *memory_page(const struct memory *, uint64_t pa);
int	 memory_read(const struct memory *, uint64_t pa, void *, size_t);

/* walk.c */
typedef void walk_page_t(void *arg, uint64_t va, uint64_t pa, uint64_t len);
typedef void walk_table_t(void *arg, uint64_t pa);
void	 walk(const struct machine *, const struct memory *, uint64_t start,
	    uint64_t end, walk_page_t *, walk_table_t *, void *arg);
uint64_t walk_lookup(const struct machine *, const struct memory *,
	    uint64_t va);
int	 walk_read(const struct machine *, const struct memory *, uint64_t va,
	    void *, size_t);

/* symbols.c */
void	 symbols_open(const char *file, struct machine *);
int	 symbol(const char *name, struct object *);
const char *symbol_at(uint64_t va, uint64_t *start);
typedef void symbol_t(void *arg, const struct object *);
void	 symbols_of_dumper(symbol_t *, void *arg);
uint64_t symbol_value(const struct machine *, const char *name, size_t size);

/* dump.c */
struct dump;
struct dump *dump_open(const char *kernel, const char *dir);
void	 dump_pages(struct dump *, struct frame *, uint64_t nframes);
const uint8_t *dump_page(const struct dump *, uint64_t ofs);
void	 dump_check_mapping(struct dump *, const struct machine *,
	    const struct frame *, uint64_t nframes);
int	 dump_is_full(const struct dump *);
int	 dump_left(const struct dump *, int n, int *physical, struct range *);
uint64_t dump_length(const struct dump *);

#endif /* !_CHECK_H_ */
