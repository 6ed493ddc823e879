from judgemark.inputs.our_files import NEWEST_SET, OUR_SETS
from judgemark.inputs.references import read_references
from judgemark.inputs.samples import read_samples


def test_every_set_that_was_shipped_is_there_with_its_references() -> None:
    for shipped in OUR_SETS.values():
        samples = read_samples(shipped.samples)
        references = read_references(shipped.references, samples.writers)
        assert references is not None
        assert set(references) == set(samples.writers)


def test_the_newest_set_is_the_last_and_the_first_keeps_its_hash() -> None:
    assert list(OUR_SETS)[-1] == NEWEST_SET
    assert read_samples(OUR_SETS["v1"].samples).sha256.startswith("d2dac2b229fe6075")
