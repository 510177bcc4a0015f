/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The files of mkdump: mkdump.c reads the description, memory.c is what it says
 * of memory, file.c makes the dump of that, damage.c and members.c change it,
 * and expect.c tells what a reader should find.
 */

#include <sys/types.h>

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define	PAGE		4096
#define	MAXPOKES	4096
#define	NSECTIONS	7
#define	MAXAVAIL	16
#define	MAXROWS		16
#define	ROWSIZE		56
#define	NOTREAD		2048		/* where the table is, */
#define	LIVE		3584		/* and what tells of a live dump */
#define	MEMBER		61440		/* plain bytes of a member */
#define	MAXMEMBERS	131072
#define	MAXGROW		(16 * 1024 * 1024)

/* What "later" has in place of kernbase and dmapbase. */
#define	LATERBASE	0xffffff8000000000
#define	LATERDMAP	0xfffffe0000000000

struct layout {
	const char	*name;
	const char	*magic;
	int		entsize;
	int		ptrsize;
	uint64_t	kernbase;
	uint64_t	dmapbase;
	uint64_t	dmapend;
};
extern const struct layout layouts[3];	/* amd64, i386, pae */

/* The dump that is described: words of the description have these names. */
extern const struct layout *lay;
extern uint64_t memory, tables, lines, late, dull, msgva, msgpages;
extern const char *msghdr, *decoy;
extern uint64_t version, full, later, bomb, tablesat;
extern struct range {
	uint64_t	from;		/* frames */
	uint64_t	to;
} avail[MAXAVAIL];
extern u_int navail;
extern uint64_t shortone, junkone, emptyone, nempty;

/* Its memory. */
extern u_char *inset;		/* for each page of memory: whether dumped; */
#define	BLANK		2	/* as zeros */
extern uint64_t *ptes;
extern u_char *super;		/* for each page of them: it is a superpage, */
extern u_char *absent;		/* or is not dumped */

/* The file, and the same compressed. */
extern u_char *file, *zfile;
extern uint64_t section[NSECTIONS], filesize, zsize;
extern uint64_t nmembers;		/* 0: it is not compressed */
extern uint64_t member[MAXMEMBERS + 1];	/* where each is in the file */
extern int bad[MAXMEMBERS + 1];		/* it is damaged */

/* util.c */
void	*alloc(size_t n);
void	*reserve(size_t n);
uint64_t	round_page(uint64_t n);
void	put(u_char *p, uint64_t v, int size);
uint64_t	num(const char *s);
int	is_zero(const u_char *p, uint64_t len);

/* memory.c */
uint64_t	npages(void);
int	tables_in_memory(void);
uint64_t	nptes(void);
int	has_table(uint64_t n);
uint64_t	vatopa(uint64_t va);
void	poke(uint64_t va, const void *bytes, size_t len);
uint64_t	pde(uint64_t n);
void	make_tables(void);
void	describe_memory(char **w);
void	fill(u_char *p, uint64_t frame);

/* file.c */
uint64_t	bit_of(uint64_t frame);
uint64_t	avail_size(void);
void	build(const char *out);
int	write_sparse(FILE *fp, const u_char *p, uint64_t size);

/* damage.c */
void	grow(uint64_t *size, uint64_t n);
void	describe_file(char **w);

/* members.c */
void	gz(uint64_t multiple);
void	describe_members(char **w);

/* expect.c */
void	list(void);
void	list_pages(const char *out);
