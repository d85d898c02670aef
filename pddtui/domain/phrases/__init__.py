"""Reading what people type for numbers, days, lengths and times, in Chinese and English."""
