"""Imported once by the server that processes are copied from, so that they begin at once."""

import judgemark.cli.command_judge
import judgemark.cli.command_pairs
import judgemark.judges.chat
import judgemark.judging.pairwise_mode
import judgemark.judging.tournament_mode
import judgemark.run.stored_run
import judgemark.scoring.result_json  # noqa: F401
