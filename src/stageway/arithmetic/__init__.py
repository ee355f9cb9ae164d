"""What methods, questions and criteria share: intervals, resampling, tests on counts, ranks, charts. Plain numbers in, plain numbers out."""
