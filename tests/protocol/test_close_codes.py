import pytest

from app.protocol.close_codes import CloseCode, may_be_sent, should_come_back


@pytest.mark.parametrize("code", list(CloseCode))
def test_every_code_has_a_sentence_that_fits_a_close_frame(code: CloseCode) -> None:
    assert code.sentence.endswith(".")
    assert len(code.sentence.encode()) <= 123


@pytest.mark.parametrize("code", list(CloseCode))
def test_every_code_of_ours_may_be_sent(code: CloseCode) -> None:
    assert may_be_sent(code)


@pytest.mark.parametrize("code", [1001, 1005, 1006, 1011, 1012, 3000, 3001, 3499, 4000])
def test_a_client_comes_back_after(code: int) -> None:
    assert should_come_back(code)


@pytest.mark.parametrize("code", [1000, 1002, 1003, 1007, 1008, 1009, 3500, 3501, 3502, 3999])
def test_a_client_stays_away_after(code: int) -> None:
    assert not should_come_back(code)


@pytest.mark.parametrize("code", [0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65_535])
def test_a_code_that_no_endpoint_may_send(code: int) -> None:
    assert not may_be_sent(code)
