"""What is changed in a text to make it worse, and what a good judge should do about it."""
