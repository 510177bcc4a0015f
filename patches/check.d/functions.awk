# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The minidump project authors
#
# Print the names in the file "names" that are also names of functions which the
# preprocessed C declares or defines.  "path" is the file, for the message.

# A name before a list of parameters, outside all braces and parentheses, is a
# function, unless the declaration is a typedef.
function token(t) {
	if (t == "{" || t == "(" || t == "[") {
		if (t == "(" && depth == 0 && word in wanted && !typedefs &&
		    !told[word]++)
			print path ": " word " is also a function"
		depth++
	} else if (t == "}" || t == ")" || t == "]") {
		depth--
		if (t == "}" && depth == 0)
			typedefs = 0
	} else if (t == ";" && depth == 0)
		typedefs = 0
	else if (t == "typedef")
		typedefs = 1
	word = t
}

BEGIN {
	while ((getline name <names) > 0)
		wanted[name] = 1
}

/^#/ { next }

{
	gsub(/\\./, "")
	gsub(/"[^"]*"/, "")
	gsub(/'[^']*'/, "")
	s = $0
	while (match(s, /[A-Za-z_][A-Za-z0-9_]*|[][(){};=,*]/)) {
		token(substr(s, RSTART, RLENGTH))
		s = substr(s, RSTART + RLENGTH)
	}
}
