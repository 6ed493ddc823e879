"""The judges that answer questions: chat endpoints, embedded baselines and local engines."""
