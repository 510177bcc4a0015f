# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The minidump project authors
#
# Remove inline assembler, and the registers that it names, from preprocessed C,
# so that code for one machine can be compiled for another: not to run it, but
# to see what it calls.  Line numbers do not change.

# Return the rest of s behind the ")" that closes the innermost "(" of depth;
# empty, with depth above 0, if that is on a later line.
function closed(s,	c, i) {
	for (i = 1; i <= length(s); i++) {
		c = substr(s, i, 1)
		if (quoted) {
			if (c == "\\")
				i++
			else if (c == "\"")
				quoted = 0
		} else if (c == "\"")
			quoted = 1
		else if (c == "(")
			depth++
		else if (c == ")" && --depth == 0)
			return substr(s, i + 1)
	}
	return ""
}

function cut(s,	out, word) {
	out = ""
	for (;;) {
		if (depth > 0) {
			s = closed(s)
			if (depth > 0)
				return out
		}
		if (waiting) {		# for "(" behind the word
			sub(/^[ \t]+/, "", s)
			if (match(s, /^(__)?(volatile|inline|goto)(__)?/)) {
				s = substr(s, RLENGTH + 1)
				continue
			}
			if (s == "")
				return out
			waiting = 0
			if (substr(s, 1, 1) == "(") {
				depth = 1
				s = substr(s, 2)
				continue
			}
		}
		if (!match(s, /(__asm__|__asm|asm|register)/))
			return out s
		word = substr(s, RSTART, RLENGTH)
		if (substr(" " s, RSTART, 1) ~ /[A-Za-z0-9_]/ ||
		    substr(s, RSTART + RLENGTH, 1) ~ /[A-Za-z0-9_]/) {
			out = out substr(s, 1, RSTART + RLENGTH - 1)
			s = substr(s, RSTART + RLENGTH)
			continue
		}
		out = out substr(s, 1, RSTART - 1)
		s = substr(s, RSTART + RLENGTH)
		waiting = word != "register"
	}
}

/^#/ {
	print
	next
}

depth == 0 && !waiting && !/asm|register/ {
	print
	next
}

{ print cut($0) }
