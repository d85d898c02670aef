"""The use-cases, on the ports of the domain: what the desk and the command line both do."""
