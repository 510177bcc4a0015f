/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * JSON on standard output, for the commands that have --json.
 *
 * Numbers and sizes are JSON numbers.  Addresses, which may need more than the
 * 53 bits that many readers have, are strings as C writes them: "0xc0000000".
 * Members of an object have a "name"; for those of an array it is NULL.
 */

#ifndef _JSON_H_
#define	_JSON_H_

#include <stddef.h>
#include <stdint.h>

struct json {
	int	depth;
	int	more;		/* this is not the first member */
};

/* Begin an object, '{', or an array, '['; the outermost has no name. */
void	json_begin(struct json *js, const char *name, char bracket);

/* End it, with '}' or ']'. */
void	json_end(struct json *js, char bracket);

void	json_number(struct json *js, const char *name, uint64_t value);
void	json_address(struct json *js, const char *name, uint64_t value);
void	json_bool(struct json *js, const char *name, int value);

/*
 * Print a string of any "len" bytes.  UTF-8 is left as it is, except for
 * characters that kvm_nextchar() says must not be printed, which are escaped.
 * A byte that is not UTF-8 is escaped as the ISO 8859-1 character.
 */
void	json_text(struct json *js, const char *name, const char *text,
	    size_t len);

/* The same for a NUL-terminated string. */
void	json_string(struct json *js, const char *name, const char *text);

#endif /* !_JSON_H_ */
