"""Makers of the files that come with the project; not part of the installed program."""
