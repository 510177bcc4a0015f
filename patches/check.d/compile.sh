# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The minidump project authors
#
# Compile one file of a view, and compare the results before and after the
# series.  Part of patches/check.
#
# $flags are the tree's flags, as far as the compiler knows them; $gen is the
# directory to compile in.  The output for PATH in a view is in $gen/VIEW, in
# files named after the path with "_" for "/".

# For $layout: set $target, the flags that make the compiler compile for it, and
# $gen, an empty directory for generated files.  $real is empty if the compiler
# can only generate code for another machine, with this one's headers and
# macros: then warnings are ignored, and only the calls are checked.
pick_target()
{
	target=-m$bits real=
	gen=$work/$(echo "$layout" | tr / -)
	rm -rf "$gen"
	mkdir -p "$gen" && : >"$gen/empty.c" || exit 1
	$CC $target -c -o "$gen/empty.o" "$gen/empty.c" \
	    >"$gen/empty.log" 2>&1 || return 1
	if $CC $target -dM -E "$gen/empty.c" |
	    grep -q "^#define ${macros%% *} "; then
		real=yes
	else
		for name in __i386__ __i386 i386 __x86_64__ __x86_64 \
		    __amd64__ __amd64; do
			target="$target -U$name"
		done
		for name in $macros; do
			target="$target -D$name=1"
		done
	fi
	for name in linux __linux__ __linux __gnu_linux__ __FreeBSD__; do
		target="$target -U$name"
	done
	target="$target -D__FreeBSD__=$release"
}

# Differences of this compiler from gcc 3: a warning belongs to the line that
# uses a macro, and %fs:0 is not a null pointer.
compat_flags()
{
	known_flags -Wno-array-bounds -fgnu89-inline -fno-pie -fno-pic \
	    -fno-stack-protector -ftrack-macro-expansion=0
}

# object_name VIEW PATH: set $out to the name of its output.
object_name()
{
	out=$2
	while [ "$out" != "${out#*/}" ]; do
		out=${out%%/*}_${out#*/}
	done
	out=$gen/${1##*/}/$out
}

# object VIEW PATH [FLAG ...]: make an object file to be examined, not run:
# without optimization, so that no call and no variable is optimized away;
# without inline assembler, which may be another machine's.
object()
{
	object_name "$1" "$2"
	code_from=$1/$2
	shift 2
	code_flags=
	for flag in $flags; do
		case $flag in
		-f*|-m*|-std*)
			code_flags="$code_flags $flag" ;;
		esac
	done
	(cd "$gen" && $CC $target $flags -w -E -o "$out.whole.i" \
	    "$code_from") >"$out.log" 2>&1 || return 1
	object_of "$@" || {
		as_before_gcc4 "$out.log" "$out.whole.i" >"$out.older.i" &&
		    mv "$out.older.i" "$out.whole.i" && object_of "$@"
	} || return 1
	nm "$out.o" >"$out.nm" 2>>"$out.log"
}

# object_of [FLAG ...]: compile $out.whole.i.
object_of()
{
	(cd "$gen" &&
	    awk -f "$patches/check.d/noasm.awk" "$out.whole.i" >"$out.i" &&
	    $CC $target $code_flags -w -O0 "$@" -c -o "$out.o" "$out.i") \
	    >"$out.log" 2>&1
}

# as_before_gcc4 LOG FILE: preprocessed C without what gcc 3 accepted and this
# compiler rejects according to LOG: "extern" of what is static later, and
# arrays of types that are not declared yet.
as_before_gcc4()
{
	sed -n -e "s/.*static declaration of '\([A-Za-z0-9_]*\)' follows.*/\1/p" \
	    -e "s/.*array .*incomplete .*type .*'\(struct [A-Za-z0-9_]*\)'.*/\1/p" \
	    "$1" | sort -u >"$out.refused"
	[ -s "$out.refused" ] || return 1
	awk 'FILENAME == ARGV[1] { refused[++n] = $0; next }
	    /^extern .*;[ \t]*$/ {
		s = $0
		gsub(/[^A-Za-z0-9_]+/, " ", s)
		for (i = 1; i <= n; i++)
			if (!index(s " ", " " refused[i] " "))
				continue
			else if (refused[i] !~ / /)
				sub(/^extern/, "static")
			else if (/\[\]/)
				$0 = ""
	    }
	    { print }' "$out.refused" "$2"
}

# Locals and parameters that have the name of a function, as "PATH: name".  The
# tree's own compiler warns about them, as gcc did with -Wshadow until 4.7.
shadows()
{
	object_name "$1" "$2"
	readelf --debug-dump=info "$out.o" 2>/dev/null |
	    awk -v source="$1/$2" -f "$patches/check.d/locals.awk" >"$out.names"
	[ ! -s "$out.names" ] || awk -v path="$2" -v names="$out.names" \
	    -f "$patches/check.d/functions.awk" "$out.i"
}

# warnings VIEW PATH: warnings in files that the series touches or that are
# compiled in, as "PATH: text".
warnings()
{
	object_name "$1" "$2"
	[ -s "$out.warn" ] || return 0
	sed -n -e "s,^$gen/${1##*/}/machine/,sys/$machine/include/," \
	    -e "s,^$gen/${1##*/}/$arch/,sys/$arch/include/," \
	    -e "s,^$1/,," \
	    -e 's,^\([^: ]*\):[0-9][0-9:]*: warning: ,\1: ,p' "$out.warn" |
	    awk -v self="$2" 'FILENAME == ARGV[1] { touched[$2] = 1; next }
		{ path = $1; sub(/:$/, "", path) }
		path == self || path in touched' "$work/files" -
}

# warn_before_gcc4 FILE: for the warnings of a file that is rejected as it is.
warn_before_gcc4()
{
	grep -q -e 'static declaration of' -e 'incomplete .*type' "$out.warn" &&
	    (cd "$gen" && $CC $target $flags -w -E -o "$out.whole.i" "$1") &&
	    as_before_gcc4 "$out.warn" "$out.whole.i" >"$out.older.i" ||
	    return 1
	code_flags=
	for flag in $flags; do
		case $flag in
		-[fmOW]*|-std*)
			code_flags="$code_flags $flag" ;;
		esac
	done
	(cd "$gen" && $CC $target $code_flags -c -o "$out.o" "$out.older.i") \
	    >"$out.warn" 2>&1
}

# look VIEW PATH: return 1 if it does not compile.  Leaves .nm and .found.
look()
{
	object_name "$1" "$2"
	: >"$out.found"
	[ -z "$real" ] || {
		(cd "$gen" && $CC $target $flags -c -o "$out.o" "$1/$2") \
		    >"$out.warn" 2>&1 || warn_before_gcc4 "$1/$2" || {
			cp "$out.warn" "$out.log"
			return 1
		}
		warnings "$1" "$2" >"$out.found"
	}
	object "$1" "$2" -g -gdwarf-2 || return 1
	[ -z "$real" ] || shadows "$1" "$2" >>"$out.found"
}

# tell PATH VERDICT: print one line of the output.
tell()
{
	printf '%-9s %-40s %s\n' "$layout" "$1" "$2"
	case $2 in
	FAILED*)
		echo "$layout $1" >>"$work/failed" ;;
	esac
}

# missing PATH WHAT: report an undefined call.  If the file did not compile
# before, its earlier calls are unknown, and so is whether this one is new.
missing()
{
	if grep -s -qx "$1" "$gen/unknown"; then
		could_not "$1 $2; as it was it does not compile: is that new?"
	else
		tell "$1" "FAILED: $2"
	fi
}

could_not()
{
	echo "$layout: $*" >>"$work/couldnot"
}

# Check that, with this compiler and these tools, a parameter with the name of a
# function is detected, and calls are.
try_tools()
{
	mkdir -p "$gen/source/probe" "$gen/probe"
	cat >"$gen/source/probe/probe.c" <<-'PROBE'
		int called(int);
		int probe(int called);
		static int one(void) { return (called(1)); }
		int probe(int called) { return (called + one()); }
	PROBE
	flags=
	if ! object "$gen/source/probe" probe.c -g -gdwarf-2 ||
	    ! grep -q ' U called$' "$gen/probe/probe.c.nm"; then
		could_not "what is called, with $CC and nm:" \
		    "$(tail -n 1 "$gen/probe/probe.c.log")"
	elif [ -z "$(shadows "$gen/source/probe" probe.c)" ]; then
		could_not "names of locals and parameters, with $CC -g" \
		    "and readelf"
	fi
}

errors()
{
	grep -E '(error|rror): |^[^ ]*:[0-9]+: ' "$1" | head -n 10
}

# before PATH: compile the file as the series found it, and set $was.  Its calls
# are always needed, its warnings only if there are some to compare with.
before()
{
	was=none old=0
	: >"$before.found"
	[ -f "$work/before/$1" ] || return 0
	was=ok
	flags=$before_flags
	if [ -s "$after.found" ]; then
		look "$work/before" "$1"
	else
		object "$work/before" "$1"
	fi || {
		was=failed
		echo "$1" >>"$gen/unknown"
	}
}

# judge PATH: compile it in both views, and report what is new.
judge()
{
	object_name "$work/before" "$1"
	before=$out
	object_name "$work/after" "$1"
	after=$out
	seen=ok compiled=yes
	[ -n "$real" ] || seen="ok, calls only"
	flags=$after_flags
	look "$work/after" "$1" || compiled=
	before "$1"
	if [ -n "$compiled" ] && [ ! -s "$after.found" ]; then
		tell "$1" "$seen"
	elif [ -n "$compiled" ]; then
		awk 'FILENAME == ARGV[1] { n[$0]++; next }
		    n[$0]-- <= 0' "$before.found" "$after.found" >"$after.new"
		old=$(($(wc -l <"$after.found") - $(wc -l <"$after.new")))
		if [ -s "$after.new" ] && [ "$was" = failed ]; then
			tell "$1" "$seen, warnings"
			could_not "$1 did not compile before the series, so" \
			    "which of its warnings are new is not known:" \
			    "$(sed 's/^[^:]*: //' "$after.new" | tr '\n' ';')"
		elif [ -s "$after.new" ]; then
			tell "$1" FAILED
			sort "$after.new" | uniq -c
		else
			tell "$1" "$seen, $old warnings as before"
		fi
	elif [ "$was" = failed ]; then
		tell "$1" "not compiled"
		could_not "$1 did not compile before the series either"
	elif [ -z "$real" ] && [ "$was" = none ]; then
		tell "$1" "not compiled"
		could_not "$1 does not compile with another machine's compiler"
	else
		tell "$1" FAILED
		errors "$after.log"
	fi
}
