"""The score table: writer x iteration x item, built from what a judge gave each piece."""
