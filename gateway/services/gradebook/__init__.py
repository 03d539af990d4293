"""OneRoster 1.2's Gradebook service: an application's categories, score scales, line items and results."""
