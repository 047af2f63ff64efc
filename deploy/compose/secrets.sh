#!/bin/sh
# Writes each password that docker-compose.yml needs into a file of its own. Never changes an existing file. Run it in
# the checkout. The folder is ENTENTE_SECRETS from the environment or .env, else .secrets.
set -eu
umask 077

[ -f docker-compose.yml ] || { echo "Run this in the folder that contains docker-compose.yml." >&2; exit 1; }
folder=${ENTENTE_SECRETS:-}
[ -n "$folder" ] || [ ! -f .env ] || folder=$(sed -n 's/^ENTENTE_SECRETS=//p' .env | tail -n 1)
folder=${folder:-./.secrets}

# The folder is closed to all other users of this machine. The files are readable, because Compose mounts them one by
# one into containers whose users have other ids.
mkdir -p "$folder"
chmod 700 "$folder"

written=0 kept=0
for name in $(sed -n 's|^ *file: \${ENTENTE_SECRETS:.*}/\([a-z_]*\)$|\1|p' docker-compose.yml); do
    if [ -e "$folder/$name" ]; then
        kept=$((kept + 1))
    else
        password=$(od -An -N24 -tx1 /dev/urandom | tr -d ' \n')
        [ ${#password} -eq 48 ] || { echo "Could not read a password from /dev/urandom." >&2; exit 1; }
        printf '%s\n' "$password" >"$folder/.$name"
        chmod 444 "$folder/.$name"
        mv "$folder/.$name" "$folder/$name"
        written=$((written + 1))
    fi
done

if [ ! -f .env ] || ! grep -q '^ENTENTE_SECRETS=' .env; then
    # If the last line has no newline, add one first.
    [ ! -s .env ] || [ -z "$(tail -c 1 .env)" ] || echo >>.env
    printf 'ENTENTE_SECRETS=%s\n' "$folder" >>.env
fi
echo "$written passwords written to $folder, $kept existing ones kept. ENTENTE_SECRETS in .env names the folder."
