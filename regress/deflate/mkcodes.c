/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * mkcodes dump ... > sys-kern/kern/minidump_codes.h: make the prefix codes of
 * kern_dumpdeflate.c from plain dumps of real kernels.  That file is compiled
 * into this one, as its matches and chunks are what is counted.
 *
 * The chunks are sorted into as many kinds as there are codes, so that all
 * together take as few bits as possible: each time round, every kind gets the
 * code that is best for its chunks, and then each chunk goes to the kind that
 * takes the fewest bits after what the chunk before it uses, as put_chunk()
 * does it.  It ends in a state that depends on the one it begins with, so it
 * begins with several.
 */

#include <sys/types.h>

#include <err.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <kern/minidump_deflate.h>

/* The codes that are to be made. */
#define	_KERN_MINIDUMP_CODES_H_
static const struct {
	u_int		nbits;
	unsigned char	header[1];
	const char	*lengths;
} minidump_codes[MINIDUMP_DEFLATE_NCODES];

#include "../../sys-kern/kern_dumpdeflate.c"

#define	NSYMS		(NLETTERS + NDISTS)
#define	LETTERBITS	11	/* with extra bits ADD() takes 16 at once */
#define	DISTBITS	12
#define	ROUNDS		30
#define	STARTS		6
#define	HEADER_MAX	128	/* bytes of a block's header */

/* A chunk: how often it has each symbol, and whether it begins a piece. */
struct chunk {
	uint16_t	count[NSYMS];
	uint16_t	first;
};

struct code {
	u_int		length[NSYMS];
	u_int		nbits;			/* of the header */
	unsigned char	header[HEADER_MAX];
};

static struct minidump_deflate z;
static struct chunk *chunks;
static size_t nchunks, maxchunks;

/* ---- The chunks of a dump */

static u_int
length_symbol(u_int len)
{
	u_int i, n;

	if (len == MATCHMAX)
		return (NLETTERS - 1);
	for (i = 0, n = 3; n + (1 << lenextra[i]) <= len; i++)
		n += 1 << lenextra[i];
	return (257 + i);
}

static void
add_chunk(int first)
{
	struct chunk *c;
	u_int i, letter;

	if (nchunks == maxchunks) {
		maxchunks = maxchunks * 2 + 1024;
		chunks = realloc(chunks, maxchunks * sizeof(*chunks));
		if (chunks == NULL)
			err(1, "memory");
	}
	c = &chunks[nchunks++];
	memset(c, 0, sizeof(*c));
	c->first = first;
	for (i = 0; i < z.ntokens; i++) {
		letter = z.token[i];
		if (letter < 256)
			c->count[letter]++;
		else if (ISDIST(letter))
			c->count[NLETTERS + dist_symbol(&z, LESS1(letter))]++;
		else
			c->count[length_symbol(letter - LENGTH(0))]++;
	}
}

static void
read_dump(const char *name)
{
	static unsigned char piece[MINIDUMP_DEFLATE_MOST];
	size_t len;
	FILE *f;
	int first;

	f = fopen(name, "rb");
	if (f == NULL)
		err(1, "%s", name);
	while ((len = fread(piece, 1, sizeof(piece), f)) > 0) {
		z.start = z.next = piece;
		z.end = piece + len;
		z.dist = 1;
		first = 1;
		memset(z.hash, 0, sizeof(z.hash));
		while (z.next < z.end) {
			make_tokens(&z);
			add_chunk(first);
			first = 0;
		}
	}
	fclose(f);
}

/* ---- Codes */

/*
 * The lengths, at most "limit", of the best prefix code for "n" symbols: by
 * package-merge.
 */
static void
best_lengths(const double *count, u_int n, u_int limit, u_int *length)
{
	static struct package {
		double	weight;
		uint16_t has[NSYMS];
	} list[2][2 * NSYMS];
	struct package *from, *p, *to;
	u_int i, j, k, level, nfrom, order[NSYMS];

	for (i = 0; i < n; i++) {
		for (j = i; j > 0 && count[order[j - 1]] > count[i]; j--)
			order[j] = order[j - 1];
		order[j] = i;
	}
	nfrom = 0;
	from = list[0];
	for (level = 0; level < limit; level++) {
		to = list[(level + 1) % 2];
		for (i = j = k = 0; i < n || j + 1 < nfrom; k++) {
			p = &to[k];
			if (j + 1 < nfrom && (i == n || from[j].weight +
			    from[j + 1].weight < count[order[i]])) {
				*p = from[j++];
				p->weight += from[j].weight;
				for (u_int s = 0; s < n; s++)
					p->has[s] += from[j].has[s];
				j++;
			} else {
				memset(p, 0, sizeof(*p));
				p->weight = count[order[i]];
				p->has[order[i++]] = 1;
			}
		}
		from = to;
		nfrom = k;
	}
	memset(length, 0, n * sizeof(*length));
	for (i = 0; i < 2 * n - 2; i++)
		for (j = 0; j < n; j++)
			length[j] += from[i].has[j];
}

/* ---- The header of a block, RFC 1951, 3.2.7 */

#define	NOPS		19
#define	OPBITS		7

struct op {
	u_int	symbol, extra, nextra;
};

static void
add_bits(struct code *c, u_int value, u_int n)
{
	u_int i;

	for (i = 0; i < n; i++, c->nbits++) {
		if (c->nbits == HEADER_MAX * 8)
			errx(1, "header too long");
		if (value >> i & 1)
			c->header[c->nbits / 8] |= 1 << c->nbits % 8;
	}
}

/* The lengths as a reader gets them: each, or the one before 3 to 6 times. */
static u_int
make_ops(const struct code *c, struct op *ops)
{
	u_int i, n, run;

	for (i = n = 0; i < NSYMS; i += run) {
		run = 1;
		ops[n].symbol = c->length[i];
		ops[n].extra = ops[n].nextra = 0;
		if (i == 0 || c->length[i] != c->length[i - 1]) {
			n++;
			continue;
		}
		while (run < 6 && i + run < NSYMS &&
		    c->length[i + run] == c->length[i])
			run++;
		if (run < 3)
			run = 1;
		else {
			ops[n].symbol = 16;
			ops[n].extra = run - 3;
			ops[n].nextra = 2;
		}
		n++;
	}
	return (n);
}

static void
make_header(struct code *c)
{
	static const u_int place[NOPS] = { 16, 17, 18, 0, 8, 7, 9, 6, 10, 5,
	    11, 4, 12, 3, 13, 2, 14, 1, 15 };
	struct op ops[NSYMS];
	double count[NOPS];
	struct minidump_symbol codes[NOPS];
	u_int i, length[NOPS], n, nops, used[NOPS], ulength[NOPS];
	double ucount[NOPS];
	char text[NOPS];

	nops = make_ops(c, ops);
	memset(count, 0, sizeof(count));
	for (i = 0; i < nops; i++)
		count[ops[i].symbol]++;
	n = 0;
	for (i = 0; i < NOPS; i++)
		if (count[i] > 0) {
			used[n] = i;
			ucount[n++] = count[i];
		}
	best_lengths(ucount, n, OPBITS, ulength);
	memset(length, 0, sizeof(length));
	for (i = 0; i < n; i++)
		length[used[i]] = ulength[i];
	for (i = 0; i < NOPS; i++)
		text[i] = 'a' + length[i];
	memset(codes, 0, sizeof(codes));
	assign_codes(codes, text, NOPS);

	c->nbits = 0;
	memset(c->header, 0, sizeof(c->header));
	add_bits(c, 2 << 1, 3);
	add_bits(c, NLETTERS - 257, 5);
	add_bits(c, NDISTS - 1, 5);
	for (n = NOPS; length[place[n - 1]] == 0; n--)
		continue;
	add_bits(c, n - 4, 4);
	for (i = 0; i < n; i++)
		add_bits(c, length[place[i]], 3);
	for (i = 0; i < nops; i++) {
		add_bits(c, codes[ops[i].symbol].code,
		    codes[ops[i].symbol].len);
		add_bits(c, ops[i].extra, ops[i].nextra);
	}
}

/* ---- Kinds */

static u_int
price(const struct chunk *c, const struct code *code)
{
	u_int i, sum;

	sum = 0;
	for (i = 0; i < NSYMS; i++)
		sum += c->count[i] * code->length[i];
	return (sum);
}

/* Sort all chunks by these codes.  Returns the bits that they take. */
static double
sort_chunks(const struct code *codes, unsigned char *kind)
{
	u_int best, bits, k, open, other;
	double sum;
	size_t i;

	sum = 0;
	open = NCODES;
	for (i = 0; i < nchunks; i++) {
		if (chunks[i].first)
			open = NCODES;
		best = 0;
		other = NCODES;
		for (k = 0; k < NCODES; k++) {
			bits = price(&chunks[i], &codes[k]);
			if (k != open)
				bits += codes[k].nbits;
			if (other == NCODES || bits < best) {
				best = bits;
				other = k;
			}
		}
		sum += best;
		kind[i] = open = other;
	}
	return (sum);
}

static void
make_codes(struct code *codes, const unsigned char *kind)
{
	double count[NSYMS];
	u_int j, k;
	size_t i;

	for (k = 0; k < NCODES; k++) {
		/* What was never seen can be there all the same. */
		for (j = 0; j < NSYMS; j++)
			count[j] = 0.1;
		for (i = 0; i < nchunks; i++) {
			if (kind[i] != k)
				continue;
			count[256]++;
			for (j = 0; j < NSYMS; j++)
				count[j] += chunks[i].count[j];
		}
		best_lengths(count, NLETTERS, LETTERBITS, codes[k].length);
		best_lengths(count + NLETTERS, NDISTS, DISTBITS,
		    codes[k].length + NLETTERS);
		make_header(&codes[k]);
	}
}

/* ---- minidump_codes.h */

static void
print_code(const struct code *c)
{
	u_int i, n;

	printf("\t{ %u, {", c->nbits);
	n = (c->nbits + 7) / 8;
	for (i = 0; i < n; i++)
		printf("%s0x%02x%s", i % 8 == 0 ? "\n\t\t" : " ", c->header[i],
		    i + 1 < n ? "," : "");
	printf("\n\t  },");
	for (i = 0; i < NSYMS; i++)
		printf("%s%c%s", i % 60 == 0 ? "\n\t\t\"" : "",
		    (int)('a' + c->length[i]),
		    i % 60 == 59 || i + 1 == NSYMS ? "\"" : "");
	printf(" },\n");
}

static void
print_codes(const struct code *codes)
{
	u_int i, most;

	most = 0;
	for (i = 0; i < NCODES; i++)
		if (most < (codes[i].nbits + 7) / 8)
			most = (codes[i].nbits + 7) / 8;
	printf("/*-\n * SPDX-License-Identifier: BSD-2-Clause\n *\n"
	    " * Copyright (c) 2026 The minidump project authors\n */\n\n"
	    "/*\n * The prefix codes of kern_dumpdeflate.c, made by "
	    "regress/deflate/mkcodes:\n * for each the header of its block, "
	    "bit by bit, and how long the codes of 286\n * literals and "
	    "lengths and of 30 distances are, b being 1.\n */\n\n"
	    "#ifndef _KERN_MINIDUMP_CODES_H_\n"
	    "#define\t_KERN_MINIDUMP_CODES_H_\n\n"
	    "static const struct {\n\tu_int\t\tnbits;\n"
	    "\tu_char\t\theader[%u];\n\tconst char\t*lengths;\n"
	    "} minidump_codes[MINIDUMP_DEFLATE_NCODES] = {\n", most);
	for (i = 0; i < NCODES; i++)
		print_code(&codes[i]);
	printf("};\n\n#endif /* !_KERN_MINIDUMP_CODES_H_ */\n");
}

int
main(int argc, char **argv)
{
	static struct code best[NCODES], codes[NCODES];
	unsigned char *kind;
	double before, least, sum;
	size_t i;
	u_int dist, n, round, start;

	if (argc < 2)
		errx(2, "usage: mkcodes dump ...");
	/* As minidump_deflate_init() does, which needs codes. */
	for (dist = i = 0; i < NDISTS; i++)
		for (n = 0; n < 1U << distextra[i]; n++, dist++)
			z.distsym[dist < 256 ? dist : 256 + (dist >> 7)] = i;
	while (--argc > 0)
		read_dump(*++argv);
	kind = malloc(nchunks);
	if (kind == NULL)
		err(1, "memory");
	least = HUGE_VAL;
	for (start = 0; start < STARTS; start++) {
		srandom(start);
		for (i = 0; i < nchunks; i++)
			kind[i] = random() % NCODES;
		sum = HUGE_VAL;
		for (round = 0; round < ROUNDS; round++) {
			before = sum;
			make_codes(codes, kind);
			sum = sort_chunks(codes, kind);
			if (sum > before * 0.9999)
				break;
		}
		fprintf(stderr, "start %u: %.0f bytes and extra bits\n", start,
		    sum / 8);
		if (sum < least) {
			least = sum;
			memcpy(best, codes, sizeof(best));
		}
	}
	print_codes(best);
	return (0);
}
