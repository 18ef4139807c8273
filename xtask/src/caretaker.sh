# Reads "add SIGNAL GROUP" and "forget GROUP" lines. When they end, because the starter closed them or died, it ends
# every remembered process group (first by its own signal, after five seconds by KILL) and removes the directory $1.
trap '' HUP INT TERM
groups=
while read -r word first second; do
    case $word in
    add) groups="$groups $first:$second" ;;
    forget)
        kept=
        for group in $groups; do
            [ "${group#*:}" = "$first" ] || kept="$kept $group"
        done
        groups=$kept
        ;;
    esac
done

alive() {
    for group in $groups; do
        kill -s 0 -- "-${group#*:}" 2>/dev/null && return 0
    done
    return 1
}
for group in $groups; do
    kill -s "${group%%:*}" -- "-${group#*:}" 2>/dev/null
done
rounds=0
while alive && [ $rounds -lt 50 ]; do
    sleep 0.1
    rounds=$((rounds + 1))
done
for group in $groups; do
    kill -s KILL -- "-${group#*:}" 2>/dev/null
done
cd / && rm -rf -- "$1"
