# complete.bash SCRIPT LINE: prints what bash offers at the end of LINE, one a line.
#
# An interactive bash reads LINE and a tab, which puts in all that is offered, and runs the outcome:
# a function that prints its arguments. Those that stood there before are left out.
script=$1 line=$2
read -ra before <<<"${line% *}"
start="
source '$script'
bind '\"\t\": insert-completions'
unset HISTFILE
purgatory() { printf '%s\n' \"\$@\" >&3; }"

export INPUTRC=/dev/null TERM=dumb
printf '%s\t\n' "$line" |
  setsid --wait bash --noprofile --rcfile <(echo "$start") -i 3>&1 >/dev/null 2>&1 |  # setsid: it takes no terminal
  tail -n "+${#before[@]}"
