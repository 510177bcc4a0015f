# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The minidump project authors
#
# Check that the ed(1) scripts of one change fit the files that they edit, and
# print one ed script for all of them.  Called by the script "series", in the
# directory that has the files; standard input is their paths, a line each.
# Variables: "edits", the directory of the scripts; "new", the list of the
# change's files; "when", the file that says which files are only edited if a
# pattern is there, or empty; "tree", what is put before paths in messages.
#
# What has to be true of a file before its script may run:
#
#	/A/		one line of the file matches A
#	/^A(/;/B/	the function whose first line matches A is there once,
#			and has one line that matches B
#	/A/;/B/		one line matches A, and B matches below it
#	g/A/d		A matches
#
# The commands known are those that the series needs: an address by pattern,
# or two with ";" between them, and a, c, d or i; A and a substitution; g/A/d;
# and $a.  Of patterns, what ed and awk have in common, spelt as for ed.  A line
# between commands that begins with "# " is for readers; the first says what the
# script does to the file, and why there.  In text, a line
#
#	@new DIR TEXT
#
# stands for one line for each C source that "new" puts into DIR: TEXT, with its
# name for "&".

function die(why)
{
	print "series: " why | "cat 1>&2"
	close("cat 1>&2")
	failed = 1
	exit 1
}

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

# A pattern as awk spells it.
function ere(re,	c, first, i, n, out)
{
	out = ""
	n = length(re)
	for (i = 1; i <= n; i++) {
		c = substr(re, i, 1)
		if (c == "\\") {
			c = substr(re, ++i, 1)
			if (c ~ /[A-Za-z0-9(){}+?|<>]/ || c == "")
				die(script ": not understood: " re)
			out = out (c == "/" ? c : "\\" c)
		} else if (c == "[") {
			first = i + (substr(re, i + 1, 1) == "^") + 1
			do {
				out = out (c == "\\" ? "\\\\" : c)
				c = substr(re, ++i, 1)
			} while (i <= n && (c != "]" || i == first))
			out = out "]"
		} else if (index("(){}+?|", c) || (c == "^" && i > 1) ||
		    (c == "$" && i < n) || (c == "*" && out ~ /^\^?$/))
			out = out "\\" c
		else
			out = out c
	}
	return out
}

# How many of the lines from one to another match; the first is left in "at".
function matches(re, from, to,	i, n)
{
	n = 0
	re = ere(re)
	for (i = from; i <= to; i++)
		if (line[i] ~ re && n++ == 0)
			at = i
	return n
}

function expect(word, a, b,	begin, n)
{
	n = matches(a, 1, lines)
	if (word == "some") {
		if (n == 0)
			die(file ": nothing matches the anchor /" a "/")
		return
	}
	if (n != 1)
		die(file ": " n " lines match the anchor /" a "/, not one")
	begin = at
	if (word == "in") {
		n = begin
		while (n < lines && line[++n] !~ /^}/)
			;
		n = matches(b, begin, n)
		if (n != 1)
			die(file ": in the function /" a "/ " n \
			    " lines match the anchor /" b "/, not one")
	} else if (word == "after") {
		if (matches(b, begin + 1, lines) == 0)
			die(file ": below the line /" a \
			    "/ nothing matches the anchor /" b "/")
	}
}

# One line of a script that is no text.
function command(s,	a, b)
{
	if (s == "$a")
		text = 1
	else if (s ~ /^g\/.*\/d$/)
		expect("some", pattern(substr(s, 2)), "")
	else if (s ~ /^\/.*\/s\/[^\/]*\/[^\/]*\/$/)
		# What is replaced has no slash in it.
		expect("once", pattern(s), "")
	else if (s ~ /^\/.*[acdi]$/) {
		a = pattern(s)
		if (substr(rest, 1, 2) == ";/") {
			b = pattern(substr(rest, 2))
			expect(a ~ /^\^.*\($/ ? "in" : "after", a, b)
		} else
			expect("once", a, "")
		text = (s !~ /d$/)
	} else
		die(script ": not understood: " s)
}

function load(path)
{
	lines = 0
	while ((getline line[lines + 1] <path) > 0)
		lines++
	close(path)
}

# A line of text that begins with @new.
function expand(s,	dir, i, n, part, out)
{
	sub(/^@new /, "", s)
	dir = s
	sub(/ .*/, "", dir)
	sub(/^[^ ]* /, "", s)
	n = 0
	for (i = 1; i <= sources; i++) {
		part = source[i]
		if (index(part, dir "/") != 1)
			continue
		part = substr(part, length(dir) + 2)
		if (part ~ /\//)
			continue
		n++
		out = s
		sub(/&/, part, out)
		print out
	}
	if (n == 0)
		die(script ": " new " has nothing for " dir)
}

BEGIN {
	while ((getline <new) > 0)
		if ($2 ~ /\.c$/)
			source[++sources] = $2
	if (when != "")
		while ((getline <when) > 0)
			wanted[$1] = $2
}

{
	path = $0
	file = tree "/" path
	script = edits "/" path
	exists = (getline s <path) >= 0
	close(path)
	load(path)
	if (when != "") {
		if (!(path in wanted))
			die(when ": no pattern for " path)
		if (!exists || matches(wanted[path], 1, lines) == 0)
			next
	}
	if (!exists)
		die(file ": no such file")
	text = first = 0
	print "e " path
	while ((getline s <script) > 0) {
		if (!text && s ~ /^# /) {
			first = 1
			continue
		}
		if (!first)
			die(script ": its first line does not say what it does")
		if (text)
			text = s != "."
		else
			command(s)
		if (text && s ~ /^@new /)
			expand(s)
		else
			print s
	}
	close(script)
	print "w"
}

END {
	if (!failed)
		print "q"
}
