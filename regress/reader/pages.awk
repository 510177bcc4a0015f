# SPDX-License-Identifier: BSD-2-Clause
#
# Copyright (c) 2026 The minidump project authors

# Print what vmcore should report for the pages that mkdump lists, from the
# lines of "out".pages:
#	what=cells	vmcore map --json: cells of kcell and pcell pages
#	what=colours	its picture: how many cells have which colour
#	what=kinds	vmcore info -v --json, with the image at page "base" of
#			address space and superpages of "super" pages

# Some awks use this to convert all but small integers to strings, by default
# with 6 digits only.
BEGIN {
	CONVFMT = "%.0f"
}

$1 == "kernel" {
	n[$1, int($2 / kcell), $4]++
	cells[$1 " " int($2 / kcell)]
	kva[$4]++
	if ($4 == "dumped") {
		if (!mapped[$3]++)
			nmapped++
		if (mapped[$3] == 2)
			nshared++
		if ($2 - base == $3 && !image[$3]++)
			nimage++
	}
	if ((diff = $2 - $3) % super == 0 &&
	    ++block[int($2 / super), diff] == super)
		nsuper++
}

$1 == "physical" {
	n[$1, int($2 / pcell), $3]++
	cells[$1 " " int($2 / pcell)]
	if ($3 == "dumped") {
		npages++
		if (nruns == 0 || start[nruns] + len[nruns] != $2)
			start[++nruns] = $2
		len[nruns]++
	}
}

function level(space, cell, all,	d)
{
	d = n[space, cell, "dumped"]
	if (n[space, cell, "missing"] > 0)
		return ("d7301f")
	if (n[space, cell, "leftout"] > d)
		return ("f2a341")
	if (d == 0)
		return ("9a9a9a")
	if (d >= all)
		return ("08306b")
	if (d > all / 2)
		return ("2f7fbc")
	if (d > all / 10)
		return ("6baed6")
	return (d > all / 50 ? "9ecae1" : "c6dbef")
}

END {
	for (c in cells) {
		split(c, w, " ")
		all = w[1] == "kernel" ? kcell : pcell
		if (what == "cells")
			printf("%s %.0f %d %d %d %d\n", w[1], w[2] * all,
			    n[w[1], w[2], "dumped"], n[w[1], w[2], "missing"],
			    n[w[1], w[2], "leftout"], n[w[1], w[2], "device"])
		else
			count[level(w[1], w[2], all)]++
	}
	if (what == "colours")
		for (c in count)
			if (c != "9a9a9a")
				print c, count[c]
	if (what != "kinds")
		exit
	print npages + 0, nimage + 0, nmapped - nimage, npages - nmapped,
	    nshared + 0
	print kva["dumped"] + 0, kva["missing"] + 0, kva["leftout"] + 0,
	    kva["device"] + 0, super * 4096, nsuper + 0
	for (i = 0; i < 5; i++) {
		best = 0
		for (j = 1; j <= nruns; j++)
			if (len[j] > len[best])
				best = j
		if (best == 0)
			break
		printf("%.0f %d\n", start[best], len[best])
		len[best] = 0
	}
}
