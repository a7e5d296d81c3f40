import pytest

from app.standin.people import INVENTED, People

ADA = INVENTED[0]


def test_ids_do_not_survive_being_made_floats() -> None:
    for person in [*INVENTED, People().called("anybody")]:
        assert int(float(person.id)) != int(person.id)


def test_a_typed_handle_always_gets_the_same_id() -> None:
    assert People().called("@Somebody") == People().called(" Somebody ")


def test_typing_the_handle_of_somebody_known_picks_them_in_any_case() -> None:
    assert People().called("ADA_wires") == ADA


def test_a_renamed_person_keeps_the_id_and_frees_the_handle() -> None:
    people = People()
    typed = people.called("first")
    renamed = people.rename(typed.id, "second")
    assert (renamed.id, renamed.handle) == (typed.id, "second")
    assert people.by_id(typed.id) == renamed


def test_whoever_takes_a_freed_handle_is_somebody_else() -> None:
    people = People()
    former = people.called("wanted")
    people.rename(former.id, "moved_on")
    successor = people.called("wanted")
    assert successor.id != former.id
    assert people.called("wanted") == successor


def test_a_handle_cannot_be_taken_from_somebody() -> None:
    with pytest.raises(ValueError, match="is taken"):
        People().rename(INVENTED[1].id, ADA.handle.upper())


@pytest.mark.parametrize("handle", ["", "@", "sixteen_letters_", "with space", "héllo", "a-b", "<b>"])
def test_what_x_would_not_allow_is_refused(handle: str) -> None:
    with pytest.raises(ValueError, match="letters, digits or underscores"):
        People().called(handle)
