"""What a roster sync costs, beside floors that the same run measures: parsing alone, and naive bulk writing."""
