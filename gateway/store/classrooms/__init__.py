"""What the native pages ask and write: classes, members, codes, waiting students, lists on their way in."""
