"""The field itself: values, the moves a case allows, the clocks, what deserves attention.

Pure: nothing here reads a clock, a file or the environment, and nothing prints.
"""
