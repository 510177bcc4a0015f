# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The minidump project authors
#
# Read an ed(1) script of the series, and print what has to be true of the file
# before it may run: three lines for each command, a word and two patterns.
#
#	once A		one line of the file matches A
#	in A B		the function whose first line matches A is there once,
#			and has one line that matches B
#	after A B	one line matches A, and B matches below it
#	some A		A matches
#
# The commands known are those that the series needs: an address by pattern,
# or two with ";" between them, and a, c, d or i; A and a substitution; g/A/d;
# and $a.

# The pattern at the beginning of s; what comes behind it is left in "rest".
function pattern(s,	c, i, re)
{
	re = ""
	for (i = 2; i <= length(s); i++) {
		c = substr(s, i, 1)
		if (c == "/")
			break
		if (c == "\\")
			c = c substr(s, ++i, 1)
		re = re c
	}
	rest = substr(s, i + 1)
	return re
}

function expect(word, a, b)
{
	print word
	print a
	print b
}

text {
	if ($0 == ".")
		text = 0
	next
}

$0 == "$a" {
	text = 1
	next
}

/^g\/.*\/d$/ {
	expect("some", pattern(substr($0, 2)), "")
	next
}

# What is replaced has no slash in it.
/^\/.*\/s\/[^\/]*\/[^\/]*\/$/ {
	expect("once", pattern($0), "")
	next
}

/^\/.*[acdi]$/ {
	a = pattern($0)
	if (substr(rest, 1, 2) == ";/") {
		b = pattern(substr(rest, 2))
		expect(a ~ /^\^.*\($/ ? "in" : "after", a, b)
	} else
		expect("once", a, "")
	text = ($0 !~ /d$/)
	next
}

{
	expect("unknown", $0, "")
}
