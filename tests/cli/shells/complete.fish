# complete.fish SCRIPT LINE: prints what fish offers at the end of LINE, one a line.
source $argv[1]
complete -C $argv[2] | string split --fields 1 \t
