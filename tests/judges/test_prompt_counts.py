"""Whether a server cuts prompts, told from what it counts of them."""

from __future__ import annotations

import pytest

from judgemark.judges.prompt_counts import PromptCounts


def counted(*prompts: tuple[int, int | None]) -> PromptCounts:
    """Prompts as (characters, tokens that the server counted)."""
    counts = PromptCounts()
    for characters, tokens in prompts:
        counts.add(characters, tokens)
    return counts


def test_the_same_count_for_prompts_of_different_length_is_a_full_context() -> None:
    cut = counted((8_000, 1_900), (9_000, 2_048), (12_000, 2_048), (10_000, 2_048)).cut
    assert cut is not None
    assert cut.constant
    assert (cut.tokens, cut.prompts, cut.of) == (2_048, 3, 4)
    assert (cut.shortest, cut.longest) == (9_000, 12_000)
    assert "2,048 prompt tokens for 3 of 4 prompts" in str(cut)


def test_a_count_far_below_the_length_is_told_from_one_prompt() -> None:
    # 20,000 characters are about 5,000 tokens; 2,048 are less than half of them.
    cut = counted((20_000, 2_048)).cut
    assert cut is not None
    assert not cut.constant
    assert "2,048 prompt tokens for a prompt of 20,000 characters" in str(cut)


@pytest.mark.parametrize(
    "prompts",
    [
        [],
        [(8_000, 2_000), (12_000, 3_000), (10_000, 2_500)],
        # Equal pieces, or nearly equal ones, have equal counts.
        [(8_000, 2_000), (8_000, 2_000), (8_100, 2_000)],
        # Two alike may be chance.
        [(8_000, 2_000), (9_000, 2_000), (7_000, 1_700)],
        # Not counted at all.
        [(8_000, None), (9_000, 0), (20_000, 0)],
        # Japanese: more tokens than the estimate.
        [(8_000, 7_000), (9_000, 8_000), (10_000, 9_000)],
        # A short prompt proves nothing.
        [(1_500, 10)],
    ],
)
def test_plain_counts_are_no_evidence(prompts: list[tuple[int, int | None]]) -> None:
    assert counted(*prompts).cut is None
