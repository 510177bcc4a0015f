# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The minidump project authors
#
# Where a function or variable is defined.  Part of patches/check.

# index_files VIEW: names and the file that seems to define them, for the
# files on standard input.
index_files()
{
	(cd "$1" && while read -r path; do
		[ ! -f "$path" ] || echo "$path"
	done | xargs awk -f "$patches/check.d/defined.awk" /dev/null)
}

# lines_of VIEW SUFFIX LIST: what object has left of all files of a list.
lines_of()
{
	while read -r path; do
		object_name "$work/$1" "$path"
		[ ! -f "$out.$2" ] || cat "$out.$2"
	done <"$3" | sort -u
}

# Is it in a file that is compiled into every kernel?  The index has found text
# that looks like it; that it is not in an #ifdef is seen by compiling.
defined_in_kernel()
{
	! grep -s -qx "$1" "$work/there.$machine" || return 0
	awk -v name="$1" '$1 == name { print $2 }' "$gen/index" | sort -u \
	    >"$gen/candidates"
	while read -r file; do
		case $file in
		*.c)
			object_name "$work/after" "$file"
			flags=$after_flags
			if [ ! -f "$out.has" ] &&
			    ! object "$work/after" "$file"; then
				could_not "$file, for $1: does not compile"
				return 0
			fi
			if grep -qx "$1" "$out.has"; then
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

optional_file()
{
	awk '/ optional$/ { print $1 }' "$gen/files" | sort -u |
	    index_files "$work/after" | awk -v name="$1" '$1 == name {
		printf " (%s, which is optional, does)", $2
		exit
	    }'
}

# A library of the tree: a list of what it defines for this machine, made when it is
# wanted.
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
		# The system calls are made from a list.
		[ "$1" != c ] || sed -n \
		    's/^#define[ 	]*SYS_\([A-Za-z0-9_]*\).*/\1 syscalls/p' \
		    "$work/after/sys/sys/syscall.h" >>"$list"
	}
	echo "$list"
}
