"""What a judge is most swayed by: the found contrast with the largest effect in thresholds."""

from judgemark.probes.swayed_by import most_swayed_by


def block(effect: float | None, found: bool | None, unit: str = "points") -> dict[str, object]:
    return {"effect": effect, "unit": unit, "found": found}


def test_the_largest_effect_in_thresholds_is_named() -> None:
    # Thresholds .3 points and .05 of P: .9 is three of them, .2 of P is four.
    probes = {
        "padding.paragraph": block(0.9, True),
        "position.first": block(0.2, True, "P"),
        "injection.order": block(5.0, None),
        "format.markup": block(0.1, False),
    }
    assert most_swayed_by(probes) == "the first place (+20%)"


def test_the_sign_says_in_which_direction() -> None:
    assert most_swayed_by({"padding.paragraph": block(-0.8, True)}) == "padding (-0.8 points)"
    assert most_swayed_by({"scale.1-5": block(0.04, True)}) == "a scale of 1 to 5 (+0.04 points)"
    assert most_swayed_by({"padding.paragraph": block(1.26, True, "sd")}) == "padding (+1.3 sd)"
    assert (
        most_swayed_by({"position.flips": block(0.25, True, "share")})
        == "the order of the texts (25%)"
    )


def test_nothing_found_is_nothing_said() -> None:
    assert most_swayed_by({}) is None
    assert most_swayed_by({"padding.paragraph": block(0.4, None)}) is None
    assert most_swayed_by({"padding.paragraph": block(None, None)}) is None


def test_a_contrast_of_another_version_is_left_out() -> None:
    assert most_swayed_by({"smell.paper": block(3.0, True)}) is None
    assert most_swayed_by({"padding.paragraph": "damaged"}) is None
