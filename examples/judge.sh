#!/bin/sh
# A judge as a shell script, with jq: --judge-model command:examples/judge.sh
# It gives each piece one score, the number of its characters in thousands (at most 10).
# It compares no pairs; examples/command_judge.py does.
exec jq --unbuffered -c '{id, score: ([10, (.text | length) / 1000] | min)}'
