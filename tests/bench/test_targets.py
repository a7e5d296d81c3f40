import pytest

from bench import plan
from bench.targets import GROWTH, TARGETS, Target

MEASURED = {(measurement.name, peer) for measurement in plan.full() for peer in measurement.peers}


@pytest.mark.parametrize("target", [*TARGETS, GROWTH], ids=lambda target: f"{target.name}: {target.what}")
def test_a_full_run_measures_what_a_target_is_judged_by(target: Target) -> None:
    peers = [peer for peer in (target.of, target.against, target.above) if peer is not None]
    assert {(target.measurement, peer) for peer in peers} <= MEASURED
