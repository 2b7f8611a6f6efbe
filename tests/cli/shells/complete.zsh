# complete.zsh SCRIPT LINE: prints what zsh offers at the end of LINE, one a line. HOME is a
# directory to write to, the next call in it is faster.
#
# An interactive zsh on a terminal of its own reads LINE and a tab, which puts in all that is
# offered, and runs the outcome: a function that notes its arguments. Those that stood there before
# are left out.
script=$1 line=$2
export ZDOTDIR=$HOME TERM=dumb
cat > $HOME/.zshrc <<START
autoload -Uz compinit && compinit -C
source ${(q)script}
insert_all() { compstate[insert]=all compstate[list]= }
comppostfuncs=(insert_all)
purgatory() { print -rl -- "\$@" > $HOME/.offered; exit }
START

zmodload zsh/zpty
zpty shell exec zsh -d -i
zpty -w shell "$line"$'\t'
while zpty -r shell printed; do :; done  # until it exits
before=(${=line% *})
tail -n +$#before $HOME/.offered
