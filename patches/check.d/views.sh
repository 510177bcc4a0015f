# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The minidump project authors
#
# Two views of the source tree: as it was before the series, and as apply would
# leave it.  Part of patches/check; neither view changes the tree.
#
# A view is made of symbolic links to what the tree has.  Only the directories
# in which the series touches a file are the view's own.

# fill VIEW DIR: make a directory of the view.  The glob leaves out .minidump.
fill()
{
	mkdir -p "$1/$2" || return 1
	set -- "$1" "$2" "${2:+$2/}"
	ln -s "$tree/$3"* "$1/$2/" || return 1
	awk -v dir="$3" 'index($2, dir) == 1 {
		rest = substr($2, length(dir) + 1)
		sub(/\/.*/, "", rest)
		if (!seen[rest]++)
			print rest
	    }' "$work/files" >"$1.in.$(echo "$2" | tr / _)"
	while read -r name; do
		rm -f "$1/$3$name"
		if [ -d "$tree/$3$name" ]; then
			(fill "$1" "$3$name") || return 1
		fi
	done <"$1.in.$(echo "$2" | tr / _)"
	rm -f "$1.in.$(echo "$2" | tr / _)"
}

# Make $work/before and $work/after, and $work/files, the list of what is
# different: A, D or M, and the path.
make_views()
{
	sh "$patches/series" overlay "$work/overlay" "$tree" || return 1
	cp "$work/overlay/files" "$work/files" || return 1
	rm -rf "$work/before" "$work/after"
	fill "$work/before" '' && fill "$work/after" '' || return 1
	while read -r kind path; do
		if [ "$kind" != A ]; then
			from=$(sh "$patches/series" pristine "$path" "$tree")
			mkdir -p "$work/before/$(dirname "$path")" &&
			    cp "$from" "$work/before/$path" || return 1
		fi
		if [ "$kind" != D ]; then
			mkdir -p "$work/after/$(dirname "$path")" &&
			    cp "$work/overlay/tree/$path" \
			    "$work/after/$path" || return 1
		fi
	done <"$work/files"
}
