# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The minidump project authors
#
# Print the names that C and assembler files appear to define for others, and
# the file: names that style(9) puts at the beginning of a line.  Ignores
# #ifdef.

function name_of(s) {
	return match(s, /[A-Za-z_][A-Za-z0-9_]*$/) ? substr(s, RSTART) : ""
}

function told(name) {
	if (name != "")
		print name, FILENAME
}

# In assembler, all global symbols.
FILENAME ~ /\.[sS]$/ {
	if (match($0, /^[ \t]*[A-Z_]*(ENTRY|LEAF)[A-Z_]*\([A-Za-z0-9_]+/))
		told(name_of(substr($0, RSTART, RLENGTH)))
	else if ($1 ~ /^\.globa?l$/) {
		sub(/\/\*.*/, "")
		sub(/[ \t]*\.globa?l[ \t]+/, "")
		gsub(/[A-Z_]*\(|\)|[ \t]/, "")
		n = split($0, part, /,/)
		for (i = 1; i <= n; i++)
			told(part[i])
	}
	next
}

# The type is on the line before.
/^[A-Za-z_][A-Za-z0-9_]*[ \t]*\(/ {
	n = index($0, "(")
	word = substr($0, 1, n - 1)
	sub(/[ \t]+$/, "", word)
	if (word == "SYSCTL_NODE") {
		split(substr($0, n + 1), part, /[ \t]*,[ \t]*/)
		told("sysctl_" part[1] "_" part[3] "_children")
	} else if (word ~ /^(MALLOC_DEFINE|_*weak_reference|__strong_reference)$/) {
		split(substr($0, n + 1), part, /[ \t]*[,)][ \t]*/)
		told(part[word == "MALLOC_DEFINE" ? 1 : 2])
	} else if (!hidden)
		told(word)
	hidden = 0
	next
}

/^(static|typedef|extern|#)/ || !/^[A-Za-z_]/ {
	hidden = /^static/
	next
}

# A function in one line, or variables.
{
	hidden = 0
	s = $0
	sub(/[ \t]*\/\*.*/, "", s)
	if (match(s, /^[A-Za-z_][A-Za-z0-9_ \t*]*\(/)) {
		if (s !~ /;$/) {
			s = substr(s, 1, RLENGTH - 1)
			sub(/[ \t]+$/, "", s)
			told(name_of(s))
		}
		next
	}
	sub(/[ \t]*=.*/, "", s)
	gsub(/\[[^]]*\]/, "", s)
	gsub(/[ \t]*;.*/, "", s)
	n = split(s, part, /[ \t]*,[ \t]*/)
	if (n > 1 || part[1] ~ /[ \t*]/)
		for (i = 1; i <= n; i++)
			told(name_of(part[i]))
}
