# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The minidump project authors
#
# The part of patches/check for libraries and programs: those in whose
# directory the series touches a file.

# Directories with a makefile and a file that the series touches.  ask skips
# those without a C source later.
programs()
{
	awk '$2 !~ /^sys\// { print $2 }' "$work/files" |
	    grep -E '(\.[chyl]|/Makefile)$' |
	    sed 's,/[^/]*$,,' | sort -u | while read -r dir; do
		[ ! -f "$work/after/$dir/Makefile" ] || echo "$dir"
	done
}

# program_sources VIEW DIR OUT: print the paths of the C sources, and write $OUT
# for "said".
program_sources()
{
	ask "$1" "$2" "$3" || return 1
	# Headers that the Makefile makes with echo.
	mkdir -p "$3.made"
	sed -n "s/^echo '\([^']*\)' > \([A-Za-z0-9_]*\.h\)\$/\2 \1/p" "$3" |
	    while read -r header text; do
		echo "$text" >"$3.made/$header"
	    done
	said sources "$3" | tr ' ' '\n' | grep '\.c$' |
	    sed -e "s,^$1/,," -e "s,^\([^/]*\)\$,$2/\1," |
	    sed -e ':a' -e 's,[^/]*/\.\./,,' -e 'ta' >"$3.sources"
	return 0
}

# program_flags VIEW DIR OUT.  The include path is the source tree's, as nothing
# is installed; directories from the Makefile come first.
program_flags()
{
	echo "-I$3.made $(known_flags $(said cflags "$3")) -nostdinc -I$1/$2" \
	    "-I$gen/${1##*/} -I$gen" \
	    "-I$1/include -I$1/sys -I$1/lib/libkvm -I$1/lib/libz" \
	    "-I$1/lib/libutil -D__builtin_stdarg_start=__builtin_va_start"
}

check_program()
{
	dir=$1
	id=$gen/$(echo "$dir" | tr / _)
	: >"$id.before.sources"
	if ! program_sources "$work/after" "$dir" "$id.after"; then
		could_not "$dir: its Makefile cannot be read:" \
		    "$(tail -n 1 "$id.after.err")"
		return
	fi
	[ -s "$id.after.sources" ] || return 0
	[ ! -f "$work/before/$dir/Makefile" ] ||
	    program_sources "$work/before" "$dir" "$id.before"
	before_flags=$(program_flags "$work/before" "$dir" "$id.before")
	after_flags=$(program_flags "$work/after" "$dir" "$id.after")
	while read -r path; do
		echo "$path" >>"$work/listed"
		judge "$path"
	done <"$id.after.sources"
	# Earlier needs include those of sources that are no longer compiled.
	flags=$before_flags
	while read -r path; do
		object_name "$work/before" "$path"
		[ -f "$out.nm" ] || object "$work/before" "$path"
	done <"$id.before.sources"
	calls_of_program
}

# Symbols that the files of a program need, that none of them has, and that were
# not needed before: the C library has to have them, or another one that it is
# linked with.  libgcc has 64-bit division.
calls_of_program()
{
	new_calls "$id.before.sources" "$id.after.sources" |
	    grep -v -E '^__u?(div|mod)di3 ' >"$id.new"
	[ -s "$id.new" ] || return 0
	libraries=c
	for word in $(said libraries "$id.after"); do
		case $word in
		-l*)	libraries="$libraries ${word#-l}" ;;
		esac
	done
	for lib in $libraries; do
		cat "$(library_index "$lib")"
	done >"$id.libraries"
	while read -r name path; do
		grep -q "^$name " "$id.libraries" ||
		    missing "$path" "needs $name, which nothing in $dir$(
		    ) has for $machine"
	done <"$id.new"
}
