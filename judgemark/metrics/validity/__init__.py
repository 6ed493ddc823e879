"""Does a judge read? Figures on known pairs, and what a rule that only counts reaches on them."""
