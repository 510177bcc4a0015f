/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * What the cases share.  A case makes a layout of a seed, has it dumped, and
 * compares what is on the device, and what was printed, with what the model
 * says. It returns 1, or 0 if it fails: then wrong() has been told why.
 */

#ifndef _TEST_H_
#define	_TEST_H_

#include "model.h"

#define	GIB		((long long)1 << 30)

/*
 * The layout under test, and what the dump of it must be; how it is on the
 * device, and the plain dump that was made of that.
 */
extern struct layout lay;
extern struct model model;
extern struct image image;
extern struct form form;
extern struct image taken;

/* Why the case fails; "" if it does not.  Only the first reason is kept. */
extern char why[512];
int	wrong(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Make a layout, and its model with all kinds, and the dump. */
void	make_layout(const struct kind *kind, uint64_t seed);

/* Make a model of the layout as it is, without the first "nleft" kinds. */
void	make_model(unsigned nleft);

/* Is a page of this kind in the dump? */
int	in_dump(int (*is)(uint64_t pa));

/*
 * Fill in the form that the dump of "model" will have.  This compresses it, as
 * the model knows only what must come out again.
 */
void	know_form(struct form *f);

/*
 * A device just large enough for the dump, if that cannot be compressed, or
 * larger by "spare" bytes; those that are "kept" of them can be looked at.  How
 * many bytes a dump can have on it.
 */
void	make_device(long long mediaoffset, long long spare, size_t kept);
uint64_t dev_room(void);

/* The dump that savecore(8) would find: its length, or -1. */
int64_t	find_dump(const unsigned char *mem);

/*
 * Make the plain dump of one of "f->length" bytes that savecore would find in
 * "mem"; of one that "model" describes, see model_forget().  Both return NULL
 * or what is wrong.
 */
const char *plain_dump(const unsigned char *mem, struct form *f,
	    struct image *plain, uint64_t *length);
const char *model_dump(const unsigned char *mem, struct form *f,
	    struct image *plain);

/*
 * Find the dump on the device, form.length, whose headers must fit; take it
 * from there as well; compare what was taken with the image.
 */
int	found_dump(void);
int	take_dump(void);
int	check_dump(void);

/* What must be printed and done, and whether it was. */
extern struct telling telling;
int	check_told(void);

/*
 * A dump that is to end in this way; one that is to be complete is taken.  If
 * it is compressed and is not to be complete, "form" is known.  One that is to
 * be complete and right.
 */
extern const struct ending complete;
int	dump_ending(const struct ending *e);
int	dump_right(void);

/* kinds.c: those that are tested, and those for cases about something else. */
extern const struct kind kinds[];
extern const unsigned nkinds;
extern const struct kind kind_small, kind_plain, kind_noisy, kind_large,
    kind_huge, kind_whole;
int	layout_case(const struct kind *kind, uint64_t seed);

/*
 * asked.c: ask a running kernel, in the midst of a dump if need be, for the
 * size that "form" will have; was that right?
 */
void	ask_size(void);
int	check_asked(void);
int	ask_case(uint64_t seed);

/* running.c */
int	read_case(uint64_t seed);
int	run_case(uint64_t seed);
int	any_case(uint64_t seed);

/* broken.c: how many damages there were is for the report. */
extern unsigned damages_made;
int	damage_case(uint64_t seed);
int	msgbuf_case(uint64_t seed);
int	broken_case(uint64_t seed);

/*
 * sizes.c: what the dump is without the first kinds, plain and compressed.
 * expect_plans() makes "telling" of a dump onto a device with "room" bytes for
 * one, and returns the plan that its last attempt follows, or NULL if all of
 * them are too large.
 */
struct plan {
	struct model	model;
	struct form	form[2];	/* gz or not */
};
extern struct plan plans[KERN_KINDS + 1];
void	make_plans(void);
void	plan_device(long long room, long long offset);
const struct plan *expect_plans(int mode, uint64_t room,
	    const struct ending *e, const struct form **formp);
int	check_plan(const struct plan *p, const struct form *f);
int	size_case(uint64_t seed);
int	fit_case(uint64_t seed);
int	huge_case(uint64_t seed);
int	noise_case(uint64_t seed);

/* power.c: an older dump on the device; what is on it afterwards. */
enum old_is {
	OLD_NONE,
	OLD_LONGER,
	OLD_SHORTER,
	OLD_SAME_LENGTH,
	OLD_SAME_HEADER,		/* an equal header, other contents */
	NOLD
};
enum found {
	FOUND_NONE,
	FOUND_OLD,
	FOUND_NEW,
	FOUND_MIXTURE
};
extern uint64_t old_length;
void	put_old(enum old_is is);	/* its headers alone */
void	fill_old(enum old_is is);
void	make_old(enum old_is is);	/* with a device */
enum found whats_there(const unsigned char *mem);
void	power_fails(void);		/* a hook */
int	power_case(uint64_t seed);

/* trouble.c */
int	error_case(uint64_t seed);
int	writes_case(uint64_t seed);
int	key_case(uint64_t seed);
int	left_case(uint64_t seed);

/* device.c */
int	blocks_case(uint64_t seed);
int	ata_case(uint64_t seed);

/* crash.c */
int	crash_case(uint64_t seed);
int	early_case(uint64_t seed);

#endif /* !_TEST_H_ */
