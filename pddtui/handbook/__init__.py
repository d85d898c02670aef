"""The reference data of the field as typed values, read from `data/*.yaml` on first use."""
