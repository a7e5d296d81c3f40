"""Which room is meant by some of its letters."""


def score(query: str, text: str) -> float | None:
    """How well the letters stand in the text, in their order: better at the beginning of a word and next to each other.
    None: they do not."""
    wanted, letters = query.casefold().replace(" ", ""), text.casefold()
    points, at = 0.0, -1
    for letter in wanted:
        found = letters.find(letter, at + 1)
        if found < 0:
            return None
        points += 7 if found == at + 1 else 6 if not letters[found - 1].isalnum() else 1
        at = found
    return points - len(letters) * 0.05 if wanted else 0.0
