"""What programs call: the functions and results of `import judgemark`."""
