# $1: the stack's folder. See child.rs.
read -r _

signal() {
    found=
    for file in "$1"/*/*.pid; do
        if [ -e "$file" ] && kill "$2" "-$(cat "$file")"; then found=yes; fi
    done
    [ "$found" ]
}

signal "$1" -TERM
tries=60
while [ $tries -gt 0 ] && signal "$1" -0; do
    sleep 0.1
    tries=$((tries - 1))
done
signal "$1" -KILL
rm -rf "$1"
