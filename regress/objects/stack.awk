# SPDX-License-Identifier: BSD-2-Clause
#
# Copyright (c) 2026 The minidump project authors
#
# Find the deepest stack of the dump code, from gcc's call graphs, one function
# or call per line (-fcallgraph-info=su).  Called by regress/objects/run.
#
#	awk -v to=CALLEE -f stack.awk FILE.ci ...
#
# Prints "BYTES CALLER ... CALLER" for the path from minidumpsys() that uses the
# most bytes, with return addresses, when CALLEE is called: a function,
# "dumper", or "any" for the deepest of all.  Failures are lines that begin with
# "error".
#
# The targets of calls through pointers are listed here, by file: each has one.

function fail(text)
{
	print "error " text
	failed = 1
	exit
}

# Return the string behind a key, without directories if it is a file's name.
function value(key,    s)
{
	s = substr($0, index($0, key ": \"") + length(key) + 3)
	sub(/".*/, "", s)
	if (key != "label")
		sub(/.*\//, "", s)
	return s
}

/^graph:/ {
	file = $0
	sub(/.*\//, "", file)
	sub(/".*/, "", file)
}

/^node:/ && !/shape : ellipse/ {
	name = value("title")
	label = value("label")
	if (label !~ /bytes \((static|dynamic,bounded)\)/)
		fail(name " has no bound")
	sub(/ bytes \(.*/, "", label)
	sub(/.*\\n/, "", label)
	bytes[name] = label + 0
	if (name ~ /_page$/ && name ~ /:/)
		pages = pages " " name
}

/^edge:/ {
	from = value("sourcename")
	into = value("targetname")
	if (into == "__indirect_call") {
		if (file == "kern_dumpout.c")
			into = "dumper"
		else if (file == "kern_dumppages.c")
			into = "section"
		else if (file == "kern_dumpgz.c")
			into = "kern_minidump.c:put"
		else
			fail("call through a pointer in " file)
	}
	calls[from] = calls[from] " " into
}

# Sets best and bestway.
function walk(name, used, way,    list, n, i)
{
	if (name == "section") {
		n = split(pages, list)
		for (i = 1; i <= n; i++)
			walk(list[i], used, way)
		return
	}
	if (name == to || (to == "any" && name in bytes)) {
		if (to == "any") {
			if (used + bytes[name] > best) {
				best = used + bytes[name]
				bestway = way " " name
			}
		} else if (used > best) {
			best = used
			bestway = way
		}
	}
	if (!(name in bytes))
		return
	if (index(way " ", " " name " ") > 0)
		fail(name " calls itself")
	n = split(calls[name], list)
	for (i = 1; i <= n; i++)
		walk(list[i], used + bytes[name], way " " name)
}

END {
	if (failed)
		exit 1
	if (!("minidumpsys" in bytes) || pages == "" ||
	    !("kern_minidump.c:put" in bytes))
		fail("the functions are not what they were")
	walk("minidumpsys", 0, "")
	if (best == 0)
		fail("nothing calls " to)
	gsub(/[a-z_]*\.c:/, "", bestway)
	print best bestway
}
