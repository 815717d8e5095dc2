# Ends the lab's processes, and only those: each one wrote its process id, its start time and the signal that it wants
# into a record before it became a server. An id that has been given to another process has another start time.
#
#   end SIGNAL SECONDS RECORD...  ends the processes of these records (SIGNAL `own`: the one each of them wants)
#   watch FOLDER                  waits until its standard input ends, as it does when the process that holds the other
#                                 end is gone, however it went; then ends everything and removes the folder
#   clear FOLDER                  the same at once

alive() { # id, start time
    read -r stat 2>/dev/null <"/proc/$1/stat" || return 1
    set -- "$1" "$2" ${stat##*) }
    [ "$3" != Z ] && [ "${22}" = "$2" ]
}

living() { # records
    for record; do
        read -r pid start own 2>/dev/null <"$record" && alive "$pid" "$start" && return 0
    done
    return 1
}

send() { # signal, records
    sent=$1
    shift
    for record; do
        read -r pid start own 2>/dev/null <"$record" && alive "$pid" "$start" || continue
        signal=$sent
        [ "$sent" = own ] && signal=$own
        # The whole group first (a client and what it runs), and awake, or a stopped process would never see it.
        kill -s "$signal" -- "-$pid" 2>/dev/null || kill -s "$signal" "$pid" 2>/dev/null
        kill -s CONT -- "-$pid" 2>/dev/null
    done
}

end() { # signal, seconds, records
    wanted=$1
    ticks=$(($2 * 50))
    shift 2
    send "$wanted" "$@"
    while [ "$ticks" -gt 0 ] && living "$@"; do
        sleep 0.02
        ticks=$((ticks - 1))
    done
    send KILL "$@"
    rm -f -- "$@"
}

clear_away() { # folder
    # A process that was on its way when we looked writes its record a moment later, or finds no folder and gives up.
    tries=50
    while [ -d "$1" ] && [ "$tries" -gt 0 ]; do
        end own 5 "$1"/pids/*
        rm -rf -- "$1" 2>/dev/null || sleep 0.1
        tries=$((tries - 1))
    done
}

case $1 in
end) shift && end "$@" ;;
clear) clear_away "$2" ;;
watch)
    # The word `keep` lets a finished start outlive its starter.
    read -r word && [ "$word" = keep ] && exit 0
    clear_away "$2"
    ;;
esac
