"""What a reply shows once its hidden reasoning is taken out."""

import pytest

from judgemark.protocols.reasoning import visible_text


@pytest.mark.parametrize(
    ("reply", "shown"),
    [
        ("<think>Coherent: 9</think>Coherent: 3", "Coherent: 3"),
        ("<Thinking>a\nb</Thinking>\nCoherent: 3", "\nCoherent: 3"),
        ("<reasoning>a <think> b</reasoning>c", "c"),
        ("a<think>b</think>c<think>d</think>e", "ace"),
        ("a<think>Coherent: 3", "a"),
        ("<think>a</thinking>Coherent: 3", ""),
        ("Coherent: 9\n</think>\nCoherent: 3", "\nCoherent: 3"),
        ("The tag `<think>` stays. Coherent: 3", "The tag `<think>` stays. Coherent: 3"),
        ("a <thinker> b </thinker>", "a <thinker> b </thinker>"),
        ("2 < 3", "2 < 3"),
        ("<reflection>Coherent: 9</reflection>Coherent: 3", "Coherent: 3"),
        ("<thought>a</thought>b", "b"),
        ("<think time='4s'>a</think>b", "b"),
        ("[THINK]a[/THINK]b", "b"),
        ("a[THINK]b", "a"),
        ("[think]a[/Think][Scores]\nb", "[Scores]\nb"),
        ("[Analysis]\na [thinks] b", "[Analysis]\na [thinks] b"),
        ("<seed:think>a</seed:think>b", "b"),
        ("◁think▷a◁/think▷b", "b"),
        ("<|begin_of_thought|>a<|end_of_thought|>b", "b"),
        ("<thinking>a<reflection>b</reflection>c</thinking>d", "d"),
        ("<think>a<think>b</think>c</think>d", "d"),
        (
            "<|channel|>analysis<|message|>a<|end|><|start|>assistant<|channel|>final<|message|>b",
            "b",
        ),
        ("<|channel|>analysis<|message|>a<|end|>", ""),
        ("<|channel|>analysis<|message|>a", ""),
        ("<|channel|>final <|constrain|>json<|message|>b<|return|>", "b"),
        ("<|channel|>commentary<|message|>a<|call|><|channel|>final<|message|>b", "b"),
        ("analysisWe should say 9.assistantfinalb", "b"),
        ("<|start|>b<|end|>", "b"),
    ],
)
def test_hidden_reasoning(reply: str, shown: str) -> None:
    assert visible_text(reply) == shown


@pytest.mark.parametrize(
    ("opened", "closed"),
    [
        ("<|START_THINKING|>", "<|END_THINKING|>"),
        ("<|inner_prefix|>", "<|inner_suffix|>"),
        ("<|channel>thought\n", "<channel|>"),
        ("<chain_of_thought>", "</chain_of_thought>"),
        ("<inner_thoughts>", "</inner_thoughts>"),
    ],
)
def test_reasoning_of_further_families_is_hidden(opened: str, closed: str) -> None:
    assert visible_text(f"{opened}The Turn: 9{closed}The Turn: 5") == "The Turn: 5"
    assert visible_text(f"{opened}The Turn: 9") == ""


def test_tokens_of_a_chat_template_are_no_part_of_the_reply() -> None:
    reply = "<|start_header_id|>assistant<|end_header_id|>\n\nThe Turn: 5<|eot_id|><|end_of_text|>"
    assert visible_text(reply) == "assistant\n\nThe Turn: 5"
