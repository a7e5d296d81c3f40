"""What attackers say of themselves is read as they write it."""

from bench.abuse import counted
from bench.junk import answer_in

COUNTS = (
    "\x1b[1;32minitializing:\x1b[1;32m        0\n\x1b[1;32mconnected:   \x1b[1;32m        {}\n"
    "\x1b[1;32mclosed:      \x1b[1;32m        {}\n\x1b[1;32mservice available:\x1b[1;32m   \x1b[1;31m{}\x1b[0m\n"
)


def test_the_most_of_slowhttptests_counts_is_told() -> None:
    said = COUNTS.format(500, 0, "YES") + COUNTS.format(120, 380, "NO")
    assert counted(said) == "at most 500 connected, 380 closed; refused in 1 counts"


def test_an_answer_is_its_status_and_whether_it_says_when_to_return() -> None:
    assert answer_in(b"") == "hung up"
    assert answer_in(b"HTTP/1.1 400 Bad Request\r\n\r\n") == "400"
    assert answer_in(b"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 1\r\n\r\n") == "429, Retry-After"
