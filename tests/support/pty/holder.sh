# Runs a program in the foreground of its terminal, as a shell does for which job control is on, and tells by titles of
# the window what becomes of it. The session stays until a line is read, so that the terminal can be looked at before the
# kernel resets it.
trap : INT QUIT
[ -z "${HOLD_ON_HANGUP-}" ] || trap : HUP
unset HOLD_ON_HANGUP
set -m
"$@"
code=$?
# Stopped by SIGSTOP or SIGTSTP. After the former the line is as the program had it: a shell sets modes of its own.
while [ "$code" -eq 147 ] || [ "$code" -eq 148 ]; do
  [ "$code" -eq 148 ] || stty sane
  printf '\033]2;held stopped %s\007' "$code"
  read -r word || exit 1
  fg >/dev/null
  code=$?
done
printf '\033]2;held ended %s\007' "$code"
read -r word
exit 0
