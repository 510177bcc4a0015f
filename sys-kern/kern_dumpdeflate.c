/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * A deflate (RFC 1951) for the pieces of a compressed minidump.  kern_dumpgz.c
 * calls it after a crash, vmcore save -z on any host.  It calls nothing, its
 * memory is the caller's, each piece is compressed by itself, and it writes
 * nowhere but into that memory and the room it was given, whatever is in them.
 *
 * What it is made for is kernel memory: pages of zeros, arrays of structures
 * that differ in a few fields, pointers whose upper bytes are all the same, and
 * the kernel's code and text.
 *
 * Matches.  What is at a place is first compared with what is as far behind it
 * as the last match was: in an array of structures that is the structure
 * before, and if the field that differed is over, the match goes on.  Only if
 * that fails the hash table is asked, which has the last two places where four
 * bytes with this hash did not belong to a match.  Places inside of matches are
 * not put there: that would take time, and give matches at any distance instead
 * of those that come again and again.  Of the two the longer one is taken, and
 * a match is taken where it is found: no longer one a byte further on is looked
 * for.  Runs of zeros are matches at distance 1, and compared word by word like
 * any other.
 *
 * Prefix codes.  Building a code for each piece, as other compressors do, takes
 * code that sorts, and tables; one code for all takes a tenth more room.  The
 * constants in minidump_codes.h are eight codes that were made from dumps of
 * real kernels by regress/deflate/mkcodes, each for another kind of contents,
 * with the header of the block that tells a reader the code, 70 bytes or so.
 *
 * Chunks.  Matches and literals are collected until there are some hundred of
 * them.  One of 16 is looked at: what these take by each code tells well
 * enough what all do.  Then they are written by the code that takes the fewest
 * bits, another header included if it is not the code of the open block.  To
 * store the bytes as they are is one of the choices.  If the whole becomes
 * longer than that, all of it is stored.
 *
 * Memory that changes meanwhile, as it can after a crash, makes the output
 * wrong, which its checksum tells.  It cannot make it too long.
 */

#ifdef _KERNEL
#include <sys/cdefs.h>
__FBSDID("$FreeBSD$");

#include <sys/param.h>
#include <sys/systm.h>

#include <machine/endian.h>
#else
#include <sys/types.h>

#include <stdint.h>
#include <strings.h>
#endif

#include <kern/minidump_deflate.h>
#include <kern/minidump_codes.h>

#ifndef BYTE_ORDER
#error "BYTE_ORDER is not defined"
#endif

#define	NCODES		MINIDUMP_DEFLATE_NCODES
#define	STORED		NCODES		/* kinds of blocks, besides codes */
#define	NONE		(NCODES + 1)

#define	WORD		sizeof(u_long)
#define	HALF		(4 * WORD)	/* bits */

#define	MATCHMIN	4
#define	MATCHMAX	258
#define	DISTMAX		32768

/* Bytes at the end where no match begins. */
#define	TAIL		(2 * WORD)

/*
 * A token is a literal, or a length with a distance behind it, which is a
 * negative number of 16 bits.  Behind the last is END: a length that no match
 * has, as it is too short.
 */
#define	LENGTH(n)	(256 - 3 + (n))
#define	END		256
#define	ISDIST(token)	((token) >= 0x8000)
#define	LESS1(token)	((u_int)(uint16_t)~(token))	/* distance - 1 */

/* To choose a code, one token of so many is looked at. */
#define	SAMPLE		16
#define	NPRICES		(NCODES / 4)

/* 3 bits that begin a stored block, and an empty block that is the last. */
#define	STORED_HEADER	5
#define	LAST_BITS	3
#define	LAST_BLOCK	(1 | 1 << 1)	/* fixed; its end is seven zeros */
#define	LAST_END	7

/* Extra bits of the symbols for lengths, from 257 on, and for distances. */
static const u_char lenextra[] = {
	0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4,
	5, 5, 5, 5
};
static const u_char distextra[] = {
	0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9,
	10, 10, 11, 11, 12, 12, 13, 13
};
#define	NLETTERS	286
#define	NDISTS		30

/* The symbol of a distance, less 1. */
static __inline u_int
dist_symbol(const struct minidump_deflate *z, u_int less1)
{

	return ((less1 < 256 ? z->distsym[less1] :
	    z->distsym[256 + (less1 >> 7)]) & 31);
}

static __inline uint32_t
load32(const u_char *p)
{
	uint32_t v;

	__builtin_memcpy(&v, p, sizeof(v));
	return (v);
}

static __inline u_long
load_word(const u_char *p)
{
	u_long w;

	__builtin_memcpy(&w, p, WORD);
	return (w);
}

/*
 * How many bytes of two words are the same, which differ by "x".  In 32 bits,
 * as gcc 3.4 calls a function of its library for 64.
 */
static __inline u_int
same_bytes(u_long x)
{
	uint32_t half;
	u_int same;

	same = 0;
#if BYTE_ORDER == BIG_ENDIAN
	half = x >> (8 * WORD - 32);
	if (half == 0) {
		half = x;
		same = 4;
	}
	return (same + (__builtin_clz(half) >> 3));
#else
	half = x;
	if (half == 0) {
		half = x >> (8 * WORD - 32);
		same = 4;
	}
	return (same + (__builtin_ctz(half) >> 3));
#endif
}

/*
 * ---- Bits out.  Nothing is begun at outend or behind it, and what is begun
 * before has SPARE bytes at most.
 */
#define	SPARE		8

static __inline u_char *
put_half(u_char *out, u_long bits)
{

	out[0] = bits;
	out[1] = bits >> 8;
	if (WORD == 4)
		return (out + 2);
	out[2] = bits >> 16;
	out[3] = bits >> 24;
	return (out + 4);
}

/*
 * Add "n" bits to two variables, and write half a word if there is one.  Before
 * that there is room for half a word besides: two literals or a length and its
 * distance in 64 bits, one of these in 32, or a distance's extra bits.
 */
#define	ADD(value, n) do {						\
	bits |= (u_long)(value) << nbits;				\
	nbits += (n);							\
} while (0)

#define	FLUSH(z) do {							\
	if (nbits >= HALF) {						\
		if (out < (z)->outend)					\
			out = put_half(out, bits);			\
		bits >>= HALF;						\
		nbits &= HALF - 1;					\
	}								\
} while (0)

static void
put(struct minidump_deflate *z, u_int value, u_int n)
{
	u_char *out;
	u_long bits;
	u_int nbits;

	out = z->out;
	bits = z->bits;
	nbits = z->nbits;
	ADD(value, n);
	FLUSH(z);
	z->out = out;
	z->bits = bits;
	z->nbits = nbits;
}

/* Write what is left of the bits, up to a whole byte. */
static void
align(struct minidump_deflate *z)
{
	u_int i;

	for (i = 0; i < z->nbits && i < HALF; i += 8)
		if (z->out < z->outend)
			*z->out++ = z->bits >> i;
	z->bits = z->nbits = 0;
}

/*
 * ---- Chunks
 */

static void
end_block(struct minidump_deflate *z)
{
	const struct minidump_symbol *end;

	if (z->block < NCODES) {
		end = &z->code[z->block].letter[END];
		put(z, end->code, end->len);
	}
	z->block = NONE;
}

/* Stored bytes go into the open block if that is one of stored bytes. */
static void
put_stored(struct minidump_deflate *z, const u_char *from, size_t n)
{
	u_char *p;
	u_int len;

	if (z->block != STORED) {
		end_block(z);
		put(z, 0, 3);
		align(z);
		if (z->out >= z->outend)
			return;
		z->stored = z->out;
		z->out += 4;
		z->block = STORED;
	}
	if (z->out >= z->outend)
		n = 0;
	else if (n > (size_t)(z->outend - z->out))
		n = z->outend - z->out;
	bcopy(from, z->out, n);
	z->out += n;
	p = z->stored;
	len = z->out - (p + 4);
	p[0] = len;
	p[1] = len >> 8;
	p[2] = ~len;
	p[3] = ~len >> 8;
}

/* A function of its own, as what it has to keep at hand is a register each. */
static void __attribute__((__noinline__))
put_tokens(struct minidump_deflate *z, const struct minidump_prefixcode *code)
{
	const struct minidump_symbol *sym;
	const uint16_t *t;
	u_char *out;
	u_long bits;
	u_int i, nbits, token;

	out = z->out;
	bits = z->bits;
	nbits = z->nbits;
	z->token[z->ntokens] = END;
	for (t = z->token; ; ) {
		token = *t++;
		sym = &code->letter[token];
		if (token < END) {
			ADD(sym->code, sym->len);
			if (WORD == 4) {
				FLUSH(z);
				continue;
			}
			token = *t++;
			sym = &code->letter[token];
			if (token < END) {
				ADD(sym->code, sym->len);
				FLUSH(z);
				continue;
			}
			FLUSH(z);
		}
		if (token == END)
			break;
		ADD(sym->code, sym->len);
		if (WORD == 4)
			FLUSH(z);
		token = LESS1(*t++);
		i = dist_symbol(z, token);
		sym = &code->dist[i];
		ADD(sym->code, sym->len);
		FLUSH(z);
		ADD(token & code->mask[i], sym->extra);
		FLUSH(z);
	}
	z->out = out;
	z->bits = bits;
	z->nbits = nbits;
}

static void
put_coded(struct minidump_deflate *z, u_int block)
{
	u_int i, nbits;

	if (z->block != block) {
		end_block(z);
		nbits = minidump_codes[block].nbits;
		for (i = 0; i < nbits; i += 8)
			put(z, minidump_codes[block].header[i / 8],
			    nbits - i < 8 ? nbits - i : 8);
		z->block = block;
	}
	put_tokens(z, &z->code[block]);
}

/* How many bits the tokens take by each code, about. */
static void
add_prices(const struct minidump_deflate *z, u_int bits[NCODES])
{
	const struct minidump_price *price;
	uint64_t sum[NPRICES];
	u_int i, n, token;

	for (n = 0; n < NPRICES; n++)
		sum[n] = 0;
	for (i = SAMPLE / 2; i < z->ntokens; i += SAMPLE) {
		token = z->token[i];
		price = ISDIST(token) ?
		    &z->distprice[dist_symbol(z, LESS1(token))] :
		    &z->price[token];
		for (n = 0; n < NPRICES; n++)
			sum[n] += price->four[n];
	}
	for (n = 0; n < NCODES; n++)
		bits[n] = (u_int)(sum[n / 4] >> n % 4 * 16 & 0xffff) * SAMPLE;
}

/* Write the tokens, which stand for the bytes from "from" to z->next. */
static void
put_chunk(struct minidump_deflate *z, const u_char *from)
{
	u_int best, bits[NCODES], block, change, i;

	add_prices(z, bits);
	change = z->block < NCODES ? z->code[z->block].letter[END].len : 0;
	best = (z->next - from) * 8;
	if (z->block != STORED)
		best += change + STORED_HEADER * 8;
	block = STORED;
	for (i = 0; i < NCODES; i++) {
		if (z->block != i)
			bits[i] += change + minidump_codes[i].nbits;
		if (bits[i] < best) {
			best = bits[i];
			block = i;
		}
	}
	if (block == STORED)
		put_stored(z, from, z->next - from);
	else
		put_coded(z, block);
}

/*
 * ---- Tokens
 */

/*
 * How many bytes are the same at "s" and at "c", which is before it: the first
 * four are.  There are two words more at least.
 */
static __inline size_t
match_length(const u_char *s, const u_char *c, const u_char *end)
{
	const u_char *p;
	u_long x;

	p = s + MATCHMIN;
	c += MATCHMIN;
	x = load_word(p) ^ load_word(c);
	if (x != 0)
		return (p - s + same_bytes(x));
	for (;;) {
		p += WORD;
		c += WORD;
		if (p > end - 4 * WORD)
			break;
		x = load_word(p) ^ load_word(c);
		if (x != 0)
			return (p - s + same_bytes(x));
		p += WORD;
		c += WORD;
		x = load_word(p) ^ load_word(c);
		if (x != 0)
			return (p - s + same_bytes(x));
		p += WORD;
		c += WORD;
		x = load_word(p) ^ load_word(c);
		if (x != 0)
			return (p - s + same_bytes(x));
	}
	while (p < end && *p == *c) {
		p++;
		c++;
	}
	return (p - s);
}

/*
 * Make tokens until there are enough for a chunk, or no more bytes.  Places are
 * counted from the start of the piece.
 */
static void
make_tokens(struct minidump_deflate *z)
{
	const u_char *behind, *end, *start;
	uint16_t *full, *hash, *t;
	uint32_t four;
	size_t a, b, len, more, n, pos, size, stop, tail;

	start = z->start;
	end = z->end;
	size = end - start;
	tail = size > TAIL ? size - TAIL : 0;
	pos = z->next - start;
	behind = start - z->dist;
	t = z->token;
	full = z->token + MINIDUMP_DEFLATE_TOKENS;
	if (pos == 0 && pos < tail)
		/* Nothing is before it. */
		*t++ = start[pos++];
	for (stop = pos; ; ) {
		if (pos >= stop) {
			/* One a byte is the most, and one more. */
			stop = pos + (full - t);
			if (stop > tail)
				stop = tail;
			if (pos >= stop)
				break;
		}
		four = load32(start + pos);
		hash = z->hash[four * 0x9e3779b1U >>
		    (32 - MINIDUMP_DEFLATE_HASHBITS)];
		a = hash[0];
		hash[0] = pos;
		b = hash[1];
		hash[1] = a;
		if (load32(behind + pos) == four) {
			n = match_length(start + pos, behind + pos, end);
			goto found;
		}
		if (load32(start + a) != four) {
			if (load32(start + b) != four) {
literal:
				*t++ = start[pos++];
				continue;
			}
			a = b;
			b = 0;
		}
		if (pos - a - 1 >= DISTMAX)
			goto literal;
		n = match_length(start + pos, start + a, end);
		if (n < 64 && load32(start + b) == four && pos + n < size &&
		    load32(start + b + n - 3) == load32(start + pos + n - 3) &&
		    pos - b - 1 < DISTMAX) {
			more = match_length(start + pos, start + b, end);
			if (more > n) {
				n = more;
				a = b;
			}
		}
		behind = start - (pos - a);
found:
		pos += n;
		while (n > MATCHMAX) {
			len = n < MATCHMAX + MATCHMIN ? MATCHMAX - MATCHMIN :
			    MATCHMAX;
			t[0] = LENGTH(len);
			t[1] = behind - start;
			t += 2;
			n -= len;
			if (t >= full - 2) {
				pos -= n;
				goto done;
			}
		}
		t[0] = LENGTH(n);
		t[1] = behind - start;
		t += 2;
	}
	while (pos >= tail && pos < size && t < full)
		*t++ = start[pos++];
done:
	z->next = start + pos;
	z->dist = start - behind;
	z->ntokens = t - z->token;
}

/*
 * ---- What is called from elsewhere
 */

/* Give the symbols from "first" on, "n" of them, their codes. */
static void
assign_codes(struct minidump_symbol *codes, const char *lengths, u_int n)
{
	u_int bit, code, i, len, next, reversed;

	next = 0;
	for (len = 1; len <= 15; len++, next <<= 1)
		for (i = 0; i < n; i++) {
			if ((u_int)(lengths[i] - 'a') != len)
				continue;
			code = next++;
			reversed = 0;
			for (bit = 0; bit < len; bit++)
				reversed |= (code >> bit & 1) <<
				    (len - 1 - bit);
			codes[i].code = reversed;
			codes[i].len = len;
		}
}

static void
init_code(struct minidump_prefixcode *code, const char *lengths,
    struct minidump_symbol symbols[NLETTERS])
{
	struct minidump_symbol *letter;
	u_int extra, i, n;

	assign_codes(symbols, lengths, NLETTERS);
	for (i = 0; i < 256; i++)
		code->letter[i] = symbols[i];
	n = 3;
	for (i = 0; i < sizeof(lenextra); i++)
		for (extra = 0; extra < 1U << lenextra[i]; extra++) {
			letter = &code->letter[LENGTH(n++)];
			*letter = symbols[257 + i];
			letter->code |= extra << letter->len;
			letter->len += lenextra[i];
		}
	code->letter[END] = symbols[256];
	/* The longest has a symbol of its own. */
	code->letter[LENGTH(MATCHMAX)] = symbols[NLETTERS - 1];
	assign_codes(code->dist, lengths + NLETTERS, NDISTS);
	for (i = 0; i < NDISTS; i++) {
		code->dist[i].extra = distextra[i];
		code->mask[i] = (1 << distextra[i]) - 1;
	}
}

void
minidump_deflate_init(struct minidump_deflate *z)
{
	const struct minidump_symbol *sym;
	u_int dist, i, n;

	bzero(z, sizeof(*z));
	for (n = 0; n < NCODES; n++) {
		init_code(&z->code[n], minidump_codes[n].lengths, z->symbols);
		sym = z->code[n].letter;
		for (i = 0; i < 512; i++)
			z->price[i].four[n / 4] |=
			    (uint64_t)sym[i].len << n % 4 * 16;
		sym = z->code[n].dist;
		for (i = 0; i < NDISTS; i++)
			z->distprice[i].four[n / 4] |=
			    (uint64_t)(sym[i].len + sym[i].extra) << n % 4 * 16;
	}
	dist = 0;
	for (i = 0; i < NDISTS; i++)
		for (n = 0; n < 1U << distextra[i]; n++, dist++)
			z->distsym[dist < 256 ? dist : 256 + (dist >> 7)] = i;
}

size_t
minidump_deflate(struct minidump_deflate *z, const u_char *from, size_t len,
    u_char *to)
{
	const u_char *chunk;

	z->start = z->next = from;
	z->end = from + len;
	z->out = to;
	z->outend = to + MINIDUMP_DEFLATE_ROOM(len) - SPARE;
	z->bits = z->nbits = 0;
	z->block = NONE;
	z->dist = 1;
	bzero(z->hash, sizeof(z->hash));
	while (z->next < z->end) {
		chunk = z->next;
		make_tokens(z);
		put_chunk(z, chunk);
	}
	end_block(z);
	put(z, LAST_BLOCK, LAST_BITS);
	put(z, 0, LAST_END);
	align(z);
	if ((size_t)(z->out - to) <= MINIDUMP_DEFLATE_MAX(len))
		return (z->out - to);
	z->out = to;
	z->bits = z->nbits = 0;
	z->block = NONE;
	put_stored(z, from, len);
	to[0] |= 1;
	return (z->out - to);
}
