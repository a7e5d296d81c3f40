from app.bus.peers import FORGOTTEN, SILENCE, Peers


def test_somebody_who_was_there_and_is_silent_is_missed() -> None:
    peers = Peers()
    assert peers.all_heard(0.0)
    peers.heard("one", 0.0)
    peers.heard("two", 1.0)
    assert peers.all_heard(SILENCE)
    assert not peers.all_heard(SILENCE + 0.1)
    peers.heard("one", SILENCE + 0.1)
    assert peers.all_heard(SILENCE + 0.1)


def test_who_said_goodbye_is_not_missed() -> None:
    peers = Peers()
    peers.heard("one", 0.0)
    peers.left("one")
    peers.left("nobody")
    assert peers.all_heard(10.0)


def test_who_is_silent_for_long_is_dead_and_forgotten() -> None:
    peers = Peers()
    peers.heard("one", 0.0)
    assert not peers.all_heard(FORGOTTEN)
    assert peers.all_heard(FORGOTTEN + 0.1)
    assert peers._heard_at == {}
