# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The minidump project authors
#
# The kernel's part of patches/check: what config(8) would generate, the files
# that are compiled in, and whether everything they call exists.

# config_lines FILE: print a kernel configuration, with the files it includes.
# Their names are relative to the directory that config(8) runs in.
config_lines()
{
	[ ! -f "$1" ] || while read -r word rest; do
		case $word in
		include)
			config_lines "$tree/sys/$machine/conf/$(echo "$rest" |
			    sed -e 's/[ 	#].*//' -e 's/"//g')" ;;
		\#*)
			;;
		*)
			echo "$word $rest" ;;
		esac
	done <"$1"
}

# Make the options' headers, in $gen.  An option without a file is in the one
# that is named after it.
make_options()
{
	conf=$tree/sys/$machine/conf
	{
		config_lines "$conf/DEFAULTS"
		[ "$config" = - ] || config_lines "$conf/$config"
	} >"$gen/config"
	cat "$tree/sys/conf/options" "$tree/sys/conf/options.$machine" |
	    awk '/^[A-Z]/ {
		file = "opt_" tolower($1) ".h"
		if ($2 ~ /^opt_/)
			file = $2
		print $1, file
	    }' >"$gen/options"
	awk '{ print $2 }' "$gen/options" | sort -u | while read -r opt; do
		: >"$gen/$opt"
	done
	: >"$gen/opt_global.h"
	awk 'FILENAME == ARGV[1] { file[$1] = $2; next }
	    {
		sub(/#.*/, "")
		name = $2
		value = 1
		if ((n = index(name, "=")) > 0) {
			value = substr(name, n + 1)
			name = substr(name, 1, n - 1)
		}
		gsub(/"/, "", name)
	    }
	    $1 == "device" { name = "DEV_" toupper(name) }
	    $1 ~ /^no/ { delete defined_as[name] }
	    $1 ~ /^(options?|cpu|device)$/ && name in file {
		defined_as[name] = value
	    }
	    END {
		for (name in defined_as)
			print file[name], name, defined_as[name]
	    }' "$gen/options" "$gen/config" | sort |
	    while read -r file name value; do
		echo "#define $name $value" >>"$gen/$file"
	done
}

# Generate files from the tree that are the same for all machines.
make_common()
{
	rm -rf "$work/common"
	mkdir "$work/common" && cd "$work/common" || exit 1
	# If a script of the tree fails, its missing output will show it.
	[ ! -f "$tree/sys/tools/vnode_if.awk" ] || for flag in -h -p -q; do
		command awk -f "$tree/sys/tools/vnode_if.awk" \
		    "$tree/sys/kern/vnode_if.src" $flag
	done >/dev/null 2>&1
	set -- $(find "$tree/sys" -name '*_if.m' | sort)
	[ $# -eq 0 ] || command awk -f "$tree/sys/tools/makeobjops.awk" \
	    "$@" -h >/dev/null 2>&1
	cd "$work" || exit 1
}

# Make $gen for this layout: generated files, and a directory for each view.
make_gen()
{
	mkdir -p "$gen/before" "$gen/after"
	for view in before after; do
		ln -s "$work/$view/sys/$machine/include" "$gen/$view/machine"
		[ "$arch" = "$machine" ] || ln -s \
		    "$work/$view/sys/$arch/include" "$gen/$view/$arch"
	done
	make_options
	set -- "$work"/common/*
	[ ! -f "$1" ] || ln -s "$@" "$gen/"
	# The names under which include/Makefile installs headers of sys/.
	set --
	for h in aio errno fcntl linker_set poll stdint syslog; do
		set -- "$@" "$tree/sys/sys/$h.h"
	done
	for h in float floatingpoint stdarg varargs; do
		set -- "$@" "$tree/sys/$machine/include/$h.h"
	done
	ln -s "$@" "$gen/"
}

# The flags for kernel sources in a view; try them in $gen.
kernel_flags()
{
	if ask "$1" sys "$gen/ask.kernel"; then
		said cflags "$gen/ask.kernel" >"$gen/cflags"
	else
		could_not "the kernel's flags: the tree's sys/conf/kern.mk" \
		    "cannot be read: $(tail -n 1 "$gen/ask.kernel.err")"
		echo "-O2 -Wall -nostdinc -ffreestanding -std=c99 -D_KERNEL" \
		    "-include opt_global.h -I. -I$1/sys" >"$gen/cflags"
	fi
	echo "-I$gen/${1##*/}"
	known_flags $(cat "$gen/cflags")
}

# kernel_files VIEW: the C files that are compiled for this machine, each
# followed by: standard, or optional and the options.
kernel_files()
{
	sed -e 's/#.*//' "$1/sys/conf/files" "$1/sys/conf/files.$machine" |
	    awk '{
		more = sub(/\\$/, "")
		line = line $0
		if (more)
			next
		$0 = line
		line = ""
	    }
	    $1 ~ /\.[csS]$/ { $1 = "sys/" $1; print }'
}

# Files that are compiled and include a touched file, as schedulers do.
including()
{
	awk 'FILENAME == ARGV[1] { compiled[$1] = 1; next }
	    $1 != "D" && $2 ~ /^sys\/.*\.c$/ && !($2 in compiled) {
		print $2
	    }' "$gen/files" "$work/files" >"$gen/unlisted"
	set --
	while read -r path; do
		set -- "$@" -e "include.*[\"</]${path##*/}[\">]"
	done <"$gen/unlisted"
	[ $# -gt 0 ] || return 0
	awk '{ print $1 }' "$gen/files" | sort -u |
	    (cd "$work/after" && xargs grep "$@" /dev/null 2>/dev/null) \
	    >"$gen/including"
	while read -r path; do
		! grep -q "[\"</]${path##*/}[\">]" "$gen/including" ||
		    echo "$path" >>"$work/listed"
	done <"$gen/unlisted"
	sed 's/:.*//' "$gen/including"
}

check_kernel()
{
	kernel_files "$work/after" >"$gen/files"
	{
		including
		awk 'FILENAME == ARGV[1] { touched[$2] = $1; next }
		    $1 in touched && touched[$1] != "D" && /\.c / { print $1 }' \
		    "$work/files" "$gen/files"
	} | sort -u >"$gen/sources"
	[ -s "$gen/sources" ] || return 0
	before_flags=$(kernel_flags "$work/before")
	after_flags=$(kernel_flags "$work/after")
	while read -r path; do
		echo "$path" >>"$work/listed"
		judge "$path"
	done <"$gen/sources"
	calls_of_kernel
}

# Symbols that the touched files need and did not need before: each has to be in
# a file that is compiled into every kernel for this machine.
calls_of_kernel()
{
	new_calls "$gen/sources" "$gen/sources" >"$gen/new"
	while read -r name path; do
		needs_in_kernel "$name" "$path"
	done <"$gen/new"
}

# Indexes are made on demand.
needs_in_kernel()
{
	[ -f "$gen/index" ] ||
	    awk '$2 == "standard" { print $1 }' "$gen/files" | sort -u |
	    index_files "$work/after" >"$gen/index"
	case $1 in
	__divdi3|__udivdi3|__moddi3|__umoddi3|__qdivrem)
		missing "$2" "calls $1: divides 64 bits" ;;
	__start_set_*|__stop_set_*)
		;;
	*)
		defined_in_kernel "$1" "$gen/index" ||
		    { optional_index "$2" &&
		    defined_in_kernel "$1" "$index"; } ||
		    missing "$2" "needs $1, which no standard file for$(
		    ) $machine has$(optional_file "$1")" ;;
	esac
}
