"""The HTML of a message as what a Text of Tk is given."""

from clients.formatted import Line, Piece, lines_of


def formatted(html: str, reader: int) -> list[Piece]:
    """In lines, without an end behind the last one."""
    pieces: list[Piece] = []
    for line in lines_of(html):
        # The colour behind code goes on to the edge.
        pieces += [*drawn(line, reader), Piece("\n", ("block",) if line.is_code else ())]
    while pieces and not pieces[-1].text.strip("\n"):
        pieces.pop()
    return pieces


def drawn(line: Line, reader: int) -> list[Piece]:
    """Where a link leads is told when the pointer is on it."""
    pieces = [piece for piece in line.pieces if "address" not in piece.looks]
    return [*line.first, *(for_me(piece) if piece.person == reader else piece for piece in pieces)]


def for_me(piece: Piece) -> Piece:
    return piece._replace(looks=tuple("mention_me" if look == "mention" else look for look in piece.looks))
