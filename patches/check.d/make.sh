# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The minidump project authors
#
# What the tree's own makefiles say.  Part of patches/check.
#
# The tree's share/mk is read by the make that called us (bmake, or make on
# FreeBSD), which builds nothing: -n shows a command with its variables put in.

cat >"$work/ask.mk" <<'MAKEFILE'
.include "${ASKED}"
check-ask: ${SRCS}
	: sources ${.ALLSRC}
	: cflags ${CFLAGS}
	: libraries ${LDADD}
	: directories ${LDIRS} ${LSUBDIRS} ${LSUBSUBDIRS}
	: headers ${INCS}
MAKEFILE
cat >"$work/askkern.mk" <<'MAKEFILE'
.include "$S/conf/kern.pre.mk"
.include "$S/conf/kern.mk"
check-ask:
	: cflags ${CFLAGS}
MAKEFILE

# ask VIEW DIR OUT [VARIABLE=value ...]: what the makefile in DIR of the view
# says for this machine, into OUT.  Fails if it cannot be read.
ask()
{
	ask_view=$1 ask_dir=$2 ask_out=$3
	shift 3
	case $ask_dir in
	sys)	set -- -f "$work/askkern.mk" "S=$ask_view/sys" \
		    KERN_IDENT=CHECK "$@" ;;
	*)	set -- -f "$work/ask.mk" \
		    "ASKED=$ask_view/$ask_dir/Makefile" "$@" ;;
	esac
	(cd "$ask_view/$ask_dir" && env -i PATH="$PATH" \
	    "$MAKE" -n -m "$ask_view/share/mk" "$@" __MAKE_CONF=/dev/null \
	    MACHINE="$machine" MACHINE_ARCH="$arch" check-ask) \
	    >"$ask_out" 2>"$ask_out.err" && grep -q '^: cflags' "$ask_out"
}

# said WHAT FILE: one line of what ask has written, less what quotes it for sh.
said()
{
	sed -n "s/^: $1 *//p" "$2" | tr -d "\\\\'"
}

# The flags of $@ that this compiler knows, for $target.  Warnings are never
# made errors: what counts is which of them are new.
known_flags()
{
	[ $# -gt 0 ] || return 0
	load_known
	unknown=
	eat_flags : "$@"
	[ -z "$unknown" ] || try_flags
	eat_flags 'printf %s\040' "$@"
}

# eat_flags COMMAND FLAG ...: run COMMAND with each that is known, or needs no
# compiler to say so; the others are put into $unknown.
eat_flags()
{
	print=$1
	shift
	while [ $# -gt 0 ]; do
		flag=$1
		case $flag in
		-I-|-Werror|-c|-g|-pipe)
			shift
			continue ;;
		-include|--param)
			flag="$1 $2"
			shift ;;
		esac
		shift
		case $flag in
		-include*|-[DIU]*)
			$print "$flag"
			continue ;;
		esac
		case $known in
		*"|yes $flag|"*)
			$print "$flag" ;;
		*"|no $flag|"*)
			;;
		*)	unknown="$unknown|$flag" ;;
		esac
	done
}

# What is known of each flag is kept, for all layouts of as many bits.
load_known()
{
	known='|'
	[ ! -f "$work/known.$bits" ] || while IFS= read -r line; do
		known="$known$line|"
	done <"$work/known.$bits"
}

# Most often the compiler knows all of $unknown; if not, it is asked for each.
try_flags()
{
	(
		IFS='|'
		set -f
		set -- ${unknown#|}
		unset IFS
		if try_flag "$@"; then
			[ $# -eq 0 ] || printf 'yes %s\n' "$@"
		else
			for flag; do
				if try_flag "$flag"; then
					echo "yes $flag"
				else
					echo "no $flag"
				fi
			done
		fi
	) >>"$work/known.$bits"
	load_known
}

try_flag()
{
	$CC $target -Werror $* -c -o "$gen/empty.o" "$gen/empty.c" \
	    >"$gen/empty.log" 2>&1 && [ ! -s "$gen/empty.log" ]
}
