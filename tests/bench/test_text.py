import pytest

from bench.text import LENGTH, origin_of, text_of


def test_a_message_is_100_bytes_and_tells_where_it_is_from() -> None:
    text = text_of(7, 123_456)
    assert len(text.encode()) == LENGTH == 100
    assert text == text.strip()  # or a server that trims would alter it
    assert origin_of(text) == (7, 123_456)


@pytest.mark.parametrize("altered", [text_of(1, 2)[:-1], text_of(1, 2) + " ", text_of(1, 2).replace("e", "E")])
def test_an_altered_message_was_never_sent(altered: str) -> None:
    with pytest.raises(ValueError, match="never sent"):
        origin_of(altered)
