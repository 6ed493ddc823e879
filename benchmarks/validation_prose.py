"""The explanations on the validation page, one text for each part; braces are filled in."""

from __future__ import annotations

from textwrap import fill

WIDTH = 96
"""Characters in a line of a paragraph on the page."""

OPENING = """\
# Validation

Judgemark says how sure its figures are: by intervals, by p values, and by the word *reads*. This
page checks these statements. Writers and judges are simulated, so that the truth is known; every
simulated run is scored like a real one; and the tables say in how many runs a statement was true.
A 95% interval, for example, should contain the true value in about 95 of 100 runs.

Written by `python -m benchmarks.validate --runs {runs} --seed {seed}` on {date} ({machine}). Do
not edit it by hand. The command takes hours and can be stopped; settings whose runs were not all
finished by then rest on fewer.

## How to read the tables

- **Setting.** `10 x 20 x 3, 0.50` means 10 writers, 20 items (writing prompts) and 3 iterations
  (pieces by each writer on each item). 0.50 is the true omega²: half of the variance of the
  scores lies between writers.
- **Columns.** v4, v2 and v2.1 are the scorecards, each from the judge's own scores (*raw*) and
  from calibrated ones ([metrics.md](metrics.md)).
- **Runs.** Each row says on how many runs it rests. Few runs show a share only roughly: in 99 of
  100 cases a true share of 95% appears as {lucky_20} in 20 runs, as {lucky_60} in 60 runs and as
  {lucky_1000} in 1,000 runs.
- **Bold.** A share in bold contradicts the claim: it lies outside the claimed range by more than
  2.6 standard errors for its number of runs, which happens by luck in at most 1 of 100 cases.
- **Holds.** A claim holds where no share contradicts it. With few runs that is weak evidence: a
  share of {least_20} in 20 runs does not contradict "at least 90%", nor do {least_60} in 60 runs
  and {least_1000} in 1,000 runs.

## The claims
"""

THESE_WRITERS = """\
## These writers on other items

The first interval of a score says what these writers would score on other items. The table shows
in how many runs it contained the true value, in percent. The true value is

- for raw v4 the score with unlimited items, which follows exactly from the setting;
- for calibrated v4 that score under the calibration that was fitted to the run;
- for v2 and v2.1 the expected score on item sets of this size (the mean over the runs), because
  these scores have no limit as items are added.

The variance of a writer's scores is divided among item, writer x item and piece in the shares
{shares}, as in the scores of a real judge, unless the setting names other shares. Scores have two
decimals unless it names steps. With gaps, that share of the pieces has no score. To save time
each of these runs has {draws}; a user's run has 1,000 of each.
"""

UNCORRECTED = """\
The next table shows why the intervals of v2 and v2.1 are corrected. It has the same runs without
the corrections: the standard error is the plain standard deviation of the resamples' scores.
These intervals are wider than needed, the more so the clearer the judge, for two reasons. Each
resample is shuffled once, while the score is the mean of many shuffles. And a resample has some
items twice, which changes orders and cut-offs more than other items would. Judgemark removes both
effects ([metrics.md](metrics.md#how-sure)).
"""

SETTLED = """\
Two of the settings once more, with as many draws as in a user's run ({draws}):
"""

TRUE_VALUES = """\
What the intervals of the first table should contain: the true value (for calibrated v4 its mean
over the runs), and in brackets the mean score of the runs. For v2 and v2.1 the two are the same
by definition.
"""

OTHER_WRITERS = """\
## Other writers on these items

The second interval of a score says what other writers would score on the same items. Each run
draws new writers, whose qualities are normally distributed, on items that stay the same. The
table shows in how many runs the interval contained the mean score of all runs, in percent. In
brackets, for v4, stands a simpler method that is not used: the jackknife with bias correction and
without the logit. Hard cases are a dozen writers or fewer, and judges near the end of a score's
range. The plain jackknife of v2 and v2.1 can be too narrow there.
"""

TWO_JUDGES = """\
## Two judges on the same samples

`compare` gives the difference of two judges with an interval and a p value. Rows that end in
*contained* show in how many runs the interval contained the expected difference. Rows that end in
*called different* show in how many runs two equally good judges had p < 0.05; 5 is right. Both
are in percent. `2 x the noise` means that the second judge's deviations are twice those of the
first. The judges share the effects of items and of writer x item, because they read the same
texts. Intervals of v2.1 remain too wide where a component stands at the end of its band (the
overlap of clear judges), because resamples move it off that end more often than other items
would.
"""

CHANCE = """\
## Is chance taken for quality?

All writers here are equally good. The table shows in how many runs the v4 score was not above
chance (p > 0.05 by 1,000 permutations), in percent; 95 is right. Where writer x item has the
share 0, nothing but noise distinguishes the writers on an item. In the last rows the judge has
steady tastes: it likes some writers better on some items, in all their iterations. A writer's
scores on an item are permuted as one block, so that such tastes are not taken for quality.
"""

READERS = """\
## Readers of known accuracy

`24 x 15` means 24 source pieces with 15 known pairs of each. The judge orders each pair correctly
with the planted probability. *Accuracy* and *margin* show in how many runs the intervals of the
accuracy, and of the margin over the best counting rule, contained the planted values. *Reads*
shows in how many runs the judge was said to read ([validity.md](validity.md)). All are in
percent. Where one feature of the text tells which text is better, counting is more accurate than
chance, and a judge has to be more accurate still.
"""

NOT_READING = """\
## Judges that do not read

How many judges that do not read are said to read? A *coin* answers at random. A *counter* prefers
the text that has more, or less, of one declared feature; every run has one for each of the
{rules} single rules. A *combination* adds up all features that tell which text is better, with
the true weights. It is the hardest case: from few pairs Judgemark's own counting rule learns
these weights less well, so that such a judge is more accurate than that rule although it only
counts. The claim pools all settings of a kind; this table has each of them.
"""

PROBES = """\
## Probes

Simulated judges are asked by all probes ([validity.md](validity.md#is-it-swayed)). *Accused*: in
how many runs an effect was found that the judge does not have. *Found*: in how many runs the
effect that it has was found. *Contained*: in how many runs the interval contained the true
effect. All are in percent.
"""

RISING = """\
## Do scores rise as the judge's noise falls?

The mean scores over the runs. The first column multiplies the noise of the judge in this setting:
2 means deviations twice as large. Every score should rise from row to row.
"""


def prose(text: str, **values: object) -> list[str]:
    """Return the lines of a text with its braces filled in and its paragraphs wrapped.

    The last line is empty, so that a table or another part can follow.
    """
    lines: list[str] = []
    for part in text.format(**values).strip().split("\n\n"):
        if part.startswith("- "):
            for entry in part.replace("\n- ", "\n\n- ").split("\n\n"):
                lines += _wrapped(entry, "  ")
        else:
            lines += [part] if part.startswith("#") else _wrapped(part, "")
        lines.append("")
    return lines


def _wrapped(paragraph: str, indent: str) -> list[str]:
    return fill(
        " ".join(paragraph.split()),
        WIDTH,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    ).splitlines()
