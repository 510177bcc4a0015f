# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The minidump project authors
#
# Read what readelf --debug-dump=info prints of an object file.  Print the name
# of each local variable and each parameter of the file "source"; those of
# inline functions in headers are the tree's.  The line that is given as a
# name's declaration has to contain the name.

BEGIN {
	while ((getline text[++lines] <source) > 0)
		;
}

function tell() {
	if (is_local && name != "" && index(text[line + 0], name) &&
	    !told[name]++)
		print name
	is_local = 0
	name = line = ""
}

/Abbrev Number: / {
	tell()
	level = $1
	gsub(/^<|>.*/, "", level)
	is_local = level >= 2 && /DW_TAG_(variable|formal_parameter)/
	next
}

is_local && /DW_AT_name / {
	name = $0
	sub(/[ \t]+$/, "", name)
	sub(/.*: /, "", name)
}

is_local && /DW_AT_decl_line / {
	line = $NF
}

END { tell() }
