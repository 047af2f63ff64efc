#!/bin/sh
# Writes each password that docker-compose.yml asks for into a file of its own, once: one that is there is never
# changed. Run it in the checkout; the folder is the one that .env names, else .secrets.
set -eu
umask 077

[ -f docker-compose.yml ] || { echo "run this in the folder of docker-compose.yml" >&2; exit 1; }
folder=${ENTENTE_SECRETS:-}
[ -n "$folder" ] || [ ! -f .env ] || folder=$(sed -n 's/^ENTENTE_SECRETS=//p' .env | tail -n 1)
folder=${folder:-./.secrets}

# The folder is closed to everybody else on this machine. The files in it are not, since the containers' users, who
# are given single files, have other ids than the caller.
mkdir -p "$folder"
chmod 700 "$folder"

written=0 kept=0
for name in $(sed -n 's|^ *file: \${ENTENTE_SECRETS:.*}/\([a-z_]*\)$|\1|p' docker-compose.yml); do
    if [ -e "$folder/$name" ]; then
        kept=$((kept + 1))
    else
        password=$(od -An -N24 -tx1 /dev/urandom | tr -d ' \n')
        [ ${#password} -eq 48 ] || { echo "/dev/urandom gave no password" >&2; exit 1; }
        printf '%s\n' "$password" >"$folder/.$name"
        chmod 444 "$folder/.$name"
        mv "$folder/.$name" "$folder/$name"
        written=$((written + 1))
    fi
done

if [ ! -f .env ] || ! grep -q '^ENTENTE_SECRETS=' .env; then
    # A last line without its end would swallow ours.
    [ ! -s .env ] || [ -z "$(tail -c 1 .env)" ] || echo >>.env
    printf 'ENTENTE_SECRETS=%s\n' "$folder" >>.env
fi
echo "$written passwords written to $folder, $kept were there and were left as they are; .env says where they are."
