"""What a server makes at its start is made before the first one is forked, and is there in each of them."""

from tests.support.kept import keep, make_all

keep()
make_all()
