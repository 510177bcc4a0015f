# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The minidump project authors
#
# Finds where a function or variable is defined.  Part of patches/check.

# index_files VIEW: print names and the file that appears to define each, for
# the files on standard input.
index_files()
{
	(cd "$1" && while read -r path; do
		[ ! -f "$path" ] || echo "$path"
	done | xargs awk -f "$patches/check.d/defined.awk" /dev/null)
}

# new_calls BEFORE AFTER: print "name path" for symbols that the files of the
# list AFTER need, and that none of them has and none of the list BEFORE needed.
# A 64-bit division in another file does not permit one here.
new_calls()
{
	while read -r path; do
		object_name "$work/before" "$path"
		echo "before $out.nm $path"
	done <"$1" >"$gen/calls"
	while read -r path; do
		object_name "$work/after" "$path"
		echo "after $out.nm $path"
	done <"$2" >>"$gen/calls"
	awk '
	    {
		while ((getline line <$2) > 0) {
			n = split(line, part, " ")
			name = part[n]
			if (part[n - 1] == "U" && $1 == "before") {
				if (name ~ /^__(q|u?)(div|mod)/)
					name = name " " $3
				had[name] = 1
			} else if (n == 3 && part[2] ~ /^[A-TV-Z]$/ && $1 == "after")
				had[name] = 1
			else if (part[n - 1] == "U")
				needs[name, $3] = 1
		}
		close($2)
	    }
	    END {
		for (key in needs) {
			split(key, part, SUBSEP)
			if (!(part[1] in had) &&
			    !((part[1] " " part[2]) in had))
				print part[1], part[2]
		}
	    }' "$gen/calls" | sort
}

# defined_in_kernel NAME INDEX: check whether it is in a file that is compiled
# in.  The index has found text that looks like it; compiling shows whether that
# is outside of an #ifdef.
defined_in_kernel()
{
	! grep -s -qx "$1" "$work/there.$machine" || return 0
	awk -v name="$1" '$1 == name { print $2 }' "$2" | sort -u \
	    >"$gen/candidates"
	while read -r file; do
		case $file in
		*.c)
			object_name "$work/after" "$file"
			flags=$after_flags
			if [ ! -f "$out.nm" ] &&
			    ! object "$work/after" "$file"; then
				could_not "$file, for $1: does not compile"
				return 0
			fi
			if grep -q " [A-TV-Z] $1\$" "$out.nm"; then
				[ "$2" != "$gen/index" ] ||
				    echo "$1" >>"$work/there.$machine"
				return 0
			fi ;;
		*)
			return 0 ;;
		esac
	done <"$gen/candidates"
	# Generated from these: the linker's own names, and vers.c.
	grep -qw -e "$1" "$tree/sys/conf/ldscript.$arch" \
	    "$tree/sys/conf/newvers.sh" 2>/dev/null
}

# optional_index PATH: print the index of the optional files that are in each
# kernel that has this one.  Fails if the file is in all kernels.
optional_index()
{
	options=$(awk -v path="$1" '$1 == path && $2 == "optional" {
	    $1 = $2 = ""
	    print }' "$gen/files" | sort -u)
	[ -n "$options" ] || return 1
	index=$gen/index$(echo "$options" | tr -cs 'A-Za-z0-9_' '-')
	[ -f "$index" ] || awk -v options="$options" '
	    BEGIN {
		n = split(options, part, " ")
		for (i = 1; i <= n; i++)
			has[part[i]] = 1
	    }
	    $2 == "optional" {
		for (i = 3; i <= NF; i++)
			if (!($i in has) || $i == "|")
				next
		print $1
	    }' "$gen/files" | sort -u | index_files "$work/after" >"$index"
}

optional_file()
{
	awk '$2 == "optional" { print $1 }' "$gen/files" | sort -u |
	    index_files "$work/after" | awk -v name="$1" '$1 == name {
		if (!n++)
			printf " (%s, which is optional, does)", $2
	    }'
}

# A library of the tree: a list of what it defines for this machine, made on
# demand.
library_index()
{
	list=$gen/lib$1
	[ -f "$list" ] || {
		others=$(awk -v arch="$arch" '!/^#/ && $3 != arch { print $3 }' \
		    "$patches/check.d/layouts" | sort -u)
		(cd "$work/after" && find -L "lib/lib$1" -type f \
		    -name '*.[csS]' 2>/dev/null) |
		    grep -v -F "$(printf "/%s/\n" $others)" |
		    index_files "$work/after" >"$list"
		# The system calls are generated from a list.
		[ "$1" != c ] || sed -n \
		    's/^#define[ 	]*SYS_\([A-Za-z0-9_]*\).*/\1 syscalls/p' \
		    "$work/after/sys/sys/syscall.h" >>"$list"
	}
	echo "$list"
}
