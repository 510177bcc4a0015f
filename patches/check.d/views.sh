# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The minidump project authors
#
# Two views of the source tree: as it was before the series, and as apply would
# leave it.  Part of patches/check; neither view changes the tree.
#
# A view consists of symbolic links into the tree.  It has its own directories
# only where the series touches a file.

# Make $work/before and $work/after, and $work/files, the list of differences:
# A, D or M, and the path.
make_views()
{
	sh "$patches/series" overlay "$work/overlay" "$tree" || return 1
	cp "$work/overlay/files" "$work/files" || return 1
	rm -rf "$work/before" "$work/after"
	# Each directory above such a file, and its entries that must not be
	# links.
	awk '{
		n = split($2, part, "/")
		dir = "."
		for (i = 1; i <= n; i++) {
			if (!seen[dir, part[i]]++)
				names[dir] = names[dir] " " part[i]
			dir = dir "/" part[i]
		}
	    } END { for (dir in names) print dir names[dir] }' "$work/files" \
	    >"$work/directories"
	mkdir "$work/before" && (cd "$work/before" &&
	    mkdir -p $(awk '{ print $1 }' "$work/directories")) || return 1
	while read -r dir names; do
		# The glob does not match .minidump.
		links=
		for path in "$tree/$dir"/*; do
			case " $names " in
			*" ${path##*/} "*)
				;;
			*)	links="$links $path" ;;
			esac
		done
		[ ! -e "$path" ] || [ -z "$links" ] ||
		    ln -s $links "$work/before/$dir/" || return 1
	done <"$work/directories"
	cp -RP "$work/before" "$work/after" &&
	    cp -Rp "$work/overlay/orig/." "$work/before/" &&
	    cp -Rp "$work/overlay/tree/." "$work/after/"
}
